"""The pieces of a reproduction: how the effect of one family is seen, and how a function or a handler is called.

Each piece is Python source, 3.9 and standard library only, with ``{NAME}`` fields that ``reproduce`` fills with
literals. A piece for an effect defines ``check(folder)`` and uses ``call(value)``, which a piece for a call defines.
"""

from __future__ import annotations

HEAD = '''\
"""{title} ({cwe}) in {path}, {function}: this test fails until the hole is closed.

{effect}

Written by bluehook from an attack that ran in its sandbox. Run with pytest, or call the test from any Python; it
attacks the code for real, in a temporary directory.
"""

import importlib
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = {root}
sys.path.insert(0, str(ROOT))

'''

TEST = """

def test_{name}():
    before = os.getcwd(), os.environ.get("PATH", "")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            check(folder)
        finally:
            os.chdir(before[0])
            os.environ["PATH"] = before[1]
"""

CALLS = {
    "plain": '''\
def call(value):
    """Call the function with the value in the place that was attacked; what it raises does not matter here."""
    import asyncio
    import inspect

    module = importlib.import_module({module})
    try:
        result = module.{call}
        if inspect.iscoroutine(result):
            asyncio.run(result)
        elif inspect.isgenerator(result):
            list(result)
    except Exception as error:
        return error
''',
    "flask": '''\
def application():
    """The application that has the route: one that stands beside it, that a factory makes, or its blueprints."""
    import flask

    parts = {module}.split(".")
    modules = [importlib.import_module(".".join(parts[:n])) for n in range(len(parts), 0, -1)]
    named = [pair for module in modules for pair in vars(module).items()]
    # Not isinstance: it would ask flask.request, which answers inside of a request only.
    apps = [value for _, value in named if issubclass(type(value), flask.Flask)]
    apps += [value() for name, value in named if name in ("create_app", "make_app", "build_app", "app_factory")]
    for app in apps:
        if any(rule.rule == {route} for rule in app.url_map.iter_rules()):
            return app
    app = flask.Flask("reproduction")
    for value in vars(modules[0]).values():
        if issubclass(type(value), flask.Blueprint):
            app.register_blueprint(value)
    return app


def quoted(value):
    """A value as a browser sends it in a cookie: what would end it is percent-encoded."""
    return "".join("%%%02X" % ord(c) if c in ';," \\\\' or not c.isprintable() else c for c in value)


def call(value):
    """Send the request with the value in the place that was attacked; the answer, or what was raised."""
    from urllib.parse import quote

    app = application()
    app.testing = True
    try:
        return app.test_client(use_cookies=False).open({url}, method={method}, {parts})
    except Exception as error:
        return error
''',
}

EFFECTS = {
    "path-traversal": '''\
MARK = {mark}
PAYLOAD = {payload}
OPENED = []


def listen(event, args):
    if event in ("open", "os.listdir", "os.scandir", "os.remove", "os.mkdir", "shutil.rmtree"):
        if args and isinstance(args[0], (str, bytes)):
            OPENED.append(os.path.abspath(os.fsdecode(args[0])))


def opened(value):
    """The files that a call opens, of those whose name carries the mark."""
    del OPENED[:]
    call(value)
    return [path for path in OPENED if MARK in path]


def check(folder):
    sys.addaudithook(listen)
    allowed = [os.path.dirname(path) + os.sep for path in opened(MARK)]
    outside = [path for path in opened(PAYLOAD) if not path.startswith(tuple(allowed))]
    assert not outside, "%s was opened, which is not below %s" % (outside[0], " or ".join(allowed) or "any base")
''',
    "sql-injection": '''\
import sqlite3

PAYLOAD = {payload}
STATEMENTS = []
CONNECT = sqlite3.connect


class Cursor(sqlite3.Cursor):
    def execute(self, statement, *values):
        STATEMENTS.append(statement)
        return super().execute(statement, *values)

    def executemany(self, statement, *values):
        STATEMENTS.append(statement)
        return super().executemany(statement, *values)

    def executescript(self, script):
        STATEMENTS.append(script)
        return super().executescript(script)


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


def shapes(value):
    """The statements that a call executes, without the constants in them."""
    del STATEMENTS[:]
    call(value)
    return [re.sub(r"'(?:[^']|'')*'|\\b\\d+(?:\\.\\d+)?\\b", "?", " ".join(each.split())) for each in STATEMENTS]


def check(folder):
    sqlite3.connect = connection
    try:
        usual = shapes("1")
        changed = [shape for shape in shapes(PAYLOAD) if shape not in usual]
    finally:
        sqlite3.connect = CONNECT
    assert not changed, "the value changed the statement: %s" % changed[0]
''',
    "command-injection": """\
MARK = {mark}
PAYLOAD = {payload}


def check(folder):
    import time

    # Whatever program the code means to start, none is found: only the shell itself runs.
    os.environ["PATH"] = folder
    os.environ["TMPDIR"] = folder
    marker = os.path.join(folder, MARK)
    call(PAYLOAD.replace("/tmp/outside", folder))
    for _ in range(20):
        if os.path.exists(marker):
            break
        time.sleep(0.05)
    assert not os.path.exists(marker), "the shell ran the injected command and created the marker file"
""",
    "cross-site-scripting": """\
PAYLOAD = {payload}


def check(folder):
    answer = call(PAYLOAD)
    if isinstance(answer, Exception) or "html" not in (answer.content_type or ""):
        return
    assert PAYLOAD not in answer.get_data(as_text=True), "the value stands in the page as it came, as markup"
""",
    "open-redirect": """\
PAYLOAD = {payload}


def check(folder):
    from urllib.parse import urlsplit

    answer = call(PAYLOAD)
    if isinstance(answer, Exception) or not 300 <= answer.status_code < 400:
        return
    # Browsers take a backslash for a slash, and any number of them for two.
    there = re.sub(r"^(\\w+:)?[/\\\\]{{2,}}", r"\\1//", answer.headers["Location"])
    assert urlsplit(there).hostname in (None, "localhost"), "the browser is sent to %s" % there
""",
}
