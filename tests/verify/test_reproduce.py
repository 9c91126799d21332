"""Proofs written down: each test fails on the hole and passes on the mended twin, run as its reader would run it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attacking import attempt, needs_sandbox, outcome

from bluehook import verify
from bluehook.verify import Settings, Target, reproduce
from bluehook.verify.reproduce import pieces

HERE = Settings(python=Path(sys.executable), workers=1)
PAIRS = {
    "path-traversal": (
        "import os\ndef target(name):\n    return open(os.path.join('documents', name)).read()\n",
        "import os\ndef target(name):\n    return open(os.path.join('documents', os.path.basename(name))).read()\n",
    ),
    "sql-injection": (
        "import sqlite3\ndef target(name: str, db: sqlite3.Connection):\n"
        "    return db.execute(f\"SELECT * FROM users WHERE name = '{name}'\").fetchall()\n",
        "import sqlite3\ndef target(name: str, db: sqlite3.Connection):\n"
        '    return db.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchall()\n',
    ),
    "command-injection": (
        "import subprocess\ndef target(host):\n    return subprocess.run('ping -c1 ' + host, shell=True)\n",
        "import subprocess\ndef target(host):\n    return subprocess.run(['ping', '-c1', '--', host])\n",
    ),
    "code-injection": (
        "def target(a: str):\n    return eval('abs(' + a + ')')\n",
        "def target(a: str):\n    return abs(int(a))\n",
    ),
    "archive-extraction": (
        "import io, tarfile\ndef target(data: bytes):\n    with tarfile.open(fileobj=io.BytesIO(data)) as archive:\n"
        "        archive.extractall('unpacked')\n",
        "import io, tarfile\ndef target(data: bytes):\n    with tarfile.open(fileobj=io.BytesIO(data)) as archive:\n"
        "        archive.extractall('unpacked', filter='data')\n",
    ),
    "ssrf": (
        "import urllib.request\ndef target(user: str):\n"
        "    return urllib.request.urlopen('https://api.example.org' + user).read()\n",
        "import urllib.request\nfrom urllib.parse import quote\ndef target(user: str):\n"
        "    return urllib.request.urlopen('https://api.example.org/' + quote(user, safe='')).read()\n",
    ),
}
HANDLERS = {
    "cross-site-scripting": (
        "@app.post('/target')\ndef target():\n    return '<p>' + request.json['name'] + '</p>'\n",
        "@app.post('/target')\ndef target():\n    return '<p>' + escape(request.json['name']) + '</p>'\n",
    ),
    "deserialization": (
        "@app.get('/target')\ndef target():\n    return str(pickle.loads(base64.b64decode(request.cookies['c'])))\n",
        "@app.get('/target')\ndef target():\n    return str(json.loads(base64.b64decode(request.cookies['c'])))\n",
    ),
    "path-traversal": (
        "@app.get('/target/<path:name>')\ndef target(name):\n    return open('/srv/files/' + name).read()\n",
        "@app.get('/target/<path:name>')\ndef target(name):\n    return open(safe_join('/srv/files/', name)).read()\n",
    ),
    "xxe": (
        "@app.post('/target')\ndef target():\n    parser = etree.XMLParser(resolve_entities=True, load_dtd=True)\n"
        "    return etree.fromstring(request.get_data(), parser).findtext('a') or ''\n",
        "@app.post('/target')\ndef target():\n    parser = etree.XMLParser(resolve_entities=False, no_network=True)\n"
        "    return etree.fromstring(request.get_data(), parser).findtext('a') or ''\n",
    ),
    "ssrf": (
        "@app.get('/target')\ndef target():\n    return requests.get(request.headers['X-Hook'], timeout=1).text\n",
        "@app.get('/target')\ndef target():\n    return requests.get('https://example.org/', timeout=1).text\n",
    ),
    "template-injection": (
        "@app.get('/target')\ndef target():\n    return render_template_string('Hi ' + request.args['n'])\n",
        "@app.get('/target')\ndef target():\n    return render_template_string('Hi {{ n }}', n=request.args['n'])\n",
    ),
    "open-redirect": (
        "@app.get('/target')\ndef target():\n    return redirect(request.args['next'])\n",
        "@app.get('/target')\ndef target():\n    return redirect('/' + request.args['next'].lstrip('/\\\\'))\n",
    ),
    "regex-dos": (
        "@app.get('/target')\ndef target():\n    return str(bool(re.match('(a+)+$', request.args['n'])))\n",
        "@app.get('/target')\ndef target():\n    return str(bool(re.match('a+$', request.args['n'])))\n",
    ),
    "log-injection": (
        "@app.get('/target')\ndef target():\n    logging.getLogger('a').warning('who: ' + request.args['n'])\n"
        "    return ''\n",
        "@app.get('/target')\ndef target():\n    logging.getLogger('a').warning('who: %r', request.args['n'])\n"
        "    return ''\n",
    ),
}
FLASK = (
    "import base64, json, logging, pickle, re\nimport requests\nfrom flask import Flask, redirect, request\n"
    "from flask import render_template_string\nfrom markupsafe import escape\nfrom werkzeug.utils import safe_join\n"
    "app = Flask(__name__)\n"
)
FASTAPI = (
    "from fastapi import FastAPI, Form\nfrom fastapi.responses import HTMLResponse\nfrom html import escape\n"
    "app = FastAPI()\n@app.post('/target', response_class=HTMLResponse)\n"
    "def target(name: str = Form()):\n    return '<p>' + name + '</p>'\n"
)


def run(file: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    return subprocess.run(command, cwd=file.parent, capture_output=True, timeout=60, check=False).returncode


def stands(tmp_path: Path, weakness: str, hole: str, mended: str, function: str = "target") -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    module = tmp_path / "pkg" / "module.py"
    module.write_text(hole)
    done = verify.attack(tmp_path, [Target(path="pkg/module.py", function=function, only=(weakness,))], HERE)
    [written] = reproduce.write(tmp_path, done.attempts[0], HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    assert "bluehook" not in [line.split()[1] for line in written.path.read_text().splitlines() if "import " in line]
    assert run(written.path) == 1
    module.write_text(mended)
    assert run(written.path) == 0


@needs_sandbox
@pytest.mark.parametrize("weakness", sorted(PAIRS))
def test_fails_on_the_hole_and_passes_on_the_mended_twin(tmp_path: Path, weakness: str) -> None:
    stands(tmp_path, weakness, *PAIRS[weakness])


@needs_sandbox
@pytest.mark.parametrize("weakness", sorted(HANDLERS))
def test_requests_of_all_sorts_are_repeated(tmp_path: Path, weakness: str) -> None:
    hole, mended = HANDLERS[weakness]
    head = FLASK
    if "etree" in hole:
        pytest.importorskip("lxml", reason="needs lxml")
        head += "from lxml import etree\n"
    stands(tmp_path, weakness, head + hole, head + mended)


@needs_sandbox
def test_a_request_to_an_asgi_application_is_repeated(tmp_path: Path) -> None:
    pytest.importorskip("multipart", reason="forms need python-multipart")
    stands(tmp_path, "cross-site-scripting", FASTAPI, FASTAPI.replace("+ name +", "+ escape(name) +"))


@needs_sandbox
def test_a_request_to_a_django_view_is_repeated(tmp_path: Path) -> None:
    pytest.importorskip("django", reason="needs Django")
    hole = (
        "from html import escape\nfrom django.http import HttpResponse\n"
        "def target(request, kind):\n    return HttpResponse(kind + '<p>' + request.POST['name'] + '</p>')\n"
    )
    mended = hole.replace("request.POST['name']", "escape(request.POST['name'])").replace("kind +", "escape(kind) +")
    stands(tmp_path, "cross-site-scripting", hole, mended)


@needs_sandbox
def test_a_method_is_called_on_an_instance_made_with_stand_ins(tmp_path: Path) -> None:
    hole = (
        "class Store:\n    def __init__(self, db):\n        self.db = db\n"
        "    def find(self, name):\n        return self.db.execute(f\"SELECT * FROM t WHERE n = '{name}'\")\n"
    )
    mended = hole.replace("""f\"SELECT * FROM t WHERE n = '{name}'\")""", "'SELECT * FROM t WHERE n = ?', (name,))")
    stands(tmp_path, "sql-injection", hole, mended, "Store.find")


CALL = {"kind": "call", "named": {"a": "'zqabcdefghi'"}}


def untold(tmp_path: Path, weakness: str = "sql-injection", function: str = "target", **call: object) -> str:
    target = Target(path="module.py", function=function)
    one = {**CALL, **call}
    replay = {"replay": {"attack": one, "benign": one}, "mark": "zqabcdefghi", "slot_word": "zqbenignwrd"}
    evidence: dict[str, object] = dict(call) if "unrepeatable" in call else dict(replay)
    proof = attempt(outcome("proven", weakness=weakness, payload="zqabcdefghi", evidence=evidence), target=target)
    [written] = reproduce.write(tmp_path, proof, HERE, tmp_path / "tests")
    assert written.path is None
    assert not (tmp_path / "tests").exists()
    return written.reason


def test_pieces_are_python_that_every_supported_interpreter_reads() -> None:
    files = sorted(Path(reproduce.__file__).parent.joinpath("pieces").rglob("*.py"))
    assert {"guard", "surroundings", "flask", "path_traversal"} <= {file.stem for file in files}
    for file in files:
        ast.parse(file.read_text(), str(file), feature_version=(3, 9))


def test_names_that_the_worker_tells_lead_to_no_other_file() -> None:
    assert pieces.effect("path-traversal")
    assert pieces.effect("../guard") is None
    assert pieces.call("../guard") is None


def test_proof_of_a_family_without_a_form_is_told(tmp_path: Path) -> None:
    assert "not written down as a test yet" in untold(tmp_path, "ldap-injection")


def test_what_the_worker_could_not_write_down_is_told(tmp_path: Path) -> None:
    assert untold(tmp_path, unrepeatable="an argument is a socket") == "an argument is a socket"


def test_inner_function_cannot_be_called(tmp_path: Path) -> None:
    assert "made by another" in untold(tmp_path, function="outer.<locals>.inner")


@pytest.mark.parametrize(
    "call",
    [
        {"named": {"a": "__import__('os').system('x')"}},
        {"named": {"a": "[open('x')]"}},
        {"named": {"a": "StandIn().x"}},
        {"named": {"a": "Path(open('x'))"}},
        {"named": {"a": "'x'); import os; ('"}},
        {"named": {"a=1, b": "'x'"}},
        {"arguments": ["lambda: 1"]},
        {"owner": "Store(1)", "made": True},
        {"files": {"x": "no base64"}},
        {"kind": "request"},
        {"kind": "request", "framework": "call", "route": "", "method": "", "target": "", "headers": [], "body": ""},
    ],
)
def test_a_forged_account_of_a_call_becomes_no_code(tmp_path: Path, call: dict[str, object]) -> None:
    assert untold(tmp_path, **call)  # type: ignore[arg-type]


@needs_sandbox
def test_test_that_does_not_fail_is_not_handed_over(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def target(a):\n    return a\n")
    assert untold(tmp_path).endswith("the test passed")


@needs_sandbox
def test_hostile_text_of_a_proof_stays_text(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def target(a):\n    return open('documents/' + a)\n")
    hostile = '"""\nraise SystemExit\n"""\\'
    attack = {"kind": "call", "named": {"a": ascii("../zqabcdefghi" + hostile)}}
    evidence = {"replay": {"attack": attack, "benign": CALL}, "mark": "zqabcdefghi", "slot_word": "zqabcdefghi"}
    proof = attempt(
        outcome("proven", weakness="path-traversal", payload="../zqabcdefghi" + hostile, effect=hostile,
                evidence=evidence),
        target=Target(path="module.py", function="target"),
    )  # fmt: skip
    [written] = reproduce.write(tmp_path, proof, HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    assert run(written.path) == 1


@needs_sandbox
def test_proofs_of_the_example_shop_pass_on_its_mended_twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = Path(__file__).parents[2] / "examples"
    shutil.copytree(examples / "shop", tmp_path / "shop")
    names = {"database.py": "products_named", "catalogue.py": "sorted_products", "account.py": "greeting"}
    targets = [Target(path=f"shop/{file}", function=function) for file, function in names.items()]
    files = [
        written.path
        for attempt in verify.attack(tmp_path, targets, HERE).attempts
        for written in reproduce.write(tmp_path, attempt, HERE, tmp_path / "tests")
    ]
    assert len(files) >= 3
    assert None not in files
    assert [run(file) for file in files if file] == [1] * len(files)
    shutil.rmtree(tmp_path / "shop")
    shutil.copytree(examples / "shop_mended", tmp_path / "shop")
    (tmp_path / "defusedxml.py").write_text("from xml import sax\n")
    monkeypatch.setenv("SHOP_SECRET_KEY", "of the test")
    assert [run(file) for file in files if file] == [0] * len(files)


WILD = """\
import os, pathlib, shutil, socket, subprocess, tempfile
HOME = pathlib.Path(__file__).parent.parent
def target(name):
    for harm in (
        lambda: (HOME / "kept.txt").unlink(),
        lambda: (HOME / "kept.txt").write_text("overwritten"),
        lambda: (HOME / "made.txt").write_text("new"),
        lambda: shutil.rmtree(HOME / "folder"),
        lambda: os.rename(HOME / "folder", HOME / "moved"),
        lambda: subprocess.run(["/bin/rm", "-rf", str(HOME / "folder")]),
        lambda: os.system("rm -rf " + str(HOME / "folder")),
        lambda: os.kill(os.getppid(), 9),
        lambda: socket.create_connection(("198.51.100.7", 80), timeout=2),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: pathlib.Path.home().joinpath("left.txt").write_text("at home"),
        lambda: tempfile.NamedTemporaryFile(delete=False).close(),
    ):
        try:
            harm()
            done = "happened"
        except OSError as error:
            done = type(error).__name__
        with open("log.txt", "a") as log:
            log.write(done + "\\n")
    KEPT.append(pathlib.Path("log.txt").read_text().split())
    return open(os.path.join("documents", name)).read()
KEPT = []
"""
SHOWN = "import sys\n\ndef test_shown():\n    print(sys.modules['pkg.module'].KEPT)\n"


@needs_sandbox
def test_code_that_does_more_than_its_hole_is_kept_from_it(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    module = tmp_path / "pkg" / "module.py"
    module.write_text(PAIRS["path-traversal"][0])
    target = Target(path="pkg/module.py", function="target", only=("path-traversal",))
    done = verify.attack(tmp_path, [target], HERE)
    [written] = reproduce.write(tmp_path, done.attempts[0], HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    module.write_text(WILD)
    (tmp_path / "kept.txt").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "tests" / "test_zzz_shown.py").write_text(SHOWN)
    before = sorted(path.name for path in tmp_path.iterdir())
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "tests"]
    env = {**os.environ, "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "folder")}
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert "which is not below" in ended.stdout
    assert "1 failed, 1 passed" in ended.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "kept.txt").read_text() == "kept"
    assert list((tmp_path / "folder").iterdir()) == []
    [first, *_] = ast.literal_eval(ended.stdout[ended.stdout.index("[[") :].split("\n")[0])
    assert first == ["PermissionError"] * 10 + ["happened"] * 2, "only home and temporary files are the test's own"


@needs_sandbox
def test_test_ends_when_the_code_does_not(tmp_path: Path) -> None:
    waiting = (
        "import os, time\ndef target(name):\n    if os.path.exists('/tmp/hang'):\n        time.sleep(600)\n"
        "    return open(os.path.join('documents', name)).read()\n"
    )
    (tmp_path / "module.py").write_text(waiting.replace("/tmp/hang", str(tmp_path / "hang")))
    done = verify.attack(tmp_path, [Target(path="module.py", function="target", only=("path-traversal",))], HERE)
    [written] = reproduce.write(tmp_path, done.attempts[0], HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    text = written.path.read_text()
    assert "MOST_SECONDS = 60\n" in text
    written.path.write_text(text.replace("MOST_SECONDS = 60\n", "MOST_SECONDS = 1\n"))
    (tmp_path / "hang").touch()
    assert run(written.path) == 1
