"""Handlers of ``http.server``: what they take apart of a request is learned field by field."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

HANDLERS = """
import functools
import html
import json
import os
import shlex
import subprocess
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, parse_qsl, unquote, urlparse

class Answers(BaseHTTPRequestHandler):
    def answer(self, page):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

class Books(Answers):
    def do_GET(self):
        address = urlparse(self.path)
        if address.path != "/count":
            self.send_error(404)
            return
        title = parse_qs(address.query)["title"][0]
        subprocess.run("wc " + title, shell=True)
        self.answer("ok")

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        fields = parse_qs(self.rfile.read(size).decode())
        if "title" in fields:
            subprocess.run("wc " + fields.get("title", [""])[0], shell=True)
        self.answer("ok")

    def do_PUT(self):
        book = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        subprocess.run("wc " + book["title"], shell=True)
        self.answer("ok")

    def do_DELETE(self):
        with open("shelf" + unquote(self.path)) as book:
            self.answer(html.escape(book.read()))

    def do_PATCH(self):
        fields = dict(parse_qsl(self.path.split("?")[1]))
        if self.path.split("?")[0] == "/named" and self.server.is_open:
            self.answer("<p>" + fields["title"] + "</p>")

    def do_OPTIONS(self):
        subprocess.run("wc " + self.headers["X-Title"], shell=True)

class Kept(Answers):
    def __init__(self, shelf, *rest):
        self.shelf = shelf
        super().__init__(*rest)

    def do_GET(self):
        title = parse_qs(urlparse(self.path).query)["title"][0]
        subprocess.run("wc " + shlex.quote(title), shell=True)
        self.answer("ok")

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        subprocess.run(["wc", "--", fields["title"][0]])
        self.answer(html.escape(fields["title"][0]))

    def do_DELETE(self):
        name = os.path.basename(unquote(self.path))
        with open(os.path.join("shelf", name)) as book:
            self.answer(html.escape(book.read()))

    def do_PATCH(self):
        fields = dict(parse_qsl(urlparse(self.path).query))
        self.answer("<p>" + html.escape(fields["title"]) + "</p>")
"""


@pytest.mark.parametrize(
    ("function", "weakness", "slot"),
    [
        ("Books.do_GET", "command-injection", "query parameter 'title'"),
        ("Books.do_POST", "command-injection", "form field 'title'"),
        ("Books.do_PUT", "command-injection", "JSON key 'title'"),
        ("Books.do_DELETE", "path-traversal", "request.path"),
        ("Books.do_PATCH", "cross-site-scripting", "query parameter 'title'"),
        ("Books.do_OPTIONS", "command-injection", "header 'X-Title'"),
    ],
)
def test_each_part_of_a_request_is_an_input(drive: Drive, function: str, weakness: str, slot: str) -> None:
    outcome = only([one for one in drive(HANDLERS, function) if one["ending"] == "proven"], weakness)
    assert (outcome["slot"], outcome["trust"]) == (slot, "outside")


@pytest.mark.parametrize(
    ("function", "weakness"),
    [
        ("Kept.do_GET", "command-injection"),
        ("Kept.do_POST", "cross-site-scripting"),
        ("Kept.do_DELETE", "path-traversal"),
        ("Kept.do_PATCH", "cross-site-scripting"),
    ],
)
def test_the_harmless_twins_are_refuted(drive: Drive, function: str, weakness: str) -> None:
    outcomes = drive(HANDLERS, function)
    assert only(outcomes, weakness)["ending"] == "neutralised"
    assert "proven" not in {one["ending"] for one in outcomes}


def test_a_line_holds_no_blank_so_a_path_carries_none(drive: Drive) -> None:
    source = """
    import subprocess
    from http.server import BaseHTTPRequestHandler
    class Shown(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>" + self.path.encode() + b"</p>")
    """
    assert [one["ending"] for one in drive(source, "Shown.do_GET") if one["weakness"] == "cross-site-scripting"] == [
        "neutralised"
    ]
