from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook import weaknesses
from bluehook.config import DEFAULT_FOLDERS, Config, Configs, Globs, Settings, load, load_file, overrides
from bluehook.config.effective import Overrides
from bluehook.config.schema import RUN_WIDE, TEST_IGNORE, TEST_PATHS, flatten
from bluehook.config.source import Source
from bluehook.config.trail import line_of
from bluehook.findings import BluehookError

DOCS = Path(__file__).parents[1] / "docs" / "configuration.md"


def write(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text)
    return file


def section(text: str) -> str:
    return f"[project]\nname = 'x'\n\n[tool.bluehook]\n{text}\n"


def refusal(tmp_path: Path, text: str) -> str:
    write(tmp_path, section(text))
    with pytest.raises(BluehookError) as error:
        load(tmp_path, tmp_path)
    return str(error.value)


# --- what can be wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fail_on = 'never'", "5: tool.bluehook.fail_on: unknown key; did you mean fail-on?"),
        ("\nengines.semgre = false", "6: tool.bluehook.engines.semgre: unknown key; did you mean semgrep?"),
        ("[tool.bluehook.engines]\nsemgre = 1", "6: tool.bluehook.engines.semgre: unknown key; did you mean semgrep?"),
        (
            "engines = { zzz = false }",
            "5: tool.bluehook.engines.zzz: unknown key; "
            "known here: bandit, bias, constitutions, flow, instructions, semgrep, sinks, timeout",
        ),
        (
            "fail-on = 'likley'",
            "5: tool.bluehook.fail-on: expected one of likely, never, possible, proven, found 'likley'; "
            "did you mean likely?",
        ),
        ("fail-on = 3", "5: tool.bluehook.fail-on: expected one of likely, never, possible, proven, found 3"),
        ("offline = 'yes'", "5: tool.bluehook.offline: expected true or false, found a string"),
        ("exclude = 'vendor'", "5: tool.bluehook.exclude: expected a list, found a string"),
        ("ignore = ['CWE-89', 89]", "5: tool.bluehook.ignore[1]: expected a string, found a whole number"),
        ("engines = true", "5: tool.bluehook.engines: expected a table, found bool"),
        ("verify = true", "5: tool.bluehook.verify: expected a table, found true; write verify.enabled"),
        ("check = false", "5: tool.bluehook.check: expected a table, found false; write check.enabled"),
        (
            "check.preset = 'x'",
            "5: tool.bluehook.check.preset: expected one of \"\", azure, llama.cpp, ollama, openai, vllm, found 'x'",
        ),
        ("baseline = 1", "5: tool.bluehook.baseline: expected a string, found a whole number"),
        ("max-file-size = 0", "5: tool.bluehook.max-file-size: expected a whole number >= 1"),
        ("engines.timeout = 0", "5: tool.bluehook.engines.timeout: expected a number > 0.0"),
        (
            "[[tool.bluehook.per-path]]\nignore = []",
            "5: tool.bluehook.per-path[0]: missing required field paths",
        ),
        (
            "[[tool.bluehook.per-path]]\npaths = ['x']\n[[tool.bluehook.per-path]]\npaths = ['y']\ntset = true",
            "9: tool.bluehook.per-path[1].tset: unknown key; did you mean test?",
        ),
        (
            "ignore = ['sql-injecton']",
            "5: tool.bluehook.ignore[0]: no weakness is called 'sql-injecton'; did you mean sql-injection?",
        ),
        ("ignore = ['CWE-99999']", "5: tool.bluehook.ignore[0]: no weakness is called 'CWE-99999'"),
        (
            "[[tool.bluehook.per-path]]\npaths = ['x']\nignore = ['xss']",
            "7: tool.bluehook.per-path[0].ignore[0]: no weakness is called 'xss'; did you mean cross-site-scripting?",
        ),
        ("exclude = ['ok', 'a[z-a]']", "5: tool.bluehook.exclude[1]: 'a[z-a]' is not a valid glob"),
        ("test-paths = ['!']", "5: tool.bluehook.test-paths[0]: '!' is not a valid glob"),
        ("exclude = ['# x']", "5: tool.bluehook.exclude[0]: '# x' is a glob that never matches"),
        ("rules = ['own']", "5: tool.bluehook.rules[0]: there is no folder 'own' beside this file"),
        (
            "sanitizers = ['pkg.clean()']",
            "5: tool.bluehook.sanitizers[0]: expected a dotted name such as pkg.mod.fn, found 'pkg.clean()'",
        ),
        (
            "cache.directory = 'cache'",
            "5: tool.bluehook.cache.directory: expected an absolute path or one that starts with ~: "
            "a cache inside the repository could be committed",
        ),
        ("fail-on = ", "5:11: not valid TOML: Invalid value."),
    ],
)
def test_mistakes_are_told_with_place_and_trail(tmp_path: Path, text: str, expected: str) -> None:
    assert refusal(tmp_path, text) == f"pyproject.toml:{expected}"


def test_a_section_that_is_no_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "[tool]\nbluehook = 3\n")
    with pytest.raises(BluehookError, match=r"pyproject\.toml:2: tool\.bluehook: expected a table, found 3"):
        load(tmp_path, tmp_path)


def test_bytes_that_are_not_utf8_are_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "bluehook.toml").write_bytes(b"# ok\n# caf\xe9\n")
    with pytest.raises(BluehookError, match=r"bluehook\.toml:2: not valid TOML: the file is not UTF-8"):
        load(tmp_path, tmp_path)


def test_a_file_that_windows_wrote_in_utf16_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes("[tool.bluehook]\noffline = true\n".encode("utf-16"))
    with pytest.raises(BluehookError, match=r"pyproject\.toml:1: not valid TOML: the file is not UTF-8"):
        load(tmp_path, tmp_path)


def test_deeply_nested_toml_is_an_error_and_no_crash(tmp_path: Path) -> None:
    write(tmp_path, "ignore = " + "[" * 100_000, "bluehook.toml")
    with pytest.raises(BluehookError, match="not valid TOML"):
        load(tmp_path, tmp_path)


def test_an_oversized_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bluehook.toml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(BluehookError, match="larger than"):
        load(tmp_path, tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hold_the_commit(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    assert load(tmp_path, tmp_path).file == ""


def test_a_directory_with_the_name_of_the_file_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert load(tmp_path, tmp_path).settings == Settings()


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = [field.encode_name for field in msgspec.structs.fields(Settings)]


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), JSON_LIKE, max_size=4))
def test_wild_values_are_accepted_or_refused_by_name(raw: dict[str, Any]) -> None:
    source = Source("pyproject.toml", Path("/nowhere"), "tool.bluehook", raw)
    try:
        config = Config(source, Path("/r"), Path("/r"))
    except BluehookError as error:
        assert str(error).startswith("pyproject.toml: tool.bluehook")  # noqa: PT017 - both endings are right
    else:
        assert isinstance(config.settings, Settings)
        config.for_path("a/b.py")


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60))
def test_wild_files_are_accepted_or_refused_by_name(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("wild")
    (folder / "bluehook.toml").write_bytes(data)
    try:
        load(folder, folder)
    except BluehookError as error:
        assert str(error).startswith("bluehook.toml")  # noqa: PT017


# --- which file counts ----------------------------------------------------------------------------------------------


def test_without_a_file_all_is_default(tmp_path: Path) -> None:
    config = load(tmp_path, tmp_path)
    assert config.settings == Settings()
    assert {row.origin for row in config.rows()} == {"default"}


def test_the_nearest_section_wins_and_is_not_merged(tmp_path: Path) -> None:
    write(tmp_path, section("fail-on = 'proven'\noffline = true"))
    write(tmp_path / "a", section("fail-on = 'never'"))
    write(tmp_path / "a" / "b", "[project]\nname = 'bluehook-free'\n")
    configs = Configs(tmp_path)
    assert configs.of("x.py").settings.fail_on == "proven"
    assert configs.of("a/x.py").settings.fail_on == "never"
    assert configs.of("a/b/c/x.py").settings.fail_on == "never"
    assert not configs.of("a/x.py").settings.offline
    assert configs.of("other/deep/x.py") is configs.run
    assert configs.of("x.py") is configs.run


def test_the_search_ends_at_the_root_of_a_repository(tmp_path: Path) -> None:
    write(tmp_path, section("fail-on = 'never'"))
    root = tmp_path / "repository"
    root.mkdir()
    assert load(root, root).settings.fail_on == "likely"
    assert load(root).settings.fail_on == "never"
    assert Configs(root).of("x.py").settings.fail_on == "likely"
    assert Configs(root).of("deep/er/x.py").settings.fail_on == "likely"
    assert Configs(root, bounded=False).of("x.py").settings.fail_on == "never"


def test_globs_of_a_file_above_the_root_start_at_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path, section("exclude = ['/inner/gen.py']"))
    (tmp_path / "inner").mkdir()
    configs = Configs(tmp_path / "inner", bounded=False)
    assert configs.of("gen.py").excluded("gen.py")
    assert not configs.of("sub/gen.py").excluded("sub/gen.py")


def test_bluehook_toml_has_the_same_keys_at_its_top(tmp_path: Path) -> None:
    write(tmp_path, "fail-on = 'never'\n[engines]\nbandit = false\n", "bluehook.toml")
    write(tmp_path, "[project]\nname = 'x'\n")
    config = load(tmp_path, tmp_path)
    assert (config.settings.fail_on, config.settings.engines.bandit) == ("never", False)
    assert config.origin("engines.bandit") == "bluehook.toml:3"


def test_two_configurations_in_one_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "fail-on = 'never'\n", "bluehook.toml")
    write(tmp_path, section("fail-on = 'proven'"))
    with pytest.raises(BluehookError, match=r"bluehook\.toml and pyproject\.toml both configure bluehook"):
        load(tmp_path, tmp_path)


def test_each_file_is_read_once_for_many_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, section("fail-on = 'never'"))
    (tmp_path / "a" / "b").mkdir(parents=True)
    looked: list[Path] = []
    plain = Path.stat

    def counting(path: Path, **options: bool) -> os.stat_result:
        looked.append(path)
        return plain(path, **options)

    monkeypatch.setattr(Path, "stat", counting)
    configs = Configs(tmp_path)
    for number in range(500):
        configs.of(f"a/b/{number}.py")
    assert len(looked) == 2 * 3


def test_run_wide_keys_of_a_nested_file_are_named_as_idle(tmp_path: Path) -> None:
    write(tmp_path, section("all-findings = true"))
    write(tmp_path / "a", section("ignore = ['csrf']\noffline = true\nengines.bandit = false"))
    configs = Configs(tmp_path)
    assert configs.notes() == []
    configs.of("x.py")
    configs.of("a/x.py")
    [note] = configs.notes()
    assert note.path == "a/pyproject.toml"
    assert not note.incomplete
    assert note.reason.startswith("offline, engines.bandit hold for a whole run and are taken from pyproject.toml")


def test_run_wide_keys_exist() -> None:
    assert set(RUN_WIDE) <= {key.split(".")[0] for key in msgspec.to_builtins(Settings())}


def test_the_run_takes_the_configuration_nearest_to_where_the_user_stands(tmp_path: Path) -> None:
    write(tmp_path, section("fail-on = 'proven'"))
    write(tmp_path / "a", section("fail-on = 'never'"))
    assert Configs(tmp_path, tmp_path / "a").run.settings.fail_on == "never"


def test_a_named_file_is_the_only_one(tmp_path: Path) -> None:
    write(tmp_path / "repo", section("fail-on = 'never'"))
    trusted = write(tmp_path / "trusted", "fail-on = 'proven'\nexclude = ['/gen/']\n", "ci.toml")
    configs = Configs(tmp_path / "repo", file=trusted)
    assert configs.of("x.py").settings.fail_on == "proven"
    assert configs.of("x.py").excluded("gen/x.py")
    assert load_file(trusted, tmp_path / "repo").resolve("base.json") == tmp_path / "trusted" / "base.json"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("ci.toml", None, "no such file"),
        ("pyproject.toml", "[project]\nname = 'x'\n", r"has no \[tool\.bluehook\] section"),
        ("ci.toml", "fial-on = 'never'\n", "ci.toml:1: fial-on: unknown key; did you mean fail-on"),
        ("ci.toml", "[tool.bluehook]\nfial-on = 1\n", r"ci.toml:2: tool\.bluehook\.fial-on: unknown key"),
    ],
)
def test_a_named_file_must_be_there_and_ours(tmp_path: Path, name: str, text: str | None, expected: str) -> None:
    if text is not None:
        write(tmp_path, text, name)
    with pytest.raises(BluehookError, match=expected):
        load_file(tmp_path / name, tmp_path)


# --- command line and environment -----------------------------------------------------------------------------------


def test_origins_are_told_for_every_source(tmp_path: Path) -> None:
    write(tmp_path, section("ignore = [\n  'csrf',\n]\ncache.max-size = 1000000\n"))
    outside = overrides(
        {"fail-on": "never", "offline": None, "engines.bandit": False}, {"BLUEHOOK_OFFLINE": "1", "CI": "1"}
    )
    config = load(tmp_path, tmp_path, outside)
    rows = {row.key: (row.value, row.origin) for row in config.rows()}
    assert rows["fail-on"] == ("never", "command line")
    assert rows["engines.bandit"] == (False, "command line")
    assert rows["offline"] == (True, "environment variable BLUEHOOK_OFFLINE")
    assert rows["on-incomplete"] == ("fail", "environment variable CI")
    assert rows["ignore"] == (("csrf",), "pyproject.toml:5")
    assert rows["cache.max-size"] == (1_000_000, "pyproject.toml:8")
    assert rows["engines.semgrep"] == (True, "default")


def test_ci_changes_the_default_only(tmp_path: Path) -> None:
    write(tmp_path, section("on-incomplete = 'warn'"))
    assert load(tmp_path, tmp_path, overrides({}, {"CI": "true"})).settings.on_incomplete == "warn"
    for value in ("", "0", "false"):
        assert overrides({}, {"CI": value}) == Overrides({}, {})


def test_the_command_line_beats_the_environment(tmp_path: Path) -> None:
    outside = overrides({"cache.directory": "here"}, {"BLUEHOOK_CACHE_DIR": "/there"})
    config = load(tmp_path, tmp_path, outside)
    assert config.settings.cache.directory == str(Path("here").absolute())
    assert config.origin("cache.directory") == "command line"


def test_mistakes_outside_the_files_are_told_by_their_origin(tmp_path: Path) -> None:
    with pytest.raises(BluehookError, match="environment variable BLUEHOOK_OFFLINE: expected 1 or 0, found 'maybe'"):
        overrides({}, {"BLUEHOOK_OFFLINE": "maybe"})
    with pytest.raises(BluehookError, match="environment variable BLUEHOOK_OFFLINE: expected 1 or 0, found 'auto'"):
        overrides({}, {"BLUEHOOK_OFFLINE": "auto"})
    with pytest.raises(BluehookError, match="BLUEHOOK_VERIFY: expected 1, 0 or auto, found 'maybe'"):
        overrides({}, {"BLUEHOOK_VERIFY": "maybe"})
    with pytest.raises(BluehookError, match=r"command line: fail-on: expected one of .*; did you mean never"):
        load(tmp_path, tmp_path, overrides({"fail-on": "nver"}, {}))
    with pytest.raises(BluehookError, match=r"command line: ignore\[0\]: no weakness is called 'sqli'"):
        load(tmp_path, tmp_path, overrides({"ignore": ["sqli"]}, {}))


def test_an_override_does_not_hide_a_mistake_in_the_file(tmp_path: Path) -> None:
    write(tmp_path, section("fail-on = 'nevr'"))
    with pytest.raises(BluehookError, match=r"pyproject\.toml:5: tool\.bluehook\.fail-on"):
        load(tmp_path, tmp_path, overrides({"fail-on": "never"}, {}))


# --- what it says about a path --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/a.py", True),
        ("pkg/tests/deep/a.py", True),
        ("test/a.py", True),
        ("pkg/testing/a.py", True),
        ("pkg/test_a.py", True),
        ("a_test.py", True),
        ("conftest.py", True),
        ("app/tests.py", True),
        ("pkg/a.py", False),
        ("pkg/contest.py", False),
        ("pkg/latest/a.py", False),
        ("pkg/attest_a.py", False),
        ("tests.d/a.py", False),
    ],
)
def test_test_code_is_known_by_its_place(path: str, test: bool) -> None:
    assert Globs(TEST_PATHS).match(path) is test


def test_the_relaxed_profile_never_blocks_and_leaves_out_what_fixtures_have(tmp_path: Path) -> None:
    config = load(tmp_path, tmp_path)
    inside, outside = config.for_path("tests/a.py"), config.for_path("a.py")
    assert (inside.test, inside.may_block, inside.excluded) == (True, False, False)
    assert inside.ignores("hard-coded-credential")
    assert not inside.ignores("command-injection")
    assert outside.may_block
    assert not outside.ignores("hard-coded-credential")


def test_other_test_profiles(tmp_path: Path) -> None:
    write(tmp_path, section("test-profile = 'off'"))
    assert load(tmp_path, tmp_path).for_path("tests/a.py").excluded
    write(tmp_path, section("test-profile = 'same'"))
    same = load(tmp_path, tmp_path).for_path("tests/a.py")
    assert (same.test, same.may_block, same.ignore) == (True, True, ())


def test_settings_for_some_paths(tmp_path: Path) -> None:
    write(
        tmp_path / "pkg",
        section(
            "ignore = ['CWE-117']\n"
            "[[tool.bluehook.per-path]]\npaths = ['/tools/']\nignore = ['command-injection']\n"
            "[[tool.bluehook.per-path]]\npaths = ['tools/tests/']\ntest = false\n"
            "[[tool.bluehook.per-path]]\npaths = ['tools/']\nignore = ['csrf']\n"
        ),
    )
    config = Configs(tmp_path).of("pkg/x.py")
    assert config.for_path("pkg/tools/a.py").ignore == ("CWE-117", "command-injection", "csrf")
    assert not config.for_path("pkg/tools/tests/a.py").test
    assert config.for_path("pkg/x.py").ignores("log-injection")
    assert config.for_path("pkg/sub/tools/a.py").ignore == ("CWE-117", "csrf")


def test_exclusion_by_glob_and_by_folder(tmp_path: Path) -> None:
    write(tmp_path, section("exclude = ['gen/', '!gen/ours.py', '*_pb2.py']"))
    config = load(tmp_path, tmp_path)
    assert config.excluded("gen/a.py")
    assert config.for_path("x/y_pb2.py").excluded
    assert not config.excluded("a.py")
    assert not config.excluded("a/.venv/b.py")
    assert config.excluded("a/.venv/b.py", walked=True)
    assert not config.excluded("build.py", walked=True)
    write(tmp_path, section("default-exclude = false"))
    assert not load(tmp_path, tmp_path).excluded("build/b.py", walked=True)


def test_names_that_are_not_utf8_are_matched(tmp_path: Path) -> None:
    write(tmp_path, section("exclude = ['gen/']"))
    assert load(tmp_path, tmp_path).excluded("gen/\udcff.py")


def test_fixture_weaknesses_are_known() -> None:
    assert set(TEST_IGNORE) <= set(weaknesses.TABLE)


# --- the line of a key ----------------------------------------------------------------------------------------------

DOCUMENT = '''\
[tool]
other.x = """
[tool.bluehook]
fail-on = 1
"""
[ tool . "bluehook" ] # here
"fail-on" = "likely"
engines.timeout = 3
cache = { enabled = true }
[[tool.bluehook.per-path]]
paths = ["x"]
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("tool.bluehook.fail-on", 7),
        ("tool.bluehook.engines.timeout", 8),
        ("tool.bluehook.cache.enabled", 9),
        ("tool.bluehook.per-path[0].paths[0]", 11),
        ("tool.bluehook.offline", 6),
        ("elsewhere", None),
    ],
)
def test_line_of_a_key(key: str, line: int | None) -> None:
    assert line_of(DOCUMENT, key) == line


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text())
def test_line_of_never_fails(text: str, key: str) -> None:
    line = line_of(text, key)
    assert line is None or 1 <= line <= len(text.splitlines())


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_documentation_lists_every_key_with_its_default() -> None:
    documented = dict(re.findall(r"^\| `([a-z.-]+)` \| `([^`]*)`", DOCS.read_text(), re.MULTILINE))
    settings = flatten(msgspec.to_builtins(Settings()))
    assert set(documented) == set(settings)
    for key in ("fail-on", "on-incomplete", "test-profile"):
        assert documented[key] == f'"{settings[key]}"'
    for key in (k for k, v in settings.items() if isinstance(v, bool)):
        assert documented[key] == str(settings[key]).lower()
    assert [documented["max-file-size"], documented["cache.max-size"]] == ["2097152", "268435456"]


def test_the_documentation_lists_the_default_folders_and_test_paths() -> None:
    page = DOCS.read_text()
    for name in (*DEFAULT_FOLDERS, *TEST_PATHS, *TEST_IGNORE):
        assert f"`{name}`" in page
