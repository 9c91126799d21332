"""The Semgrep rules of ``rules/``, compiled into the one JSON file that the engine starts fastest with.

A rule file is ordinary Semgrep YAML with one addition: a list item ``{include: NAME}`` stands for the list of that
name in ``rules/_common.yaml``, so that the sources of a web framework are written once. Each rule's ``metadata`` names
its ``weakness`` (a key of ``weaknesses.TABLE``) and what a match ``says`` (a value of ``findings.Says``).
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bluehook.findings import BluehookError, Says
from bluehook.weaknesses import TABLE

_COMMON = "_common.yaml"


class Pack(NamedTuple):
    """A compiled set of rules: the JSON file, and a digest of all that went into it (hexadecimal)."""

    path: Path
    digest: str


def rule_files(folders: Iterable[Path]) -> list[Path]:
    """The rule files of these folders, in a fixed order; sample code beside them and shared lists are left out."""
    return sorted(p for f in folders for p in f.rglob("*.yaml") if not p.name.startswith("_"))


def digest(folders: Sequence[Path], sanitizers: Sequence[str] = ()) -> str:
    """A digest of every rule file and of the sanitizers that the configuration adds."""
    total = hashlib.sha256(json.dumps(list(sanitizers)).encode())
    for path in sorted(p for f in folders for p in f.rglob("*.yaml")):
        total.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def compiled(folders: Sequence[Path], cache: Path | None, sanitizers: Sequence[str] = ()) -> Pack:
    """The pack for these folders, from the cache directory if it is there already, else compiled and left there.

    ``cache`` may be ``None`` or unwritable; the pack then lives in a temporary directory until the process ends.

    :raises BluehookError: a rule file is not what it should be.
    """
    name = digest(folders, sanitizers)
    if cache is not None:
        ready = cache / f"rules-{name[:32]}.json"
        if ready.is_file():
            return Pack(ready, name)
    text = json.dumps({"rules": compile_rules(folders, sanitizers)}, separators=(",", ":"))
    for directory in [cache] if cache is not None else []:
        try:
            return Pack(_write(directory, f"rules-{name[:32]}.json", text), name)
        except OSError:
            break
    return Pack(_write(Path(tempfile.mkdtemp(prefix="bluehook-rules-")), "rules.json", text), name)


def _write(directory: Path, name: str, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".rules-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    target = directory / name
    Path(temporary).replace(target)
    return target


def compile_rules(folders: Sequence[Path], sanitizers: Sequence[str] = ()) -> list[dict[str, Any]]:
    """All rules of these folders with their includes expanded.

    ``sanitizers`` are dotted names of functions whose result every taint rule then takes as clean.

    :raises BluehookError: naming the file and the rule at fault.
    """
    shared: dict[str, list[Any]] = {}
    for folder in folders:
        if (folder / _COMMON).is_file():
            shared.update(_load(folder / _COMMON))
    rules: list[dict[str, Any]] = []
    for path in rule_files(folders):
        for rule in _load(path).get("rules", []):
            rules.append(_checked(_expand(rule, shared, path), path))
    if sanitizers:
        extra = [{"pattern": f"{name}(...)"} for name in sanitizers]
        for rule in rules:
            if rule.get("mode") == "taint":
                rule["pattern-sanitizers"] = [*rule.get("pattern-sanitizers", []), *extra]
    return rules


def _load(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_bytes(), Loader=loader)
    except yaml.YAMLError as error:
        raise BluehookError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise BluehookError(f"{path}: a rule file is a mapping with the key 'rules'")
    return document


def _expand(node: Any, shared: Mapping[str, list[Any]], path: Path) -> Any:
    if isinstance(node, dict):
        return {key: _expand(value, shared, path) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    items: list[Any] = []
    for item in node:
        if isinstance(item, dict) and set(item) == {"include"}:
            if item["include"] not in shared:
                raise BluehookError(f"{path}: include: {item['include']!r} is not in {_COMMON}")
            items.extend(_expand(shared[item["include"]], shared, path))
        else:
            items.append(_expand(item, shared, path))
    return items


def _checked(rule: dict[str, Any], path: Path) -> dict[str, Any]:
    name, metadata = rule.get("id", "?"), rule.get("metadata", {})
    if metadata.get("weakness") not in TABLE:
        raise BluehookError(f"{path}: rule {name}: metadata.weakness must be one of the names in docs/weaknesses.md")
    if metadata.get("says") not in {Says.SHOWS.value, Says.SUSPECTS.value, Says.HINTS.value}:
        raise BluehookError(f"{path}: rule {name}: metadata.says must be shows, suspects or hints")
    return rule
