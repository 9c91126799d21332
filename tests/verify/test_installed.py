from __future__ import annotations

from pathlib import Path

import pytest
from test_interpreter import environment

from bluehook.verify.installed import missing, sentence
from bluehook.verify.interpreter import Interpreter


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An environment with flask, a compiled module, and two editable installs; nobody runs it."""
    packages = environment(tmp_path / "env") / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "flask").mkdir()
    (packages / "_speedups.cpython-311-x86_64-linux-gnu.so").touch()
    (packages / "mine.pth").write_text(f"import site\n{tmp_path / 'elsewhere'}\n")
    (tmp_path / "elsewhere" / "linked").mkdir(parents=True)
    (packages / "__editable___other_1_0_finder.py").write_text("MAPPING = {'other': '/somewhere'}\n")
    return tmp_path / "env" / "bin" / "python"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import flask, django.db as db\n", ["django"]),
        ("from requests.adapters import HTTPAdapter\nfrom os import path\nimport json\n", ["requests"]),
        ("import _speedups\nimport linked\nfrom other import x\n", []),
        ("try:\n    import simplejson as json\nexcept ImportError:\n    import json\n", []),
        ("from . import near\nfrom .further import away\n", []),
        ("import beside\nimport above\nfrom inner import x\nimport laid\n", []),
        ("import sqlalchemy  # import more\nimport  yaml;x = 1\n", ["sqlalchemy", "yaml"]),
    ],
)
def test_imports_that_nothing_provides(tmp_path: Path, python: Path, text: str, names: list[str]) -> None:
    root = tmp_path / "project"
    for name in ("shop/beside.py", "above.py", "shop/inner/__init__.py", "src/laid.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    found = missing(root, python, {"shop/app.py": text.encode()})
    assert found == ({"shop/app.py": names} if names else {})


def test_what_an_environment_shuts_out_is_missing(tmp_path: Path, python: Path) -> None:
    own = Interpreter(python, ".venv")
    assert missing(tmp_path, python, {"a.py": b"import pytest\n"}) == {"a.py": ["pytest"]}
    told = sentence(own, ["b", "a", "a", "c", "d", "e"])
    assert f"attacked on {python} (.venv), where a, b, c, d and 1 more are not installed" in told
