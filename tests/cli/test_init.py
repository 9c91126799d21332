"""``bluehook init``: hooks are added once, and what was there stays."""

from __future__ import annotations

import pytest
import yaml

from bluehook.cli.init import amended
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


def test_comments_quotes_and_indentation_of_the_rest_stay() -> None:
    after = amended(EXISTING, BOTH, local=False)
    assert after.startswith(EXISTING)
    assert len(yaml.safe_load(after)["repos"]) == 2


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


@pytest.mark.parametrize("text", ["repos: [", "- a\n- b\n", "repos: 3\n", "repos:\n  - x: {\n"])
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(BluehookError, match=r"\.pre-commit-config\.yaml"):
        amended(text, BOTH, local=False)
