"""A git repository as a source of files: what is staged, what a range of commits changes, what a tree holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bluehook.collect import changes, diff
from bluehook.collect.blobs import open_blobs
from bluehook.collect.collection import DEFAULTS, Collection, Options, note
from bluehook.collect.command import Git, reason
from bluehook.collect.diff import Change
from bluehook.collect.names import decoded, native, printable, relative
from bluehook.findings import BluehookError, Problem

# The tree without entries, which git knows without having it stored, by the repository's hash function.
_EMPTY_TREE = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_RANGE = re.compile(r"(?P<old>.*?)(?P<dots>\.{2,3})(?P<new>.*)", re.DOTALL)
# What ties git to one repository (git rev-parse --local-env-vars names some more, of no concern here).
_OF_A_REPOSITORY = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    }
)


class _Place(NamedTuple):
    """Where a repository is, as git says."""

    root: Path
    git_dir: Path
    object_format: str
    bare: bool


class Repository:
    """A repository and one working tree of it. ``root`` is the absolute top of the tree (of a bare one, its folder)."""

    def __init__(self, place: _Place, inherited: Mapping[str, str]) -> None:
        self.root = place.root
        self.git_dir = place.git_dir
        self.bare = place.bare
        self.empty_tree = _EMPTY_TREE[place.object_format]
        # From here on git need not look for the repository, nor can it find another one.
        env = {**inherited, "GIT_DIR": str(place.git_dir)}
        if not place.bare:
            env["GIT_WORK_TREE"] = str(place.root)
        if index := env.get("GIT_INDEX_FILE"):
            env["GIT_INDEX_FILE"] = str(place.root / index)
        self.git = Git(place.root, env)

    @classmethod
    def find(cls, start: Path) -> Repository | None:
        """The repository that ``start``, a file or a directory, lies in; ``None`` if there is none.

        Heeds ``GIT_DIR``, ``GIT_WORK_TREE`` and ``GIT_INDEX_FILE``, which git sets for its hooks (``git commit -a``
        and ``git commit FILE`` commit from a temporary index), as long as ``start`` lies in the repository that
        they name. Raises :class:`BluehookError` if there may be one, but git is missing or refuses to work there.
        """
        directory = start if start.is_dir() else start.parent
        inherited = dict(os.environ)
        if "GIT_DIR" not in inherited:
            found = _discover(Git(directory, inherited)) if _maybe_inside(directory.resolve()) else None
            return cls(found, inherited) if found else None
        # With GIT_DIR alone git takes any directory for the top of the tree, so that it is asked twice.
        named = _discover(Git(Path.cwd(), inherited))
        plain = {name: value for name, value in inherited.items() if name not in _OF_A_REPOSITORY}
        found = _discover(Git(directory, plain))
        if found:
            return cls(found, inherited if named and named.git_dir == found.git_dir else plain)
        return cls(named, inherited) if named and directory.resolve().is_relative_to(named.root) else None

    def staged(self, options: Options = DEFAULTS) -> Collection:
        """What the next commit changes: the index against ``HEAD``, contents as they are staged.

        In a merge, files that are staged just as a merged branch has them are left out with a remark: they were
        committed there. Raises :class:`BluehookError` in a bare repository.
        """
        if self.bare:
            raise BluehookError(f"{self.root} is a bare repository: nothing is staged; scan a range with --diff A..B")
        problems: list[Problem] = []
        tree, found = self._against_head(self._git(options))
        if merged := self._merge_heads():
            found = self._own_part(found, merged, problems)
        return self._collection(found, (*_INDEX, tree), options, problems)

    def has_staged(self) -> bool:
        """Whether the next commit would change anything."""
        return bool(self._against_head(self.git.offline())[1])

    def between(self, span: str, options: Options = DEFAULTS) -> Collection:
        """What a range changes, contents as they are at its end.

        ``span`` is ``A..B`` or, starting at the common ancestor, ``A...B``; a side left out is ``HEAD``. Raises
        :class:`BluehookError` for another form, an unknown revision, or no common ancestor.
        """
        old, new = self._ends(span)
        command = ("diff-tree", "-r", old, new)
        found = diff.parse_raw(self._git(options).output(*_inserted(command, diff.RAW)))
        return self._collection(found, command, options, [])

    def read_blobs(self, ids: Iterable[str], limit: int = DEFAULTS.max_size) -> dict[str, bytes]:
        """Contents of objects by their ids; one that is not here or larger than ``limit`` bytes is left out."""
        contents: dict[str, bytes] = {}
        with open_blobs(self.git.offline()) as blobs:
            for name in ids:
                blob = blobs.read(name, limit)
                if blob is not None and blob.size <= limit:
                    contents[name] = blob.data
        return contents

    def tree(self, directory: Path) -> list[str]:
        """Paths, from the root, of the files in a directory that are tracked, or neither tracked nor ignored."""
        inside = relative(directory, self.root)
        where = [] if inside == "." else ["--", native(inside)]
        listed = self.git.output("ls-files", "--cached", "--others", "--exclude-standard", "-z", *where)
        return sorted({decoded(name) for name in listed.split(b"\0") if name})

    def settings(self, *names: str) -> list[str]:
        """Values of git's configuration, empty where one is not set."""
        answers = [self.git.run("config", "--get", name) for name in names]
        return ["" if each.status else each.stdout.decode("utf-8", "replace").strip() for each in answers]

    def hook(self, name: str) -> Path:
        """Where git looks for a hook of this name, whether there is one or not."""
        found = self.git.output("rev-parse", "--git-path", f"hooks/{name}").decode("utf-8", "surrogateescape")
        return self.git.cwd / found.rstrip("\n")

    def uncommitted(self) -> set[str]:
        """Paths, from the root, of files that differ from ``HEAD`` or are not tracked; none where git cannot say."""
        git = self.git.offline()
        asked = (("diff-index", "--name-only", "-z", "HEAD"), ("ls-files", "--others", "--exclude-standard", "-z"))
        answers = [git.run(*question) for question in asked]
        return {decoded(name) for each in answers if not each.status for name in each.stdout.split(b"\0") if name}

    def resolve(self, *revisions: str) -> list[str | None]:
        """The object ids of revisions; ``None`` for each that is unknown, ambiguous or no name at all."""
        # A question for each revision in one process, on standard input, where none can pass for an option. No revision
        # holds a line feed, and none is empty.
        asked = "".join("\n" if "\n" in revision else f"{native(revision)}\n" for revision in revisions)
        # Offline, since a partial clone would ask its server for each id that it does not know.
        git = self.git.offline()
        answers = git.output("cat-file", "--batch-check=%(objectname) %(objecttype)", given=os.fsencode(asked))
        known = re.compile(rb"([0-9a-f]{40,64}) (?:commit|tree|blob|tag)")
        return [m[1].decode() if (m := known.fullmatch(line)) else None for line in answers.splitlines()]

    def _git(self, options: Options) -> Git:
        return self.git.offline() if options.offline else self.git

    def _collection(
        self, found: Sequence[Change], command: tuple[str, ...], options: Options, problems: list[Problem]
    ) -> Collection:
        wanted = changes.choose(found, options, problems)
        files = changes.read(self._git(options), _inserted(command, diff.PATCH), wanted, options, problems)
        return Collection(self.root, files, problems)

    def _against_head(self, git: Git) -> tuple[str, list[Change]]:
        """The tree that the index is compared with, and the comparison."""
        ended = git.run(*_inserted((*_INDEX, "HEAD"), diff.RAW))
        if not ended.status:
            return "HEAD", diff.parse_raw(ended.stdout)
        if self.resolve("HEAD") != [None]:
            raise BluehookError(f"git diff-index failed in {self.root}: {reason(ended.stderr)}")
        # No commit yet: everything is new.
        return self.empty_tree, diff.parse_raw(self.git.output(*_inserted((*_INDEX, self.empty_tree), diff.RAW)))

    def _merge_heads(self) -> list[str]:
        try:
            return (self.git_dir / "MERGE_HEAD").read_text("ascii").split()
        except FileNotFoundError:
            return []

    def _own_part(self, found: list[Change], merged: list[str], problems: list[Problem]) -> list[Change]:
        own = found
        for head in merged:
            other = self.git.output(*_inserted((*_INDEX, head), diff.RAW), "--no-renames")
            differing = {change.path for change in diff.parse_raw(other)}
            own = [change for change in own if change.path in differing]
        if len(own) < len(found):
            count = len(found) - len(own)
            files = f"{count} changed {'file' if count == 1 else 'files'}"
            problems.append(note(f"merge: {files} not looked at, taken without a change from a merged branch"))
        return own

    def _ends(self, span: str) -> tuple[str, str]:
        parts = _RANGE.fullmatch(span)
        if parts is None or not (parts["old"] or parts["new"]):
            raise BluehookError(
                f"'{printable(span)}' is not a range; write A..B, or A...B to start at the common ancestor, "
                "such as origin/main...HEAD"
            )
        names = [parts["old"] or "HEAD", parts["new"] or "HEAD"]
        peel = "^{commit}" if parts["dots"] == "..." else "^{tree}"
        ids = self.resolve(*(name + peel for name in names))
        for name, known in zip(names, ids, strict=True):
            if known is None:
                raise BluehookError(
                    f"'{printable(name)}' in '{printable(span)}' names no commit in {self.root}; check the spelling, "
                    "or fetch it first (in a CI checkout: fetch-depth: 0)"
                )
        old, new = (known for known in ids if known)
        return (self._common_ancestor(old, new, span), new) if parts["dots"] == "..." else (old, new)

    def _common_ancestor(self, old: str, new: str, span: str) -> str:
        bases = self.git.run("merge-base", old, new).stdout.split()
        if not bases:
            raise BluehookError(
                f"the two ends of '{printable(span)}' have no common ancestor in {self.root}; fetch more history "
                "(git fetch --unshallow; in a CI checkout: fetch-depth: 0), or write A..B"
            )
        return bases[0].decode("ascii")


# Entries of `git add -N` are not part of a commit.
_INDEX = ("diff-index", "--cached", "--ita-invisible-in-index")


def _inserted(command: tuple[str, ...], options: tuple[str, ...]) -> tuple[str, ...]:
    return (command[0], *options, *command[1:])


def _maybe_inside(directory: Path) -> bool:
    """Whether git has to be asked at all: outside of any repository we can do without it."""
    return any(
        (above / ".git").exists() or ((above / "HEAD").exists() and (above / "objects").is_dir())
        for above in (directory, *directory.parents)
    )


def _discover(git: Git) -> _Place | None:
    """Ask git for the repository that it would use, in one question."""
    wanted = ("--is-bare-repository", "--show-object-format", "--absolute-git-dir", "--show-toplevel")
    ended = git.run("rev-parse", *wanted)
    if ended.status and b"not a git repository" in ended.stderr:
        return None
    lines = ended.stdout.removesuffix(b"\n").split(b"\n", 2)
    if ended.status and lines[0] == b"true" and len(lines) == 3:
        folder = Path(os.fsdecode(lines[2]))
        return _Place(folder, folder, lines[1].decode("ascii"), bare=True)
    if ended.status:
        raise BluehookError(_refusal(git.cwd, ended.stderr))
    git_dir, root = _split_directories(lines[2])
    return _Place(root.resolve(), git_dir, lines[1].decode("ascii"), bare=False)


def _split_directories(both: bytes) -> tuple[Path, Path]:
    """Two directories on two lines; the name of a directory may hold line feeds of its own."""
    lines = both.split(b"\n")
    pairs = (
        (Path(os.fsdecode(b"\n".join(lines[:at]))), Path(os.fsdecode(b"\n".join(lines[at:]))))
        for at in range(1, len(lines))
    )
    return next((git_dir, root) for git_dir, root in pairs if git_dir.is_dir() and root.is_dir())


def _refusal(directory: Path, errors: bytes) -> str:
    why = reason(errors)
    what = f"git refuses to work in {printable(directory)}: {why}"
    if "dubious ownership" in why:
        return f"{what}; if you trust it: git config --global --add safe.directory {printable(directory.resolve())}"
    if "must be run in a work tree" in why:
        return f"{printable(directory)} is inside a .git directory; change to the working tree"
    return what
