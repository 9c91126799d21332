"""The further families: a hole that is shown and a mended twin that is not, side by side."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

SHOWN = [
    ("xml-bomb", "neutralised", """
        import xml.etree.ElementTree as ET
        def target(document):
            return ET.fromstring(document).findtext("a")
     """),
    ("xpath-injection", "proven", """
        import xml.etree.ElementTree as ET
        def target(document, name):
            return ET.fromstring(document).findall("item[@name='" + name + "']")
     """),
    ("path-traversal", "proven", """
        import os
        def target(name):
            place = os.path.join("/srv/files", name.replace("../", "").lstrip("/"))
            if not os.path.isfile(place):
                raise ValueError(name)
            return open(place).read()
     """),
    ("path-traversal", "neutralised", """
        import os
        def target(name):
            place = os.path.join("/srv/files", name.replace("/", "").lstrip("."))
            if not os.path.isfile(place):
                raise ValueError(name)
            return open(place).read()
     """),
    ("ldap-injection", "likely", """
        from no_such_directory import server
        def target(login):
            return server.search_s("ou=staff,dc=shop", 2, "(&(objectClass=person)(uid=" + login.strip() + "))")
     """),
    ("ldap-injection", "neutralised", """
        from no_such_directory import server
        ESCAPES = {ord(mark): "\\\\%02x" % ord(mark) for mark in "\\\\*()\\0"}
        def target(login):
            login = login.strip().translate(ESCAPES)  # an equals sign stays, as in every escape for filters
            return server.search_s("ou=staff,dc=shop", 2, "(&(objectClass=person)(uid=" + login + "))")
     """),
    ("ssrf", "proven", """
        import urllib.request
        def target(region):
            return urllib.request.urlopen("https://api" + region + ".example.com/v1").read()
     """),
    ("ssrf", "neutralised", """
        import urllib.request
        def target(user):
            return urllib.request.urlopen("https://api.example.com/users/" + user).read()
     """),
    ("open-redirect", "likely", """
        def redirect_target(url):
            return url if "example.com" in url else "/"
        target = redirect_target
     """),
    ("cross-site-scripting", "likely", """
        def target(name):
            return f"<p>Hello {name}</p>"
     """),
    ("cross-site-scripting", "neutralised", """
        import html
        def target(name):
            return f"<p>Hello {html.escape(name)}</p>"
     """),
    ("regex-dos", "likely", """
        import re
        WORDS = re.compile(r"^(\\w+\\s?)*$")
        def target(text):
            return bool(WORDS.match(text))
     """),
    ("regex-dos", "neutralised", """
        import re
        def target(text):
            return bool(re.match(r"^[a-z]{1,40}$", text))
     """),
    ("archive-extraction", "neutralised", """
        import tarfile
        def target(path):
            with tarfile.open(path) as archive:
                archive.extractall("/srv/unpacked", filter="data")
     """),
    ("archive-extraction", "likely", """
        import os, tarfile
        def target(path):
            with tarfile.open(path) as archive:
                for member in archive:
                    open(os.path.join("/srv/unpacked", member.name), "wb").write(b"")
     """),
    ("resource-exhaustion", "likely", """
        def target(stream):
            size = 0
            while True:
                chunk = stream.read(65536)
                if not chunk:
                    return size
                size += len(chunk)
     """),
    ("resource-exhaustion", "insensitive", """
        def target(stream):
            size = 0
            while True:
                chunk = stream.read(65536)
                if not chunk:
                    return size
                size += len(chunk)
                if size > 1000000:
                    raise ValueError("too large")
     """),
    ("weak-random", "likely", """
        import random
        def make_token():
            return "".join(random.choice("abc") for _ in range(8))
        target = make_token
     """),
    ("weak-hash", "likely", """
        import hashlib
        def sign(text):
            return hashlib.md5(text.encode()).hexdigest()
        target = sign
     """),
    ("predictable-salt", "likely", """
        import hashlib
        def target(password):
            return hashlib.pbkdf2_hmac("sha256", password.encode(), b"pepper", 600000)
     """),
    ("insecure-temp-file", "likely", """
        import tempfile
        def target(text):
            with open(tempfile.mktemp(), "w") as file:
                file.write(text)
     """),
    ("missing-authorization", "likely", """
        BOOKS = {1: "first", 2: "second"}
        def target(current_user_id: int, book_id: int):
            return BOOKS.get(book_id, "none")
     """),
]  # fmt: skip


@pytest.mark.parametrize(("weakness", "ending", "source"), SHOWN)
def test_ending(drive: Drive, weakness: str, ending: str, source: str) -> None:
    name = source.rpartition("target = ")[2].split()[0] if "target = " in source else "target"
    found = [one for one in drive(source, name, weaknesses=[weakness]) if one["ending"] == ending]
    assert found, drive(source, name, weaknesses=[weakness])


def test_spellings_of_a_family_are_counted(drive: Drive) -> None:
    source = "import xml.etree.ElementTree as ET\ndef target(document):\n    return ET.fromstring(document)\n"
    bomb = only(drive(source, weaknesses=["xml-bomb"]), "xml-bomb")
    assert (bomb["ending"], bomb["spellings"]) == ("neutralised", 1)


def test_open_umask_is_seen(drive: Drive) -> None:
    outcome = only(drive("import os\ndef target(text):\n    os.umask(0)\n"), "file-permissions")
    assert outcome["effect"] == "umask was set to 0"


def test_statement_that_does_not_compile_is_left_out(drive: Drive) -> None:
    source = "def broken():\n    return await other()\n\ndef target(name):\n    open('/srv/x/' + name)\n"
    assert only(drive(source), "path-traversal")["ending"] == "proven"


SILENT = [
    ("missing-authorization", """
        BOOKS = {1: "first", 2: "second"}
        def target(current_user_id: int, book_id: int):
            if current_user_id != book_id:
                return "denied"
            return BOOKS.get(book_id, "none")
     """),
    ("weak-random", """
        import random
        def shuffle_cards(cards):
            return random.choice([1, 2, 3])
        target = shuffle_cards
     """),
    ("weak-hash", """
        import hashlib
        def target(text):
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
     """),
    ("predictable-salt", """
        import hashlib, os
        def target(password):
            return hashlib.pbkdf2_hmac("sha256", password.encode(), os.urandom(16), 600000)
     """),
    ("path-traversal", """
        def target(path):
            return open(path).read()
     """),
]  # fmt: skip


@pytest.mark.parametrize(("weakness", "source"), SILENT)
def test_says_nothing(drive: Drive, weakness: str, source: str) -> None:
    name = source.rpartition("target = ")[2].split()[0] if "target = " in source else "target"
    endings = {one["ending"] for one in drive(source, name) if one["weakness"] == weakness}
    assert not endings & {"proven", "likely"}


def test_missing_module_is_stood_in_for_and_its_database_known_by_the_statement(drive: Drive) -> None:
    source = """
        import no_such_driver
        def target(name):
            cursor = no_such_driver.connect(host="db").cursor()
            cursor.execute("DELETE FROM users WHERE name = '%s'" % name)
    """
    outcome = only(drive(source), "sql-injection")
    assert (outcome["ending"], outcome["evidence"]["by_standin"]) == ("proven", True)


def test_fragment_of_a_class_is_driven_with_what_it_lacks_stood_in_for(drive: Drive) -> None:
    source = """
        @app.route("/x")
        def target(self, name):
            self.log.info("start")
            return self._run_shell("create volume %s" % name)
    """
    assert only(drive(source), "command-injection")["ending"] == "likely"


def test_sanitizer_known_by_name_only_shows_nothing(drive: Drive) -> None:
    source = """
        def target(name):
            db.execute("SELECT * FROM users WHERE name = '%s'" % escape_string(name))
    """
    endings = {one["ending"] for one in drive(source) if one["weakness"] == "sql-injection"}
    assert endings <= {"insensitive", "unreached"}


@pytest.mark.parametrize(("call", "shown"), [("abort(404)", False), ("report(404)", True)])
def test_unknown_abort_ends_the_request(drive: Drive, call: str, shown: bool) -> None:
    source = f"""
        from pathlib import Path
        from no_such_framework import abort, report
        def target(name: str):
            folder = Path("/srv/pages")
            path = (folder / name).resolve()
            if not path.is_relative_to(folder):
                {call}
            return path.read_text()
    """
    endings = {one["ending"] for one in drive(source) if one["weakness"] == "path-traversal"}
    assert ("proven" in endings) == shown, endings


@pytest.mark.parametrize(
    ("connection", "quote", "ending", "strength"),
    [
        ("sqlite3.connect('a.db')", "''", "neutralised", None),
        ("sqlite3.connect('a.db')", "\\\\'", "proven", "strong"),
        # Only some databases take a backslash for an escape.
        ("no_such_module.connect()", "''", "proven", "weak"),
        ("pymysql.connect()", "''", "proven", "strong"),
    ],
)
def test_a_doubled_quote_holds_where_a_backslash_is_no_escape(
    drive: Drive, connection: str, quote: str, ending: str, strength: str | None
) -> None:
    source = f"""
        import sqlite3
        def target(name):
            statement = "SELECT a FROM t WHERE n = '%s'" % name.replace("'", "{quote}")
            {connection}.cursor().execute(statement)
    """
    outcome = only(drive(source, weaknesses=["sql-injection"]), "sql-injection")
    assert (outcome["ending"], outcome["evidence"].get("strength")) == (ending, strength)


BELOW_TWO = """
    import os
    def target(service: str, day: str) -> str:
        path = os.path.join("/var/log/app", service, day)
        if not os.path.realpath(path).startswith("/var/log/app/"):
            raise ValueError(path)
        with open(path) as log:
            return log.read()
"""


def test_no_folder_that_another_input_names_confines(drive: Drive) -> None:
    assert "proven" not in {one["ending"] for one in drive(BELOW_TWO) if one["weakness"] == "path-traversal"}
    unguarded = BELOW_TWO.replace("if not os", "if 0 and not os")
    assert "proven" in {one["ending"] for one in drive(unguarded) if one["weakness"] == "path-traversal"}


@pytest.mark.parametrize("folder", ["'/srv/no/such/folder'", "folder"])
def test_a_shell_is_started_though_its_folder_is_not_here(drive: Drive, folder: str) -> None:
    source = f"""
    import subprocess
    def target(branch: str, folder=None) -> str:
        done = subprocess.run("git log " + branch, shell=True, cwd={folder}, capture_output=True, text=True)
        return done.stdout
    """
    assert only(drive(source), "command-injection")["ending"] == "proven"


@pytest.mark.parametrize(
    ("value", "ending"), [("{name!r}", "proven"), ("{repr(name)}", "proven"), ("{int(name)}", "insensitive")]
)
def test_what_repr_makes_is_no_literal_of_sql(drive: Drive, value: str, ending: str) -> None:
    statement = f'f"SELECT id FROM people WHERE name = {value}"'
    source = f"import sqlite3\ndef target(name):\n    sqlite3.connect('a.db').execute({statement})\n"
    assert only(drive(source, weaknesses=["sql-injection"]), "sql-injection")["ending"] == ending


def test_values_without_blanks_and_slashes_leave_a_literal(drive: Drive) -> None:
    source = """
        @app.route("/films/<title>")
        def target(title):
            database.run("SELECT id FROM films WHERE title = '" + title.split(" ")[0] + "'")
    """
    outcome = only(drive(source, weaknesses=["sql-injection"]), "sql-injection")
    assert outcome["ending"] == "proven"
    assert "/" not in outcome["payload"]
    assert " " not in outcome["payload"]
