"""``bluehook baseline``: write down what is there today, so that only what is new blocks."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = ".bluehook-baseline"


@click.command("baseline", short_help="Write today's findings down as known.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help=f"File to write; else as configured, or {_FILE}.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
def command(paths: tuple[Path, ...], output: Path | None, config: Path | None) -> int:
    """Write today's findings in PATHs (default: the whole repository) into the baseline.

    Entries of files that are not looked at stay, reasons stay with their entries, and what is gone is dropped.
    """
    from bluehook import baseline, collect
    from bluehook.cli import _output
    from bluehook.cli._session import Session
    from bluehook.ending import FINISHED, INCOMPLETE

    session = Session({"fail-on": "never", "all-findings": True}, config=config)
    configured = session.configs.run.settings.baseline
    file = output or (session.configs.run.resolve(configured) if configured else session.root / _FILE)
    old = baseline.read(file) if file.exists() else []
    collection = collect.paths(paths or (session.root,), session.root, session.limits(walked=True))
    result = _output.scan(session, collection, with_baseline=False).result
    unseen = {problem.path for problem in result.problems if problem.incomplete}
    complete = not paths and None not in unseen

    def settled(path: str) -> bool:
        return complete and path not in unseen

    entries = baseline.renew(result.findings, old, settled)
    baseline.write(file, entries)
    found = sum(e.count for e in entries)
    lines = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    click.echo(f"{file}: {lines} for {found} {'finding' if found == 1 else 'findings'}")
    if configured is None and output is None:
        click.echo(f'next: set baseline = "{_FILE}" in [tool.bluehook] of pyproject.toml, and commit both')
    for problem in result.problems:
        if problem.incomplete:
            click.echo(f"not looked at: {problem.path or problem.stage}: {problem.reason}", err=True)
    return INCOMPLETE if unseen else FINISHED
