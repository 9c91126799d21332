from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook import cache as module
from bluehook.cache import FILE, Cache, default_directory, key

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX owners and modes")


def script(text: str, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*prefix, sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def fill(directory: Path, count: int = 10) -> dict[bytes, bytes]:
    entries = {key("entry", str(n)): os.urandom(100) for n in range(count)}
    with Cache(directory) as cache:
        cache.put_many(entries)
        assert cache.problems == []
    return entries


# --- answers --------------------------------------------------------------------------------------------------------


def test_answers_come_back_in_a_later_run(tmp_path: Path) -> None:
    entries = fill(tmp_path / "cache", 1200)
    with Cache(tmp_path / "cache") as cache:
        assert cache.get_many([*entries, key("never asked")]) == entries
        assert cache.problems == []


def test_an_answer_is_replaced(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put_many({key("a"): b"old"})
        cache.put_many({key("a"): b""})
        assert cache.get_many([key("a")]) == {key("a"): b""}


def test_nothing_is_kept_without_a_directory() -> None:
    with Cache(None) as cache:
        cache.put_many({key("a"): b"x"})
        assert cache.get_many([key("a")]) == {}
        assert cache.problems == []


def test_a_cache_can_be_used_after_close(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put_many({key("a"): b"x"})
    cache.close()
    assert cache.get_many([key("a")]) == {key("a"): b"x"}
    cache.close()


def test_default_directory_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert default_directory() == tmp_path / "bluehook"
    assert default_directory().is_absolute()


PARTS = st.lists(st.binary(max_size=4) | st.text(max_size=4), max_size=4)


def as_bytes(parts: list[bytes | str]) -> list[bytes]:
    return [p.encode("utf-8", "surrogatepass") if isinstance(p, str) else p for p in parts]


@settings(deadline=None, max_examples=60)
@given(PARTS, PARTS)
def test_keys_are_equal_only_for_equal_parts(one: list[bytes | str], two: list[bytes | str]) -> None:
    assert (key(*one) == key(*two)) == (as_bytes(one) == as_bytes(two))


def test_keys_take_names_that_are_not_utf8() -> None:
    assert key("a\udcff") != key("a")


# --- what must not hurt ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_file_is_moved_away_and_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with Cache(tmp_path) as cache:
        assert cache.get_many([key("a")]) == {}
        cache.put_many({key("a"): b"x"})
        assert cache.get_many([key("a")]) == {key("a"): b"x"}
    [problem] = cache.problems
    assert not problem.incomplete
    assert "was broken" in problem.reason
    assert (tmp_path / f"{FILE}.broken").read_bytes() == content


def test_a_database_of_something_else_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("CREATE TABLE other (x)")
        other.execute("PRAGMA user_version = 1")
    other.close()
    with Cache(tmp_path) as cache:
        cache.put_many({key("a"): b"x"})
        assert cache.get_many([key("a")]) == {key("a"): b"x"}
    assert "no such table" in cache.problems[0].reason


def test_another_version_of_the_layout_is_dropped(tmp_path: Path) -> None:
    entries = fill(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("ALTER TABLE answers RENAME COLUMN value TO worth")
        db.execute("PRAGMA user_version = 99")
    db.close()
    with Cache(tmp_path) as cache:
        assert cache.get_many(list(entries)) == {}
        cache.put_many(entries)
        assert cache.get_many(list(entries)) == entries
        assert cache.problems == []


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_flipped_bytes_never_raise_and_never_change_an_answer(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random
) -> None:
    directory = tmp_path_factory.mktemp("flip")
    entries = fill(directory, 40)
    data = bytearray((directory / FILE).read_bytes())
    for _ in range(rng.randint(1, 30)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    (directory / FILE).write_bytes(data)
    with Cache(directory) as cache:
        found = cache.get_many(list(entries))
        assert found.items() <= entries.items()
        cache.put_many(entries)
        cache.get_many(list(entries))
    assert len(cache.problems) <= 1


@pytest.mark.parametrize("bad", ["x", 7, None])
def test_a_value_of_another_type_is_a_miss(tmp_path: Path, bad: object) -> None:
    entries = fill(tmp_path, 1)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP INDEX by_use")
        db.execute("ALTER TABLE answers RENAME TO strict")
        db.execute("CREATE TABLE answers (key BLOB PRIMARY KEY, value, size, used)")
        db.execute("INSERT INTO answers VALUES (?, ?, 1, 'long ago')", [next(iter(entries)), bad])
    db.close()
    with Cache(tmp_path) as cache:
        assert cache.get_many(list(entries)) == {}


@pytest.mark.parametrize("directory", ["file/below", "nul\0byte"])
def test_an_impossible_directory_is_one_problem(tmp_path: Path, directory: str) -> None:
    (tmp_path / "file").write_text("")
    with Cache(tmp_path / directory) as cache:
        for _ in range(3):
            cache.put_many({key("a"): b"x"})
            assert cache.get_many([key("a")]) == {}
    [problem] = cache.problems
    assert not problem.incomplete
    assert "is not used" in problem.reason


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_directory_that_cannot_be_written_is_one_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with Cache(tmp_path) as cache:
        cache.put_many({key("a"): b"x"})
        assert cache.get_many([key("a")]) == {}
    tmp_path.chmod(0o700)
    assert len(cache.problems) == 1


def test_a_lock_that_is_not_given_back_is_waited_for_and_then_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    entries = fill(tmp_path)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Cache(tmp_path) as cache:
        cache.put_many({key("new"): b"x"})
        assert cache.get_many(list(entries)) == entries
    holder.close()
    assert "keeps nothing new: database is locked" in cache.problems[0].reason


@posix
def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    entries = fill(tmp_path)
    limited = script(
        """
        import os, resource, sys
        from pathlib import Path
        from bluehook.cache import Cache, key
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        with Cache(Path(sys.argv[1])) as cache:
            for n in range(20):
                cache.put_many({key(str(n), str(m)): os.urandom(9_000) for m in range(10)})
            print(len(cache.get_many([key("entry", str(n)) for n in range(10)])), *cache.problems)
        """,
        tmp_path,
    )
    output = limited.communicate(timeout=60)[0]
    assert limited.returncode == 0, output
    assert output.startswith("10 Problem(")
    assert output.count("keeps nothing new") == 1
    with Cache(tmp_path) as cache:
        assert cache.get_many(list(entries)) == entries
        assert cache.problems == []


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare")
def test_a_full_and_then_read_only_file_system(tmp_path: Path) -> None:
    namespace = ("unshare", "--user", "--map-root-user", "--mount")
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k,mode=700", "cache", str(tmp_path)]
    if subprocess.run([*namespace, *mount], capture_output=True).returncode != 0:
        pytest.skip("no user namespaces")
    inside = script(
        f"""
        import os, subprocess
        from pathlib import Path
        from bluehook.cache import Cache, key
        subprocess.run({mount!r}, check=True)
        directory = Path({str(tmp_path)!r})
        with Cache(directory) as cache:
            cache.put_many({{key("first"): b"kept"}})
            for n in range(20):
                cache.put_many({{key(str(n)): os.urandom(50_000)}})
            print(cache.get_many([key("first")]).values(), *cache.problems)
        with Cache(directory) as cache:
            print(cache.get_many([key("first")]).values())
        subprocess.run(["mount", "-o", "remount,ro", str(directory)], check=True)
        with Cache(directory) as cache:
            cache.put_many({{key("more"): b"x"}})
            cache.get_many([key("first")])
            print(len(cache.problems), cache.problems[0].incomplete)
        """,
        prefix=namespace,
    )
    output = inside.communicate(timeout=60)[0]
    assert inside.returncode == 0, output
    first, again, read_only = output.splitlines()
    assert first.startswith("dict_values([b'kept']) Problem(")
    assert "full" in first
    assert again == "dict_values([b'kept'])"
    assert read_only == "1 False"


@posix
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    writer = """
        import os, sys
        from pathlib import Path
        from bluehook.cache import Cache, key
        cache = Cache(Path(sys.argv[1]))
        n = 0
        while True:
            cache.put_many({key(str(n), str(m)): key(str(n), str(m)) * 500 for m in range(20)})
            print(n, flush=True)
            n += 1
    """
    for _ in range(4):
        process = script(writer, tmp_path)
        assert process.stdout is not None
        said = [process.stdout.readline()]
        time.sleep(random.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        said += process.communicate(timeout=60)[0].splitlines()
        last = int(said[-1])
        with Cache(tmp_path) as cache:
            wanted = [key(str(n), str(m)) for n in range(last + 1) for m in range(20)]
            assert cache.get_many(wanted) == {name: name * 500 for name in wanted}
            assert cache.problems == []


def test_processes_share_one_file(tmp_path: Path) -> None:
    worker = """
        import sys
        from pathlib import Path
        from bluehook.cache import Cache, key
        directory, name = Path(sys.argv[1]), sys.argv[2]
        for n in range(30):
            with Cache(directory) as cache:
                cache.put_many({key(name, str(n)): name.encode() * 200, key("shared"): b"same" * 200})
                assert cache.get_many([key("shared")]) == {key("shared"): b"same" * 200}
                assert cache.problems == [], cache.problems
    """
    processes = [script(worker, tmp_path / "new", name) for name in "abcd"]
    for process in processes:
        output = process.communicate(timeout=120)[0]
        assert process.returncode == 0, output
    with Cache(tmp_path / "new") as cache:
        assert len(cache.get_many([key(name, str(n)) for name in "abcd" for n in range(30)])) == 120


def test_processes_that_meet_a_broken_file_together_go_on(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"broken" * 1000)
    worker = """
        import sys
        from pathlib import Path
        from bluehook.cache import Cache, key
        with Cache(Path(sys.argv[1])) as cache:
            for n in range(50):
                cache.put_many({key(sys.argv[2], str(n)): b"x"})
                cache.get_many([key("a", str(n))])
    """
    processes = [script(worker, tmp_path, name) for name in "abc"]
    for process in processes:
        output = process.communicate(timeout=120)[0]
        assert process.returncode == 0, output
    with Cache(tmp_path) as cache:
        cache.put_many({key("after"): b"x"})
        assert cache.get_many([key("after")]) == {key("after"): b"x"}
        assert cache.problems == []


def test_a_new_file_of_another_process_is_not_moved_away(tmp_path: Path) -> None:
    fill(tmp_path)
    slow = Cache(tmp_path)
    slow.get_many([key("a")])
    (tmp_path / FILE).rename(tmp_path / "moved by the other")
    for ending in ("-wal", "-shm"):
        (tmp_path / f"{FILE}{ending}").unlink(missing_ok=True)
    entries = fill(tmp_path)
    slow._begin_anew("file is not a database")
    assert slow.get_many(list(entries)) == entries
    slow.close()


# --- who may write it -----------------------------------------------------------------------------------------------


@posix
def test_new_files_are_the_users_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        cache = Cache(tmp_path / "a" / "b")
        cache.put_many({key("a"): b"x"})
        modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "a" / "b").iterdir()}
        cache.close()
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize(("what", "mode"), [("", 0o770), ("", 0o707), (FILE, 0o660), (FILE, 0o602)])
def test_what_others_can_write_is_refused(tmp_path: Path, what: str, mode: int) -> None:
    directory = tmp_path / "cache"
    entries = fill(directory)
    (directory / what).chmod(mode)
    with Cache(directory) as cache:
        assert cache.get_many(list(entries)) == {}
    assert "others can write" in cache.problems[0].reason


@posix
def test_what_belongs_to_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = fill(tmp_path)
    uid = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    with Cache(tmp_path) as cache:
        assert cache.get_many(list(entries)) == {}
    assert "belongs to another user" in cache.problems[0].reason


@posix
def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    entries = fill(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    with Cache(tmp_path) as cache:
        assert cache.get_many(list(entries)) == entries
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to", "pipe"])
def test_a_link_or_a_pipe_in_place_of_the_file_is_refused(tmp_path: Path, make: str) -> None:
    fill(tmp_path / "elsewhere")
    (tmp_path / "cache").mkdir()
    file = tmp_path / "cache" / FILE
    if make == "pipe":
        os.mkfifo(file)
    else:
        getattr(file, make)(tmp_path / "elsewhere" / FILE)
    with Cache(tmp_path / "cache") as cache:
        assert cache.get_many([key("entry", "1")]) == {}
    assert "not a plain file" in cache.problems[0].reason


# --- size -----------------------------------------------------------------------------------------------------------


def test_the_least_recently_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = [1_000_000_000]
    monkeypatch.setattr(time, "time", lambda: day[0])

    def put(name: str) -> None:
        day[0] += 86_400
        with Cache(tmp_path, max_size=1_000_000) as cache:
            cache.put_many({key(name, str(n)): os.urandom(10_000) for n in range(30)})
            assert cache.problems == []

    def kept(name: str) -> int:
        with Cache(tmp_path, max_size=1_000_000) as cache:
            return len(cache.get_many([key(name, str(n)) for n in range(30)]))

    put("a")
    put("b")
    day[0] += 86_400
    assert kept("a") == 30
    put("c")
    put("d")
    assert kept("d") == 30
    assert kept("a") > kept("b")
    for name in "efghij":
        put(name)
    assert (tmp_path / FILE).stat().st_size <= 1_400_000


def test_a_value_that_would_fill_the_cache_is_not_kept(tmp_path: Path) -> None:
    with Cache(tmp_path, max_size=100_000) as cache:
        cache.put_many({key("small"): b"x", key("large"): b"x" * 50_000})
        assert list(cache.get_many([key("small"), key("large")])) == [key("small")]
        assert cache.problems == []
