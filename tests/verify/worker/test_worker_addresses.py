"""Addresses that begin with an input: HTTP clients refuse a word without a scheme before anything is contacted."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

CALLS = {
    "requests": "requests.get(carrier + '/status', timeout=5).text",
    "httpx": "httpx.get(carrier + '/status').text",
}
CAUGHT = """
    import {library}
    def target(carrier: str) -> str:
        try:
            return {call}
        except Exception:
            return ""
"""
PINNED = """
    import {library}
    CARRIERS = {{"post": "https://post.example", "swift": "https://swift.example"}}
    def target(name: str) -> str:
        carrier = CARRIERS[name]
        return {call}
"""


@pytest.mark.parametrize("library", sorted(CALLS))
def test_base_of_an_address_is_learned_even_where_the_refusal_is_caught(drive: Drive, library: str) -> None:
    pytest.importorskip(library)
    outcome = only(drive(CAUGHT.format(library=library, call=CALLS[library])), "ssrf")
    assert outcome["effect"].startswith("the server contacted "), outcome
    assert (outcome["ending"], outcome["trust"]) == ("likely", "whole"), outcome


@pytest.mark.parametrize("library", sorted(CALLS))
def test_address_from_a_table_is_never_the_inputs(drive: Drive, library: str) -> None:
    pytest.importorskip(library)
    outcomes = drive(PINNED.format(library=library, call=CALLS[library]))
    assert [one["ending"] for one in outcomes if one["weakness"] == "ssrf"] in ([], ["insensitive"]), outcomes


@pytest.mark.parametrize(
    ("address", "trust"),
    [
        ("base + '/objects.inv'", "whole"),
        ("'https://' + base + '.example.com/list'", "composed"),
        ("'https://api.example' + base", "composed"),
    ],
)
def test_a_base_is_its_callers_whatever_the_file_below_it_is_called(drive: Drive, address: str, trust: str) -> None:
    source = f"import urllib.request\ndef target(base):\n    return urllib.request.urlopen({address}).read()\n"
    assert only(drive(source, weaknesses=["ssrf"]), "ssrf")["trust"] == trust


GUARDED = """
    import ipaddress, socket, urllib.request
    from urllib.parse import urlparse
    from flask import Flask, abort, request
    app = Flask(__name__)

    def is_public(url: str) -> bool:
        found = socket.getaddrinfo(urlparse(url).hostname, 443)
        return all(ipaddress.ip_address(each[4][0]).is_global for each in found)

    @app.route("/")
    def target() -> bytes:
        url = request.args["url"]
        if not is_public(url):
            abort(400)
        return urllib.request.urlopen(url).read()
"""
DIALLED = """
    import socket
    from flask import Flask, request
    app = Flask(__name__)

    @app.route("/")
    def target() -> str:
        family, kind, protocol, _, address = socket.getaddrinfo(request.args["host"], 80)[0]
        with socket.socket(family, kind, protocol) as there:
            there.connect(address)
        return ""
"""


def test_looking_a_name_up_to_refuse_inner_addresses_is_no_contact(drive: Drive) -> None:
    pytest.importorskip("flask")
    assert "proven" not in {one["ending"] for one in drive(GUARDED) if one["weakness"] == "ssrf"}
    bare = GUARDED.replace("if not is_public(url):", "if is_public(url) is None:")
    assert "proven" in {one["ending"] for one in drive(bare) if one["weakness"] == "ssrf"}


def test_who_is_contacted_after_a_look_up_is_told_by_its_name(drive: Drive) -> None:
    pytest.importorskip("flask")
    (found,) = (one for one in drive(DIALLED) if one["weakness"] == "ssrf")
    assert found["ending"] == "proven", found
    assert ".test" in found["effect"] or "zq" in found["effect"], found
