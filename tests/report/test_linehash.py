"""GitHub's line hash against the vectors that its own action is tested with (src/fingerprints.test.ts)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook.report._linehash import line_hashes

GREETING = ["e9496ae3ebfced30", "fb7c023a8b9ccb3f", "ce8ba1a563dcdaca", "e20e36e16fcb0cc8", "b3edc88f2938467e"]
GREETING_END = ["c8e28b0b4002a3a0", "c129715d7a2bc9a3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f", "54703d4cd895b18", "180aee12dab6264", "a23a3dc5e078b07b"]),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING + GREETING_END),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING + GREETING_END),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING + GREETING_END),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETING + GREETING_END),
    ],
)
def test_published_vectors(text: str, expected: list[str]) -> None:
    assert line_hashes(text.encode()) == [f"{value}:1" for value in expected]


def test_equal_lines_are_numbered() -> None:
    hashes = line_hashes(b"Lorem ipsum dolor sit amet.\n" * 10)
    assert hashes[:6] == [f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)]
    assert hashes[6:] == [
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
    ]


def test_characters_beyond_the_basic_plane_count_as_two_units() -> None:
    # By hand: "😀" is d83d de00 in UTF-16, then the end marker, then 97 zeros.
    units = [0xD83D, 0xDE00, 0xFFFF] + [0] * 97
    value = 0
    for unit in units:
        value = (value * 37 + unit) % 2**64
    assert line_hashes("😀".encode()) == [f"{value:x}:1"]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_every_line_has_a_hash_of_its_own(data: bytes) -> None:
    hashes = line_hashes(data)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    assert len(hashes) == text.count("\n") + 1
    assert len(set(hashes)) == len(hashes)
