"""What ``bluehook init`` does to a configuration of pre-commit: hooks are added once, and what was there stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bluehook.cli._hook_file import HOOKS, amended
from bluehook.findings import BluehookError

BOTH = ("bluehook", "bluehook-push")
EXISTING = """\
# our hooks
repos:
- repo: https://github.com/astral-sh/ruff-pre-commit
  rev: 'v0.9.0'  # pinned
  hooks:
  - id: ruff
    args: [--fix, "--exit-non-zero-on-fix"]
"""


def test_a_new_file_names_the_repository_and_its_hooks() -> None:
    [repo] = yaml.safe_load(amended("", BOTH, local=False))["repos"]
    assert repo["rev"].startswith("v")
    assert [hook["id"] for hook in repo["hooks"]] == list(BOTH)


LAID_OUT = """\
# above all
---
default_install_hook_types: [pre-commit]  # mine
exclude: ^docs/

repos:
    # first
    -   repo: https://github.com/astral-sh/ruff-pre-commit
        rev: 'v0.9.0'  # pinned
        hooks:
        -   id: ruff
            args: [--fix, "--exit-non-zero-on-fix"]
    # last
ci:
  skip: [ruff]  # why
# the end
"""


@pytest.mark.parametrize("text", [EXISTING, LAID_OUT, LAID_OUT.replace("\n", "\r\n"), "# only a comment\n"])
@pytest.mark.parametrize("local", [True, False])
def test_every_line_that_was_there_stays_in_its_order(text: str, local: bool) -> None:
    after = amended(text, tuple(HOOKS), local=local)
    left = iter(after.replace("[pre-commit, pre-push, commit-msg]  # mine", "[pre-commit]  # mine").splitlines(True))
    assert all(line in left for line in text.splitlines(True))
    assert ("\r\n" in text) == ("\r\n" in after)
    found = yaml.safe_load(after)
    assert [hook["id"] for hook in found["repos"][-1]["hooks"]] == list(HOOKS)
    assert found["default_install_hook_types"] == ["pre-commit", "pre-push", "commit-msg"]


def test_hooks_are_laid_out_as_the_others_are() -> None:
    assert (
        '            args: [--fix, "--exit-non-zero-on-fix"]\n'
        "    -   repo: https://github.com/bluehook/bluehook\n"
        "        rev: v"
    ) in amended(LAID_OUT, BOTH, local=False)
    assert "        hooks:\n        -   id: bluehook\n" in amended(LAID_OUT, BOTH, local=False)


@pytest.mark.parametrize(
    "text", ["repos: []\n", "repos:\n", "{repos: [{repo: meta, hooks: [{id: identity}]}]}\n", "repos: [{repo: meta}]\n",
             "repos:\n- repo: https://github.com/bluehook/bluehook\n  rev: v0\n  hooks: [{id: bluehook}]\n"]
)  # fmt: skip
def test_any_way_to_write_a_list_is_taken(text: str) -> None:
    after = amended(text, BOTH, local=False)
    assert amended(after, BOTH, local=False) == after
    hooks = [hook["id"] for repo in yaml.safe_load(after)["repos"] for hook in repo.get("hooks", [])]
    assert [hook for hook in hooks if hook in BOTH] == list(BOTH)


def test_shipped_hooks_are_the_ones_that_are_written() -> None:
    shipped = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"]: (hook["entry"], hook["stages"][0]) for hook in shipped} == {
        name: (hook.entry, hook.stage) for name, hook in HOOKS.items()
    }


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("text", ["", EXISTING])
def test_a_second_call_changes_nothing(text: str, local: bool) -> None:
    once = amended(text, BOTH, local=local)
    assert amended(once, BOTH, local=local) == once


def test_a_missing_hook_joins_the_entry_that_is_there() -> None:
    one = amended(EXISTING, BOTH[:1], local=False)
    both = yaml.safe_load(amended(one, BOTH, local=False))["repos"]
    assert [len(repo["hooks"]) for repo in both] == [1, 2]


def test_a_local_hook_runs_what_is_installed() -> None:
    [repo] = yaml.safe_load(amended("", BOTH, local=True))["repos"]
    assert repo["repo"] == "local"
    assert {hook["pass_filenames"] for hook in repo["hooks"]} == {False}


@pytest.mark.parametrize(
    "text", ["repos: [", "- a\n- b\n", "repos: 3\n", "repos:\n  - x: {\n", "default_install_hook_types: x\n"]
)
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(BluehookError, match=r"\.pre-commit-config\.yaml"):
        amended(text, BOTH, local=False)
