"""Flask handlers through the test client: what they read is learned by watching, attacks are real requests."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

pytest.importorskip("flask")

APP = """
import os, sqlite3, pickle, base64
from flask import Blueprint, Flask, jsonify, redirect, render_template_string, request
from flask.views import MethodView
from markupsafe import escape

app = Flask(__name__)

@app.route("/hello")
def hello():
    return "<h1>Hello " + request.args.get("name", "") + "</h1>"

@app.route("/hello-safe")
def hello_safe():
    return f"<h1>Hello {escape(request.args.get('name', ''))}</h1>"

@app.route("/run/<path:place>", methods=["GET", "POST"])
def run(place):
    if request.method == "POST":
        os.system("ls " + request.form["options"])
        return "done"
    return open("/srv/www/" + place).read()

@app.route("/go")
def go():
    to = request.cookies.get("next", "")
    return redirect(to if to.startswith("/") else "/")

blueprint = Blueprint("rows", __name__)

@blueprint.route("/rows", methods=["POST"])
def rows():
    database = sqlite3.connect("app.db")
    wanted = request.get_json()
    return jsonify(database.execute("SELECT * FROM u WHERE id = " + str(wanted["id"])).fetchall())

class Card(MethodView):
    def get(self, title):
        return render_template_string("<b>" + title + "</b>")

app.add_url_rule("/card/<title>", view_func=Card.as_view("card"))

def init(application):
    @application.route("/state")
    def state():
        return str(pickle.loads(base64.b64decode(request.headers.get("X-State", ""))))
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "slot"),
    [
        ("hello", "cross-site-scripting", "proven", "query parameter 'name'"),
        ("hello_safe", "cross-site-scripting", "neutralised", "query parameter 'name'"),
        ("run", "command-injection", "proven", "form field 'options'"),
        ("run", "path-traversal", "proven", "path parameter 'place'"),
        ("go", "open-redirect", "proven", "cookie 'next'"),
        ("rows", "sql-injection", "proven", "JSON key 'id'"),
        ("Card.get", "template-injection", "proven", "path parameter 'title'"),
        ("init.<locals>.state", "deserialization", "proven", "header 'X-State'"),
    ],
)
def test_handler(drive: Drive, function: str, weakness: str, ending: str, slot: str) -> None:
    outcome = only(drive(APP, function), weakness)
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == (ending, slot, "outside"), outcome


def test_call_names_method_rule_and_value(drive: Drive) -> None:
    outcome = only(drive(APP, "hello"), "cross-site-scripting")
    assert outcome["call"] == f"GET /hello with query parameter 'name'={outcome['payload']!r}"


HELPERS = """
from flask import Response, request

def wanted(key="next"):
    target = request.args.get(key)
    return target if target else None

def heading():
    return "<h1>" + request.args.get("title", "") + "</h1>"

def answer():
    return Response(request.args.get("title", ""))
"""


@pytest.mark.parametrize(("function", "ending"), [("wanted", None), ("heading", "proven"), ("answer", "proven")])
def test_what_no_route_names_hands_back_a_page_where_it_writes_markup(
    drive: Drive, function: str, ending: str | None
) -> None:
    endings = [o["ending"] for o in drive(HELPERS, function) if o["weakness"] == "cross-site-scripting"]
    assert endings == ([ending] if ending else [])


NARROW = """
import os
from flask import Flask, request

app = Flask(__name__)

@app.get("/mount/<volume>")
def mount(volume):
    if request.method == "POST":
        os.system("mount " + request.args["device"])
    return volume

@app.get("/keep")
def keep():
    if request.method in ("PUT", "PURGE"):
        return "no"
    sent = request.files["sheet"]
    sent.save("./kept/" + sent.filename)
    return "kept"
"""


def test_branch_for_a_method_that_the_route_does_not_take_proves_nothing(drive: Drive) -> None:
    outcome = only(drive(NARROW, "mount"), "command-injection")
    assert (outcome["ending"], outcome["trust"]) == ("likely", "outside")
    assert outcome["call"].startswith("POST /mount/")


def test_upload_to_a_route_that_takes_only_get(drive: Drive) -> None:
    outcome = only(drive(NARROW, "keep"), "path-traversal")
    assert (outcome["ending"], outcome["slot"]) == ("proven", "uploaded file 'sheet'")


def test_nobody_sees_the_page_of_a_redirect(drive: Drive) -> None:
    source = """
        from flask import Flask, redirect, request
        app = Flask(__name__)

        @app.route("/away")
        def away():
            return redirect(request.args["to"])
    """
    shown = {each["weakness"] for each in drive(source, "away") if each["ending"] in ("proven", "likely")}
    assert shown == {"open-redirect"}


SESSION = """
from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = "x" * 32
app.config["SESSION_COOKIE_HTTPONLY"] = {httponly}

@app.route("/login", methods=["POST"])
def login():
    session["user"] = request.form["user"]
    return redirect("/")
"""


@pytest.mark.parametrize(("httponly", "strength"), [("True", "weak"), ("False", "strong")])
def test_cookie_of_the_framework_is_a_matter_of_its_configuration(drive: Drive, httponly: str, strength: str) -> None:
    outcome = only(drive(SESSION.format(httponly=httponly), "login"), "insecure-cookie")
    assert (outcome["ending"], outcome["evidence"]["strength"]) == ("likely", strength)
