"""Files that are opened through ``aiofiles``, which need not be installed."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

FILES = """
import os
import aiofiles

async def target(name):
    async with aiofiles.open({path}, "r") as book:
        lines = [line async for line in book]
    other = await aiofiles.open("shelf.txt")
    await other.read()
    await other.close()
    return other.closed and lines
"""


@pytest.mark.parametrize(
    ("path", "ending"),
    [("'shelf/' + name", "proven"), ("os.path.join('shelf', os.path.basename(name))", "neutralised")],
)
def test_what_it_opens_is_really_opened(drive: Drive, path: str, ending: str) -> None:
    outcomes = [one for one in drive(FILES.format(path=path)) if one["sink_line"] == 6]
    assert only(outcomes, "path-traversal")["ending"] == ending
