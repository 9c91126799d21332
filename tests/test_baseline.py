from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook.baseline import Entry, apply, read, renew, write
from bluehook.findings import (
    BluehookError,
    Evidence,
    Finding,
    LineRange,
    Location,
    Says,
    Verdict,
    likeness,
)

EVIDENCE = Evidence("semgrep", "sql-injection.flask", Says.SHOWS, "message")


def finding(
    path: str = "app/db.py",
    line: int = 10,
    symbol: str = "load",
    snippet: str = "db.execute(query)",
    weakness: str = "sql-injection",
) -> Finding:
    return Finding(
        weakness=weakness,
        location=Location(path, line),
        symbol=symbol,
        snippet=snippet,
        evidence=[EVIDENCE],
        scope=LineRange(line, line),
    )


def looked_at(*paths: str) -> Callable[[str], bool]:
    return lambda path: path in paths


def everything(_: str) -> bool:
    return True


def known(findings: list[Finding]) -> list[int]:
    return [f.location.line for f in findings if f.suppressed is not None]


# --- counting -------------------------------------------------------------------------------------------------------


def test_known_findings_are_suppressed_and_new_ones_are_not() -> None:
    entries = renew([finding()], [], everything)
    now = [finding(line=99), finding(line=100, snippet="db.execute(other)"), finding(line=101, weakness="ssrf")]
    assert apply(now, entries, everything) == []
    assert [f.suppressed for f in now] == ["baseline", None, None]


def test_a_second_twin_is_new() -> None:
    entries = renew([finding(line=1)], [], everything)
    now = [finding(line=7), finding(line=3)]
    apply(now, entries, everything)
    assert known(now) == [3]


def test_deleting_the_first_twin_does_not_make_the_second_look_new() -> None:
    entries = renew([finding(line=1), finding(line=2)], [], everything)
    assert [e.count for e in entries] == [2]
    now = [finding(line=2)]
    [note] = apply(now, entries, everything)
    assert known(now) == [2]
    assert note.reason == "known findings are gone: sql-injection in load; `bluehook baseline` drops them"


def test_changed_white_space_and_lines_do_not_matter() -> None:
    entries = renew([finding(snippet="f(a,\n    b)")], [], everything)
    now = [finding(line=500, snippet="f(a, b)")]
    assert apply(now, entries, everything) == []
    assert known(now) == [500]


def test_a_finding_that_the_code_suppresses_uses_up_no_entry() -> None:
    entries = renew([finding()], [], everything)
    inline, plain = finding(line=1), finding(line=2)
    inline.suppressed = "reviewed"
    apply([inline, plain], entries, everything)
    assert (inline.suppressed, plain.suppressed) == ("reviewed", "baseline")
    assert renew([inline], [], everything) == []


def test_a_refuted_finding_stays_refuted_and_its_entry_is_in_use() -> None:
    entries = renew([finding()], [], everything)
    refuted = finding()
    refuted.verdict = Verdict.REFUTED
    assert apply([refuted], entries, everything) == []
    assert refuted.suppressed is None
    assert renew([refuted], entries, everything) == entries


# --- moved code -----------------------------------------------------------------------------------------------------


def test_code_that_moves_to_another_file_stays_known() -> None:
    entries = renew([finding("old.py")], [], everything)
    now = [finding("new.py")]
    assert apply(now, entries, looked_at("old.py", "new.py")) == []
    assert now[0].suppressed == "baseline"


def test_a_copy_in_another_file_is_new() -> None:
    entries = renew([finding("a.py")], [], everything)
    now = [finding("0.py", 1), finding("a.py", 2), finding("z.py", 3)]
    apply(now, entries, everything)
    assert known(now) == [2]


def test_a_copy_is_new_when_the_original_was_not_looked_at() -> None:
    entries = renew([finding("a.py")], [], everything)
    now = [finding("copy.py")]
    assert apply(now, entries, looked_at("copy.py")) == []
    assert now[0].suppressed is None


def test_code_that_moves_to_another_symbol_is_new() -> None:
    entries = renew([finding()], [], everything)
    now = [finding(symbol="other")]
    assert len(apply(now, entries, everything)) == 1
    assert now[0].suppressed is None


# --- stale entries and renewal --------------------------------------------------------------------------------------


def test_stale_entries_are_told_by_file() -> None:
    old = [finding("a.py", snippet="1"), finding("a.py", snippet="1"), finding("a.py", symbol="", weakness="ssrf")]
    entries = renew([*old, finding("unseen.py")], [], everything)
    [note] = apply([], entries, looked_at("a.py"))
    assert (note.path, note.incomplete, note.stage) == ("a.py", False, "baseline")
    assert note.reason == (
        "known findings are gone: ssrf in the module, sql-injection in load (2 times); `bluehook baseline` drops them"
    )


def test_reasons_are_kept_also_for_moved_code_and_shown() -> None:
    [entry] = renew([finding("old.py")], [], everything)
    reasoned = Entry(**{**{f: getattr(entry, f) for f in entry.__struct_fields__}, "reason": "ticket 12"})
    now = [finding("new.py"), finding("new.py", 11)]
    entries = renew(now, [reasoned], everything)
    assert [(e.path, e.count, e.reason) for e in entries] == [("new.py", 2, "ticket 12")]
    apply(now, entries, everything)
    assert now[0].suppressed == "baseline: ticket 12"


def test_renewal_keeps_what_was_not_looked_at_and_drops_what_is_gone() -> None:
    old = renew([finding("gone.py"), finding("unseen.py"), finding("seen.py")], [], everything)
    new = renew([finding("seen.py")], old, looked_at("gone.py", "seen.py"))
    assert [e.path for e in new] == ["seen.py", "unseen.py"]


def test_renewal_of_a_file_looked_at_in_part_keeps_the_larger_count() -> None:
    old = renew([finding(line=1), finding(line=2)], [], everything)
    assert [e.count for e in renew([finding(line=1)], old, looked_at())] == [2]
    assert [e.count for e in renew([finding(line=n) for n in range(3)], old, looked_at())] == [3]


FINDINGS = st.lists(
    st.builds(
        finding,
        path=st.sampled_from(["a.py", "b.py", "c.py"]),
        line=st.integers(1, 30),
        symbol=st.sampled_from(["", "f"]),
        snippet=st.sampled_from(["x", "y"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(FINDINGS)
def test_a_fresh_baseline_knows_everything(findings: list[Finding]) -> None:
    entries = renew(findings, [], everything)
    assert sum(e.count for e in entries) == len(findings)
    assert apply(findings, entries, everything) == []
    assert all(f.suppressed == "baseline" for f in findings)


@settings(deadline=None, max_examples=60)
@given(FINDINGS, FINDINGS)
def test_never_more_is_suppressed_than_was_known(before: list[Finding], after: list[Finding]) -> None:
    def counts(findings: list[Finding]) -> dict[str, int]:
        likes = [likeness(f.weakness, f.symbol, f.snippet) for f in findings]
        return {like: likes.count(like) for like in likes}

    entries = renew(before, [], everything)
    apply(after, entries, everything)
    was, is_suppressed = counts(before), counts([f for f in after if f.suppressed])
    total = counts(after)
    assert is_suppressed == {k: min(was[k], total[k]) for k in was if k in total}


# --- the file -------------------------------------------------------------------------------------------------------


def test_the_file_is_sorted_short_and_free_of_places_and_dates(tmp_path: Path) -> None:
    file = tmp_path / "base"
    write(file, renew([finding("b.py", 3), finding("b.py", 9), finding("ä b.py")], [], everything))
    assert file.read_text(encoding="utf-8") == (
        '{"bluehook-baseline": 1}\n'
        '{"path": "b.py", "symbol": "load", "weakness": "sql-injection", "id": "ID", "count": 2}\n'
        '{"path": "ä b.py", "symbol": "load", "weakness": "sql-injection", "id": "ID"}\n'
    ).replace("ID", likeness("sql-injection", "load", "db.execute(query)"))
    assert list(tmp_path.iterdir()) == [file]


def test_the_likeness_does_not_change_between_versions() -> None:
    """Were it to, every baseline in every repository would be void."""
    assert likeness("sql-injection", "load", "db.execute( query )") == "a3dbaccf63675b29"


ENTRIES = st.lists(
    st.builds(Entry, path=st.text(st.characters()), symbol=st.text(), weakness=st.text(), id=st.text(),
              count=st.integers(1, 10**6), reason=st.text()),
    unique_by=lambda e: (e.path, e.symbol, e.weakness, e.id),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(ENTRIES, st.randoms(use_true_random=False))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], rng: object) -> None:
    file = tmp_path_factory.mktemp("baseline") / "base"
    write(file, entries)
    assert read(file) == sorted(entries)
    first = file.read_bytes()
    write(file, read(file))
    assert file.read_bytes() == first


def test_names_that_are_not_utf8_and_crlf_checkouts(tmp_path: Path) -> None:
    file = tmp_path / "base"
    entries = renew([finding("a\udcff\u2028.py")], [], everything)
    write(file, entries)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert read(file) == entries


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", r"base:1: not a line of a baseline"),
        (b'{"bluehook-baseline": 2}', r"base:1: a baseline of another version of bluehook"),
        (b'\n{"path": "a.py"}', r"base:2: not an entry of a baseline: .*symbol"),
        (b'{"path": "", "symbol": "", "weakness": "", "id": "", "count": 0}', r"base:1: not an entry.*count"),
        (b'{"path": "", "symbol": "", "weakness": "", "id": "", "line": 3}', r"base:1: not an entry.*line"),
        (b'{"bluehook-baseline": 1}\n<<<<<<< HEAD\n', r"base:2: the baseline has merge conflict markers"),
        (b"=======\n", r"base:1: the baseline has merge conflict markers"),
        (b"[" * 100_000, r"base:1: not a line of a baseline"),
        (b"\xff", r"no baseline of bluehook: not UTF-8"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "base").write_bytes(content)
    with pytest.raises(BluehookError, match=expected):
        read(tmp_path / "base")


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80))
def test_wild_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("wild") / "base"
    file.write_bytes(data)
    try:
        assert isinstance(read(file), list)
    except BluehookError as error:
        assert str(file) in str(error)  # noqa: PT017 - both endings are right


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BluehookError, match="no such baseline; write it with `bluehook baseline`"):
        read(tmp_path / "base")
    with pytest.raises(BluehookError, match="cannot be read"):
        read(tmp_path)
    with pytest.raises(BluehookError, match="cannot be written"):
        write(tmp_path / "no" / "base", [])


def test_branches_that_add_entries_merge_without_a_conflict(tmp_path: Path) -> None:
    """Two branches, each with its own findings and one in common, through ``git merge-file --union`` as well."""
    common = [finding(f"{name}.py") for name in "abcdefghij"]
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    write(base, renew(common, [], everything))
    write(ours, renew([*common, finding("b2.py"), finding("shared.py")], [], everything))
    write(theirs, renew([*common, finding("h2.py"), finding("shared.py"), finding("a.py", 99)], [], everything))
    merge = subprocess.run(["git", "merge-file", "--union", str(ours), str(base), str(theirs)], check=False)
    assert merge.returncode == 0
    merged = {e.path: e.count for e in read(ours)}
    assert merged == {**{f"{name}.py": 1 for name in "bcdefghij"}, "a.py": 2, "b2.py": 1, "h2.py": 1, "shared.py": 1}
