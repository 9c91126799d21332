"""Where files may lie."""

from pathlib import Path


class Folder:
    """A folder, and whether it holds what a path leads to."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).resolve()

    def holds(self, path: str) -> bool:
        """Whether a path leads to something in the folder."""
        return Path(path).resolve().is_relative_to(self.path)
