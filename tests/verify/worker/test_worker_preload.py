"""Installed packages are imported once for the targets that follow, and never in the place of the project's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from worker_harness import Worker, only

pytest.importorskip("jinja2", reason="needs an installed package that bluehook's worker does not use itself")

SLOW = "import time\nimport jinja2.sandbox\ntime.sleep(0.15)\n"
READS = "import os\nimport shop.slow\ndef target(name):\n    return open('/srv/' + name).read()\n"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Worker]:
    one = Worker(tmp_path)
    yield one
    one.close()


def project(root: Path, **files: str) -> None:
    (root / "shop").mkdir()
    (root / "shop" / "__init__.py").touch()
    for name, text in files.items():
        (root / "shop" / f"{name}.py").write_text(text)


def asked(worker: Worker, file: str = "shop/app.py") -> dict[str, object]:
    root = str(worker.directory)
    return worker.ask(id=file, root=root, file=file, function="target", budget=4, weaknesses=["path-traversal"])


def test_what_took_its_time_is_named_until_it_is_there(fresh: Worker) -> None:
    project(fresh.directory, slow=SLOW, app=READS)
    first = asked(fresh)
    modules = first["modules"]
    assert isinstance(modules, list)
    assert {"jinja2", "jinja2.sandbox"} <= set(modules)
    assert not {name for name in modules if name.startswith("shop")}
    fresh.send({"op": "preload", "modules": modules, "paths": []})
    second = asked(fresh)
    assert "jinja2.sandbox" not in second["modules"]  # type: ignore[operator]
    assert [one["ending"] for one in second["outcomes"]] == ["proven"]  # type: ignore[attr-defined]
    assert first["outcomes"][0]["effect"].split()[1:] == second["outcomes"][0]["effect"].split()[1:]  # type: ignore[index]


def test_what_loads_at_once_is_not_worth_it(fresh: Worker) -> None:
    project(fresh.directory, slow="", app=READS)
    assert asked(fresh)["modules"] == []


def test_the_projects_own_module_comes_before_an_installed_one(fresh: Worker) -> None:
    fresh.send({"op": "preload", "modules": ["jinja2", "jinja2.sandbox"], "paths": []})
    (fresh.directory / "jinja2.py").write_text("def place(name):\n    return '/srv/own/' + name\n")
    (fresh.directory / "app.py").write_text("import jinja2\ndef target(name):\n    open(jinja2.place(name))\n")
    outcome = only(asked(fresh, "app.py")["outcomes"], "path-traversal")  # type: ignore[arg-type]
    assert (outcome["ending"], "/srv/own/" in outcome["effect"]) == ("proven", True)
