"""``bluehook constitutions``: list, show and check what bluehook knows of safe and unsafe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.knowledge import Constitution, Library

_TASKS = ("vuln-code", "bias-code", "malicious-instruction", "biased-instruction", "prompt-injection")
"""As in `knowledge.Task`, which help does not import; a test holds the two together."""


@click.group("constitutions", short_help="List, show and check what makes code unsafe or safe.")
def command() -> None:
    """What makes code or an instruction unsafe, and what makes it safe: the shipped set and the project's own."""


@command.command("list")
@click.option("--task", type=click.Choice(_TASKS), help="Only those of this task.")
def list_(task: str | None) -> int:
    """List every constitution with its task, its weaknesses and where it comes from."""
    library = _library()
    for each in library.constitutions:
        if task in (None, each.task):
            own = "" if each.origin == "package" else f"  ({_plain(each.file)})"
            click.echo(f"{each.task:22} {each.id:32} {', '.join(each.weakness)}{own}")
    return _tell_problems(library)


@command.command("show")
@click.argument("name", metavar="ID")
def show(name: str) -> int:
    """Show one in full; where the project has one of the same ID, both."""
    from bluehook.config import trail
    from bluehook.findings import BluehookError

    library = _library()
    found = library.get(name)
    if not found:
        guess = trail.nearest(name, [each.id for each in library.constitutions])
        raise BluehookError(f"no constitution is called {name!r}{guess}")
    click.echo("\n\n".join(_page(each) for each in found))
    return _tell_problems(library)


@command.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
def lint(paths: Sequence[Path]) -> int:
    """Check files or folders of constitutions; without PATH the shipped ones and the project's.

    Exit status: 0 all are in order, 1 some are not.
    """
    from bluehook import resources
    from bluehook.knowledge import library

    own = _project_folder()
    told = library.lint(paths or [resources.folder("constitutions"), *([own] if own.is_dir() else [])])
    wrong = [sentence for _, sentence in told if sentence is not None]
    for sentence in wrong:
        click.echo(_plain(sentence))
    click.echo(f"{len(told)} constitutions, {len(wrong)} not in order")
    return 1 if wrong else 0


def _library() -> Library:
    from bluehook.cli._session import Session
    from bluehook.knowledge import load

    config = Session({}).configs.run
    return load(config.directory, config.settings.constitutions)


def _project_folder() -> Path:
    from bluehook.cli._session import Session

    config = Session({}).configs.run
    return config.resolve(config.settings.constitutions)


def _tell_problems(library: Library) -> int:
    for problem in library.problems:
        click.echo(f"left out: {_plain(f'{problem.path}: {problem.reason}')}", err=True)
    return 3 if library.problems else 0


def _page(each: Constitution) -> str:
    """One constitution as text; what it holds is shown, not interpreted."""
    from bluehook.weaknesses import TABLE

    parts = [f"{each.id}  ({each.task}, {each.origin}, {each.file}, {each.digest})", each.principle]
    parts.append("\n".join(f"{slug}: {TABLE[slug].title} (CWE-{TABLE[slug].cwe})" for slug in each.weakness))
    lists = (("Unsafe", each.unsafe), ("Safe", each.safe), ("Looks right and is not", each.false_guards))
    parts += [f"{title}:\n" + "\n".join(f"  - {line}" for line in lines) for title, lines in lists if lines]
    examples = (("Unsafe example", each.example_unsafe), ("Safe example", each.example_safe))
    parts += [f"{title}:\n" + "\n".join(f"    {line}" for line in code.splitlines()) for title, code in examples]
    if each.unseen:
        parts.append(f"No detector sees the unsafe example: {each.unseen}")
    if each.check:
        parts.append(
            "Checked without a model:\n" + "\n".join(f"  - {f.name} ({f.says}): {f.message}" for f in each.check)
        )
    held = each.evidence
    parts.append(f"Evidence: {held.unsafe} unsafe, {held.safe} safe, {held.proven} proven. {held.source}".strip())
    if each.history:
        parts.append("History:\n" + "\n".join(f"  - {line}" for line in each.history))
    return "\n\n".join(_plain(part.strip()) for part in parts)


def _plain(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
