"""The configuration in force: a file's table with the environment and the command line laid over it, all checked."""

from __future__ import annotations

import copy
import os
import posixpath
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from bluehook import weaknesses
from bluehook.config.paths import Globs, Profile
from bluehook.config.schema import DEFAULT_FOLDERS, TEST_IGNORE, PerPath, Settings, flatten
from bluehook.config.source import Source
from bluehook.findings import BluehookError

_CHECK = {"URL": "base-url", "MODEL": "model", "PRESET": "preset", "KEY_ENV": "key-env"}
_FALSE = ("", "0", "false", "no", "off")
_TRUE = ("1", "true", "yes", "on")


class Given(NamedTuple):
    """A value from outside the files, and from where: ``command line``, ``environment variable CI``."""

    value: object
    origin: str


class Overrides(NamedTuple):
    """Values by dotted key: ``values`` beat the file, ``fallbacks`` only stand in for the default."""

    values: Mapping[str, Given] = {}
    fallbacks: Mapping[str, Given] = {}


NOT_OVERRIDDEN = Overrides()


class Row(NamedTuple):
    """One line of ``bluehook config``: a dotted key, its value (as TOML would hold it), and where it comes from."""

    key: str
    value: object
    origin: str


def overrides(command_line: Mapping[str, object], environment: Mapping[str, str]) -> Overrides:
    """What the command line and the environment set, the former first.

    :param command_line: values by dotted key (``{"engines.semgrep": False}``); None means that it was not given.
    :param environment: BLUEHOOK_CACHE_DIR, BLUEHOOK_OFFLINE, BLUEHOOK_VERIFY and BLUEHOOK_CHECK_URL, _MODEL, _PRESET
        and _KEY_ENV set their keys; CI makes ``on-incomplete`` fail unless a file says otherwise.
    :raises BluehookError: BLUEHOOK_OFFLINE or BLUEHOOK_VERIFY is neither true nor false.
    """
    values: dict[str, Given] = {}
    if folder := environment.get("BLUEHOOK_CACHE_DIR"):
        values["cache.directory"] = Given(folder, "environment variable BLUEHOOK_CACHE_DIR")
    for name, key in (("BLUEHOOK_OFFLINE", "offline"), ("BLUEHOOK_VERIFY", "verify.enabled")):
        if (text := environment.get(name)) is not None:
            choices = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}
            wanted = "auto" if key == "verify.enabled" and text.lower() == "auto" else choices.get(text.lower())
            if wanted is None:
                expected = "1, 0 or auto" if key == "verify.enabled" else "1 or 0"
                raise BluehookError(f"environment variable {name}: expected {expected}, found {text!r}.")
            values[key] = Given(wanted, f"environment variable {name}")
    for name, key in _CHECK.items():
        if text := environment.get(f"BLUEHOOK_CHECK_{name}"):
            values[f"check.{key}"] = Given(text, f"environment variable BLUEHOOK_CHECK_{name}")
    values.update({key: Given(value, "command line") for key, value in command_line.items() if value is not None})
    if "cache.directory" in values:
        directory, origin = values["cache.directory"]
        values["cache.directory"] = Given(os.path.abspath(os.path.expanduser(str(directory))), origin)  # noqa: PTH100, PTH111
    incomplete = {"on-incomplete": Given("fail", "environment variable CI")}
    return Overrides(values, incomplete if in_ci(environment) else {})


def in_ci(environment: Mapping[str, str]) -> bool:
    """Whether this runs where nobody watches: the variable CI says so."""
    return environment.get("CI", "").lower() not in _FALSE


class Config:
    """Checked :class:`Settings`, the origin of each, and what they say about a path.

    ``file`` names the file they were read from ("" when none was found), ``directory`` is the folder that paths in it
    start from. Its globs start at ``base``, an absolute path; the paths asked about start at ``root``.
    """

    def __init__(self, source: Source, root: Path, base: Path, given: Overrides = NOT_OVERRIDDEN) -> None:
        self.file = source.name
        self.directory = source.directory
        self._source = source
        self._given = given
        self._root = root.as_posix()
        self._base = base.as_posix()
        self.settings = self._checked()

    def resolve(self, path: str) -> Path:
        """A path written in the configuration, as an absolute one."""
        return self.directory / Path(path).expanduser()

    def file_keys(self) -> list[str]:
        """Dotted keys that the file sets."""
        return list(flatten(self._source.raw))

    def origin(self, key: str) -> str:
        """Where the value of a dotted key comes from: ``pyproject.toml:12``, ``command line``, ``default``."""
        if key in self._given.values:
            return self._given.values[key].origin
        if key in flatten(self._source.raw):
            return self._source.place(key)
        return self._given.fallbacks[key].origin if key in self._given.fallbacks else "default"

    def rows(self) -> list[Row]:
        """Every key with the value in force and its origin, in the order of the schema."""
        flat = flatten(msgspec.to_builtins(self.settings))
        return [Row(key, value, self.origin(key)) for key, value in flat.items()]

    def excluded(self, path: str, *, walked: bool = False) -> bool:
        """Whether a file (relative to the root of the scan) is left out by ``exclude``; by the folder it lies in, too,
        when it was not changed or named but only ``walked`` into.
        """
        local = self.local(path)
        if walked and self.settings.default_exclude and not DEFAULT_FOLDERS.isdisjoint(local.split("/")[:-1]):
            return True
        return self._exclude.match(local)

    def for_path(self, path: str) -> Profile:
        """How a file (relative to the root of the scan) is judged."""
        local = self.local(path)
        ignore, test = self.settings.ignore, None
        for globs, special in self._per_path:
            if globs.match(local):
                ignore += special.ignore
                test = test if special.test is None else special.test
        test = self._test.match(local) if test is None else test
        profile = self.settings.test_profile
        if not test or profile == "same":
            return Profile(test=test, excluded=self._exclude.match(local), ignore=ignore)
        excluded = profile == "off" or self._exclude.match(local)
        return Profile(test=True, excluded=excluded, may_block=False, ignore=ignore + TEST_IGNORE)

    def local(self, path: str) -> str:
        """A path (relative to the root of the scan) as the globs of this configuration see it."""
        if self._root == self._base:
            return path
        return posixpath.relpath(posixpath.join(self._root, path), self._base)

    @cached_property
    def _exclude(self) -> Globs:
        return Globs(self.settings.exclude)

    @cached_property
    def _test(self) -> Globs:
        return Globs(self.settings.test_paths)

    @cached_property
    def _per_path(self) -> list[tuple[Globs, PerPath]]:
        return [(Globs(special.paths), special) for special in self.settings.per_path]

    def _checked(self) -> Settings:
        settings = self._converted(self._source.raw, {})
        if self._given.values or self._given.fallbacks:
            settings = self._converted(_laid_over(self._source.raw, self._given), self._given.values)
        self._check_ignores(settings)
        self._check_globs(settings)
        directory = settings.cache.directory
        if directory and not Path(directory).expanduser().is_absolute():
            self._refuse(
                "cache.directory",
                "expected an absolute path or one that starts with ~: a cache inside the repository could be committed",
            )
        for index, folder in enumerate(settings.rules):
            if not self.resolve(folder).is_dir():
                self._refuse(f"rules[{index}]", f"there is no folder {folder!r} beside this file")
        for index, name in enumerate(settings.sanitizers):
            if not all(part.isidentifier() for part in name.split(".")):
                self._refuse(f"sanitizers[{index}]", f"expected a dotted name such as pkg.mod.fn, found {name!r}")
        return settings

    def _converted(self, raw: dict[str, Any], given: Mapping[str, Given]) -> Settings:
        try:
            return msgspec.convert(raw, Settings)
        except msgspec.ValidationError as error:
            from bluehook.config import trail

            key, sentence = trail.explain(error, raw)
            if key in given:
                raise BluehookError(f"{given[key].origin}: {key}: {sentence}") from error
            self._source.refuse(key, sentence)

    def _check_ignores(self, settings: Settings) -> None:
        lists = [("ignore", settings.ignore)]
        lists += [(f"per-path[{i}].ignore", special.ignore) for i, special in enumerate(settings.per_path)]
        for key, selectors in lists:
            for index, selector in enumerate(selectors):
                if not weaknesses.known_selector(selector):
                    guess = weaknesses.guess(selector)
                    self._refuse(f"{key}[{index}]", f"no weakness is called {selector!r}{guess}")

    def _check_globs(self, settings: Settings) -> None:
        lists = [("exclude", settings.exclude)]
        if "test-paths" in self._source.raw:
            lists.append(("test-paths", settings.test_paths))
        lists += [(f"per-path[{i}].paths", special.paths) for i, special in enumerate(settings.per_path)]
        if "instructions" in self._source.raw:
            chosen = settings.instructions
            lists += [("instructions.files", chosen.files), ("instructions.prompts", chosen.prompts)]
        for key, patterns in lists:
            for index, pattern in enumerate(patterns):
                if fault := Globs.fault(pattern):
                    self._refuse(f"{key}[{index}]", f"{pattern!r} is {fault}")

    def _refuse(self, key: str, sentence: str) -> NoReturn:
        given = self._given.values.get(key.partition("[")[0])
        if given is not None:
            raise BluehookError(f"{given.origin}: {key}: {sentence}")
        self._source.refuse(key, sentence)


def _laid_over(raw: dict[str, Any], given: Overrides) -> dict[str, Any]:
    """A copy of ``raw``, which fits the schema, with the overrides put in their places."""
    raw = copy.deepcopy(raw)
    in_file = flatten(raw)
    for key, (value, _) in [
        *given.values.items(),
        *(item for item in given.fallbacks.items() if item[0] not in in_file),
    ]:
        *tables, name = key.split(".")
        target = raw
        for table in tables:
            target = target.setdefault(table, {})
        target[name] = value
    return raw
