"""What to look at: files out of the git index, a range of commits, the working tree or standard input.

Everything here treats names and contents as hostile: git is run without the programs that a repository's own
configuration could start, symbolic links are not followed out of the tree, nothing but regular files is opened.
"""

from __future__ import annotations

from bluehook.collect.collection import Collection, Options, joined
from bluehook.collect.files import paths, standard_input
from bluehook.collect.git import Repository
from bluehook.collect.kinds import is_python
from bluehook.collect.push import pushed_range

__all__ = ["Collection", "Options", "Repository", "is_python", "joined", "paths", "pushed_range", "standard_input"]
