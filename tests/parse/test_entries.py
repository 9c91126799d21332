from __future__ import annotations

import pytest

from bluehook.findings import SourceFile
from bluehook.parse import parse

Entry = tuple[str, str | None, tuple[str, ...]]


def entries(text: str) -> dict[str, Entry]:
    file = parse(SourceFile(path="app.py", data=text.encode()))
    return {f.qualname: (f.entry.framework, f.entry.route, f.entry.methods) for f in file.functions if f.entry}


CASES: dict[str, tuple[str, dict[str, Entry]]] = {
    "flask route": (
        "from flask import Flask\napp = Flask(__name__)\n"
        "@app.route('/a', methods=['GET', 'POST'])\n@login_required\ndef a(): ...\n"
        "@app.get('/b')\ndef b(): ...\ndef helper(): ...\n",
        {"a": ("flask", "/a", ("GET", "POST")), "b": ("flask", "/b", ("GET",))},
    ),
    "flask blueprint": (
        "from flask import Blueprint\nbp = Blueprint('x', __name__)\n@bp.route('/a')\ndef a(): ...\n",
        {"a": ("flask", "/a", ("GET",))},
    ),
    "flask factory": (
        "import flask\ndef create():\n    app = flask.Flask('x')\n    @app.post('/a')\n    def a(): ...\n"
        "    return app\n",
        {"create.<locals>.a": ("flask", "/a", ("POST",))},
    ),
    "flask init": (
        "from flask import request\ndef init(app):\n    @app.route('/a')\n    def a(): ...\n",
        {"init.<locals>.a": ("flask", "/a", ("GET",))},
    ),
    "flask add_url_rule": (
        "def init(app):\n    app.add_url_rule('/a', 'a', a, methods=['PUT'])\n"
        "    app.add_url_rule('/b', view_func=lambda: 1)\n"
        "    app.add_url_rule('/c', view_func=login_required(V.as_view('c')))\ndef a(): ...\n"
        "class V:\n    def get(self): ...\n    def helper(self): ...\n",
        {
            "a": ("flask", "/a", ("PUT",)),
            "init.<locals>.<lambda>": ("flask", "/b", ("GET",)),
            "V.get": ("flask", "/c", ("GET",)),
        },
    ),
    "flask method view": (
        "from flask.views import MethodView\nclass V(MethodView):\n    def post(self): ...\n"
        "class W(V):\n    def delete(self): ...\n",
        {"V.post": ("flask", None, ("POST",)), "W.delete": ("flask", None, ("DELETE",))},
    ),
    "django urls": (
        "from django.urls import path, re_path\ndef a(r): ...\nclass V(View):\n    def get(self, r): ...\n"
        "urlpatterns = [path('a/', a), re_path(r'^b$', V.as_view()), path('c', lambda r: r)]\n",
        {
            "a": ("django", "a/", ()),
            "V.get": ("django", "^b$", ("GET",)),
            "<lambda>": ("django", "c", ()),
        },
    ),
    "django view by shape": (
        "from django.shortcuts import render\ndef a(request, pk): return render(request, 'a.html')\n"
        "def helper(request): return request.x\n",
        {"a": ("django", None, ())},
    ),
    "django class": (
        "from django.views.generic import ListView\nclass V(ListView):\n    def get(self, request): ...\n",
        {"V.get": ("django", None, ("GET",))},
    ),
    "django rest": (
        "from rest_framework.decorators import api_view\nfrom rest_framework import viewsets\n"
        "@api_view(['POST'])\ndef a(request): ...\nclass S(viewsets.ModelViewSet):\n"
        "    def create(self, request): ...\n",
        {"a": ("django", None, ("POST",)), "S.create": ("django", None, ())},
    ),
    "hooks of generic views": (
        "from django.views.generic import ListView\nclass V(ListView):\n    def get_queryset(self): ...\n"
        "    def helper(self): ...\n",
        {"V.get_queryset": ("django", None, ())},
    ),
    "fastapi dependencies": (
        "from fastapi import Depends, FastAPI\napp = FastAPI()\ndef rows(q): ...\ndef other(q): ...\n"
        "@app.get('/a')\ndef a(found=Depends(rows)): ...\n",
        {"rows": ("fastapi", None, ()), "a": ("fastapi", "/a", ("GET",))},
    ),
    "asynchronous handlers": (
        "from aiohttp import web\nasync def a(request): return web.Response(text=request.query['x'])\n"
        "class H:\n    async def b(self, req: web.Request): ...\nasync def helper(request): ...\n"
        "def c(request): return request.query\n",
        {"a": ("aiohttp", None, ()), "H.b": ("aiohttp", None, ())},
    ),
    "queues": (
        "import dramatiq, celery\nfrom django_rq import job\n@dramatiq.actor\ndef a(x): ...\n@job\ndef b(x): ...\n"
        "class T(celery.Task):\n    def run(self, x): ...\n    def helper(self): ...\n",
        {"a": ("celery", None, ()), "b": ("celery", None, ()), "T.run": ("celery", None, ())},
    ),
    "argparse subcommands": (
        "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n    p.set_defaults(func=add)\n"
        "    p.parse_args()\ndef add(args): ...\ndef other(args): ...\n",
        {"main": ("argparse", None, ()), "add": ("argparse", None, ())},
    ),
    "arguments read by hand": (
        "import sys\ndef start():\n    print(sys.argv[1])\ndef other(): ...\n",
        {"start": ("main", None, ())},
    ),
    "fastapi": (
        "from fastapi import FastAPI, APIRouter\napp = FastAPI()\nr = APIRouter()\n@app.get('/a')\nasync def a(): ...\n"
        "@r.api_route('/b', methods=['PATCH'])\ndef b(): ...\n@app.websocket('/w')\nasync def w(s): ...\n",
        {
            "a": ("fastapi", "/a", ("GET",)),
            "b": ("fastapi", "/b", ("PATCH",)),
            "w": ("fastapi", "/w", ("GET",)),
        },
    ),
    "starlette": (
        "from starlette.routing import Route\nfrom starlette.endpoints import HTTPEndpoint\nasync def a(request): ...\n"
        "class E(HTTPEndpoint):\n    async def post(self, request): ...\n"
        "routes = [Route('/a', a, methods=['POST']), Route('/e', endpoint=E)]\n",
        {"a": ("starlette", "/a", ("POST",)), "E.post": ("starlette", "/e", ("POST",))},
    ),
    "aiohttp": (
        "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/a')\nasync def a(r): ...\n"
        "async def b(r): ...\nasync def c(r): ...\nasync def d(r): ...\n"
        "def init(app):\n    app.add_routes([web.post('/b', b)])\n    app.router.add_put('/c', c)\n"
        "    app.router.add_route('DELETE', '/d', d)\n",
        {
            "a": ("aiohttp", "/a", ("GET",)),
            "b": ("aiohttp", "/b", ("POST",)),
            "c": ("aiohttp", "/c", ("PUT",)),
            "d": ("aiohttp", "/d", ("DELETE",)),
        },
    ),
    "celery": (
        "from celery import Celery, shared_task\napp = Celery('x')\n@app.task(bind=True, name='n')\ndef a(): ...\n"
        "@shared_task\ndef b(): ...\n",
        {"a": ("celery", "n", ()), "b": ("celery", None, ())},
    ),
    "click": (
        "import click\n@click.group()\ndef cli(): ...\n@cli.command('x')\n@click.option('--a')\ndef x(a): ...\n",
        {"cli": ("click", None, ()), "x": ("click", "x", ())},
    ),
    "argparse and main": (
        "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n    a = p.parse_args()\ndef other(): ...\n"
        "def unused(): ...\nif __name__ == '__main__':\n    main()\n    other()\n",
        {"main": ("argparse", None, ()), "other": ("main", None, ())},
    ),
    "no entry": (
        "import requests\nd = {}\n@d.get\ndef a(): ...\n@functools.lru_cache()\ndef b(request): ...\n"
        "def c(): requests.get('/a', c)\n",
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_entry_points(name: str) -> None:
    text, expected = CASES[name]
    assert entries(text) == expected
