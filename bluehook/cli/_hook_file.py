"""Our hooks in a ``.pre-commit-config.yaml``: lines are put in where they belong, and no other line is touched."""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bluehook import __version__
from bluehook.findings import BluehookError

FILE = ".pre-commit-config.yaml"
_REPOSITORY = "https://github.com/bluehook/bluehook"
_TYPES = "default_install_hook_types"


class Hook(NamedTuple):
    """A hook of ours: the stage of git that it runs in, its command, and whether Python files alone set it off.

    ``takes_file`` says that pre-commit names it the file to look at.
    """

    stage: str
    entry: str
    python: bool = False
    takes_file: bool = False


HOOKS = {
    "bluehook": Hook("pre-commit", "bluehook scan --hook pre-commit", python=True),
    "bluehook-push": Hook("pre-push", "bluehook scan --hook pre-push", python=True),
    "bluehook-instructions": Hook("pre-commit", "bluehook check --hook pre-commit"),
    "bluehook-commit-msg": Hook("commit-msg", "bluehook check --surface commit-message", takes_file=True),
}
"""As ``.pre-commit-hooks.yaml`` has them."""


def amended(text: str, hooks: Sequence[str], *, local: bool) -> str:
    """A configuration of pre-commit with these hooks of ours in it; everything else stays as it stands.

    ``default_install_hook_types`` is made to name their stages, so that a bare ``pre-commit install`` installs all.

    :raises BluehookError: the text is not a configuration of pre-commit.
    """
    document = _loaded(text)
    missing = [hook for hook in hooks if hook not in _present(document)]
    unnamed = _unnamed(document, hooks)
    wanted = _with(document, missing, unnamed, local)
    if wanted == document:
        return text
    for edit in (_inserted, _rewritten):
        after = edit(text, missing, unnamed, local)
        with contextlib.suppress(BluehookError):
            if after is not None and _loaded(after) == wanted:
                return after
    raise BluehookError(f"{FILE}: the hooks could not be put in; add them by hand, as the documentation shows")


def stages(text: str) -> list[str]:
    """The stages of git in which hooks of ours are configured. Raises ``BluehookError`` as :func:`amended`."""
    present = _present(_loaded(text))
    return list(dict.fromkeys(hook.stage for name, hook in HOOKS.items() if name in present))


def _loaded(text: str) -> dict[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(text) if text.strip() else None
    except YAMLError as error:
        raise BluehookError(f"{FILE}: not valid YAML: {' '.join(str(error).split())[:200]}") from error
    document = {} if document is None else document
    if not isinstance(document, dict) or not isinstance(document.get("repos") or [], list):
        raise BluehookError(f"{FILE}: expected a mapping with the list 'repos'; pre-commit would refuse it too")
    if not isinstance(document.get(_TYPES, []), list):
        raise BluehookError(f"{FILE}: expected a list as {_TYPES!r}; pre-commit would refuse it too")
    return document


def _present(document: dict[str, Any]) -> set[str]:
    hooks = [hook for repo in document.get("repos") or [] if isinstance(repo, dict) for hook in repo.get("hooks") or []]
    return {hook["id"] for hook in hooks if isinstance(hook, dict) and "id" in hook}


def _unnamed(document: dict[str, Any], hooks: Sequence[str]) -> list[str]:
    """The stages that a bare ``pre-commit install`` would leave out."""
    named = document.get(_TYPES, ["pre-commit"])
    return [stage for stage in dict.fromkeys(HOOKS[hook].stage for hook in hooks) if stage not in named]


def _with(document: Any, missing: Sequence[str], stages: Sequence[str], local: bool) -> Any:
    """The document with what is missing; of a document that knows its comments they stay."""
    new = copy.deepcopy(document)
    if missing:
        new["repos"] = new.get("repos") or []
        entry = _entry(new["repos"], local)
        if entry is None:
            entry = {"repo": "local"} if local else {"repo": _REPOSITORY, "rev": f"v{__version__}"}
            new["repos"].append(entry)
        entry["hooks"] = entry.get("hooks") or []
        entry["hooks"].extend(_hook(name, local) for name in missing)
    if stages:
        new.setdefault(_TYPES, ["pre-commit"]).extend(stages)
    return new


def _entry(repos: Sequence[Any], local: bool) -> Any:
    wanted = "local" if local else _REPOSITORY
    return next((repo for repo in repos if isinstance(repo, dict) and repo.get("repo") == wanted), None)


def _hook(name: str, local: bool) -> dict[str, Any]:
    if not local:
        return {"id": name}
    hook = HOOKS[name]
    entry: dict[str, Any] = {"id": name, "name": name, "entry": hook.entry, "language": "system"}
    if hook.python:
        entry["types"] = ["python"]
    if not hook.takes_file:
        entry |= {"pass_filenames": False, "require_serial": True}
    return {**entry, "stages": [hook.stage]}


def _rewritten(text: str, missing: Sequence[str], stages: Sequence[str], local: bool) -> str:
    """Written anew, where no line could be put in (a file in braces); comments stay as far as they can."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_with(yaml.load(text) or {}, missing, stages, local), out)
    return out.getvalue()


def _inserted(text: str, missing: Sequence[str], stages: Sequence[str], local: bool) -> str | None:
    """The text with lines put in, ``None`` where it is not laid out in lines."""
    end = "\r\n" if "\r\n" in text else "\n"
    root = YAML().compose(text) if text.strip() else None
    keys = {key.value: (key, value) for key, value in root.value} if root is not None else {}
    if root is not None and root.flow_style:
        return None
    lines = [line.removesuffix("\n").removesuffix("\r") for line in text.split("\n")]
    if lines[-1] == "":
        lines.pop()
    edits: list[tuple[int, list[str]]] = []
    if missing:
        edit = _repos_edit(keys.get("repos"), missing, local, lines)
        if edit is None:
            return None
        edits.append(edit)
    if stages:
        edits.append(_stages_edit(keys.get(_TYPES), stages, lines))
    # From the end, so that rows stay what they are; of two at one row the hooks come to stand first.
    edits.sort(key=lambda edit: edit[0])
    for row, new in reversed(edits):
        lines[row:row] = new
    return "".join(line + end for line in lines)


def _repos_edit(found: Any, missing: Sequence[str], local: bool, lines: list[str]) -> tuple[int, list[str]] | None:
    """The row before which the hooks are put in, and their lines."""
    if found is None:
        return len(lines), ["repos:", *_block([_new_entry(missing, local)], _Layout(2, 2, 2))]
    key, repos = found
    if not isinstance(repos.value, list) or not repos.value:
        row = key.start_mark.line
        # ``repos:`` alone or ``repos: []``: what stands in the row behind it gives way.
        lines[row] = lines[row][: key.end_mark.column] + ":"
        return row + 1, _block([_new_entry(missing, local)], _Layout(2, 2, 2))
    if repos.flow_style:
        return None
    layout = _Layout.of(repos)
    for node in repos.value:
        if node.flow_style or not isinstance(node.value, list):
            continue
        parts = {each.value: value for each, value in node.value}
        hooks = parts.get("hooks")
        if "repo" in parts and parts["repo"].value == ("local" if local else _REPOSITORY):
            if hooks is None or hooks.flow_style or not hooks.value:
                return None
            own = _Layout(hooks.start_mark.column, layout.gap, 0)
            return _last_row(hooks) + 1, _block([_hook(name, local) for name in missing], own)
    return _last_row(repos) + 1, _block([_new_entry(missing, local)], layout)


class _Layout(NamedTuple):
    """How lists are laid out: the column of the dash, from there to the text, and from that to an inner dash."""

    dash: int
    gap: int
    inner: int

    @classmethod
    def of(cls, repos: Any) -> _Layout:
        """As the user's own list of repositories is."""
        dash = repos.start_mark.column
        first = repos.value[0]
        text = first.start_mark.column
        hooks = [value for key, value in first.value if key.value == "hooks"] if isinstance(first.value, list) else []
        inner = hooks[0].start_mark.column - text if hooks and not hooks[0].flow_style and hooks[0].value else 2
        return cls(dash, text - dash, inner)


def _new_entry(missing: Sequence[str], local: bool) -> dict[str, Any]:
    head = {"repo": "local"} if local else {"repo": _REPOSITORY, "rev": f"v{__version__}"}
    return {**head, "hooks": [_hook(name, local) for name in missing]}


def _block(items: Sequence[dict[str, Any]], layout: _Layout) -> list[str]:
    """A list of mappings, laid out."""
    lines = []
    for item in items:
        indent = " " * layout.dash + "-" + " " * (layout.gap - 1)
        for key, value in item.items():
            if key == "hooks":
                lines.append(f"{indent}hooks:")
                inside = layout.dash + layout.gap + layout.inner
                lines += _block(value, _Layout(inside, layout.gap, 0))
            else:
                shown = f"[{', '.join(value)}]" if isinstance(value, list) else value
                lines.append(f"{indent}{key}: {str(shown).lower() if isinstance(shown, bool) else shown}")
            indent = " " * (layout.dash + layout.gap)
    return lines


def _stages_edit(found: Any, stages: Sequence[str], lines: list[str]) -> tuple[int, list[str]]:
    if found is None:
        # Last, so that what the user wrote keeps its place.
        return len(lines), [f"{_TYPES}: [{', '.join(['pre-commit', *stages])}]"]
    _, named = found
    if named.flow_style:
        row, column = named.end_mark.line, named.end_mark.column - 1
        before = lines[row][:column].rstrip()
        comma = ", " if named.value and not before.endswith(",") else " " if before.endswith(",") else ""
        lines[row] = f"{before}{comma}{', '.join(stages)}{lines[row][column:]}"
        return len(lines), []
    column = named.start_mark.column
    gap = named.value[0].start_mark.column - column if named.value else 2
    return _last_row(named) + 1, [f"{' ' * column}-{' ' * (gap - 1)}{stage}" for stage in stages]


def _last_row(node: Any) -> int:
    """The last row of a node's own text: the end of a list is only known at what follows it."""
    if isinstance(node.value, str):
        end = node.end_mark
        return int(end.line) - (1 if end.column == 0 and end.line > node.start_mark.line else 0)
    if node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_row(last[1] if isinstance(last, tuple) else last)
