"""A proof written down: a test file that fails while the hole is there and passes once it is closed.

The file needs the standard library and the project's own dependencies, nothing of bluehook, and no fixtures: pytest
collects it, and any Python can call its one function. Before it is handed over it runs in the sandbox, on the code
that the proof was made from, and must fail there by its own assertion. A proof that cannot be written down, or a test
that does not fail, is told in words instead.

``account`` checks what the worker told of the attack, ``pieces`` holds the source of which each test is made, ``text``
puts both together.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bluehook.findings import BluehookError
from bluehook.verify import Settings, interpreter, sandbox
from bluehook.verify.model import Attempt
from bluehook.verify.pool import hidden
from bluehook.verify.reproduce import text
from bluehook.verify.reproduce.account import UnwritableError

_SECONDS = 20.0
_RUN = """
import runpy, sys
space = runpy.run_path(sys.argv[1])
try:
    next(value for name, value in space.items() if name.startswith("test_"))()
except AssertionError as error:
    print("failed", flush=True)
except BaseException as error:
    print("broke: %s: %s" % (type(error).__name__, str(error).replace("\\n", " ")), flush=True)
else:
    print("passed", flush=True)
"""


class Written(NamedTuple):
    """A test that was written (``path``), or why there is none (``reason``)."""

    weakness: str
    path: Path | None
    reason: str = ""


def write(root: Path, attempt: Attempt, settings: Settings, folder: Path) -> Iterator[Written]:
    """Write each proof of an attempt into ``folder``, after it failed in the sandbox as it should.

    :raises BluehookError: no sandbox can be used, or the folder cannot be written to.
    """
    names: set[str] = set()
    for outcome in attempt.reply.outcomes:
        if outcome.ending != "proven":
            continue
        try:
            ended = _tried(root, text.written(root, attempt.target, outcome), settings)
            if ended != "failed":
                raise UnwritableError(f"outside of the worker the attack is not seen again: the test {ended}")
            test = text.written(root, attempt.target, outcome, beside=folder)
        except UnwritableError as error:
            yield Written(outcome.weakness, None, str(error))
            continue
        name = text.name(attempt.target, outcome)
        if name in names:
            name += f"_{outcome.sink_line}"
        names.add(name)
        yield Written(outcome.weakness, _saved(folder, f"test_{name}.py", test))


def _tried(root: Path, test: str, settings: Settings) -> str:
    """Run a test in the sandbox: ``failed``, ``passed``, or how it broke."""
    python = interpreter.find(root, settings.python, os.environ).executable
    with tempfile.TemporaryDirectory(prefix="bluehook-test-") as folder:
        file = Path(folder, "reproduction.py")
        file.write_text(test, encoding="utf-8")
        spec = sandbox.Spec(
            argv=(str(python), "-I", "-B", "-c", _RUN, str(file)),
            readable=(root, Path(folder)),
            hidden=hidden(root),
            env={"LANG": "C.UTF-8"},
            limits=sandbox.Limits(wall_seconds=_SECONDS),
        )
        with sandbox.choose(settings.sandbox).start(spec) as process:
            try:
                while True:
                    line = process.receive(_SECONDS).decode("utf-8", "replace")
                    if line.startswith(("failed", "passed", "broke")):
                        return line
            except EOFError:
                said = process.wait(_SECONDS).stderr.decode("utf-8", "replace").strip().splitlines()
                return f"broke: {said[-1] if said else 'it ended early'}"
            except TimeoutError:
                return "did not end"


def _saved(folder: Path, name: str, test: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(test, encoding="utf-8")
    except OSError as error:
        raise BluehookError(f"{folder / name}: cannot write the test: {error.strerror}") from error
    return folder / name
