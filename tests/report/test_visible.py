from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook.report._visible import encodable, one_line, visible, well_formed

ANYTHING = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("Grüße, 世界 😀", "Grüße, 世界 😀"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("a\u202eb\u2069", r"a\u202eb\u2069"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("selector\U000e0101", r"selector\U000e0101"),
        ("filler\u3164", r"filler\u3164"),
        ("line\u2028break\nand\ttab\r", r"line\u2028break\nand\ttab\r"),
        ("byte \udcff, half \ud83d", r"byte \xff, half \ud83d"),
    ],
)
def test_what_hides_or_steers_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_kept_characters_stay() -> None:
    assert visible("a\nb\tc\x00", keep="\n") == "a\nb\\tc\\x00"


def test_one_line_folds_white_space() -> None:
    assert one_line("  a\n\t b\x1b \u2028c ") == r"a b\x1b c"


def test_encodable_falls_back_to_escapes() -> None:
    assert encodable("für 世界", "latin-1") == r"für \u4e16\u754c"
    assert encodable("für", "ascii") == r"f\xfcr"
    assert encodable("für", "no-such-encoding") == r"f\xfcr"


@settings(deadline=None)
@given(ANYTHING)
def test_visible_text_is_printable_and_encodable(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    shown.encode("utf-8")
    assert visible(shown) == shown


@settings(deadline=None)
@given(ANYTHING)
def test_well_formed_text_changes_surrogates_only(text: str) -> None:
    well_formed(text).encode("utf-8")
    if not any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        assert well_formed(text) == text
