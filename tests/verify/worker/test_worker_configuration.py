"""Settings of web frameworks that nobody set, and sessions of those who are signed in."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

FLASK = """
import subprocess
from functools import wraps
from flask import Flask, abort, current_app, request, session

app = Flask(__name__)
app.config.from_pyfile("not_here.cfg")

def staff_only(view):
    @wraps(view)
    def inner(*args, **kwargs):
        if "account" not in session or session["role"] != "staff":
            abort(403)
        return view(*args, **kwargs)
    return inner

@app.before_request
def known():
    if request.headers.get("X-Key") != app.config["KEY"]:
        return "who?", 401

@app.get("/read")
def read():
    with open(current_app.config["SHELF"] + "/" + request.args["title"]) as book:
        return book.read(), 200, {"Content-Type": "text/plain"}

@app.get("/switched")
def switched():
    if current_app.config.get("SHELL_TOOLS") or "SHELL_TOOLS" in current_app.config:
        subprocess.run("wc " + request.args["title"], shell=True)
    return "ok"

@app.get("/count")
@staff_only
def count():
    subprocess.run("wc " + request.args["title"], shell=True)
    return "ok"

@app.get("/own")
@staff_only
def own():
    subprocess.run("wc " + session["folder"], shell=True)
    return "ok"
"""

DJANGO = """
import os
from django.conf import settings
from django.http import HttpResponse
from django.utils._os import safe_join

def read(request, title):
    with open(os.path.join(settings.SHELF, title)) as book:
        return HttpResponse(book.read(), content_type="text/plain")

def kept(request, title):
    with open(safe_join(settings.SHELF, title)) as book:
        return HttpResponse(book.read(), content_type="text/plain")

def switched(request, title):
    if hasattr(settings, "SHELL_TOOLS") or getattr(settings, "SHELL_TOOLS", False):
        os.system("wc " + title)
    return HttpResponse("ok")
"""

STATE = """
import html
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

app = FastAPI()

@app.get("/greet/{name}", response_class=HTMLResponse)
async def greet(name: str, request: Request):
    request.app.state.log.info("greeted")
    return f"<p>{name}</p>"
"""


def ending(drive: Drive, source: str, function: str, weakness: str) -> str:
    found = [str(one["ending"]) for one in drive(source, function) if one["weakness"] == weakness]
    return found[0] if found else ""


def test_settings_of_flask_are_there_when_the_code_cannot_do_without(drive: Drive) -> None:
    pytest.importorskip("flask")
    outcome = only(drive(FLASK, "read"), "path-traversal")
    assert outcome["ending"] == "proven", outcome
    assert "replay" not in outcome["evidence"]
    assert ending(drive, FLASK, "switched", "command-injection") != "proven"


def test_somebody_signed_in_reaches_the_handler_and_the_session_is_not_attacked(drive: Drive) -> None:
    pytest.importorskip("flask")
    assert ending(drive, FLASK, "count", "command-injection") == "proven"
    assert ending(drive, FLASK, "own", "command-injection") not in ("proven", "likely")


def test_settings_of_django_are_there_and_stay_the_same(drive: Drive) -> None:
    pytest.importorskip("django")
    assert ending(drive, DJANGO, "read", "path-traversal") == "proven"
    assert ending(drive, DJANGO, "kept", "path-traversal") == "neutralised"
    assert ending(drive, DJANGO, "switched", "command-injection") != "proven"


def test_the_state_of_an_application_holds_what_its_start_would_have_put_there(drive: Drive) -> None:
    pytest.importorskip("fastapi")
    assert ending(drive, STATE, "greet", "cross-site-scripting") == "proven"
    escaped = STATE.replace("{name}</p>", "{html.escape(name)}</p>")
    assert ending(drive, escaped, "greet", "cross-site-scripting") == "neutralised"
