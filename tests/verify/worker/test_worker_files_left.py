"""Files that one run makes: gone before the next one, while those that were there before stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from worker_harness import Drive, only

MAKING = {
    "a file of its own": 'open("run.lock", "x").close()',
    "a descriptor": 'os.close(os.open("run.lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY))',
    "folders with a file": 'os.makedirs("made/deep"); open("made/deep/file", "x").close()',
    "a link": 'os.symlink("run.lock", "linked")',
    "moved into place": 'open("new", "w").close(); assert not os.path.exists("moved"); os.rename("new", "moved")',
    "a file whose presence ends the run": 'assert not os.path.exists("done"); open("done", "w").close()',
    "elsewhere": 'open(os.path.join(os.path.dirname(os.getcwd()), "run.lock"), "x").close()',
}
SOURCE = """
    import os
    def target(name):
        {made}
        os.system("wc " + {argument})
"""


@pytest.mark.parametrize("made", MAKING.values(), ids=MAKING)
def test_what_a_run_makes_is_not_in_the_way_of_the_next(drive: Drive, made: str) -> None:
    outcome = only(drive(SOURCE.format(made=made, argument="name")), "command-injection")
    assert outcome["ending"] == "proven", outcome


def test_harmless_code_behind_it_is_refuted(drive: Drive) -> None:
    source = SOURCE.format(made=MAKING["a file of its own"], argument="__import__('shlex').quote(name)")
    assert only(drive(source), "command-injection")["ending"] == "neutralised"


def test_what_was_there_before_stays(drive: Drive, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "kept.txt").write_text("kept", encoding="utf-8")
    made = f'os.makedirs({str(there)!r}, exist_ok=True); open({str(there / "kept.txt")!r}, "a").close()'
    drive(SOURCE.format(made=made + f'; open({str(there / "new.txt")!r}, "w").close()', argument="name"))
    assert (there / "kept.txt").read_text(encoding="utf-8") == "kept"
