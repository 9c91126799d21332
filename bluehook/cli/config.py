"""``bluehook config``: the effective configuration, and where each value comes from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("config", short_help="Print the configuration in force, with its origin.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
def command(path: Path | None, config: Path | None) -> int:
    """Print the configuration that holds here, or for PATH, with the origin of every value."""
    import json

    from bluehook.findings import BluehookError

    if path is not None and not path.exists():
        raise BluehookError(f"{path}: no such file or directory; check the spelling and the current directory")
    from bluehook.cli._session import Session

    folder = (path if path is None or path.is_dir() else path.parent) or Path.cwd()
    session = Session({}, config=config, start=folder.resolve())
    rows = session.configs.run.rows()
    width = max(len(row.key) for row in rows)
    for row in rows:
        click.echo(f"{row.key:{width}} = {json.dumps(row.value, ensure_ascii=False)}  # {row.origin}")
    return 0
