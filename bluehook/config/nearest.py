"""Which configuration holds for which file: the nearest one above it."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from bluehook.config.effective import NOT_OVERRIDDEN, Config, Overrides
from bluehook.config.schema import RUN_WIDE
from bluehook.config.source import FILES, Source, read
from bluehook.findings import BluehookError, Problem


class Configs:
    """The configurations of one run, each read once.

    ``root`` is the folder that the paths of the run start from. ``start`` (default ``root``) is where the user stands:
    the nearest configuration above it is the run's own, :attr:`run`. Above ``root`` is looked only when it is no
    repository (``bounded`` false). With ``file`` there is that configuration and no other.

    :raises BluehookError: from any use that meets a file that is not in order.
    """

    def __init__(
        self,
        root: Path,
        start: Path | None = None,
        *,
        file: Path | None = None,
        bounded: bool = True,
        given: Overrides = NOT_OVERRIDDEN,
    ) -> None:
        self._root = Path(os.path.abspath(root))  # noqa: PTH100 - resolve() would follow links out of the tree
        self._start = Path(os.path.abspath(start or root))  # noqa: PTH100
        self._file = file
        self._bounded = bounded
        self._given = given
        self._known: dict[str, Config] = {}
        self._by_folder: dict[str, Config] = {}
        self._run: Config | None = None

    @property
    def run(self) -> Config:
        """The configuration of the run itself: what is asked for keys that hold for all of it."""
        if self._run is None:
            self._run = load_file(self._file, self._root, self._given) if self._file else self._above(str(self._start))
        return self._run

    def of(self, path: str) -> Config:
        """The configuration of a file; ``path`` is relative to the root."""
        if self._file:
            return self.run
        folder = posixpath.dirname(path)
        config = self._by_folder.get(folder)
        if config is None:
            config = self._by_folder[folder] = self._above(str(self._root / folder))
        return config

    def met(self) -> list[Config]:
        """The configurations that were asked so far, each once."""
        return list({id(config): config for config in self._known.values()}.values())

    def notes(self) -> list[Problem]:
        """One for each configuration met so far that sets keys which only the run's own can set."""
        notes = []
        for config in self.met():
            idle = [key for key in config.file_keys() if key.split(".")[0] in RUN_WIDE]
            if idle and config is not self.run:
                held = self.run.file or "the defaults"
                reason = f"{', '.join(idle)} hold for a whole run and are taken from {held}, not from here"
                notes.append(Problem("config", reason, config.file, incomplete=False))
        return notes

    def _above(self, directory: str) -> Config:
        """The nearest configuration at or above an absolute directory, or the defaults."""
        config = self._known.get(directory)
        if config is None:
            parent = os.path.dirname(directory)  # noqa: PTH120
            last = parent == directory or (self._bounded and directory == str(self._root))
            source = _in_folder(Path(directory), self._root)
            if source is not None:
                config = Config(source, self._root, Path(directory), self._given)
            elif last:
                config = Config(Source("", self._root), self._root, self._root, self._given)
            else:
                config = self._above(parent)
            self._known[directory] = config
        return config


def load(start: Path, root: Path | None = None, given: Overrides = NOT_OVERRIDDEN) -> Config:
    """The nearest configuration at or above a folder, up to ``root`` (None: up to the top of the file system).

    :raises BluehookError: it is not in order.
    """
    return Configs(root or start, start, bounded=root is not None, given=given).run


def load_file(file: Path, root: Path, given: Overrides = NOT_OVERRIDDEN) -> Config:
    """The configuration in a file that the user named; its globs start at ``root``, wherever the file lies.

    A file that is not called pyproject.toml may have the keys at its top or in [tool.bluehook].

    :raises BluehookError: it cannot be read or is not in order.
    """
    source = read(Path(os.path.abspath(file)), str(file), required=True)  # noqa: PTH100
    assert source is not None
    return Config(source, root, root, given)


def _in_folder(folder: Path, root: Path) -> Source | None:
    found = []
    for name in FILES:
        file = folder / name
        shown = file.relative_to(root).as_posix() if folder.is_relative_to(root) else str(file)
        if (source := read(file, shown)) is not None:
            found.append(source)
    if len(found) > 1:
        names = " and ".join(source.name for source in found)
        raise BluehookError(f"{names} both configure bluehook; keep one of the two.")
    return found[0] if found else None
