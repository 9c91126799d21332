"""The last result of each root, so that ``bluehook explain ID`` can speak of what was just printed."""

from __future__ import annotations

import contextlib

import msgspec

from bluehook.cache import Cache, key
from bluehook.findings import Result, encodable


def _name(root: str) -> bytes:
    return key("last result", root)


def remember(cache: Cache | None, result: Result) -> None:
    """Keep a result; without a cache nothing is kept."""
    if cache is None or not result.findings:
        return
    findings = [finding for finding in result.findings if encodable(finding.location.path)]
    speakable = msgspec.structs.replace(result, findings=findings, problems=[], notes=[])
    with contextlib.suppress(UnicodeEncodeError):
        cache.put_many({_name(result.root): msgspec.msgpack.encode(speakable)})


def recall(cache: Cache | None, root: str) -> Result | None:
    """The last result with findings of this root."""
    if cache is None:
        return None
    value = cache.get_many([_name(root)]).get(_name(root))
    try:
        return msgspec.msgpack.decode(value, type=Result) if value is not None else None
    except msgspec.MsgspecError:
        return None
