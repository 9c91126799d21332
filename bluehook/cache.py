"""What was already answered, by the content that was asked about: a small SQLite file in the user's cache directory.

An answer from here is believed without looking again, so whoever can write it can hide a finding. Hence the file and
its folder must belong to the user and be writable by nobody else; anything else is refused. SQLite's journal keeps
the file whole when a process is killed or the disk fills up; what its pages cannot notice (a flipped bit after a power
cut) is caught by a checksum in front of each value. A file that is broken all the same is moved away and begun anew.

Nothing here raises: a cache that does not work is a miss, and says so once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bluehook.findings import Problem

if TYPE_CHECKING:
    import sqlite3
    from types import TracebackType

FILE = "answers.sqlite3"
"""Name of the file in the cache directory."""

_VERSION = 1
_CHECKSUM = 8
_AT_ONCE = 500
"""Keys in one statement; SQLite allows 999 in old builds."""
_PATIENCE = 2.0
"""Seconds to wait for another process's write, which takes milliseconds; longer would be felt in a commit."""
_KEPT = 0.8
"""Share of ``max_size`` that is left after an eviction, so that not every write evicts."""
_DAY = 86_400

_ROW = 64
"""About the bytes that a row takes beside its value."""

_SCHEMA = (
    "CREATE TABLE answers (key BLOB PRIMARY KEY, value BLOB NOT NULL, size INTEGER NOT NULL, used INTEGER NOT NULL)",
    "CREATE INDEX by_use ON answers (used, size)",
)
"""``used`` is the day of the last use: finer, every read would be a write."""

_T = TypeVar("_T")


def key(*parts: bytes | str) -> bytes:
    """The key of an answer: SHA-256 over all that it depends on, each part with its length, so that none runs into
    the next. Text counts as UTF-8, with surrogate escapes for other bytes.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()


def default_directory() -> Path:
    """Where the cache lies unless told otherwise: ``~/.cache/bluehook`` and its like on other systems."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("bluehook", appauthor=False))


class Cache:
    """Answers by key, shared by all runs and processes of a user.

    :param directory: made if it is not there; None keeps nothing.
    :param max_size: bytes on disk, about; the answers that were not used for longest go first.

    May be used from several threads, not across a fork. ``problems`` holds at most one, with ``incomplete`` false.
    ``directory`` is not to be trusted before the cache was used.
    """

    def __init__(self, directory: Path | None, max_size: int = 256 * 1024 * 1024) -> None:
        self.problems: list[Problem] = []
        self.directory = directory
        self._max_size = max_size
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._off = directory is None
        self._read_only = False
        self._touched: set[bytes] = set()
        self._inode = 0

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The answers that are known, by key."""
        return self._guarded(lambda db: self._get(db, keys)) or {}

    def put_many(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep answers; one that is there already is replaced."""
        if entries and not self._read_only:
            self._guarded(lambda db: self._put(db, entries), writes=True)

    def close(self) -> None:
        """Note what was used, and let go of the file. The cache may be used again afterwards."""
        if self._touched and not self._read_only:
            self._guarded(self._note_use, writes=True)
        with self._lock:
            self._disconnect()

    def _guarded(self, work: Callable[[sqlite3.Connection], _T], *, writes: bool = False) -> _T | None:
        """Do some work with the database; whatever goes wrong becomes the one problem."""
        import sqlite3

        with self._lock:
            for _ in range(2):
                if self._off:
                    return None
                try:
                    self._db = self._db or self._connect()
                    return work(self._db)
                except sqlite3.Error as error:
                    if _is_broken(error):
                        self._begin_anew(str(error))
                    else:
                        self._give_up(str(error), for_writing=writes and self._db is not None)
                        return None
                except (OSError, ValueError, OverflowError) as error:
                    self._give_up(getattr(error, "strerror", None) or str(error))
                    return None
            return None

    def _get(self, db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        today = int(time.time()) // _DAY
        remaining = iter(keys)
        while chunk := list(islice(remaining, _AT_ONCE)):
            marks = ",".join("?" * len(chunk))
            for name, value, used in db.execute(f"SELECT key, value, used FROM answers WHERE key IN ({marks})", chunk):
                if _is_whole(name, value):
                    found[name] = value[_CHECKSUM:]
                    if used != today:
                        self._touched.add(name)
        return found

    def _put(self, db: sqlite3.Connection, entries: Mapping[bytes, bytes]) -> None:
        today = int(time.time()) // _DAY
        rows = [
            (name, _checksum(name, value) + value, len(value), today)
            for name, value in entries.items()
            if len(value) <= self._max_size // 4
        ]
        with _transaction(db):
            db.executemany("INSERT OR REPLACE INTO answers (key, value, size, used) VALUES (?, ?, ?, ?)", rows)
        self._evict(db)

    def _note_use(self, db: sqlite3.Connection) -> None:
        today = int(time.time()) // _DAY
        with _transaction(db):
            db.executemany("UPDATE answers SET used = ? WHERE key = ?", [(today, name) for name in self._touched])
        self._touched.clear()

    def _evict(self, db: sqlite3.Connection) -> None:
        """Drop what was not used for longest when the pages in use are more than ``max_size``."""
        count, free, page = (_pragma(db, name) for name in ("page_count", "freelist_count", "page_size"))
        surplus = (count - free) * page - self._max_size
        if surplus <= 0:
            return
        surplus += int(self._max_size * (1 - _KEPT))
        oldest = []
        for row, size in db.execute("SELECT rowid, size FROM answers ORDER BY used, rowid"):
            if surplus <= 0:
                break
            surplus -= size + _ROW
            oldest.append((row,))
        with _transaction(db):
            db.executemany("DELETE FROM answers WHERE rowid = ?", oldest)
        db.execute("PRAGMA incremental_vacuum").fetchall()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        file = self._file()
        self._prepare(file)
        db = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            # Safe against a crash of the program without waiting for the disk; a power cut may cost the last answers.
            db.execute("PRAGMA synchronous = NORMAL")
            if _pragma(db, "user_version") != _VERSION:
                _create(db)
        except BaseException:
            db.close()
            raise
        return db

    def _file(self) -> Path:
        assert self.directory is not None
        return self.directory / FILE

    def _prepare(self, file: Path) -> None:
        """Make folder and file where they are missing, readable by the user only.

        :raises OSError: they cannot be made, or belong to somebody else or could be written by somebody else.
        """
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(file.parent, file.parent.stat())
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise OSError(0, f"{FILE} is not a plain file")
        _refuse_foreign(file, status)
        self._inode = status.st_ino
        if os.name == "posix" and status.st_mode & 0o077:
            file.chmod(0o600)

    def _begin_anew(self, reason: str) -> None:
        """Move the broken file away; the next attempt makes a new one."""
        self._disconnect()
        file = self._file()
        try:
            # Another process may have done it already, and the file that is there now is its new one.
            if file.lstat().st_ino == self._inode:
                file.replace(file.with_name(f"{FILE}.broken"))
                for ending in ("-wal", "-shm", "-journal"):
                    file.with_name(FILE + ending).unlink(missing_ok=True)
        except OSError as error:
            self._give_up(f"{reason}; {error.strerror}")
        else:
            self._note(f"was broken ({reason}); moved to {FILE}.broken and begun anew")

    def _give_up(self, reason: str, *, for_writing: bool = False) -> None:
        self._note(f"{'keeps nothing new' if for_writing else 'is not used'}: {reason}")
        self._read_only = True
        if not for_writing:
            self._off = True
            self._disconnect()

    def _note(self, reason: str) -> None:
        if not self.problems:
            self.problems.append(Problem("cache", f"the cache in {self.directory} {reason}", incomplete=False))

    def _disconnect(self) -> None:
        import sqlite3

        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Take the write lock at the start, so that two writers wait for each other instead of failing half-way."""
    import sqlite3

    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself, and a second time is an error.
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _create(db: sqlite3.Connection) -> None:
    """Lay out an empty file, or one of another version, whose answers are dropped."""
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    # Readers and a writer do not wait for each other; where the file system cannot do it, SQLite stays as it was.
    db.execute("PRAGMA journal_mode = WAL").fetchall()
    with _transaction(db):
        if _pragma(db, "user_version") == _VERSION:
            return
        db.execute("DROP TABLE IF EXISTS answers")
        for statement in _SCHEMA:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {_VERSION}")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _checksum(name: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECKSUM, key=name).digest()


def _is_whole(name: bytes, value: object) -> bool:
    return isinstance(value, bytes) and value[:_CHECKSUM] == _checksum(name, value[_CHECKSUM:])


def _is_broken(error: sqlite3.Error) -> bool:
    """Whether the file is at fault, and not the disk, a lock or a permission, which a new file would not mend."""
    import sqlite3

    text = str(error)
    return type(error) is sqlite3.DatabaseError or "no such" in text or "unsupported file format" in text


def _refuse_foreign(path: Path, status: os.stat_result) -> None:
    """Raise unless only this user can write it. Windows keeps other users out of the profile by itself."""
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid():
        raise PermissionError(0, f"{path} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(0, f"others can write {path}; chmod go-w it, or name another directory")
