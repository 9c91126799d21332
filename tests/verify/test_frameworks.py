"""A hole and its mended twin for each framework, through the whole stage: planned by the parse, run in a sandbox."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attacking import needs_sandbox

from bluehook import verify
from bluehook.findings import Says, SourceFile
from bluehook.parse import parse
from bluehook.verify import Settings, plan
from bluehook.verify.outcome import seen

APPS = {
    "django": """
import sqlite3
from django.http import HttpResponse

def found(request):
    sql = {how}
    return HttpResponse(str(sqlite3.connect("shop.db").execute(*sql).fetchall()))
""",
    "fastapi": """
import sqlite3
from fastapi import FastAPI

app = FastAPI()

@app.get("/found")
def found(word: str, page: int = 1):
    sql = {how}
    return sqlite3.connect("shop.db").execute(*sql).fetchall()
""",
    "starlette": """
import sqlite3
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

def found(request):
    sql = {how}
    return JSONResponse(sqlite3.connect("shop.db").execute(*sql).fetchall())

app = Starlette(routes=[Route("/found", found)])
""",
    "aiohttp": """
import sqlite3
from aiohttp import web

routes = web.RouteTableDef()

@routes.get("/found")
async def found(request):
    sql = {how}
    return web.json_response(sqlite3.connect("shop.db").execute(*sql).fetchall())
""",
    "argparse": """
import argparse, sqlite3

def found():
    parser = argparse.ArgumentParser()
    parser.add_argument("--word")
    args = parser.parse_args()
    sql = {how}
    return sqlite3.connect("shop.db").execute(*sql).fetchall()
""",
    "click": """
import sqlite3
import click

@click.command()
@click.argument("word")
def found(word):
    sql = {how}
    click.echo(str(sqlite3.connect("shop.db").execute(*sql).fetchall()))
""",
    "celery": """
import sqlite3
from celery import shared_task

@shared_task
def found(word):
    sql = {how}
    return sqlite3.connect("shop.db").execute(*sql).fetchall()
""",
}
WORDS = {
    "django": 'request.GET["word"]', "fastapi": "word", "starlette": 'request.query_params["word"]',
    "aiohttp": 'request.query["word"]', "argparse": "args.word", "click": "word", "celery": "word",
}  # fmt: skip


@needs_sandbox
@pytest.mark.parametrize("framework", list(APPS))
def test_hole_is_proven_and_its_twin_refuted(tmp_path: Path, framework: str) -> None:
    pytest.importorskip(framework)
    word = WORDS[framework]
    ways = {"hole": f"(\"SELECT * FROM items WHERE name = '\" + {word} + \"'\",)",
            "twin": f'("SELECT * FROM items WHERE name = ?", ({word},))'}  # fmt: skip
    targets = []
    for name, how in ways.items():
        text = APPS[framework].format(how=how)
        (tmp_path / f"{name}.py").write_text(text)
        file = parse(SourceFile(path=f"{name}.py", data=text.encode()))
        [function] = [each for each in file.functions if each.name == "found"]
        targets.append(plan.single(file, function, ()))
        assert targets[-1].entry["framework"] == framework
    done = verify.attack(tmp_path, targets, Settings(python=Path(sys.executable), workers=1, seconds=8))
    said = {attempt.target.path: [one.evidence.says for one in seen(attempt) if one.weakness == "sql-injection"]
            for attempt in done.attempts}  # fmt: skip
    assert said == {"hole.py": [Says.PROVES], "twin.py": [Says.REFUTES]}, done
