"""Bandit's tests and its visitor without its manager: no configuration, formatters, progress bar, scores or logging.

``import bandit`` runs stevedore over all entry points and loads rich and a YAML parser (0.27 s of which 0.2 s are not
needed for the tests). While its core is imported here for the first time, empty modules stand in for those parts;
should that not work with some version, it is imported whole.
"""

from __future__ import annotations

import ast
import copy
import importlib
import io
import logging
import pkgutil
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

_NOT_NEEDED = ("bandit.core.manager", "bandit.core.config", "bandit.core.extension_loader", "bandit.core.test_set")

Test = Any
"""One of Bandit's test functions, with the attributes that its decorators leave on it."""


class Issue(NamedTuple):
    """What a test reports. Lines count from 1, offsets from 0 in bytes of the line in UTF-8."""

    test: str
    severity: str
    confidence: str
    text: str
    line: int
    offset: int
    end_line: int
    end_offset: int


class Engine:
    """Bandit's tests, loaded once. Raises ``ImportError`` or ``AttributeError`` where Bandit is not as expected."""

    def __init__(self, active: frozenset[str]) -> None:
        """``active`` are the ids of the tests to run."""
        _import_core()
        self._visitor = importlib.import_module("bandit.core.node_visitor").BanditNodeVisitor
        self._context = importlib.import_module("bandit.core.context").Context
        self._tests: dict[str, list[Test]] = {}
        for test in _plugins():
            if test._test_id in active:
                self._add(test)
        self._add(_blacklist(active))
        self._plugin_ids = {test._test_id for tests in self._tests.values() for test in tests} - {"B001"}
        self._choices: dict[frozenset[str], dict[str, list[Test]]] = {}
        if not self._plugin_ids:
            raise ImportError("its tests were not found")

    def _add(self, test: Test) -> None:
        takes = getattr(test, "_takes_config", None)
        if takes is not None:
            test._config = sys.modules[test.__module__].gen_config(takes)
        for kind in test._checks:
            self._tests.setdefault(kind, []).append(test)

    def _chosen(self, active: frozenset[str]) -> dict[str, list[Test]]:
        """The tests of these ids by kind of node; the blacklist stands for the ids that no plugin has."""
        chosen = self._choices.get(active)
        if chosen is None:
            wanted = active | ({"B001"} if active - self._plugin_ids else set())
            chosen = {kind: [t for t in tests if t._test_id in wanted] for kind, tests in self._tests.items()}
            self._choices[active] = chosen
        return chosen

    def look(self, name: str, text: str, data: bytes, active: frozenset[str]) -> tuple[list[Issue], dict[str, str]]:
        """What the tests of these ids find in a text, and the tests that raised with their error.

        ``data`` is the content as it stands in the file. Raises what :func:`ast.parse` raises, and ``RecursionError``.
        """
        tree = ast.parse(text)
        tester = _Tester(self._chosen(active), self._context)
        visitor = self._visitor(name, io.BytesIO(data), None, None, False, {}, None)
        visitor.tester = tester
        visitor.update_scores = _ignore
        visitor.generic_visit(tree)
        whole = {"file_data": io.BytesIO(data), "filename": name, "lineno": 1, "linerange": [1], "col_offset": 0}
        tester.run_tests(whole, "File")
        return tester.issues, tester.failures


def _ignore(_scores: object) -> None:
    """Scores are not used."""


class _Tester:
    """Runs the tests on one node, in the place of Bandit's ``BanditTester``."""

    def __init__(self, tests: dict[str, list[Test]], context: Callable[[dict[str, Any]], Any]) -> None:
        self._tests = tests
        self._context = context
        self.issues: list[Issue] = []
        self.failures: dict[str, str] = {}

    def run_tests(self, raw: dict[str, Any], kind: str) -> None:
        """Run those for a kind of node; keeps what they find and which of them raise."""
        for test in self._tests.get(kind, ()):
            seen = copy.copy(raw)
            context = self._context(seen)
            try:
                config = getattr(test, "_config", None)
                found = test(context) if config is None else test(context, config)
            except RecursionError:
                raise
            except Exception as error:  # a plugin may raise anything on code that it did not expect
                self.failures.setdefault(test._test_id, f"{type(error).__name__}: {error}")
                continue
            if found is not None:
                self.issues.append(_issue(found, test, seen))


def _issue(found: Any, test: Test, seen: dict[str, Any]) -> Issue:
    line = found.lineno or seen.get("lineno", 1)
    lines = found.linerange or seen.get("linerange") or [line]
    offset = found.col_offset if found.col_offset >= 0 else seen.get("col_offset", 0)
    return Issue(
        found.test_id or test._test_id,
        str(found.severity),
        str(found.confidence),
        " ".join(str(found.text).split()),
        line,
        offset if line == seen.get("lineno", line) else 0,
        max(lines),
        seen.get("end_col_offset", 0),
    )


def _plugins() -> Iterator[Test]:
    """The test functions of Bandit's own plugin modules."""
    package = importlib.import_module("bandit.plugins")
    for module_info in pkgutil.iter_modules(package.__path__, "bandit.plugins."):
        module = importlib.import_module(module_info.name)
        yield from (
            value for value in vars(module).values() if hasattr(value, "_test_id") and hasattr(value, "_checks")
        )


def _blacklist(active: frozenset[str]) -> Test:
    """Bandit's test for forbidden calls and imports, told to look for the active ones."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in ("bandit.blacklists.calls", "bandit.blacklists.imports"):
        for kind, entries in importlib.import_module(name).gen_blacklist().items():
            rows.setdefault(kind, []).extend(entry for entry in entries if entry["id"] in active)
    original: Test = importlib.import_module("bandit.core.blacklisting").blacklist

    def blacklist(context: object) -> object:
        return original(context, rows)

    test: Test = blacklist
    test._test_id = "B001"
    test._checks = [kind for kind, entries in rows.items() if entries]
    return test


def _import_core() -> None:
    # It logs what concerns nobody (a path that is no package); what it could not do is asked for, not read in a log.
    logging.getLogger("bandit").addHandler(logging.NullHandler())
    logging.getLogger("bandit").propagate = False
    _import_quietly()


def _import_quietly() -> None:
    """Import Bandit without what is not needed, or whole; leaves the way warnings look as it was."""
    shown = warnings.formatwarning
    try:
        if "bandit" not in sys.modules:
            try:
                with _standing_in(_NOT_NEEDED):
                    importlib.import_module("bandit.core.node_visitor")
                    for _ in _plugins():
                        pass
            except Exception:
                _forget_bandit()
        importlib.import_module("bandit.core.node_visitor")
    finally:
        warnings.formatwarning = shown


@contextmanager
def _standing_in(names: tuple[str, ...]) -> Iterator[None]:
    """Empty modules under these names while the block runs; afterwards the real ones can be imported again."""
    for name in names:
        sys.modules[name] = types.ModuleType(name)
    try:
        yield
    finally:
        for name in names:
            package, _, last = name.rpartition(".")
            sys.modules.pop(name, None)
            if package in sys.modules:
                vars(sys.modules[package]).pop(last, None)


def _forget_bandit() -> None:
    for name in [name for name in sys.modules if name == "bandit" or name.startswith("bandit.")]:
        del sys.modules[name]
