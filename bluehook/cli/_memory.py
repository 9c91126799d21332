"""The last results of each root, on its code and on its texts, so that ``bluehook explain ID`` can speak of them."""

from __future__ import annotations

import contextlib

import msgspec

from bluehook.cache import Cache, key
from bluehook.findings import Result, encodable

KINDS = ("code", "texts")
"""What a result is of: a scan, or a check of texts."""


def _name(root: str, kind: str) -> bytes:
    return key("last result", root, kind)


def remember(cache: Cache | None, result: Result, kind: str = "code") -> None:
    """Keep a result; without a cache nothing is kept."""
    if cache is None or not result.findings:
        return
    findings = [finding for finding in result.findings if encodable(finding.location.path)]
    speakable = msgspec.structs.replace(result, findings=findings, problems=[], notes=[])
    with contextlib.suppress(UnicodeEncodeError):
        cache.put_many({_name(result.root, kind): msgspec.msgpack.encode(speakable)})


def recall(cache: Cache | None, root: str) -> list[Result]:
    """The last results with findings of this root, one a kind."""
    found = []
    for value in cache.get_many([_name(root, kind) for kind in KINDS]).values() if cache is not None else ():
        with contextlib.suppress(msgspec.MsgspecError):
            found.append(msgspec.msgpack.decode(value, type=Result))
    return found
