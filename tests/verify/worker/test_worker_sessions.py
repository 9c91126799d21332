"""Sessions of those who are signed in, in the frameworks beside Flask, and Django's middleware."""

from __future__ import annotations

import pytest
from worker_harness import Drive

STARLETTE = """
import subprocess
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def count(request):
    if request.session.get("role") != "staff" or "account" not in request.session:
        return PlainTextResponse("who?", status_code=403)
    subprocess.run("wc " + request.query_params["title"], shell=True)
    return PlainTextResponse("ok")

async def own(request):
    subprocess.run("wc " + request.session["folder"], shell=True)
    return PlainTextResponse("ok")

app = Starlette(
    routes=[Route("/count", count), Route("/own", own)],
    middleware=[Middleware(SessionMiddleware, secret_key="of the tests")],
)
"""

DJANGO = """
import shlex
import subprocess
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseRedirect

def count(request):
    if "account" not in request.session or request.session.get("role") != "staff":
        return HttpResponseForbidden()
    subprocess.run("wc " + request.GET["title"], shell=True)
    return HttpResponse("ok")

def own(request):
    subprocess.run("wc " + request.session["folder"], shell=True)
    return HttpResponse("ok")

class Counting:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if 200 <= response.status_code < 300 and response.content:
            subprocess.run("wc " + request.GET["title"], shell=True)
        return response

class Quoting(Counting):
    def __call__(self, request):
        response = self.get_response(request)
        subprocess.run("wc " + shlex.quote(request.GET["title"]), shell=True)
        return response

class Old:
    def __init__(self, get_response):
        self.get_response = get_response

    def process_request(self, request):
        subprocess.run("wc " + request.GET["title"], shell=True)

    def process_response(self, request, response):
        if response.status_code == 200:
            subprocess.run("wc " + request.GET["title"], shell=True)
        return response

def elsewhere(get_response):
    def middleware(request):
        response = get_response(request)
        if response.status_code == 404:
            return HttpResponseRedirect(request.GET["next"])
        return response
    return middleware

def nowhere(get_response):
    def middleware(request):
        response = get_response(request)
        if response.status_code == 500:
            return HttpResponseRedirect(request.GET["next"])
        return response
    return middleware
"""

AIOHTTP = """
import subprocess
from aiohttp import web
from aiohttp_session import SimpleCookieStorage, get_session, setup

async def count(request):
    session = await get_session(request)
    if session.get("role") != "staff" or "account" not in session:
        raise web.HTTPForbidden()
    subprocess.run("wc " + request.query["title"], shell=True)
    return web.Response(text="ok")

async def own(request):
    session = await get_session(request)
    subprocess.run("wc " + session["folder"], shell=True)
    return web.Response(text="ok")

app = web.Application()
setup(app, SimpleCookieStorage())
app.add_routes([web.get("/count", count), web.get("/own", own)])
"""


def ending(drive: Drive, source: str, function: str, weakness: str = "command-injection") -> str:
    found = [str(one["ending"]) for one in drive(source, function) if one["weakness"] == weakness]
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("library", "source"),
    [("starlette", STARLETTE), ("django", DJANGO), ("aiohttp_session", AIOHTTP)],
    ids=["starlette", "django", "aiohttp_session"],
)
def test_who_is_signed_in_reaches_the_handler_and_the_session_is_not_attacked(
    drive: Drive, library: str, source: str
) -> None:
    pytest.importorskip(library)
    if library == "starlette":
        pytest.importorskip("itsdangerous")
    assert ending(drive, source, "count") == "proven"
    assert ending(drive, source, "own") == ""


@pytest.mark.parametrize("function", ["Counting.__call__", "Old.process_request", "Old.process_response"])
def test_middleware_of_django_sees_a_request_and_an_answer(drive: Drive, function: str) -> None:
    pytest.importorskip("django")
    assert ending(drive, DJANGO, function) == "proven"


def test_middleware_that_quotes_is_refuted(drive: Drive) -> None:
    pytest.importorskip("django")
    assert ending(drive, DJANGO, "Quoting.__call__") == "neutralised"


def test_the_page_behind_middleware_is_there_or_not_but_never_broken(drive: Drive) -> None:
    pytest.importorskip("django")
    assert ending(drive, DJANGO, "elsewhere.<locals>.middleware", "open-redirect") == "proven"
    assert ending(drive, DJANGO, "nowhere.<locals>.middleware", "open-redirect") == ""
