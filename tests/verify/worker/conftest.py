"""The worker that the tests of this directory share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worker_harness import Drive, Worker


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    one = Worker(tmp_path_factory.mktemp("worker"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def drive(worker: Worker) -> Drive:
    return worker.drive
