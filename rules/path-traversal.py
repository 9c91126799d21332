import os
from pathlib import Path

import aiofiles
from aiohttp import web
from django.http import FileResponse, HttpResponse
from fastapi import FastAPI, HTTPException, UploadFile
from flask import Flask, abort, request, send_file, send_from_directory
from werkzeug.utils import safe_join, secure_filename

app = Flask(__name__)
api = FastAPI()
BASE = Path("/srv/files")
UPLOADS = "/srv/uploads"


@app.route("/get/<path:name>")
def get(name):
    # flow: path-traversal
    with open(os.path.join(UPLOADS, name)) as file:
        text = file.read()
    # ruleid: path-traversal.web
    # flow: path-traversal
    send_file(UPLOADS + "/" + request.args["name"])
    # ok: path-traversal
    send_from_directory(UPLOADS, name)
    # ok: path-traversal
    open(os.path.join(UPLOADS, secure_filename(name)))
    # ok: path-traversal
    open(safe_join(UPLOADS, name))
    # ok: path-traversal
    open(os.path.join(UPLOADS, os.path.basename(name)))
    return text


@app.post("/upload")
def upload():
    sent = request.files["file"]
    # ruleid: path-traversal.web
    # flow: path-traversal
    sent.save(os.path.join(UPLOADS, sent.filename))
    # ok: path-traversal
    sent.save(os.path.join(UPLOADS, secure_filename(sent.filename)))
    return "done"


@app.get("/checked")
def checked():
    target = (BASE / request.args["name"]).resolve()
    if not target.is_relative_to(BASE):
        abort(404)
    # ok: path-traversal
    return target.read_text()


@app.get("/common")
def common():
    target = os.path.realpath(os.path.join(UPLOADS, request.args["name"]))
    if os.path.commonpath([UPLOADS, target]) != UPLOADS:
        abort(404)
    # ok: path-traversal
    return send_file(target)


@app.get("/prefix")
def prefix():
    target = os.path.join(UPLOADS, request.args["name"])
    if not target.startswith(UPLOADS):
        abort(404)
    # ruleid: path-traversal.web
    # flow: path-traversal
    return send_file(target)


@api.get("/files/{name}")
async def read(name: str, number: int):
    # flow: path-traversal
    async with aiofiles.open(f"/srv/files/{name}") as file:
        text = await file.read()
    # ok: path-traversal
    async with aiofiles.open(f"/srv/files/{number}.txt") as file:
        text += await file.read()
    return text


async def fetch(request):
    # ruleid: path-traversal.web
    # flow: path-traversal
    return web.FileResponse(BASE / request.match_info["name"])


class Report:
    def get(self, request, name):
        # flow: path-traversal
        return FileResponse(open("/srv/reports/" + name, "rb"))


def load_document(name: str) -> str:
    # flow: path-traversal
    return (BASE / name).read_text()


def load_inside(name: str) -> str:
    target = (BASE / name).resolve()
    target.relative_to(BASE)
    # ok: path-traversal
    return target.read_text()


def load_checked(name: str) -> str:
    target = BASE / name
    try:
        target.resolve().relative_to(BASE)
    except ValueError:
        raise PermissionError(name) from None
    # ok: path-traversal
    return target.read_text()


def remove_upload(name):
    path = os.path.join(UPLOADS, name)
    # flow: path-traversal
    os.remove(path)
    # ok: path-traversal
    os.remove(os.path.join(UPLOADS, os.path.basename(name)))


async def store(upload: UploadFile):
    # flow: path-traversal
    with open(f"{UPLOADS}/{upload.filename}", "wb") as file:
        file.write(await upload.read())
    # ok: path-traversal
    with open(f"{UPLOADS}/{os.path.basename(upload.filename)}", "wb") as file:
        file.write(b"")
