"""``bluehook scan``: look at files, report, and say with the exit status whether to go on."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.cli._session import Session
    from bluehook.collect import Collection, Repository
    from bluehook.scan import Checks

_FORMATS = ("console", "gitlab", "json", "junit", "markdown", "sarif")


@click.command("scan", short_help="Scan paths, what is staged, or a range of commits.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--staged", is_flag=True, help="What is staged for the next commit, read from the git index.")
@click.option("--diff", metavar="A..B", help="What changed in a range of commits (origin/main... for a pull request).")
@click.option(
    "--hook",
    type=click.Choice(["pre-commit", "pre-push"]),
    help="What the running git hook is about: the staged files, the pushed range, or all under --all-files.",
)
@click.option("--stdin-name", metavar="PATH", help="With '-' as PATH: what the text on standard input is called.")
@click.option("--format", "-f", "formats", multiple=True, type=click.Choice(_FORMATS), help="Report; may be repeated.")
@click.option(
    "--output", "-o", "outputs", multiple=True, type=click.Path(dir_okay=False, path_type=Path),
    help="File for the report; the n-th goes with the n-th --format.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["proven", "likely", "possible", "never"]), help="Least verdict that blocks."
)
@click.option("--on-incomplete", type=click.Choice(["warn", "fail"]), help="When something could not be looked at.")
@click.option(
    "--changed-only/--all-findings", "changed_only", default=None,
    help="Of changed files report what the change introduced (default), or everything in them.",
)  # fmt: skip
@click.option("--baseline", type=click.Path(path_type=Path), help="File of the findings that were known before.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
@click.option("--verify/--no-verify", "verify", default=None, help="Attack in a sandbox what the change touched.")
@click.option("--python", type=click.Path(path_type=Path), help="The interpreter, or its environment, to attack on.")
@click.option("--check/--no-check", "check", default=None, help="Ask a language model about what is still open.")
@click.option("--show-prompts", is_flag=True, help="Print what --check would send first, and send nothing.")
@click.option(
    "--batch-out", type=click.Path(dir_okay=False, path_type=Path),
    help="Write what --check would ask as a file for a batch run, and send nothing.",
)  # fmt: skip
@click.option(
    "--batch-in", type=click.Path(dir_okay=False, path_type=Path),
    help="Take the answers from the results of a batch run, and send nothing.",
)  # fmt: skip
@click.option("--offline", is_flag=True, default=None, help="Open no socket.")
@click.option("--no-cache", is_flag=True, help="Look at everything anew and remember nothing.")
@click.option("--show-all", is_flag=True, help="List every possible finding on the console.")
@click.option("--include-suppressed", is_flag=True, help="SARIF and JUnit: suppressed findings too, marked as such.")
def command(
    paths: tuple[Path, ...],
    staged: bool,
    diff: str | None,
    hook: str | None,
    stdin_name: str | None,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    fail_on: str | None,
    on_incomplete: str | None,
    changed_only: bool | None,
    baseline: Path | None,
    config: Path | None,
    verify: bool | None,
    python: Path | None,
    check: bool | None,
    show_prompts: bool,
    batch_out: Path | None,
    batch_in: Path | None,
    offline: bool | None,
    no_cache: bool,
    show_all: bool,
    include_suppressed: bool,
) -> int:
    """Scan PATHs (default: the tree from here), what is staged, or a range of commits.

    \b
    bluehook scan                          the tree from here
    bluehook scan --staged                 what the next commit will hold
    bluehook scan --diff origin/main...    what a pull request brings
    bluehook scan -f console -f sarif -o bluehook.sarif
    """
    if sum([bool(paths), staged, diff is not None, hook is not None]) > 1:
        raise click.UsageError("give one of PATH, --staged, --diff and --hook")
    if Path("-") in paths and len(paths) > 1:
        raise click.UsageError("'-' stands for standard input and goes alone; a file of that name is ./-")
    if stdin_name is not None and paths != (Path("-"),):
        raise click.UsageError("--stdin-name names what '-' as PATH reads from standard input; give that too")
    from bluehook.cli import _output
    from bluehook.cli._session import Session, there

    started = datetime.now(timezone.utc)
    targets = _output.pair(formats, outputs)
    given = {
        "fail-on": fail_on,
        "on-incomplete": on_incomplete,
        "all-findings": None if changed_only is None else not changed_only,
        "baseline": str(baseline.absolute()) if baseline is not None else None,
        "verify.enabled": verify,
        "verify.python": str(there(python)) if python is not None else None,
        "check.enabled": True if show_prompts else check,
        "offline": offline,
        "cache.enabled": False if no_cache else None,
    }
    session = Session(given, config=config, start=_start(paths))
    collection = _collect(session, paths, staged, diff, hook, stdin_name)
    # An editor that hands over its text waits for the answer as a commit does.
    waiting = "pre-commit" if paths == (Path("-"),) else hook
    if show_prompts:
        return _prompts(session, collection, waiting)
    turns = _Turns(session, batch_in, batch_out)
    scanned = _output.scan(session, collection, hook=waiting, checks=turns.checks)
    turns.write()
    look = _output.Look(show_all, include_suppressed, hook or "", started)
    _output.write(scanned, targets, look)
    return scanned.result.exit_code


def _prompts(session: Session, collection: Collection, hook: str | None) -> int:
    """Print the first request about each open suspicion, as it would be sent; no socket is opened."""
    from bluehook.check.record import Recorder
    from bluehook.cli import _output

    recorder = Recorder()
    scanned = _output.scan(session, collection, hook=hook, checks=session.recording(recorder))
    return _output.prompts(recorder, scanned.result.exit_code)


class _Turns:
    """A turn of a batch run: ``checks`` is ``None`` where nothing was asked for."""

    def __init__(self, session: Session, results: Path | None, out: Path | None) -> None:
        from bluehook.findings import BluehookError

        self.checks: Checks | None = None
        self._out = out
        self._model = session.configs.run.settings.check.model
        if results is None and out is None:
            return
        from bluehook.check.batch import Results
        from bluehook.check.record import Recorder, Turns

        if out is not None and not self._model:
            raise BluehookError("--batch-out needs the name of a model: set BLUEHOOK_CHECK_MODEL or check.model")
        self._recorder = Recorder()
        read = Results(results) if results is not None else None
        self.checks = session.recording(Turns(read, self._recorder if out is not None else None))

    def write(self) -> None:
        """Write down what has no answer yet, and say what to do with it."""
        if self._out is None:
            return
        from bluehook.check import batch

        size = batch.write(self._out, self._recorder.lines(self._model))
        click.echo(f"bluehook: {self._out}: {self._recorder.summary()}, {size} bytes; nothing was sent", err=True)


def _start(paths: tuple[Path, ...]) -> Path:
    """Where the configuration is looked for: here, or at the first path when that lies elsewhere."""
    here = Path.cwd()
    named = [path.absolute() for path in paths if path != Path("-")]
    if not named or any(path.is_relative_to(here) for path in named):
        return here
    return named[0] if named[0].is_dir() else named[0].parent


def _collect(
    session: Session,
    paths: tuple[Path, ...],
    staged: bool,
    diff: str | None,
    hook: str | None,
    stdin_name: str | None,
) -> Collection:
    from bluehook import collect

    changed = staged or diff is not None or hook is not None
    limits = session.limits(walked=not changed)
    if paths == (Path("-"),):
        text = click.get_binary_stream("stdin").read()
        return collect.standard_input(text, stdin_name or "stdin.py", limits)
    if not changed:
        return collect.paths(paths or (session.start,), session.root, limits)
    if session.repository is None:
        raise click.UsageError(f"{session.start} is not inside a git repository; give PATHs instead")
    if hook is not None:
        return _hooked(session, session.repository, hook)
    return session.repository.staged(limits) if staged else session.repository.between(diff or "", limits)


def _hooked(session: Session, repository: Repository, hook: str) -> Collection:
    """What the hook is about. Under ``pre-commit run --all-files`` nothing is staged, and everything is meant."""
    import os

    from bluehook import collect

    changes = session.limits(walked=False)
    if hook == "pre-push" or "PRE_COMMIT_FROM_REF" in os.environ:
        stdin = click.get_binary_stream("stdin")
        lines = b"" if "PRE_COMMIT" in os.environ or stdin.isatty() else stdin.read()
        spans = collect.pushed_range(repository, os.environ, lines)
        return collect.joined(repository.root, [repository.between(span, changes) for span in spans])
    if "PRE_COMMIT" in os.environ and not repository.has_staged():
        return collect.paths((repository.root,), repository.root, session.limits(walked=True))
    return repository.staged(changes)
