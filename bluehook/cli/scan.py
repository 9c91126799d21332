"""``bluehook scan``: look at files, report, and say with the exit status whether to go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.cli._session import Session
    from bluehook.collect import Collection

_FORMATS = ("console", "gitlab", "json", "junit", "markdown", "sarif")


@click.command("scan")
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
@click.option("--fail-on", type=click.Choice(["proven", "likely", "possible", "never"]), help="Least verdict that blocks.")
@click.option("--on-incomplete", type=click.Choice(["warn", "fail"]), help="When something could not be looked at.")
@click.option(
    "--changed-only/--all-findings", "changed_only", default=None,
    help="Of changed files report what the change introduced (default), or everything in them.",
)  # fmt: skip
@click.option("--baseline", type=click.Path(path_type=Path), help="File of the findings that were known before.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
@click.option("--offline", is_flag=True, default=None, help="Open no socket.")
@click.option("--no-cache", is_flag=True, help="Look at everything anew and remember nothing.")
@click.option("--show-all", is_flag=True, help="List every possible finding on the console.")
@click.option("--include-suppressed", is_flag=True, help="SARIF and JSON: suppressed findings too, marked as such.")
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
    from bluehook.cli import _output
    from bluehook.cli._session import Session

    targets = _output.pair(formats, outputs)
    given = {
        "fail-on": fail_on,
        "on-incomplete": on_incomplete,
        "all-findings": None if changed_only is None else not changed_only,
        "baseline": str(baseline.absolute()) if baseline is not None else None,
        "offline": offline,
        "cache.enabled": False if no_cache else None,
    }
    session = Session(given, config=config)
    collection = _collect(session, paths, staged, diff, hook, stdin_name)
    scanned = _output.scan(session, collection)
    look = _output.Look(show_all=show_all, suppressed=include_suppressed, hook=hook is not None)
    _output.write(scanned, targets, look)
    return scanned.result.exit_code


def _collect(
    session: Session,
    paths: tuple[Path, ...],
    staged: bool,
    diff: str | None,
    hook: str | None,
    stdin_name: str | None,
) -> Collection:
    from bluehook import collect

    changes = session.limits(walked=False)
    if paths == (Path("-"),):
        text = click.get_binary_stream("stdin").read()
        return collect.standard_input(text, stdin_name or "stdin.py", session.root)
    if not (staged or diff or hook):
        return collect.paths(paths or (session.start,), session.root, session.limits(walked=True))
    if session.repository is None:
        raise click.UsageError(f"{session.start} is not inside a git repository; give PATHs instead")
    if hook is not None:
        return _hooked(session, hook)
    return session.repository.staged(changes) if staged else session.repository.between(diff or "", changes)


def _hooked(session: Session, hook: str) -> Collection:
    """What the hook is about. Under ``pre-commit run --all-files`` nothing is staged, and everything is meant."""
    import os

    from bluehook import collect

    assert session.repository is not None
    changes = session.limits(walked=False)
    if hook == "pre-push" or "PRE_COMMIT_FROM_REF" in os.environ:
        pushed = collect.pushed_range(session.repository, os.environ, click.get_binary_stream("stdin"))
        return session.repository.between(pushed, changes) if pushed else session.nothing()
    if "PRE_COMMIT" in os.environ and not session.repository.has_staged():
        return collect.paths((session.root,), session.root, session.limits(walked=True))
    return session.repository.staged(changes)
