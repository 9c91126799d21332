"""FastAPI and Starlette handlers through the ASGI protocol: declared parameters, models, dependencies, requests."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

pytest.importorskip("fastapi")
pytest.importorskip("python_multipart")

FASTAPI = """
import html, os, sqlite3
from enum import Enum
from typing import Optional
from fastapi import APIRouter, Cookie, Depends, FastAPI, File, Form, HTTPException, Request, UploadFile, WebSocket
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI()
router = APIRouter(prefix="/files")
bearer = OAuth2PasswordBearer(tokenUrl="token")

class Size(Enum):
    SMALL = "small"

class Address(BaseModel):
    street: str

class Order(BaseModel):
    count: int
    size: Size
    address: Address
    note: Optional[str] = None

def member(token: str = Depends(bearer)):
    if token != "the members' token":
        raise HTTPException(401)
    return token

@app.get("/hello", response_class=HTMLResponse)
def hello(name: str, times: int = 1):
    return f"<h1>{name * 1}{times}</h1>"

@app.get("/greet", response_class=HTMLResponse)
def greet(name: str, times: int = 1):
    return f"<h1>{html.escape(name)}{times}</h1>"

@app.post("/orders")
async def orders(order: Order, user=Depends(member)):
    if order.count < 0:
        raise HTTPException(400)
    return sqlite3.connect("o.db").execute(f"SELECT * FROM o WHERE street = '{order.address.street}'").fetchall()

@app.post("/orders/safe")
async def orders_safe(order: Order, user=Depends(member)):
    return sqlite3.connect("o.db").execute("SELECT * FROM o WHERE street = ?", (order.address.street,)).fetchall()

@router.get("/whole/{place:path}")
async def whole(place: str):
    return PlainTextResponse(open("/srv/files/" + place).read())

@router.get("/part/{place}")
async def part(place: str):
    return PlainTextResponse(open("/srv/files/" + place).read())

@router.post("/list")
def listed(options: str = Form(), mode: str = Cookie("quick")):
    if mode == "thorough":
        os.system("ls " + options)

@router.post("/upload")
async def upload(file: UploadFile = File()):
    if not file.filename.endswith(".png"):
        raise HTTPException(400)
    with open("/srv/uploads/" + file.filename, "wb") as out:
        out.write(await file.read())

@app.api_route("/raw", methods=["GET", "POST"])
async def raw(request: Request):
    if request.method == "POST":
        return eval("1 + " + (await request.json())["term"])
    return RedirectResponse(request.query_params.get("next", "/"))

@app.websocket("/talk")
async def talk(socket: WebSocket):
    await socket.accept()
    os.system("echo " + await socket.receive_text())

def rows(wanted: str):
    return sqlite3.connect("o.db").execute("SELECT * FROM o WHERE id = '%s'" % wanted).fetchall()

@app.get("/rows")
def shown(found=Depends(rows)):
    return found

def create_app():
    application = FastAPI()

    @application.get("/made")
    def made(word: str):
        return HTMLResponse("<i>" + word + "</i>")

    return application
"""
STARLETTE = """
import os
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route

async def page(request):
    form = await request.form()
    return HTMLResponse("<p>" + form["name"] + "</p>")

def ping(request):
    os.system("ping " + request.cookies["host"])
    return JSONResponse({})

class Card(HTTPEndpoint):
    async def get(self, request):
        return HTMLResponse("<p>%s</p>" % request.path_params["who"])

    async def post(self, request):
        async with request.form() as form:
            with open("uploads/" + form["file"].filename, "wb") as out:
                out.write(await form["file"].read())
        return JSONResponse({})

routes = [Route("/card/{who}", Card), Route("/ping", ping)]
app = Starlette(routes=[Route("/page", page, methods=["POST"]), Mount("/below", routes=routes)])
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "slot"),
    [
        ("hello", "cross-site-scripting", "proven", "query parameter 'name'"),
        ("greet", "cross-site-scripting", "neutralised", "query parameter 'name'"),
        ("orders", "sql-injection", "proven", "JSON key 'address.street'"),
        ("orders_safe", "sql-injection", "neutralised", "JSON key 'address.street'"),
        ("whole", "path-traversal", "proven", "path parameter 'place'"),
        ("part", "path-traversal", "neutralised", "path parameter 'place'"),
        ("listed", "command-injection", "proven", "form field 'options'"),
        ("upload", "path-traversal", "proven", "uploaded file 'file'"),
        ("raw", "code-injection", "proven", "JSON key 'term'"),
        ("raw", "open-redirect", "proven", "query parameter 'next'"),
        ("talk", "command-injection", "proven", "message"),
        ("rows", "sql-injection", "proven", "query parameter 'wanted'"),
        ("create_app.<locals>.made", "cross-site-scripting", "proven", "query parameter 'word'"),
    ],
)
def test_fastapi(drive: Drive, function: str, weakness: str, ending: str, slot: str) -> None:
    outcome = only(drive(FASTAPI, function), weakness)
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == (ending, slot, "outside"), outcome


@pytest.mark.parametrize(
    ("function", "weakness", "slot"),
    [
        ("page", "cross-site-scripting", "form field 'name'"),
        ("ping", "command-injection", "cookie 'host'"),
        ("Card.get", "cross-site-scripting", "path parameter 'who'"),
        ("Card.post", "path-traversal", "uploaded file 'file'"),
    ],
)
def test_starlette(drive: Drive, function: str, weakness: str, slot: str) -> None:
    outcome = only(drive(STARLETTE, function), weakness)
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == ("proven", slot, "outside"), outcome


def test_number_that_a_type_checks_is_not_attacked(drive: Drive) -> None:
    assert only(drive(FASTAPI, "greet"), "cross-site-scripting")["slot"] == "query parameter 'name'"
    assert not [o for o in drive(FASTAPI, "hello") if "times" in o["slot"]]


def test_call_names_method_path_and_value(drive: Drive) -> None:
    outcome = only(drive(FASTAPI, "hello"), "cross-site-scripting")
    assert outcome["call"] == f"GET /hello with query parameter 'name'={outcome['payload']!r}"
