"""Sinks that no input changes, and those of which that only seems so: the runs that got there were all alike."""

from __future__ import annotations

import pytest
from worker_harness import Drive

CONSTANT = {
    "plain": """
        import os
        def target(name):
            os.system("date")
            return name
    """,
    "behind a mode": """
        import os
        def target(name, mode):
            if mode == "when":
                os.system("date")
            return name
    """,
    "behind a check that all short names pass": """
        import os
        def target(name):
            if len(name) > 60:
                raise ValueError(name)
            os.system("date")
    """,
}
SEEMING = {
    "cut off, unless it is long": """
        import os
        def target(name):
            os.system("wc " + name[12:])
    """,
    "filtered, unless it is odd": """
        import os
        def target(name):
            if name == "all":
                return
            os.system("wc " + "".join(one for one in name if not one.isalnum()))
    """,
    "reached with the only name that is short enough": """
        import os
        USUAL = "ab"
        def target(name, times):
            if len(name) > 2:
                raise ValueError(name)
            for _ in range(3):
                os.system("wc " + name)
    """,
    "reached once, and for nothing that was asked for": """
        import os
        USUAL = 100
        def target(name, size):
            if not 90 < size < 110:
                raise ValueError(size)
            os.system("wc " + name[size:])
    """,
}


def endings(drive: Drive, source: str) -> list[str]:
    return [one["ending"] for one in drive(source) if one["weakness"] == "command-injection"]


@pytest.mark.parametrize("source", CONSTANT.values(), ids=CONSTANT)
def test_what_no_input_changes_is_insensitive(drive: Drive, source: str) -> None:
    assert endings(drive, source) == ["insensitive"]


@pytest.mark.parametrize("source", SEEMING.values(), ids=SEEMING)
def test_runs_that_were_alike_or_never_got_there_show_nothing(drive: Drive, source: str) -> None:
    assert "insensitive" not in endings(drive, source)
