"""What the tests of the program share; a module that needs another repository makes its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, Reply, serving
from gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """An empty repository."""
    return GitRepo(tmp_path / "repo")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where answers are kept."""
    return tmp_path / "cache"


@pytest.fixture
def server(model: Reply) -> Iterator[Endpoint]:
    """An endpoint that answers as the module's ``model`` does."""
    with serving(model) as endpoint:
        yield endpoint
