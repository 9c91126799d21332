"""``bluehook learn``: train what bluehook judges by, from its own red-team instances."""

from __future__ import annotations

from pathlib import Path

import click

from bluehook.findings import BluehookError


@click.command("learn", short_help="Train the local judge of instructions anew.")
@click.argument("what", type=click.Choice(["instructions"]))
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def command(what: str, output: Path) -> int:
    """Train the local judge of instructions anew; takes minutes and the extra train.

    \b
    bluehook learn instructions -o bluehook/text/weights.json
    """
    try:
        from bluehook.learn import instructions
    except ImportError as error:
        raise BluehookError(f"{error.name} is not installed; pip install 'bluehook[train]'") from error
    content = instructions.train(lambda line: click.echo(line, err=True))
    try:
        instructions.write(content, output)
    except OSError as error:
        raise BluehookError(f"{output}: cannot write the weights: {error.strerror}") from error
    return 0
