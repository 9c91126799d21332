"""Applications that stand elsewhere than the handler: factories in the package's ``__init__`` or in a loaded module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from worker_harness import Worker, only

pytest.importorskip("flask")

HANDLERS = """
from pathlib import Path
from flask import Blueprint, current_app, request

blueprint = Blueprint("pages", __name__)

@blueprint.get("/page")
def page():
    return open(current_app.config["PAGES"] + "/" + request.args["name"]).read(), 200, {"Content-Type": "text/plain"}

@blueprint.get("/greet")
def greet():
    return "<p>" + request.args["name"] + "</p>"

@blueprint.get("/old/<name>")
def old(name):
    folder = Path(current_app.config["PAGES"]).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        return "no", 404
    return path.read_text(), 200, {"Content-Type": "text/plain"}
"""
FACTORY = """
import os
from flask import Flask
from . import handlers

def create_app():
    app = Flask(__name__)
    app.secret_key = os.environ["PAGES_SECRET"]
    app.config.update(PAGES="pages")
    app.register_blueprint(handlers.blueprint)
    return app
"""
BROKEN = FACTORY.replace('os.environ["PAGES_SECRET"]', 'app.config["NOBODY_SET_THIS"]')

WAITING = FACTORY.replace("import os", "import os, time").replace('os.environ["PAGES_SECRET"]', "str(time.sleep(60))")
LEAVING = FACTORY.replace('os.environ["PAGES_SECRET"]', "os.environ.get('PAGES_SECRET') or exit(1)")


def attacked(worker: Worker, package: str, files: dict[str, str], function: str) -> list[dict[str, Any]]:
    folder = Path(worker.directory) / package
    folder.mkdir(exist_ok=True)
    for name, source in files.items():
        (folder / name).write_text(source, encoding="utf-8")
    reply = worker.ask(
        id=package, root=str(worker.directory), file=f"{package}/handlers.py", function=function, budget=6
    )
    assert not reply["problem"], reply
    outcomes: list[dict[str, Any]] = reply["outcomes"]
    return outcomes


@pytest.mark.parametrize(
    ("package", "files"),
    [
        ("pages_in_init", {"__init__.py": FACTORY, "handlers.py": HANDLERS}),
        ("pages_beside", {"__init__.py": "from . import web", "web.py": FACTORY, "handlers.py": HANDLERS}),
    ],
)
def test_factory_elsewhere_configures_the_application(worker: Worker, package: str, files: dict[str, str]) -> None:
    outcome = only(attacked(worker, package, files, "page"), "path-traversal")
    assert (outcome["ending"], outcome["trust"]) == ("proven", "outside"), outcome
    assert outcome["call"].startswith("GET /page with query parameter 'name'="), outcome


def test_guarded_handler_is_neutralised_and_benign_requests_pass(worker: Worker) -> None:
    files = {"__init__.py": FACTORY, "handlers.py": HANDLERS}
    outcome = only(attacked(worker, "pages_guarded", files, "old"), "path-traversal")
    assert (outcome["ending"], outcome["control"]) == ("neutralised", True), outcome
    assert 3 <= outcome["spellings"] <= outcome["attempts"], outcome


@pytest.mark.parametrize(
    ("package", "factory"), [("pages_broken", BROKEN), ("pages_waiting", WAITING), ("pages_leaving", LEAVING)]
)
def test_factory_that_fails_leaves_a_bare_application(worker: Worker, package: str, factory: str) -> None:
    files = {"__init__.py": factory, "handlers.py": HANDLERS}
    outcome = only(attacked(worker, package, files, "greet"), "cross-site-scripting")
    assert (outcome["ending"], outcome["slot"]) == ("proven", "query parameter 'name'"), outcome
