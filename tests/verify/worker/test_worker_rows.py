"""The row that a query finds where no table is, or none with a row: for what could be a key, and never attacked."""

from __future__ import annotations

import pytest
from worker_harness import Drive

ROWS = """
import os
import shlex
import sqlite3
import subprocess

def shelf():
    known = sqlite3.connect("shelf.db")
    known.row_factory = sqlite3.Row
    return known

def named(member, host):
    row = shelf().execute("SELECT * FROM members WHERE name = ?", (member,)).fetchone()
    if row is None or row["state"] != "known":
        raise LookupError(member)
    subprocess.run("tell -t " + host, shell=True)

def unpacked(member, host):
    cursor = sqlite3.connect("shelf.db").cursor()
    cursor.execute("SELECT id, m.name AS who, COUNT(books) FROM members m WHERE name = ?", (member,))
    number, who, books = cursor.fetchone()
    if number > 0 and books > 0 and who:
        subprocess.run("tell -t " + host, shell=True)

def copied(member, host):
    row = dict(shelf().execute("SELECT * FROM members WHERE name = ?", (member,)).fetchone())
    subprocess.run("tell " + shlex.quote(row["address"]) + " -t " + host, shell=True)

def empty(member, host):
    known = shelf()
    known.execute("CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT)")
    rows = known.execute("SELECT * FROM members WHERE name = ?", (member,)).fetchall()
    if len(rows) == 1 and rows[0]["name"]:
        subprocess.run("tell -t " + host, shell=True)

def iterated(member, host):
    for row in shelf().execute(f"SELECT name FROM members WHERE name LIKE '%{int(member)}%'"):
        subprocess.run("tell " + shlex.quote(row["name"]) + " -t " + host, shell=True)

def quoted(member, host):
    row = shelf().execute("SELECT * FROM members WHERE name = ?", (member,)).fetchone()
    if row:
        subprocess.run("tell -t " + shlex.quote(host), shell=True)

def listed(member, host):
    row = shelf().execute("SELECT 1 FROM hosts WHERE name = ?", (host,)).fetchone()
    if row is None:
        raise LookupError(host)
    subprocess.run("tell -t " + host, shell=True)

def own(member, host):
    row = shelf().execute("SELECT address FROM members WHERE name = ?", (member,)).fetchone()
    if row:
        subprocess.run("tell -t " + row["address"], shell=True)

def filled(member, host):
    known = shelf()
    known.execute("CREATE TABLE hosts (name TEXT, open TEXT)")
    known.execute("INSERT INTO hosts VALUES ('here', 'no')")
    row = known.execute("SELECT open FROM hosts").fetchone()
    if row["open"] != "no" or known.execute("SELECT open FROM hosts").fetchall()[1:]:
        subprocess.run("tell -t " + host, shell=True)
"""


def ending(drive: Drive, function: str) -> str:
    found = [str(one["ending"]) for one in drive(ROWS, function) if one["weakness"] == "command-injection"]
    return found[0] if found else ""


@pytest.mark.parametrize("function", ["named", "unpacked", "copied", "empty", "iterated"])
def test_what_lies_behind_a_look_up_is_reached(drive: Drive, function: str) -> None:
    assert ending(drive, function) == "proven"


def test_the_harmless_twin_is_refuted(drive: Drive) -> None:
    assert ending(drive, "quoted") == "neutralised"


@pytest.mark.parametrize("function", ["listed", "own", "filled"])
def test_no_row_is_found_for_an_attack_or_attacked_or_added_to_what_is_there(drive: Drive, function: str) -> None:
    assert ending(drive, function) not in ("proven", "likely")


def test_a_row_refutes_nothing_that_it_stands_in_itself(drive: Drive) -> None:
    assert ending(drive, "own") == ""


def test_a_proof_that_needs_a_row_is_not_written_down(drive: Drive) -> None:
    [outcome] = [one for one in drive(ROWS, "named") if one["ending"] == "proven"]
    assert "replay" not in outcome["evidence"]
    assert "row" in outcome["evidence"]["unrepeatable"]


def test_statements_are_attacked_as_ever(drive: Drive) -> None:
    source = """
    import sqlite3
    def target(name):
        found = sqlite3.connect("shelf.db").execute("SELECT * FROM members WHERE name = '" + name + "'").fetchone()
        return found and found[0]
    """
    assert [one["ending"] for one in drive(source) if one["weakness"] == "sql-injection"] == ["proven"]
    held = source.replace('\'" + name + "\'")', '?", (name,))')
    assert [one["ending"] for one in drive(held) if one["weakness"] == "sql-injection"] == ["neutralised"]


def test_a_look_up_of_django_finds_no_row_for_an_attack_either(drive: Drive) -> None:
    pytest.importorskip("django")
    source = """
    import subprocess
    from django.db import models
    from django.http import HttpResponse

    class Host(models.Model):
        name = models.CharField(max_length=50)

        class Meta:
            app_label = "hosts"

    def listed(request):
        Host.objects.get(name=request.GET["name"])
        subprocess.run("tell -t " + request.GET["name"], shell=True)
        return HttpResponse("ok")

    def named(request):
        Host.objects.get(name=request.GET["name"])
        subprocess.run("tell -t " + request.GET["title"], shell=True)
        return HttpResponse("ok")
    """
    told = {
        function: [one["ending"] for one in drive(source, function) if one["weakness"] == "command-injection"]
        for function in ("listed", "named")
    }
    assert told["named"] == ["proven"]
    assert not {"proven", "likely"} & set(told["listed"])
