"""Data flow: what is shown, what is only suspected, and what is quiet. Each case is a handler of our own."""

from __future__ import annotations

import textwrap

import pytest

from bluehook.detect import Settings
from bluehook.detect.flow import detector
from bluehook.findings import Detection, Says, SourceFile
from bluehook.parse import parse

HEAD = """
import base64, configparser, html, os, re, shlex, sqlite3, string, subprocess
from pathlib import Path
from urllib.parse import unquote, urlparse
import requests
from flask import Flask, jsonify, redirect, render_template_string, request, send_file
app = Flask(__name__)
ALLOWED = {"a", "b"}
BASE = "/srv/files"

def same(value):
    return value

def quoted(value):
    return shlex.quote(value)

def is_listed(value):
    return value in ALLOWED

def below(value):
    full = os.path.realpath(os.path.join(BASE, value))
    if os.path.commonpath([full, BASE]) != BASE:
        return BASE
    return full

def refuse(value):
    if value not in ALLOWED:
        raise ValueError(value)

class Box:
    def __init__(self, value):
        self.value = value
        self.other = "x"
"""


def look(code: str, **settings: tuple[str, ...]) -> list[Detection]:
    source = SourceFile(path="a.py", data=textwrap.dedent(code).encode())
    report = detector.run([parse(source)], Settings(**settings))  # type: ignore[arg-type]
    assert report.problems == []
    return report.detections


def claims(code: str, weakness: str) -> set[Says]:
    return {d.evidence.says for d in look(code) if d.weakness == weakness}


def handler(body: str) -> str:
    inside = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f"{HEAD}\n@app.route('/x')\ndef x():\n    name = request.args.get('name', '')\n{inside}\n"


COMMAND = "command-injection"
OPTION = "argument-injection"
SHOWN = [
    ("os.system('ls ' + name)", COMMAND),
    ("os.system(f'ls {name}')", COMMAND),
    ("os.system('ls %s' % name)", COMMAND),
    ("os.system('ls {}'.format(name))", COMMAND),
    ("os.system('ls {n}'.format(n=name))", COMMAND),
    ("os.system(' '.join(['ls', name]))", COMMAND),
    ("command = 'ls '\ncommand += name\nos.system(command)", COMMAND),
    ("d = {'a': name, 'b': 'x'}\nos.system('ls ' + d['a'])", COMMAND),
    ("d = {}\nd['k'] = name\nos.system('ls ' + d.get('k'))", COMMAND),
    ("l = ['x']\nl.append(name)\nl.pop(0)\nos.system('ls ' + l[0])", COMMAND),
    (
        "p = configparser.ConfigParser()\np.add_section('s')\np.set('s', 'k', name)\nos.system('ls ' + p.get('s', 'k'))",  # noqa: E501
        COMMAND,
    ),
    ("v = base64.b64decode(base64.b64encode(name.encode())).decode()\nos.system('ls ' + unquote(name))", COMMAND),
    ("os.system('ls ' + same(name))", COMMAND),
    ("os.system('ls ' + Box(name).value)", COMMAND),
    ("first, second = 'x', name\nos.system('ls ' + second)", COMMAND),
    ("v = 'x' if 7 * 6 > 50 else name\nos.system('ls ' + v)", COMMAND),
    ("v = 'x' if name in ALLOWED else name\nos.system('ls ' + v)", COMMAND),
    ("for part in [name, 'x']:\n    os.system('ls ' + part)", COMMAND),
    ("os.system('ls ' + ' '.join([p for p in name.split(',')]))", COMMAND),
    ("try:\n    v = name\nexcept ValueError:\n    v = 'x'\nos.system('ls ' + v)", COMMAND),
    ("match 'b':\n    case 'a':\n        v = 'x'\n    case 'b':\n        v = name\nos.system('ls ' + v)", COMMAND),
    ("if (v := name):\n    os.system('ls ' + v)", COMMAND),
    ("subprocess.run(f'ls {name}', shell=True)", COMMAND),
    ("subprocess.run(['sh', '-c', 'ls ' + name])", COMMAND),
    ("os.system('ls ' + name)\nif name not in ALLOWED:\n    return ''", COMMAND),
    ("c = sqlite3.connect('d').cursor()\nc.execute(\"SELECT a FROM t WHERE b='%s'\" % name)", "sql-injection"),
    ("open(os.path.join(BASE, name))", "path-traversal"),
    ("(Path(BASE) / name).read_text()", "path-traversal"),
    ("open(os.path.join(BASE, *[p for p in name.split('/') if p not in ('', '.')]))", "path-traversal"),
    ("open(os.path.join(BASE, *[p for p in name.split(':') if p not in ('', '.', '..')]))", "path-traversal"),
    ("if name in ('', '.', '..'):\n    return ''\nopen(os.path.join(BASE, name))", "path-traversal"),
    ("open(f\"{BASE}/{name.replace('.', '_')}\")", "path-traversal"),
    ("v = name.replace('..', '.')\nif v[0] == '/':\n    return ''\nopen(f'{BASE}/{v}')", "path-traversal"),
    ("v = name.replace('.', '')\nif v[1] in string.digits:\n    open(f'{BASE}/{v}')", "path-traversal"),
    ("p = Path(BASE) / name\nif not p.is_file():\n    return ''\np.read_text()", "path-traversal"),
    ("return '<p>' + name", "cross-site-scripting"),
    ("return 'Dear ' + name + '<br>yours'", "cross-site-scripting"),
    ("return redirect(name)", "open-redirect"),
    ("return redirect('https://' + name)", "open-redirect"),
    ("requests.get('http://' + name + '/status')", "ssrf"),
    ("eval(name)", "code-injection"),
]  # fmt: skip
QUIET = [
    ("d = {'a': name, 'b': 'x'}\nos.system('ls ' + d['b'])", COMMAND),
    ("l = ['x', name]\nl.pop(1)\nos.system('ls ' + l[0])", COMMAND),
    ("p = configparser.ConfigParser()\np.set('s', 'a', 'x')\np.set('s', 'b', name)\nos.system('ls ' + p.get('s', 'a'))", COMMAND),  # noqa: E501
    ("num = 106\nif 7 * 18 + num > 200:\n    v = 'x'\nelse:\n    v = name\nos.system('ls ' + v)", COMMAND),
    ("v = name\nv = 'x'\nos.system('ls ' + v)", COMMAND),
    ("os.system('ls ' + Box(name).other)", COMMAND),
    ("os.system('ls ' + shlex.quote(name))", COMMAND),
    ("os.system('ls ' + quoted(name))", COMMAND),
    ("os.system(f'ls {int(name)}')", COMMAND),
    ("os.system('ls %d' % int(name))", COMMAND),
    ("if name not in ALLOWED:\n    return ''\nos.system('ls ' + name)", COMMAND),
    ("if not is_listed(name):\n    return ''\nos.system('ls ' + name)", COMMAND),
    ("refuse(name)\nos.system('ls ' + name)", COMMAND),
    ("v = name if name in ALLOWED else 'a'\nos.system('ls ' + v)", COMMAND),
    ("v = name if re.fullmatch('[a-z]+', name) else 'a'\nos.system('ls ' + v)", COMMAND),
    ("if name == 'a':\n    os.system('ls ' + name)", COMMAND),
    ("if not name.isalnum():\n    return ''\nos.system('ls ' + name)", COMMAND),
    ("if not re.fullmatch(r'[a-z0-9]+', name):\n    return ''\nos.system('ls ' + name)", COMMAND),
    ("m = re.match(r'^\\w+$', name)\nif m is None:\n    return ''\nos.system('ls ' + name)", COMMAND),
    ("table = {'a': 'x', 'b': 'y'}\nos.system('ls ' + table.get(name, 'z'))", COMMAND),
    ("subprocess.run(['ls', '--', name])", COMMAND),
    ("c = sqlite3.connect('d').cursor()\nc.execute('SELECT a FROM t WHERE b=?', (name,))", "sql-injection"),
    ("open(os.path.join(BASE, os.path.basename(name)))", "path-traversal"),
    ("open(os.path.join(BASE, *[p for p in name.split('/') if p not in ('', '.', '..')]))", "path-traversal"),
    ("open(os.path.join(BASE, *(p for p in name.split('/') if p and p != '..')))", "path-traversal"),
    ("p = (Path(BASE) / name).resolve()\nif not p.is_relative_to(BASE):\n    return ''\np.read_text()", "path-traversal"),  # noqa: E501
    ("p = os.path.realpath(os.path.join(BASE, name))\nif os.path.commonpath([BASE, p]) != BASE:\n    return ''\nopen(p)", "path-traversal"),  # noqa: E501
    ("return '<p>' + html.escape(name)", "cross-site-scripting"),
    ("return {'name': name}", "cross-site-scripting"),
    ("return redirect('/user?' + name)", "cross-site-scripting"),
    ("return send_file(os.path.join(BASE, name))", "cross-site-scripting"),
    ("return jsonify(name=fetched(name))", "cross-site-scripting"),
    ("return render_template_string('<p>{{ n }}', n=name)", "cross-site-scripting"),
    ("open(os.path.join(BASE, Path(name).name))", "path-traversal"),
    ("open(below(name))", "path-traversal"),
    ("root = os.path.realpath(request.args['root'])\np = os.path.realpath(os.path.join(BASE, name))\nif os.path.commonpath([root, p]) != root:\n    return ''\nopen(p)", "path-traversal"),  # noqa: E501
    ("return redirect('/user/' + name)", "open-redirect"),
    ("if urlparse(name).netloc != 'a.example':\n    return ''\nreturn redirect(name)", "open-redirect"),
    ("v = name.replace('.', '_')\nif v[0] not in string.ascii_letters:\n    v = 'a' + v\nopen(f'{BASE}/{v}.py')", "path-traversal"),  # noqa: E501
    ("open(Path() / ('a' + name.replace('.', '')))", "path-traversal"),
    ("if name[:1] == '/' or '..' in name:\n    return ''\nopen(f'{BASE}/{name}')", "path-traversal"),
    ("requests.get('https://a.example/' + name)", "ssrf"),
    ("if not re.match(r'https://a\\.example/', name):\n    return ''\nrequests.get(name)", "ssrf"),
    ("if urlparse(name).hostname not in ALLOWED:\n    return ''\nrequests.get(name)", "ssrf"),
]  # fmt: skip


def test_markup_behind_other_words_is_a_page_as_well() -> None:
    helper = "CARD = 'Dear {name}<br>yours'\ndef card(name: str) -> str:\n    return CARD.format(name=name)\n"
    assert claims(helper, "cross-site-scripting") == {Says.SUSPECTS}
    assert claims(helper.replace("<br>", "<br and"), "cross-site-scripting") == set()


STATEMENTS = [
    ("SELECT a FROM t WHERE b = {name}", {Says.SHOWS}),
    ("ALTER TABLE t ADD COLUMN a CHECK ({name})", set()),
    ("CREATE UNIQUE INDEX i ON t (a) WHERE a > {name}", set()),
    ("CREATE USER a IDENTIFIED BY '{name}'", {Says.SHOWS}),
    ("SELECT nextval('\"{name}\"')", set()),
    ("SELECT concat('\"{name}\"')", {Says.SHOWS}),
]


@pytest.mark.parametrize(("statement", "says"), STATEMENTS)
def test_names_and_definitions_are_their_callers_choice(statement: str, says: set[Says]) -> None:
    code = f"def keep(cursor, name):\n    cursor.execute(f{statement!r})\n"
    assert claims(code, "sql-injection") - {Says.HINTS} == says


@pytest.mark.parametrize(
    ("name", "part", "says"),
    [
        ("column", "column.default", Says.SUSPECTS),
        ("new_field", "new_field.column", Says.SUSPECTS),
        ("column", "column", Says.SHOWS),
        ("field", "field.value", Says.SHOWS),
        ("user", "user.city", Says.SHOWS),
    ],
)
def test_what_an_object_of_the_schema_says_is_the_programs_own(name: str, part: str, says: Says) -> None:
    code = f'def fill(cursor, {name}):\n    cursor.execute(f"UPDATE t SET a = {{{part}}}")\n'
    assert claims(code, "sql-injection") - {Says.HINTS} == {says}


@pytest.mark.parametrize(("body", "weakness"), SHOWN)
def test_a_flow_from_a_request_is_shown(body: str, weakness: str) -> None:
    assert claims(handler(body), weakness) == {Says.SHOWS}


@pytest.mark.parametrize(("body", "weakness"), QUIET)
def test_what_cannot_do_harm_is_quiet(body: str, weakness: str) -> None:
    assert claims(handler(body), weakness) <= {Says.HINTS}


@pytest.mark.parametrize(
    ("body", "weakness"),
    [
        ("p = os.path.realpath(os.path.join(BASE, name))\nif not p.startswith(BASE):\n    return ''\nopen(p)", "path-traversal"),  # noqa: E501
        ("assert name in ALLOWED\nos.system('ls ' + name)", COMMAND),
        ("if not looks_valid(name):\n    return ''\nos.system('ls ' + name)", COMMAND),
        ("if registry().is_command(name):\n    os.system('ls ' + name)", COMMAND),
    ],
)  # fmt: skip
def test_a_check_that_does_not_hold_is_suspected(body: str, weakness: str) -> None:
    assert claims(handler(body), weakness) == {Says.SUSPECTS}


@pytest.mark.parametrize(
    ("code", "weakness", "expected"),
    [
        ("def f(db, a):\n    db.execute(\"SELECT x FROM t WHERE a='%s'\" % a)", "sql-injection", Says.SHOWS),
        ("def f(db, t):\n    db.execute('SELECT x FROM ' + t)", "sql-injection", Says.HINTS),
        ("import os\ndef f(a):\n    os.system('ls ' + a)", COMMAND, Says.SHOWS),
        ("import os\ndef f(command):\n    os.system(command)", COMMAND, Says.HINTS),
        ("import sys, os\ndef f():\n    os.system('ls ' + sys.argv[1])", COMMAND, Says.SUSPECTS),
        ("def f(path):\n    open(path)", "path-traversal", Says.HINTS),
        ("import subprocess\ndef f(url):\n    subprocess.run(['git', 'clone', '--bare', url])", OPTION, Says.SUSPECTS),
        ("import subprocess\ndef f(name):\n    subprocess.run(['git', 'clone', name])", OPTION, Says.HINTS),
    ],
)
def test_whose_hand_a_value_comes_from_decides(code: str, weakness: str, expected: Says) -> None:
    assert claims(code, weakness) == {expected}


@pytest.mark.parametrize(
    "code",
    [
        "import os\ndef view(request):\n    os.system('ls ' + request.GET['a'])",
        "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\nasync def x(a: str):\n    os.system('ls ' + a)",  # noqa: E501
        "import os\nfrom aiohttp import web\nasync def x(request):\n    d = await request.post()\n    os.system('ls ' + d['a'])",  # noqa: E501
        "import os\nimport tornado.web\nclass H(tornado.web.RequestHandler):\n"
        "    def get(self):\n        os.system('ls ' + self.get_argument('a'))",
        "import os\nfrom http.server import BaseHTTPRequestHandler\nclass H(BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n        os.system('ls ' + self.path)",
        "import os\ndef handler(event, context):\n    os.system('ls ' + event['a'])",
    ],
)  # fmt: skip
def test_requests_of_every_framework_are_sources(code: str) -> None:
    assert claims(code, COMMAND) == {Says.SHOWS}


def test_a_route_that_declares_html_answers_with_a_page() -> None:
    route = """
    from fastapi import FastAPI
    from fastapi.responses import HTMLResponse
    app = FastAPI()

    @app.post("/preview", response_class=HTMLResponse)
    async def preview(title: str):
        return "<h1>{}</h1>".format(title)
    """
    assert claims(route, "cross-site-scripting") == {Says.SHOWS}
    assert claims(route.replace(", response_class=HTMLResponse", ""), "cross-site-scripting") == set()


def test_a_record_made_from_all_that_a_request_holds_is_shown() -> None:
    view = """
    import json
    from django.http import HttpResponse
    def view(request):
        data = json.loads(request.body)
        Account.objects.create(**data)
        return HttpResponse("")
    """
    assert claims(view, "mass-assignment") == {Says.SHOWS}
    assert (
        claims(view.replace("json.loads(request.body)", "Form(request.POST).cleaned_data"), "mass-assignment") == set()
    )


def test_an_allow_list_that_nobody_reads_makes_a_redirect_suspicious() -> None:
    code = "from flask import redirect\nALLOWED_HOSTS = {'a.example'}\ndef go(url):\n    return redirect(url)\n"
    assert claims(code, "open-redirect") == {Says.SUSPECTS}
    assert claims(code + "print(ALLOWED_HOSTS)\n", "open-redirect") == {Says.HINTS}


def test_a_flow_into_a_helper_is_told_with_its_whole_way() -> None:
    code = handler("run(name)") + "\ndef run(word):\n    command = 'ls ' + word\n    os.system(command)\n"
    (found,) = (d for d in look(code) if d.weakness == COMMAND)
    assert found.evidence.details == {
        "sink": "os.system",
        "source": "the query parameter `name`",
        "trust": "outside",
        "slot": "request.args.name",
    }
    steps = [step.text for step in found.evidence.trace]
    assert steps[-3:] == ["run(name)", "command = 'ls ' + word", "os.system(command)"]
    assert found.evidence.message.startswith("The query parameter `name` becomes part of a shell command.")


def test_the_users_own_sanitizers_clean() -> None:
    code = "import os\nfrom lib import tidy\ndef f(a):\n    os.system('ls ' + tidy(a))"
    assert claims(code, COMMAND) != set()
    assert look(code, sanitizers=("lib.tidy",)) == []


def test_python_2_and_broken_code_are_followed() -> None:
    code = "import os\ndef f(a):\n    print 'x'\n    os.system('ls %s' % a)\n\ndef broken(:\n"
    assert claims(code, COMMAND) == {Says.SHOWS}


def test_too_much_work_is_a_problem_and_not_silence() -> None:
    lines = "\n".join(f"    if a == {i}:\n        b{i} = a + 'x'" for i in range(6000))
    source = SourceFile(path="a.py", data=f"import os\ndef f(a):\n{lines}\n    os.system('ls ' + a)\n".encode())
    (problem,) = detector.run([parse(source)], Settings()).problems
    assert problem.incomplete
    assert "too large to follow" in problem.reason


@pytest.mark.parametrize(
    "deep", ["(" * 3000 + ")" * 3000, "x" + "[0]" * 3000, "'a'" + " + x" * 3000, "not " * 3000 + "x"]
)
def test_deep_nesting_is_survived(deep: str) -> None:
    source = SourceFile(path="a.py", data=f"import os\ndef f(x):\n    os.system({deep})\n".encode())
    detector.run([parse(source)], Settings())


def test_a_replaced_value_keeps_its_check_where_the_ways_meet() -> None:
    assert claims(handler("if name not in ALLOWED:\n    name = 'a'\nos.system('ls ' + name)"), COMMAND) == set()
