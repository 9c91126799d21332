"""``bluehook init``: put the hooks into .pre-commit-config.yaml, leaving everything else in it as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.collect import Repository


@click.command("init", short_help="Add the hooks to .pre-commit-config.yaml.")
@click.option("--local", is_flag=True, help="Use the bluehook that is installed here instead of a published one.")
@click.option("--push/--no-push", default=True, help="Also judge what a push brings.")
@click.option(
    "--instructions/--no-instructions", default=None,
    help="Also judge files that coding agents follow; default: when there are any.",
)  # fmt: skip
@click.option("--commit-msg/--no-commit-msg", default=None, help="Also judge commit messages; default: likewise.")
@click.option("--dry-run", is_flag=True, help="Print the change without making it.")
def command(local: bool, push: bool, instructions: bool | None, commit_msg: bool | None, dry_run: bool) -> int:
    """Add the hooks to .pre-commit-config.yaml and print what changed."""
    import difflib

    from bluehook.cli._hook_file import FILE, amended
    from bluehook.collect import Repository
    from bluehook.findings import BluehookError

    repository = Repository.find(Path.cwd())
    if repository is None:
        raise BluehookError(f"{Path.cwd()} is not inside a git repository; run git init first")
    follows = _followed(repository) if instructions is None or commit_msg is None else ""
    asked = {
        "bluehook": True,
        "bluehook-push": push,
        "bluehook-instructions": bool(follows) if instructions is None else instructions,
        "bluehook-commit-msg": bool(follows) if commit_msg is None else commit_msg,
    }
    hooks = [hook for hook, wanted in asked.items() if wanted]
    file = repository.root / FILE
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BluehookError(f"{file}: cannot be read: {error}") from error
    after = amended(before, hooks, local=local)
    if after == before:
        click.echo(f"{FILE} has the hooks already")
    else:
        lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{FILE}", f"b/{FILE}")
        click.echo("".join(lines), nl=False)
        if not dry_run:
            file.write_bytes(after.encode("utf-8"))
    if follows:
        click.echo(
            f"{follows} is there for coding agents, so texts are judged too (--no-instructions, --no-commit-msg)"
        )
    click.echo("next: pre-commit install, then bluehook doctor")
    return 0


def _followed(repository: Repository) -> str:
    """A file of the repository that coding agents follow, or ``""``."""
    from bluehook.config import Configs
    from bluehook.instructions.surfaces import wanted

    says = wanted(Configs(repository.root, repository.root).of, prose=False)
    return next((path for path in repository.tree(repository.root) if says(path)), "")
