"""The project as it was scanned: in a hook that is the index, which need not be what stands in the working tree."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


@contextmanager
def as_scanned(root: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder in which the project is to be found with these contents of files.

    It is ``root`` itself where nothing differs. Else it is a temporary one, in which the folders that lead to a
    differing file are real and all else is a link to its original: both must be shown to whoever works there.
    """
    different = {path: data for path, data in files.items() if _content(root / path) != data}
    if not different:
        yield root
        return
    with tempfile.TemporaryDirectory(prefix="bluehook-scanned-") as folder:
        mirror = Path(folder)
        _link(root, mirror, {PurePosixPath(path).parts: data for path, data in different.items()})
        yield mirror


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _link(original: Path, mirror: Path, files: Mapping[tuple[str, ...], bytes]) -> None:
    own = {parts[0] for parts in files}
    for each in original.iterdir() if original.is_dir() else ():
        if each.name not in own:
            (mirror / each.name).symlink_to(each)
    for name in own:
        below = {parts[1:]: data for parts, data in files.items() if parts[0] == name}
        if () in below:
            (mirror / name).write_bytes(below[()])
        else:
            (mirror / name).mkdir()
            _link(original / name, mirror / name, below)
