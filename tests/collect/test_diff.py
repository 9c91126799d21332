from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from looking import staged

from bluehook.collect import diff
from bluehook.findings import LineRange

A, B, ZERO = "a" * 40, "b" * 40, "0" * 40


def test_raw_entries() -> None:
    output = (
        f":100644 100755 {A} {B} M\0with\nline feed\0"
        f":100644 100644 {A} {B} R087\0:old\0new\0"
        f":000000 120000 {ZERO} {B} A\0link\0"
    ).encode()
    assert diff.parse_raw(output) == [
        diff.Change("M", "with\nline feed", "100755", B, "with\nline feed", "100644", A),
        diff.Change("R", "new", "100644", B, ":old", "100644", A),
        diff.Change("A", "link", "120000", B, "link", "000000", ZERO),
    ]
    assert diff.parse_raw(b"") == []


def test_hunks_are_keyed_by_content_and_survive_content_that_poses_as_headers() -> None:
    output = f"""\
diff --git "a/x\\nindex {B}..{A}" "b/x\\nindex {B}..{A}"
old mode 100644
new mode 100755
index {A}..{B}
--- "a/x\\nindex"
+++ "b/x\\nindex"
@@ -1 +1,3 @@ class Looks(Like): @@ -9 +9 @@
-index {B}..{B}
+@@ -5 +5 @@
+index {B}..{B} 100644
+diff --git a/y b/y
\\ No newline at end of file
@@ -7,2 +9,0 @@
-x
-y
""".encode()
    assert diff.parse_hunks(output) == {(A, B): (LineRange(1, 3), LineRange(10, 9))}


@pytest.mark.parametrize("limit", [1, 10, 1000])
def test_chunks_lose_nothing_and_keep_the_limit(limit: int) -> None:
    changes = [diff.Change("M", f"{n}.py", "100644", A, f"{n}.py", "100644", B) for n in range(20)]
    chunks = list(diff.chunks(changes, limit))
    assert [change for chunk in chunks for change in chunk] == changes
    assert all(len(chunk) == 1 or sum(len(c.path) * 2 + 2 for c in chunk) <= limit for chunk in chunks)
    assert list(diff.chunks([], limit)) == []


LINES = st.lists(
    st.sampled_from(
        ["a", "b", "c", "", "@@ -1 +1 @@", "index 1..2", "--- a", "+++ b", "diff --git", "\\ No", "\rx", "\0"]
    ),
    max_size=12,
)


def is_subsequence(short: list[bytes], long: list[bytes]) -> bool:
    rest = iter(long)
    return all(line in rest for line in short)


@given(old=LINES, new=LINES, ends=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_outside_the_ranges_were_there_before(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], ends: bool
) -> None:
    repo = GitRepo(tmp_path_factory.mktemp("r"))
    tail = "\n" if ends else ""
    before = ("\n".join(old) + "\n").encode()
    after = ("\n".join(new) + tail).encode()
    repo.stage("a.py", before)
    repo.stage("other.py", "unrelated = 1\n")
    repo.commit()
    repo.stage("a.py", after)
    repo.stage("other.py", "unrelated = 2\n")
    files, _ = staged(Path(repo.path))
    if before == after or "a.py" not in files:
        return
    changed = files["a.py"].changed
    assert changed is not None
    lines = after.split(b"\n") if not after.endswith(b"\n") else after.split(b"\n")[:-1]
    assert all(1 <= r.first <= len(lines) + 1 and r.last <= len(lines) for r in changed)
    assert all(r.first <= r.last + 1 for r in changed)
    unchanged = [line for number, line in enumerate(lines, 1) if not any(r.first <= number <= r.last for r in changed)]
    assert is_subsequence(unchanged, before.split(b"\n"))
    assert changed, "contents differ, so some place must have changed"
