"""``bluehook init``: put the hooks into .pre-commit-config.yaml, leaving everything else in it as it is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

_FILE = ".pre-commit-config.yaml"
_REPOSITORY = "https://github.com/bluehook/bluehook"
_HOOKS = ("bluehook", "bluehook-push")
_ENTRY = {"bluehook": "bluehook scan --hook pre-commit", "bluehook-push": "bluehook scan --hook pre-push"}
_STAGE = {"bluehook": "pre-commit", "bluehook-push": "pre-push"}


@click.command("init", short_help="Add the hooks to .pre-commit-config.yaml.")
@click.option("--local", is_flag=True, help="Use the bluehook that is installed here instead of a published one.")
@click.option("--push/--no-push", default=True, help="Also judge what a push brings.")
@click.option("--dry-run", is_flag=True, help="Print the change without making it.")
def command(local: bool, push: bool, dry_run: bool) -> int:
    """Add the hooks to .pre-commit-config.yaml and print what changed."""
    import difflib

    from bluehook.collect import Repository
    from bluehook.findings import BluehookError

    repository = Repository.find(Path.cwd())
    if repository is None:
        raise BluehookError(f"{Path.cwd()} is not inside a git repository; run git init first")
    file = repository.root / _FILE
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BluehookError(f"{file}: cannot be read: {error}") from error
    after = amended(before, _HOOKS if push else _HOOKS[:1], local=local)
    if after == before:
        click.echo(f"{_FILE} has the hooks already")
    else:
        lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{_FILE}", f"b/{_FILE}")
        click.echo("".join(lines), nl=False)
        if not dry_run:
            file.write_text(after, encoding="utf-8")
    types = "--hook-type pre-commit --hook-type pre-push" if push else ""
    click.echo(f"next: pre-commit install {types}".rstrip() + ", then bluehook doctor")
    return 0


def amended(text: str, hooks: Sequence[str], *, local: bool) -> str:
    """A configuration of pre-commit with these hooks of ours in it; comments and order of the rest stay.

    Raises:
        BluehookError: the text is not a configuration of pre-commit.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.util import load_yaml_guess_indent

    from bluehook.findings import BluehookError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    try:
        document = yaml.load(text) if text.strip() else {"repos": []}
        _, indent, offset = load_yaml_guess_indent(text) if text.strip() else (None, 4, 2)
    except YAMLError as error:
        raise BluehookError(f"{_FILE}: not valid YAML: {' '.join(str(error).split())[:200]}") from error
    yaml.indent(mapping=2, sequence=indent or 4, offset=2 if offset is None else offset)
    if not isinstance(document, dict) or not isinstance(document.setdefault("repos", []), list):
        raise BluehookError(f"{_FILE}: expected a mapping with the list 'repos'; pre-commit would refuse it too")
    missing = [hook for hook in hooks if hook not in _present(document)]
    if not missing:
        return text
    _add(document["repos"], missing, local)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _present(document: dict[str, Any]) -> set[str]:
    hooks = [hook for repo in document["repos"] or [] if isinstance(repo, dict) for hook in repo.get("hooks") or []]
    return {hook["id"] for hook in hooks if isinstance(hook, dict) and "id" in hook}


def _add(repos: list[Any], hooks: Sequence[str], local: bool) -> None:
    from bluehook import __version__

    wanted = "local" if local else _REPOSITORY
    entry = next((r for r in repos if isinstance(r, dict) and r.get("repo") == wanted), None)
    if entry is None:
        entry = {"repo": wanted} if local else {"repo": wanted, "rev": f"v{__version__}"}
        repos.append(entry)
    entry.setdefault("hooks", []).extend(_local(hook) if local else {"id": hook} for hook in hooks)


def _local(hook: str) -> dict[str, Any]:
    return {
        "id": hook,
        "name": hook,
        "entry": _ENTRY[hook],
        "language": "system",
        "types": ["python"],
        "pass_filenames": False,
        "require_serial": True,
        "stages": [_STAGE[hook]],
    }
