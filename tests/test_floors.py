"""The house has floors: nobody imports upwards, and stages know nothing of each other (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bluehook"

FLOORS: list[set[str]] = [
    {"findings", "messages", "weaknesses", "bandit_ids", "processes", "resources"},
    {"config", "cache"},
    {"parse", "collect", "decide", "report", "baseline", "suppress", "text", "knowledge"},
    {"detect", "verify", "check"},
    {"join", "crew", "instructions", "ending"},
    {"examine"},
    {"confirm", "consult"},
    {"scan"},
    {"evaluate", "redteam", "texts"},
    {"learn"},
    {"cli"},
]
"""Lowest first. A module may import from floors below its own, and from its own room."""

STAGES = {"parse", "collect", "decide", "report", "detect", "verify", "check", "knowledge"}
MAY_USE = {
    "knowledge": {"parse"},
    "detect": {"parse", "knowledge"},
    "verify": {"parse"},
    "check": {"parse", "knowledge", "decide"},
}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            base = node.module
            found |= {f"{base}.{alias.name}" for alias in node.names} if base == "bluehook" else {base}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("bluehook.") and room(name) != "__version__"}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.name not in ("__main__.py",) and p != PACKAGE / "__init__.py")


def floor(name: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if name in names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imports(path):
        other = room(name)
        if other == own:
            continue
        assert floor(other) <= floor(own), f"{path.name} imports {name} from a floor above"
        if own in STAGES and other in STAGES:
            assert other in MAY_USE.get(own, set()), f"stage {own} must not know stage {other}"


def test_what_runs_in_the_sandbox_imports_the_standard_library_only() -> None:
    for path in (PACKAGE / "verify" / "worker").rglob("*.py"):
        ours = {name for name in imports(path) if not name.startswith("bluehook.verify.worker")}
        assert ours == set(), f"{path.name} imports {ours}"
