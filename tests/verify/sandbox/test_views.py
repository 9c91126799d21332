from __future__ import annotations

from pathlib import Path

import pytest

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import views


def test_links_are_set_anew_and_their_targets_bound(tmp_path: Path) -> None:
    (tmp_path / "versions" / "3.11.7").mkdir(parents=True)
    (tmp_path / "versions" / "3.11").symlink_to("3.11.7")
    (tmp_path / "current").symlink_to(tmp_path / "versions" / "3.11")
    seen = views.view([tmp_path / "current"])
    assert seen.binds == [str(tmp_path.resolve() / "versions" / "3.11.7")]
    assert seen.links == {
        str(tmp_path / "current"): str(tmp_path / "versions" / "3.11"),
        str(tmp_path / "versions" / "3.11"): "3.11.7",
    }


def test_what_lies_below_a_view_needs_none_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "link").symlink_to("b")
    seen = views.view([tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "link"])
    assert (seen.binds, seen.links) == ([str(tmp_path / "a")], {})


def test_names_that_only_begin_alike_are_not_below_each_other(tmp_path: Path) -> None:
    for name in ("app", "apple"):
        (tmp_path / name).mkdir()
    assert len(views.view([tmp_path / "app", tmp_path / "apple"]).binds) == 2


def test_circles_and_missing_paths_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(BluehookError, match="circles"):
        views.view([tmp_path / "a"])
    with pytest.raises(BluehookError, match="does not exist"):
        views.view([tmp_path / "missing"])


@pytest.mark.parametrize("depth", [0, 1])
def test_the_home_directory_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int) -> None:
    home = tmp_path / "home" / "someone"
    (home / "project").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(BluehookError, match="holds the home directory"):
        views.view([[home, *home.parents][depth]])
    assert views.view([home / "project"]).binds == [str(home / "project")]


def test_a_shim_is_refused(tmp_path: Path) -> None:
    shim = tmp_path / "python"
    shim.write_text("#!/bin/sh\n")
    with pytest.raises(BluehookError, match="is a script"):
        views.interpreter(shim)


def test_of_a_python_installed_into_a_home_only_python_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for folder in ("bin", "lib/python3.11", "lib/secret"):
        (home / ".local" / folder).mkdir(parents=True)
    for name in ("python3.11", "deploy-with-password"):
        (home / ".local" / "bin" / name).write_bytes(b"\x7fELF")
    monkeypatch.setenv("HOME", str(home))
    binds = views.view(views.interpreter(home / ".local" / "bin" / "python3.11")).binds
    assert binds == [str(home / ".local" / "bin" / "python3.11"), str(home / ".local" / "lib" / "python3.11")]


def test_a_virtual_environment_brings_its_base(tmp_path: Path) -> None:
    base = tmp_path / "opt" / "python-3.12"
    for folder in ("bin", "lib/python3.12", "doc"):
        (base / folder).mkdir(parents=True)
    (base / "bin" / "python3").write_bytes(b"\x7fELF")
    environment = tmp_path / "project" / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python3").symlink_to(base / "bin" / "python3")
    (environment / "pyvenv.cfg").write_text(f"home = {base / 'bin'}\nversion = 3.12.0\n")
    seen = views.view(views.interpreter(environment / "bin" / "python3"))
    assert seen.binds == sorted(map(str, [base / "bin", base / "lib", environment]))


def test_nothing_of_the_system_with_secrets_is_shown() -> None:
    shown = [path for path in views.SYSTEM if Path(path).is_dir()]
    assert not any(path.startswith(("/etc", "/var", "/home", "/root", "/run", "/srv", "/opt")) for path in shown)
