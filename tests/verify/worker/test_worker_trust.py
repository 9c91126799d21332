"""Whose hand an input comes from: what names, types, classes and the wire say of it."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

LOGS = """
    import logging
    def target(request):
        logging.getLogger(__name__).warning("refused %s", request.{part})
"""


@pytest.mark.parametrize(
    ("part", "ending"),
    [("path", "proven"), ("method", "unreached"), ("META['HTTP_REFERER']", "unreached"), ("GET['q']", "proven")],
)
def test_a_request_carries_only_what_the_wire_does(drive: Drive, part: str, ending: str) -> None:
    outcomes = drive(LOGS.format(part=part), weaknesses=["log-injection"])
    assert only(outcomes, "log-injection")["ending"] == ending


@pytest.mark.parametrize(
    ("head", "annotation", "trust"),
    [
        ("", "", "outside"),
        ("from django.http import HttpRequest", ": HttpRequest", "outside"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crawler.http import Request",
         ": 'Request'", "assumed"),
        ("class Request:\n    path = ''", ": Request", "assumed"),
        ("from starlette.requests import Request as Base\nclass Request(Base):\n    pass", ": Request", "outside"),
    ],
)  # fmt: skip
def test_a_request_that_is_sent_is_no_input(drive: Drive, head: str, annotation: str, trust: str) -> None:
    body = f"def target(request{annotation}):\n    return open('/srv/' + request.path).read()\n"
    assert only(drive(head + "\n" + body, weaknesses=["path-traversal"]), "path-traversal")["trust"] == trust
