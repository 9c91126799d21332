"""aiohttp handlers as their application resolves them: tables, set-up functions, views, raised answers."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

pytest.importorskip("aiohttp")

APP = """
import html, os
from aiohttp import web

routes = web.RouteTableDef()

@routes.get("/hello/{name}")
async def hello(request):
    return web.Response(text="<p>" + request.match_info["name"] + "</p>", content_type="text/html")

@routes.get("/greet/{name}")
async def greet(request):
    return web.Response(text="<p>" + html.escape(request.match_info["name"]) + "</p>", content_type="text/html")

@routes.post("/form")
async def form(request):
    data = await request.post()
    if request.cookies.get("mode") == "thorough":
        os.system("ls " + data["options"])
    raise web.HTTPFound(request.query["next"])

@routes.post("/upload")
async def upload(request):
    file = (await request.post())["file"]
    with open("/srv/uploads/" + file.filename, "wb") as out:
        out.write(file.file.read())
    return web.json_response({})

@routes.view("/terms")
class Terms(web.View):
    async def post(self):
        return web.json_response(eval((await self.request.json())["term"]))

async def rows(request):
    request.app["database"].execute("SELECT * FROM rows WHERE id = %s" % request.match_info["id"])
    return web.json_response([])

async def send(request: web.Request):
    return web.FileResponse("/srv/files/" + request.match_info["tail"])

def setup(app):
    app.router.add_get(r"/rows/{id:\\d+}", rows)
    app.router.add_get("/files/{tail:.*}", send)

async def loose(request):
    os.system("ls " + request.headers["X-Options"])
    return web.Response()
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "slot"),
    [
        ("hello", "cross-site-scripting", "proven", "path parameter 'name'"),
        ("greet", "cross-site-scripting", "neutralised", "path parameter 'name'"),
        ("form", "command-injection", "proven", "form field 'options'"),
        ("form", "open-redirect", "proven", "query parameter 'next'"),
        ("upload", "path-traversal", "proven", "uploaded file 'file'"),
        ("Terms.post", "code-injection", "proven", "JSON key 'term'"),
        ("rows", "sql-injection", "insensitive", "path parameter 'id'"),
        ("send", "path-traversal", "proven", "path parameter 'tail'"),
        ("loose", "command-injection", "proven", "header 'X-Options'"),
    ],
)
def test_handler(drive: Drive, function: str, weakness: str, ending: str, slot: str) -> None:
    outcome = only(drive(APP, function, entry={"framework": "aiohttp"}), weakness)
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == (ending, slot, "outside"), outcome


def test_call_names_method_path_and_value(drive: Drive) -> None:
    outcome = only(drive(APP, "hello"), "cross-site-scripting")
    assert outcome["call"] == f"GET /hello/{{name}} with path parameter 'name'={outcome['payload']!r}"
