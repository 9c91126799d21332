"""Where files may lie."""

from pathlib import Path


def is_below(path: str, folder: str) -> bool:
    """Whether a path leads to something in a folder."""
    return Path(path).resolve().is_relative_to(Path(folder).resolve())
