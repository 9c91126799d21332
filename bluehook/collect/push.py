"""What a push sends: for the pre-push hook, started by git itself or by pre-commit."""

from __future__ import annotations

from collections.abc import Mapping

from bluehook.collect.git import Repository
from bluehook.findings import BluehookError


def pushed_range(repository: Repository, environment: Mapping[str, str], lines: bytes = b"") -> tuple[str, ...]:
    """The ranges, for :meth:`Repository.between`, that a push sends; none if it only deletes or sends nothing new.

    ``environment`` is that of the hook: pre-commit names the ends in ``PRE_COMMIT_FROM_REF`` and
    ``PRE_COMMIT_TO_REF``, and only the local branch when all history is new to the remote. ``lines`` is what git
    writes to a pre-push hook: ``<local ref> <local id> <remote ref> <remote id>``, with an id of zeros for what does
    not exist (githooks(5)). Raises :class:`BluehookError` if neither says what is pushed.
    """
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if old and new:
        # The ends may have diverged (a forced push): as pre-commit does, start at the common ancestor.
        return (f"{old}...{new}",)
    if lines.strip():
        return tuple(dict.fromkeys(span for line in lines.splitlines() if (span := _of_line(repository, line))))
    if branch := environment.get("PRE_COMMIT_LOCAL_BRANCH"):
        return (f"{repository.empty_tree}..{branch}",)
    if "PRE_COMMIT_REMOTE_NAME" in environment:
        return ()
    raise BluehookError("nothing says what is pushed; run this as a pre-push hook, or scan a range with --diff A..B")


def _of_line(repository: Repository, line: bytes) -> str | None:
    # From the right: a local ref may be any expression, with spaces in it.
    fields = line.decode("utf-8", "surrogateescape").rsplit(maxsplit=3)
    if len(fields) != 4:
        raise BluehookError(
            f"cannot read {line[:80]!r} on standard input; to a pre-push hook git writes "
            "`<local ref> <local id> <remote ref> <remote id>`"
        )
    _, new, _, old = fields
    return None if _is_zero(new) else _unpushed(repository, new, old)


def _is_zero(name: str) -> bool:
    return not name.strip("0")


def _unpushed(repository: Repository, new: str, old: str) -> str | None:
    """From the newest commit that a remote has to ``new``; from nothing if it has no part of the history."""
    known = [] if _is_zero(old) or repository.resolve(old) == [None] else [old]
    listed = repository.git.output("rev-list", "--boundary", new, "--not", "--remotes", *known, "--")
    commits = listed.decode("ascii").split()
    if not commits:
        return None
    # Commits of the remote that ours stand on; several, where a branch of it was merged on the way.
    boundary = [commit[1:] for commit in commits if commit.startswith("-")]
    if not boundary:
        return f"{repository.empty_tree}..{new}"
    base = boundary[0]
    if len(boundary) > 1:
        base = repository.git.output("merge-base", new, *boundary).decode("ascii").split()[0]
    return f"{base}..{new}"
