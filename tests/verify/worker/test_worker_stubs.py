"""What stands in for servers that are not here lets code run on, and makes up no effect."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from worker_harness import Drive, Worker, only

MAIL = """
import smtplib
from email.message import EmailMessage

def target(subject, to):
    server = smtplib.SMTP("mail.local", 25)
    server.starttls()
    server.login("shop", "secret")
    server.sendmail("shop@local", [to], "From: shop@local\\nSubject: News of %s\\n\\nHello" % subject)
    server.quit()

def mended(subject, to):
    message = EmailMessage()
    message["Subject"] = "News of " + subject
    message["To"] = to
    with smtplib.SMTP_SSL("mail.local") as server:
        server.send_message(message)
"""


def test_line_of_the_inputs_own_stands_in_a_mail(drive: Drive) -> None:
    outcome = only(drive(MAIL), "header-injection")
    assert (outcome["ending"], outcome["slot"]) == ("proven", "parameter 'subject'"), outcome


def test_mail_package_turns_line_breaks_away(drive: Drive) -> None:
    assert only(drive(MAIL, "mended"), "header-injection")["ending"] == "insensitive"


def test_client_of_a_database_that_is_installed_and_has_no_server(worker: Worker) -> None:
    root = Path(worker.directory) / "clients"
    installed = root / "site-packages"
    installed.mkdir(parents=True)
    (installed / "pymysql.py").write_text("def connect(**options):\n    raise OSError('nobody listens')\n")
    source = """
        import sys
        sys.path.insert(0, __file__.rpartition("/")[0] + "/site-packages")
        import pymysql

        def target(name):
            with pymysql.connect(host="db") as connection:
                connection.cursor().execute("SELECT * FROM users WHERE name = '%s'" % name)

        def mended(name):
            with pymysql.connect(host="db") as connection:
                connection.cursor().execute("SELECT * FROM users WHERE name = %s", (name,))
    """
    (root / "store.py").write_text(textwrap.dedent(source))
    found = {}
    for function in ("target", "mended"):
        reply = worker.ask(id=function, root=str(root), file="store.py", function=function, budget=6)
        found[function] = only(reply["outcomes"], "sql-injection")["ending"]
    assert found == {"target": "proven", "mended": "neutralised"}


ORM = """
from sqlalchemy import create_engine, text

engine = create_engine("postgresql://db/shop", pool_size=5)

def target(name):
    with engine.connect() as connection:
        return connection.execute(text("SELECT * FROM users WHERE name = '" + name + "'")).fetchall()

def mended(name):
    with engine.connect() as connection:
        return connection.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name}).fetchall()
"""


def test_engine_is_sqlite_whatever_it_names(drive: Drive) -> None:
    pytest.importorskip("sqlalchemy")
    assert only(drive(ORM), "sql-injection")["ending"] == "proven"
    assert only(drive(ORM, "mended"), "sql-injection")["ending"] == "neutralised"


def test_reply_to_the_client_of_aiohttp(drive: Drive) -> None:
    pytest.importorskip("aiohttp")
    source = """
        import os
        import aiohttp

        async def target():
            async with aiohttp.ClientSession() as session:
                async with session.get("http://updates.local/latest") as reply:
                    os.system("install " + await reply.text())
    """
    outcome = only(drive(source), "command-injection")
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == ("proven", "reply of another host", "outside")
