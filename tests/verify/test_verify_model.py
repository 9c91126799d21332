from __future__ import annotations

import dataclasses
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehook.verify import model
from bluehook.verify.worker import protocol


@pytest.mark.parametrize(("ours", "theirs"), [(model.Outcome, protocol.Outcome), (model.Reply, protocol.Reply)])
def test_host_and_worker_speak_of_the_same_fields(ours: Any, theirs: Any) -> None:
    assert {f.name for f in msgspec.structs.fields(ours)} == {f.name for f in dataclasses.fields(theirs)}


@pytest.mark.parametrize("name", ["PROVEN", "LIKELY", "NEUTRALISED", "INSENSITIVE", "UNREACHED", "FAILED"])
def test_endings_are_the_workers(name: str) -> None:
    line = protocol.encode(protocol.Reply("1", [protocol.Outcome("xxe", getattr(protocol, name))]))
    assert model.reply_from(line).outcomes[0].ending == name.lower()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"id": 3}',
        b'{"id": "1", "outcomes": [{"weakness": "xxe", "ending": "splendid"}]}',
        b'{"id": "1", "outcomes": [{"weakness": "xxe", "ending": "proven", "sink_line": "5"}]}',
        b"[" * 100_000,
    ],
)
def test_answer_that_is_not_in_order_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="not in order"):
        model.reply_from(line)


@given(st.text(), st.text())
def test_any_text_arrives_in_a_form_that_can_be_kept(payload: str, key: str) -> None:
    sent = protocol.Outcome("xxe", "proven", payload=payload + "\ud800", evidence={key: payload})
    reply = model.reply_from(protocol.encode(protocol.Reply("1", [sent])))
    assert reply.outcomes[0].payload == payload + "\\ud800"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(reply), type=model.Reply) == reply


def test_first_line_names_the_families() -> None:
    line = json.dumps({"ready": True, "python": "3.9.1", "families": ["xxe"]}).encode()
    assert model.ready_from(line).families == ["xxe"]
