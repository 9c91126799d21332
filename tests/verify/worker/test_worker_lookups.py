"""Values that the code looks up in tables, sets and enumerations, which hash them instead of comparing them."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

TABLES = """
    import enum, os
    NAMES = ("left", "right")
    TABLE = {name + "-side": name.upper() for name in NAMES}
    KNOWN = frozenset(TABLE)

    class Side(enum.Enum):
        LEFT = NAMES[0] + "-side"

    class View:
        table = {name + "-side": name.upper() for name in NAMES}

    def target(side, name):
        {look_up}
        os.system("wc " + {argument})
"""
LOOKED_UP = {
    "a set": "if side not in KNOWN: raise ValueError(side)",
    "a table": "if side not in TABLE: raise ValueError(side)",
    "an entry": "folder = TABLE[side]",
    "an entry that may be absent": "folder = TABLE.get(side)\n        if folder is None: raise ValueError(side)",
    "a table of a class": "folder = View.table[side]",
    "a local set": "known = {one + '-side' for one in NAMES}\n        if side not in known: raise ValueError(side)",
    "an enumeration": "Side(side)",
}


@pytest.mark.parametrize("look_up", LOOKED_UP.values(), ids=LOOKED_UP)
def test_what_stands_in_tables_is_learned(drive: Drive, look_up: str) -> None:
    source = TABLES.replace("{look_up}", look_up).replace("{argument}", "side + name")
    assert only(drive(source), "command-injection")["ending"] == "proven"


@pytest.mark.parametrize("look_up", [LOOKED_UP["a table"], LOOKED_UP["an entry"]])
def test_what_only_a_table_decides_is_no_hole(drive: Drive, look_up: str) -> None:
    source = TABLES.replace("{look_up}", look_up).replace("{argument}", "TABLE[side]")
    assert only(drive(source), "command-injection")["ending"] == "insensitive"


def test_short_names_that_a_length_lets_through_are_not_taken_for_a_table(drive: Drive) -> None:
    source = """
        import os
        USUAL = ("ab", "cd")
        def target(name):
            if len(name) > 2:
                raise ValueError(name)
            os.system("wc " + name)
    """
    assert not [one for one in drive(source) if one["ending"] == "insensitive"]


@pytest.mark.parametrize("check", ["not set(text).issubset(known)", "set(text) - known", "not set(text) <= known"])
def test_characters_are_no_members_of_a_text(drive: Drive, check: str) -> None:
    source = f"def target(text):\n    known = set('0123456789+-*/(). ')\n    if {check}:\n        return ''\n"
    outcomes = drive(source + "    return str(eval(text))\n", weaknesses=["code-injection"])
    assert not {one["ending"] for one in outcomes} & {"proven", "likely"}
