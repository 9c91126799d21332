"""What stands in for servers that are not here lets code run on, and makes up no effect."""

from __future__ import annotations

import importlib.util
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


TREES = """
from lxml import etree

def target(text):
    return etree.fromstring(text).find("parcel").text

def decided(text):
    return etree.fromstring(text, etree.XMLParser(resolve_entities=True)).find("parcel").text

def mended(text):
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False)).find("parcel").text

def asked(text, name):
    return etree.fromstring(text).xpath("/parcels/parcel[@owner='" + name + "']")[0].text

def bound(text, name):
    return etree.fromstring(text).xpath("/parcels/parcel[@owner=$name]", name=name)[0].text
"""


@pytest.fixture
def without_lxml() -> None:
    if importlib.util.find_spec("lxml") is not None:
        pytest.skip("lxml is installed")


@pytest.mark.usefixtures("without_lxml")
def test_parser_that_is_missing_opens_external_entities_and_proves_nothing(drive: Drive) -> None:
    for function, strength in (("decided", "strong"), ("target", "weak")):
        outcome = only(drive(TREES, function), "xxe")
        told = (outcome["ending"], outcome["slot"], outcome["evidence"]["strength"])
        assert told == ("likely", "parameter 'text'", strength)


@pytest.mark.usefixtures("without_lxml")
def test_parser_that_is_missing_does_as_it_is_told(drive: Drive) -> None:
    assert only(drive(TREES, "mended"), "xxe")["ending"] in ("neutralised", "insensitive")


@pytest.mark.usefixtures("without_lxml")
def test_expressions_to_trees_of_a_missing_library(drive: Drive) -> None:
    assert only(drive(TREES, "asked"), "xpath-injection")["ending"] == "likely"
    found = [one for one in drive(TREES, "bound") if one["weakness"] == "xpath-injection"]
    assert not any(one["ending"] in ("proven", "likely") for one in found)


CIPHERS = """
from Crypto.Cipher import *
from Crypto.Random import get_random_bytes
from Crypto.Util.Padding import pad

def target(key, data):
    return AES.new(key, AES.MODE_CBC, b"0" * AES.block_size).encrypt(pad(data, AES.block_size))

def fresh(key, data):
    return AES.new(key, AES.MODE_CBC, get_random_bytes(AES.block_size)).encrypt(pad(data, AES.block_size))

def old(key, data):
    return DES.new(key, DES.MODE_CBC, get_random_bytes(8)).encrypt(data)

def blocks(key, data):
    return AES.new(key, AES.MODE_ECB).encrypt(data)
"""


@pytest.mark.skipif(importlib.util.find_spec("Crypto") is not None, reason="the library is installed")
def test_uses_of_a_missing_library_for_ciphers(drive: Drive) -> None:
    def claimed(function: str) -> set[str]:
        return {one["weakness"] for one in drive(CIPHERS, function) if one["ending"] in ("proven", "likely")}

    assert claimed("target") == {"static-iv"}
    assert claimed("fresh") == set()
    assert claimed("old") == claimed("blocks") == {"weak-cipher"}


def test_what_only_a_second_run_can_judge_is_run_a_second_time(drive: Drive) -> None:
    pytest.importorskip("cryptography")
    source = """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    def target(key):
        return Cipher(algorithms.AES(key), modes.CBC(b"0" * 16)).encryptor()
    """
    assert only(drive(source), "static-iv")["ending"] == "likely"
