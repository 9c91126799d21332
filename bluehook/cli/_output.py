"""Run a scan with progress on a terminal, and write its reports where they were asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from bluehook.cli._progress import Progress
from bluehook.findings import BluehookError, Problem

if TYPE_CHECKING:
    from bluehook.check.record import Recorder
    from bluehook.cli._session import Session
    from bluehook.collect import Collection
    from bluehook.report import Options
    from bluehook.scan import Checks, Scanned


class Target(NamedTuple):
    """A report: its format and its file, ``None`` for standard output."""

    format: str
    file: Path | None


_MACHINE = {".json": "json", ".md": "markdown", ".sarif": "sarif", ".xml": "junit"}
"""Endings of files that nobody means the console's report for."""


class Look(NamedTuple):
    """What the user asked to see."""

    show_all: bool = False
    suppressed: bool = False
    hook: str = ""
    started: datetime | None = None


def pair(formats: Sequence[str], outputs: Sequence[Path]) -> list[Target]:
    """Which format goes where. Fewer outputs than formats: ``console`` is the one that is printed.

    :raises click.UsageError: more outputs than formats, or two reports for standard output.
    """
    if not formats:
        for output in outputs:
            if output.suffix in _MACHINE:
                raise click.UsageError(
                    f"which report {output} is to hold is not said; add --format {_MACHINE[output.suffix]}"
                )
    formats = list(formats) or ["console"]
    if len(outputs) > len(formats):
        raise click.UsageError("each --output needs its --format")
    if len(outputs) == len(formats):
        return [Target(f, o) for f, o in zip(formats, outputs, strict=True)]
    if len(formats) - len(outputs) > 1:
        raise click.UsageError("only one report fits on standard output; give the others an --output")
    printed = "console" if "console" in formats else formats[-1]
    files = iter(outputs)
    return [Target(f, None if f == printed else next(files)) for f in formats]


_SPARED = "nothing was attacked, since commits do not wait for it: bluehook scan --staged does, verify.enabled sets it"


def scan(
    session: Session,
    collection: Collection,
    *,
    with_baseline: bool = True,
    hook: str | None = None,
    checks: Checks | None = None,
) -> Scanned:
    """Scan what was collected, and remember the result for ``bluehook explain``.

    ``hook`` names the git hook that runs (attacks have a budget there), ``checks`` says how a language model is asked,
    in place of the configuration.
    """
    from bluehook.cli import _looser, _memory
    from bluehook.scan import Scan

    checks = session.checks() if checks is None else checks
    repository = session.repository
    with Progress(hook=hook is not None) as progress:
        scanned = Scan(
            collection.root,
            session.configs,
            cache=session.cache,
            read_blobs=repository.read_blobs if repository is not None else None,
            progress=progress.tell,
            with_baseline=with_baseline,
            attacks=session.attacks(hook),
            attacked=progress.attacked,
            checks=checks._replace(progress=progress.asked) if checks is not None else None,
            foremost=repository.uncommitted if repository is not None else None,
        ).run(collection.files, collection.problems)
    scanned.result.notes += [*session.cache_problems(), *_looser.notes(session)]
    if session.spares_commit(hook) and any(finding.suppressed is None for finding in scanned.result.findings):
        scanned.result.notes.append(Problem("verify", _SPARED))
    _memory.remember(session.cache, scanned.result)
    return scanned


def write(scanned: Scanned, targets: Sequence[Target], look: Look) -> None:
    """Render and write every report.

    :raises BluehookError: a file cannot be written.
    """
    from bluehook import report

    for target in targets:
        text = report.render(target.format, scanned.result, _options(scanned, target, look))
        if target.file is None:
            show(text)
            continue
        try:
            target.file.parent.mkdir(parents=True, exist_ok=True)
            target.file.write_bytes(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise BluehookError(f"{target.file}: cannot write the report: {error.strerror}") from error


def show(text: str) -> None:
    """Write to standard output whatever its encoding is.

    Raises:
        BluehookError: it cannot be written to; a reader that went away is left to the caller.
    """
    stream = _printed()
    try:
        stream.buffer.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BluehookError(f"standard output: cannot write the report: {error.strerror}") from error


def prompts(recorder: Recorder, status: int) -> int:
    """Print the requests that were written down instead of sent; the exit status, of which findings are no part."""
    for request in recorder.requests:
        show(f"=== {request.id}\n--- system\n{request.system}\n--- user\n{request.user}\n\n")
    show(f"{recorder.summary()}; nothing was sent\n")
    return 0 if status in (0, 1) else status


def _options(scanned: Scanned, target: Target, look: Look) -> Options:
    from bluehook.report import Options

    options = Options(
        read=scanned.texts.get,
        show_all=look.show_all,
        suppressed=look.suppressed,
        hook=look.hook,
        started=look.started,
        ended=datetime.now(timezone.utc),
    )
    return fitting(options) if target.file is None and target.format == "console" else options


def fitting(options: Options | None = None) -> Options:
    """The options with the width and the colours that standard output takes."""
    from bluehook import report

    return report.fitting(options or report.Options(), _printed(), os.environ)


def _printed() -> TextIO:
    # Python has none where the program was started with it closed (`>&-`), whatever its type says.
    stream: TextIO | None = sys.stdout
    if stream is None:
        raise BluehookError("standard output is closed; name a file for the report with --format and --output")
    return stream
