"""Contents of git objects, streamed through one ``git cat-file --batch``."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from bluehook import processes
from bluehook.collect.command import TIMEOUT, Git, reason
from bluehook.findings import BluehookError

_PIECE = 1 << 16


class Blob(NamedTuple):
    """An object: its size in bytes, and its content or, where it is larger than was asked for, the beginning."""

    size: int
    data: bytes


class BlobReader:
    """A running ``git cat-file --batch``, as :func:`open_blobs` hands it out.

    Objects are asked for one at a time, so that neither side can wait for the other with full pipes, and what lies
    beyond the limit is dropped while it is read: memory holds one object.
    """

    def __init__(self, git: Git, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._git = git
        self._questions = process.stdin
        self._answers = process.stdout
        self._errors = errors
        self.asked: float | None = None
        """When the open question was asked, on the monotonic clock."""

    def read(self, blob: str, limit: int) -> Blob | None:
        """The object of this id, at most ``limit`` bytes of it; ``None`` if the repository does not have it.

        Raises :class:`BluehookError` if git fails or does not answer in time.
        """
        self.asked = time.monotonic()
        try:
            self._questions.write(blob.encode("ascii") + b"\n")
            self._questions.flush()
            return self._answer(limit)
        except (OSError, EOFError) as error:
            self._errors.seek(0)
            why = reason(self._errors.read(_PIECE))
            raise BluehookError(
                f"git cat-file in {self._git.cwd} broke off: {why}; `git fsck` tells whether objects are damaged"
            ) from error
        finally:
            self.asked = None

    def _answer(self, limit: int) -> Blob | None:
        header = self._answers.readline().split()
        if not header:
            raise EOFError
        if len(header) != 3:
            return None
        size = int(header[2])
        data = self._exactly(min(size, limit))
        rest = size - len(data) + 1  # a line feed ends each object
        while rest:
            rest -= len(self._exactly(min(rest, _PIECE)))
        return Blob(size, data)

    def _exactly(self, count: int) -> bytes:
        data = self._answers.read(count)
        if len(data) < count:
            raise EOFError
        return data


@contextmanager
def open_blobs(git: Git, seconds: float = TIMEOUT) -> Iterator[BlobReader]:
    """A reader of objects, killed with all that it started at the end, or when an answer takes over ``seconds``."""
    closed = threading.Event()
    with tempfile.TemporaryFile() as errors:
        process = git.start("cat-file", "--batch", errors=errors)
        reader = BlobReader(git, process, errors)

        def watch() -> None:
            # Reading from a pipe has no timeout of its own.
            while not closed.wait(min(1.0, seconds)):
                if reader.asked is not None and time.monotonic() - reader.asked > seconds:
                    processes.kill_tree(process)

        threading.Thread(target=watch, daemon=True).start()
        try:
            yield reader
        finally:
            closed.set()
            processes.kill_tree(process)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                # Closing flushes, which fails when the reader of the pipe is dead; there is nobody left to tell.
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
