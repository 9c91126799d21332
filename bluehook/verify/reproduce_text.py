"""The pieces of a reproduction: how the effect of one family is seen, and how a function or a handler is called.

Each piece is Python source, 3.9 and standard library only. ``reproduce`` puts constants before them: ``MODULE``,
``ATTACK`` and ``BENIGN`` (what is called), ``PAYLOAD``, ``MARK`` (what the attack carries and nothing else does) and
``WORD`` (what the benign call carries in its place). A piece for a call defines ``call(given)``, which gives what was
returned or raised, an ``Answer`` for a request; a piece for an effect defines ``check(folder)``.
"""

from __future__ import annotations

HEAD = '''\
"""{title} ({cwe}) in {path}, {function}: this test fails until the hole is closed.

{effect}

Written by bluehook from an attack that ran in its sandbox. Run with pytest, or call the test from any Python; it
attacks the code for real. While it runs, the code can write to a temporary directory only, reach no other machine and
start no program.
"""

import importlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = {root}
sys.path.insert(0, str(ROOT))

'''

SURROUNDINGS = '''\
import builtins
import sqlite3

STATEMENTS = []
CONNECT, OPEN = sqlite3.connect, builtins.open


class Cursor(sqlite3.Cursor):
    def execute(self, statement, *values):
        STATEMENTS.append(statement)
        return known(super().execute, statement, *values)

    def executemany(self, statement, *values):
        STATEMENTS.append(statement)
        return known(super().executemany, statement, *values)

    def executescript(self, script):
        STATEMENTS.append(script)
        return known(super().executescript, script)


def known(execute, *args):
    """Run a statement as if its tables were there: what the code does first must not hide what it does then."""
    try:
        return execute(*args)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        return execute("SELECT 1 WHERE 0")


class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def execute(self, *arguments):
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments):
        return self.cursor().executemany(*arguments)

    def executescript(self, script):
        return self.cursor().executescript(script)


def connection(*args, **kwargs):
    """An empty database in memory that notes its statements."""
    return CONNECT(":memory:", factory=Connection)


def opening(file, mode="r", *args, **kwargs):
    """Open a file; one that is written below the temporary directory gets its folder first."""
    if any(letter in mode for letter in "wax") and isinstance(file, (str, os.PathLike)):
        place = os.path.dirname(os.path.abspath(os.fspath(file)))
        if place.startswith(os.getcwd() + os.sep):
            os.makedirs(place, exist_ok=True)
    return OPEN(file, mode, *args, **kwargs)


'''
"""A database that knows every table, and folders that are there: what is missing on the way must not hide the hole."""

STANDIN = '''\
SAID = []


class StandIn:
    """An object that does nothing, and remembers the texts that it was given."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()

    def __call__(self, *args, **kwargs):
        SAID.extend(str(one) for one in args if isinstance(one, (str, bytes)))
        return StandIn()

    def __getitem__(self, key):
        return StandIn()

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None


'''

ANSWER = '''\
class Answer:
    """What came back over the wire."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        """The first header of this name, empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


'''

CALLS = {
    "call": '''\
def call(given):
    """Call the function; what it returns, or what it raises, which may be its way to refuse."""
    import asyncio
    import inspect

    module = importlib.import_module(MODULE)
    try:
        result = called(module, given)
        if inspect.iscoroutine(result):
            return asyncio.run(result)
        return list(result) if inspect.isgenerator(result) else result
    except (Exception, SystemExit) as error:
        return error


def made(owner, needed):
    """An instance: as it is made, else without being made."""
    try:
        return owner(**{name: StandIn() for name in needed})
    except Exception:
        return object.__new__(owner)
''',
    "flask": '''\
def application():
    """The application that has the route: one that stands beside it, that a factory makes, or its blueprints."""
    import flask

    parts = MODULE.split(".")
    modules = [importlib.import_module(".".join(parts[:n])) for n in range(len(parts), 0, -1)]
    named = [pair for module in modules for pair in vars(module).items()]
    # Not isinstance: it would ask flask.request, which answers inside of a request only.
    apps = [value for _, value in named if issubclass(type(value), flask.Flask)]
    apps += [value() for name, value in named if name in ("create_app", "make_app", "build_app", "app_factory")]
    for app in apps:
        if any(rule.rule == ATTACK["route"] for rule in app.url_map.iter_rules()):
            return app
    app = flask.Flask("reproduction")
    for value in vars(modules[0]).values():
        if issubclass(type(value), flask.Blueprint):
            app.register_blueprint(value)
    return app


def call(given):
    """Send the request; the answer, or what was raised."""
    app = application()
    app.testing = True
    app.secret_key = app.secret_key or "reproduction"
    app.config.update(WTF_CSRF_ENABLED=False, LOGIN_DISABLED=True)
    client = app.test_client(use_cookies=False)
    try:
        sent = client.open(given["target"], method=given["method"], headers=given["headers"], data=given["body"])
    except Exception as error:
        return error
    return Answer(sent.status_code, list(sent.headers.items()), sent.get_data())
''',
    "asgi": '''\
def application():
    """The application that has the route: one that stands beside it, that a factory makes, or its routers."""
    parts = MODULE.split(".")
    modules = [importlib.import_module(".".join(parts[:n])) for n in range(len(parts), 0, -1)]
    named = [pair for module in modules for pair in vars(module).items()]
    from starlette.applications import Starlette

    apps = [value for _, value in named if isinstance(value, Starlette)]
    apps += [value() for name, value in named if name in ("create_app", "make_app", "build_app", "app_factory")]
    for app in apps:
        if any(getattr(route, "path", "") == ATTACK["route"] for route in app.routes):
            return app
    import fastapi

    app = fastapi.FastAPI()
    for value in vars(modules[0]).values():
        if isinstance(value, fastapi.APIRouter):
            app.include_router(value)
    return app


def call(given):
    """Send the request; the answer, or what was raised."""
    import asyncio
    from urllib.parse import unquote

    path, _, query = given["target"].partition("?")
    got = {"status": 0, "headers": [], "body": b""}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": given["method"], "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-length", str(len(given["body"])).encode())]
        + [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in given["headers"]],
        "client": ("127.0.0.1", 50000), "server": ("localhost", 80), "state": {},
    }
    left = [{"type": "http.request", "body": given["body"], "more_body": False}]

    async def receive():
        return left.pop() if left else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
            got["headers"] = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in message["headers"]]
        elif message["type"] == "http.response.body":
            got["body"] += message.get("body", b"")

    try:
        asyncio.run(application()(scope, receive, send))
    except Exception as error:
        return error
    return Answer(got["status"], got["headers"], got["body"])
''',
    "django": '''\
class User:
    """Somebody who is logged in and may do everything: what lies behind is what is looked at."""

    is_authenticated = is_active = is_staff = is_superuser = True
    is_anonymous = False
    id = pk = 1
    username = "somebody"

    def has_perm(self, *args):
        return True

    has_perms = has_module_perms = has_perm


def settings():
    """The project's settings where they can be told, else the least that views need."""
    import django
    from django.conf import settings

    script = next((path for path in (ROOT, *ROOT.parents) if (path / "manage.py").is_file()), None)
    text = (script / "manage.py").read_text() if script else ""
    found = re.search(r"DJANGO_SETTINGS_MODULE['\\"], *['\\"]([\\w.]+)", text)
    if found and "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = found[1]
        sys.path.insert(0, str(script))
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        base = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        settings.configure(
            ALLOWED_HOSTS=["*"], SECRET_KEY="reproduction", TEMPLATES=[engine], DATABASES=base, USE_TZ=True,
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        )
    django.setup()


def call(given):
    """Call the view with the request; the answer, or what was raised."""
    settings()
    from django.test import RequestFactory

    view = importlib.import_module(MODULE)
    for part in given["route"].split("."):
        view = getattr(view, part)
    view = view.as_view() if isinstance(view, type) else view
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in given["headers"]}
    kind = headers.pop("HTTP_CONTENT_TYPE", "text/html")
    request = RequestFactory().generic(given["method"], given["target"], given["body"], kind, **headers)
    request._dont_enforce_csrf_checks = True
    request.user = User()
    request.session = {}
    try:
        sent = view(request, *given["arguments"], **given["named"])
        sent = sent.render() if hasattr(sent, "render") and not getattr(sent, "is_rendered", True) else sent
        body = b"".join(sent) if getattr(sent, "streaming", False) else sent.content
    except Exception as error:
        return error
    return Answer(sent.status_code, list(sent.items()), body)
''',
}
"""By the sort of call; those but ``call`` are frameworks."""

_GADGET = '''\
HITS = []


def hit(mark=""):
    """What the attack tries to call; nothing but the attack knows of it."""
    HITS.append(str(mark))
    return str(mark)


class ZqGadget:
    def __init__(self, mark=""):
        hit(mark)


def check(folder):
    import types

    module = types.ModuleType("zqgadgetmodule")
    module.hit = hit
    sys.modules["zqgadgetmodule"] = module
    call(ATTACK)
    assert MARK not in HITS, "the input was run: it called a function that it has no business with"
'''

_LINE = """\
def check(folder):
    import logging

    lines = []

    class Listener(logging.Handler):
        def emit(self, record):
            lines.append(record.getMessage())

    listener, root = Listener(), logging.getLogger()
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        answer = call(ATTACK)
    finally:
        root.removeHandler(listener)
    if hasattr(answer, "headers"):
        lines += [value for _, value in answer.headers]
    broken = [line for line in lines if re.search(r"[\\r\\n]" + MARK, line)]
    assert not broken, "the input began a line of its own: %r" % broken[0]
"""

EFFECTS = {
    "path-traversal": '''\
OPENED = []


def listen(event, args):
    if event in ("open", "os.listdir", "os.scandir", "os.remove", "os.mkdir", "shutil.rmtree"):
        if args and isinstance(args[0], (str, bytes)):
            OPENED.append(os.path.abspath(os.fsdecode(args[0])))


def opened(given, mark):
    """The files that a call opens, of those whose name carries the mark."""
    del OPENED[:]
    call(given)
    return [path for path in OPENED if mark in path]


def check(folder):
    LISTENERS.append(listen)
    allowed = [os.path.dirname(path) + os.sep for path in opened(BENIGN, WORD)]
    outside = [path for path in opened(ATTACK, MARK) if not path.startswith(tuple(allowed))]
    assert not outside, "%s was opened, which is not below %s" % (outside[0], " or ".join(allowed) or "any base")
''',
    "archive-extraction": """\
WRITTEN = []


def listen(event, args):
    if event in ("open", "os.mkdir", "os.symlink", "os.rename") and isinstance(args[0], (str, bytes)):
        WRITTEN.append(os.path.abspath(os.fsdecode(args[0])))


def check(folder):
    # Deep enough that a member that climbs out stays within the temporary directory.
    inner = os.path.join(folder, "a", "b", "c", "d")
    os.makedirs(inner)
    os.chdir(inner)
    for name in [name for name in FILES if os.path.basename(name) == name]:
        Path(name).write_bytes(FILES[name])
    LISTENERS.append(listen)
    with Outside():
        call(ATTACK)
    outside = [path for path in WRITTEN if MARK in path and not path.startswith(inner + os.sep)]
    assert not outside, "a member of the archive was written to %s" % outside[0]
""",
    "sql-injection": '''\
def shapes(given):
    """The statements that a call executes, without the constants in them."""
    del STATEMENTS[:], SAID[:]
    call(given)
    told = [" ".join(each.split()) for each in STATEMENTS + SAID if re.match(r"\\s*\\w+\\s", each)]
    return [re.sub(r"'(?:[^']|'')*'|\\b\\d+(?:\\.\\d+)?\\b|" + WORD, "?", each) for each in told]


def check(folder):
    usual = shapes(BENIGN)
    changed = [shape for shape in shapes(ATTACK) if shape not in usual]
    assert not changed, "the value changed the statement: %s" % changed[0]
''',
    "command-injection": """\
SHELLS = ("sh", "bash", "dash", "cmd.exe")


def check(folder):
    import time

    # Whatever program the code means to start, none is found: only the shell itself runs.
    os.environ["PATH"] = folder
    os.environ["TMPDIR"] = folder
    os.symlink("/bin/sh", os.path.join(folder, "sh"))
    os.symlink("/bin/sh", os.path.join(folder, "bash"))
    marker = os.path.join(folder, MARK)
    call(ATTACK)
    for _ in range(20):
        if os.path.exists(marker):
            break
        time.sleep(0.05)
    assert not os.path.exists(marker), "the shell ran the injected command and created the marker file"
""",
    "argument-injection": """\
STARTED = []


def listen(event, args):
    if event == "subprocess.Popen":
        words = [args[1]] if isinstance(args[1], (str, bytes)) else list(args[1])
        STARTED.append([os.fsdecode(word) for word in words])


def check(folder):
    os.environ["PATH"] = folder
    LISTENERS.append(listen)
    call(ATTACK)
    for words in STARTED:
        options = words[1:words.index("--")] if "--" in words else words[1:]
        taken = [word for word in options if word.startswith("-") and word.lstrip("-").startswith(MARK)]
        assert not taken, "%s was started with %r where it reads an option" % (words[0], taken[0])
""",
    "code-injection": _GADGET,
    "deserialization": _GADGET,
    "template-injection": _GADGET.replace(
        """    call(ATTACK)
    assert MARK not in HITS, """,
        """    answer = call(ATTACK)
    text = answer.text if hasattr(answer, "text") else str(answer)
    assert MARK not in HITS and not (MARK.isdigit() and MARK in text), """,
    ),
    "xxe": """\
OPENED = []


def listen(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        OPENED.append(os.fsdecode(args[0]))


def check(folder):
    with Outside() as there:
        secret = there / MARK
        with secret.open("x") as file:
            file.write("secret-" + MARK)
        LISTENERS.append(listen)
        answer = call(ATTACK)
    text = answer.text if hasattr(answer, "text") else str(answer)
    assert str(secret) not in OPENED, "the parser opened the file that the document names"
    assert "secret-" + MARK not in text, "the document's entity was replaced by the file that it names"
""",
    "ssrf": '''\
ASKED = []


def listen(event, args):
    if event == "urllib.Request":
        ASKED.append(str(args[0]))


def nowhere(host, *args, **kwargs):
    """No name has an address here: who was asked for is all that matters."""
    import socket

    ASKED.append(host.decode() if isinstance(host, bytes) else str(host))
    raise socket.gaierror("no such host")


def check(folder):
    import socket

    LISTENERS.append(listen)
    before, socket.getaddrinfo = socket.getaddrinfo, nowhere
    try:
        call(ATTACK)
    finally:
        socket.getaddrinfo = before
    there = [host for host in ASKED if re.match(r"(\\w+://)?([^/?#]*@)?[\\w.-]*" + MARK, host)]
    assert not there, "the server turns to %s, which the input chose" % there[0]
''',
    "cross-site-scripting": '''\
from html.parser import HTMLParser


class Seeker(HTMLParser):
    """Looks for the attack's name among tags, attributes and script addresses."""

    seen = ""

    def handle_starttag(self, tag, attrs):
        if tag == MARK:
            self.seen = "a tag"
        for name, value in attrs:
            if name == MARK:
                self.seen = "an attribute"
            elif name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:" + MARK):
                self.seen = "a script address"


def check(folder):
    answer = call(ATTACK)
    if not hasattr(answer, "text") or "html" not in answer.header("content-type"):
        return
    seeker = Seeker()
    seeker.feed(answer.text)
    assert not seeker.seen, "%s of the input's own stands in the page" % seeker.seen
''',
    "open-redirect": """\
def check(folder):
    from urllib.parse import urlsplit

    answer = call(ATTACK)
    if not hasattr(answer, "status") or not 300 <= answer.status < 400:
        return
    # Browsers take a backslash for a slash, and any number of them for two.
    there = re.sub(r"^(\\w+:)?[/\\\\]{2,}", r"\\1//", answer.header("location"))
    assert urlsplit(there).hostname in (None, "localhost"), "the browser is sent to %s" % there
""",
    "header-injection": _LINE,
    "log-injection": _LINE,
    "csv-injection": """\
def check(folder):
    import csv

    answer = call(ATTACK)
    texts = [answer.text if hasattr(answer, "text") else str(answer)]
    texts += [path.read_text(errors="replace") for path in Path(folder).rglob("*") if path.is_file()]
    cells = [cell for text in texts for row in csv.reader(io.StringIO(text)) for cell in row if MARK in cell]
    formulas = [cell for cell in cells if cell.lstrip()[:1] in "=+-@"]
    assert not formulas, "the cell %r is a formula" % formulas[0]
""",
    "regex-dos": """\
SECONDS = 3


def check(folder):
    import resource
    import signal

    importlib.import_module(MODULE)
    child = os.fork()
    if child == 0:
        # Nobody waits for an expression that never ends: the system ends the process that tries, or that only waits.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(MOST_SECONDS // 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        try:
            call(ATTACK)
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    assert not ended, "%d characters kept the expression busy for %d s and more" % (len(PAYLOAD), SECONDS)
""",
}
