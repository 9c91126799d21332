"""Families that need a request: what its sender chose beside the values. Each hole has its mended twin."""

from __future__ import annotations

from typing import Any

import pytest
from worker_harness import Drive, flaws

pytest.importorskip("flask")

HEAD = """
import ast, hashlib, logging, os, sqlite3, zlib
from flask import Flask, jsonify, request
from no_such_database import users, find_card

app = Flask(__name__)
log = logging.getLogger(__name__)

class Member:
    name = city = role = ""

@app.post("/x")
def target():
"""
TWINS = [
    ("template-injection", """
    from jinja2 import Environment
    return Environment(autoescape=True).from_string(request.form["layout"]).render(name="Ada")
     """, """
    from jinja2.sandbox import SandboxedEnvironment
    return SandboxedEnvironment(autoescape=True).from_string(request.form["layout"]).render(name="Ada")
     """),
    ("nosql-injection",
     'return str(users.find_one({"name": request.get_json()["name"]}))',
     'return str(users.find_one({"name": str(request.get_json()["name"])}))'),
    ("nosql-injection", """
    name = request.args["name"]
    return str(users.find({"$where": "this.name == '" + name + "'"}))
     """, """
    name = "".join(filter(str.isalnum, request.args["name"]))
    return str(users.find({"$where": "this.name == '" + name + "'"}))
     """),
    ("mass-assignment", """
    member = Member()
    for name, value in request.get_json().items():
        setattr(member, name, value)
    return "ok"
     """, """
    member = Member()
    for name in ("name", "city"):
        setattr(member, name, request.get_json()[name])
    return "ok"
     """),
    ("unrestricted-upload", """
    sent = request.files["photo"]
    sent.save("photos-" + sent.filename.replace("/", ""))
    return "ok"
     """, """
    sent = request.files["photo"]
    if not sent.filename.endswith(".png"):
        return "no", 400
    sent.save("photos-" + sent.filename.replace("/", ""))
    return "ok"
     """),
    ("unrestricted-upload", """
    sent = request.files["photo"]
    if not sent.mimetype.startswith("image/"):
        return "no", 400
    sent.save("photos-" + sent.filename.replace("/", ""))
    return "ok"
     """, """
    sent = request.files["photo"]
    if not sent.mimetype.startswith("image/") or not sent.filename.endswith(".png"):
        return "no", 400
    sent.save("photos-" + sent.filename.replace("/", ""))
    return "ok"
     """),
    ("code-injection", """
    tree = ast.parse(request.args["formula"], mode="eval")
    code = compile(tree, "formula", "eval")
    return str(eval(code, {"__builtins__": {}}))
     """, """
    tree = ast.parse(request.args["formula"], mode="eval")
    if any(isinstance(node, (ast.Call, ast.Attribute)) for node in ast.walk(tree)):
        return "no", 400
    code = compile(tree, "formula", "eval")
    return str(eval(code, {"__builtins__": {}}))
     """),
    ("error-exposure", """
    try:
        return jsonify(str(find_card(request.form["id"])))
    except Exception as error:
        return "failed: " + str(error), 500
     """, """
    try:
        return jsonify(str(find_card(request.form["id"])))
    except Exception as error:
        log.error("no card", exc_info=error)
        return "failed", 500
     """),
    ("information-exposure", """
    log.info("login of %s with %s", request.form["user"], request.form["password"])
    return "ok"
     """, """
    log.info("login of %s with %d characters", request.form["user"], len(request.form["password"]))
    return "ok"
     """),
    ("plaintext-password", """
    sqlite3.connect("a.db").execute("INSERT INTO members (name, password) VALUES (?, ?)",
                                    (request.form["name"], request.form["password"]))
    return "ok"
     """, """
    made = hashlib.scrypt(request.form["password"].encode(), salt=os.urandom(16), n=1024, r=8, p=1)
    sqlite3.connect("a.db").execute("INSERT INTO members (name, password) VALUES (?, ?)", (request.form["name"], made))
    return "ok"
     """),
    ("resource-exhaustion", """
    total = 0
    for number in range(int(request.args["pages"])):
        total += number
    return str(total)
     """, """
    total = 0
    for number in range(min(int(request.args["pages"]), 100)):
        total += number
    return str(total)
     """),
    ("resource-exhaustion",
     'return jsonify(line="-" * min(request.args.get("width", 1, type=int), 100_000))',
     'return jsonify(line="-" * min(request.args.get("width", 1, type=int), 100))'),
    ("resource-exhaustion",
     'return "x" * int(request.args["width"])',
     'return "x" * 300 + request.args["width"]'),
    ("resource-exhaustion",
     "return str(len(zlib.decompress(request.get_data())))",
     "return str(len(zlib.decompressobj().decompress(request.get_data(), 1_000_000)))"),
    ("argument-injection", """
    import subprocess
    subprocess.run(["tar", "-cf", "out.tar", request.args["name"]])
    return "ok"
     """, """
    import subprocess
    subprocess.run(["tar", "-cf", "out.tar", "--", request.args["name"]])
    return "ok"
     """),
    ("argument-injection", """
    import subprocess
    subprocess.run(["git", "log", "-n20", "--format=%an", request.args["revision"]])
    return "ok"
     """, """
    import subprocess
    subprocess.run(["git", "log", "-n20", "--format=%an", "--end-of-options", request.args["revision"]])
    return "ok"
     """),
    ("argument-injection", """
    import subprocess
    subprocess.run(["git", "log", "--format=%an", request.args["revision"]])
    return "ok"
     """, """
    import subprocess
    subprocess.run(["git", "log", "--format", request.args["format"]])
    return "ok"
     """),
]  # fmt: skip


def shown(drive: Drive, body: str, weakness: str) -> list[dict[str, Any]]:
    lines = [line[4:] if body.startswith("\n") else line for line in body.strip("\n").splitlines()]
    source = HEAD + "".join(f"    {line}\n" for line in lines)
    return flaws(drive(source, weaknesses=[weakness]), weakness)


@pytest.mark.parametrize(("weakness", "hole", "mended"), TWINS)
def test_hole_and_twin(drive: Drive, weakness: str, hole: str, mended: str) -> None:
    found = shown(drive, hole, weakness)
    assert [one["evidence"]["strength"] for one in found] == ["strong"], found
    assert shown(drive, mended, weakness) == []


def test_statement_that_stays_the_same_says_nothing_of_what_is_bound_to_it(drive: Drive) -> None:
    source = """
        import sqlite3
        def target(name, password):
            sqlite3.connect("a.db").execute("INSERT INTO members (name, password) VALUES (?, ?)", (name, password))
    """
    found = drive(source, weaknesses=["plaintext-password"])
    assert [one["ending"] for one in found] == ["unreached"], found


LABELS = """
    from django.utils.html import conditional_escape, format_html
    from django.utils.safestring import mark_safe
    def target({parameter}):
        return {made}
"""


@pytest.mark.parametrize(
    ("parameter", "made", "strength"),
    [
        ("label", "mark_safe('<b class=\"label\">%s</b>' % label)", "strong"),
        ("title", "mark_safe(f'<a title=\"{title}\">home</a>')", "strong"),
        ("html", "mark_safe('<div>' + html + '</div>')", "weak"),
        ("css_class", "mark_safe('<b class=\"%s\">now</b>' % css_class)", "weak"),
        ("fields", "mark_safe('<p>' + ''.join(str(field.widget) for field in fields) + '</p>')", "weak"),
        ("link", "mark_safe('<a href=%s>there</a>' % link) if link.is_own else ''", "weak"),
        ("label", "format_html('<b class=\"label\">{}</b>', label)", ""),
        ("label", "mark_safe('<b class=\"label\">%s</b>' % conditional_escape(label))", ""),
        ("label", "mark_safe(label)", ""),
    ],
)
def test_text_that_says_it_is_html(drive: Drive, parameter: str, made: str, strength: str) -> None:
    outcomes = drive(LABELS.format(parameter=parameter, made=made))
    found = [one for one in outcomes if one["weakness"] == "cross-site-scripting" and one["effect"]]
    assert [one["evidence"]["strength"] for one in found] == ([strength] if strength else [])
    assert all(one["ending"] == "likely" for one in found)


MISSING_PAGE = """
    from flask import Flask, request
    from jinja2 import Environment, FileSystemLoader
    app = Flask(__name__)
    pages = Environment(loader=FileSystemLoader("pages"){more})
    @app.route("/hello")
    def target():
        return pages.get_template("hello.html").render(name={name})
"""


@pytest.mark.parametrize(
    ("more", "name", "endings"),
    [
        ("", "request.args['name']", ["likely"]),
        (", autoescape=True", "request.args['name']", []),
        ("", "int(request.args['name'])", []),
    ],
)
def test_a_page_that_is_missing_escapes_nothing_by_itself(
    drive: Drive, more: str, name: str, endings: list[str]
) -> None:
    outcomes = drive(MISSING_PAGE.format(more=more, name=name))
    assert [one["ending"] for one in outcomes if one["weakness"] == "cross-site-scripting" and one["effect"]] == endings


FILLED_PAGE = """
    import html
    from flask import Flask, request
    app = Flask(__name__)
    @app.route("/hello")
    def target():
        with open("pages/hello.html") as page:
            return page.read().replace("{{{{ name }}}}", {name})
"""


@pytest.mark.parametrize(
    ("name", "endings"), [("request.args['name']", ["likely"]), ("html.escape(request.args['name'])", [])]
)
def test_places_of_a_file_that_is_missing_are_filled(drive: Drive, name: str, endings: list[str]) -> None:
    outcomes = drive(FILLED_PAGE.format(name=name))
    found = [one for one in outcomes if one["weakness"] == "cross-site-scripting" and "query" in one["slot"]]
    assert [one["ending"] for one in found] == endings


def test_a_handler_that_writes_its_own_answer_is_given_parts_of_the_path(drive: Drive) -> None:
    source = """
        class Parcels(Handler):
            def get(self, number):
                try:
                    parcel = load(int(number))
                except ValueError as error:
                    self.response.write({told})
                    self.abort(400)
                return self.response.write("on its way")
    """
    told = drive(source.format(told="str(error)"), "Parcels.get")
    found = [one for one in told if one["weakness"] == "cross-site-scripting" and one["effect"]]
    assert [(one["ending"], one["trust"]) for one in found] == [("likely", "outside")]
    quiet = drive(source.format(told="'no such number'"), "Parcels.get")
    assert not [one for one in quiet if one["weakness"] == "cross-site-scripting" and one["effect"]]
