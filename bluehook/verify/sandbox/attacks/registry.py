"""What an attack is, the guarantees, and the helpers that attacks share."""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Facts = dict[str, Any]
    Function = Callable[[Facts], str | None]

NETWORK = "no address outside its own loopback can be reached"
WRITING = "nothing outside its private directory can be written"
READING = "nothing of the home directory, other repositories or credentials can be read"
CLEARED = "the environment is cleared to a list"
BOUNDED = "processes, memory, disk, output and time are bounded"
TREE = "it is killed as a tree"
APART = "no process outside can be seen, traced or signalled"
POWERLESS = "no privilege can be gained"

MIB = 1024 * 1024


class Attack:
    """One attack: ``limits`` replace the default ones, ``ends`` are the reasons with which it may end unreported."""

    def __init__(self, guarantee: str, function: Function, limits: dict[str, float], ends: tuple[str, ...]) -> None:
        self.name, self.guarantee, self.function = function.__name__, guarantee, function
        self.limits, self.ends = limits, ends


ATTACKS: dict[str, Attack] = {}


def attack(guarantee: str, ends: tuple[str, ...] = (), **limits: float) -> Callable[[Function], Function]:
    """Register a function as an attack on ``guarantee``."""

    def register(function: Function) -> Function:
        ATTACKS[function.__name__] = Attack(guarantee, function, limits, ends)
        return function

    return register


def first(results: Iterable[str | None]) -> str | None:
    """The first that was broken."""
    return next((result for result in results if result), None)


def succeeded(tries: dict[str, Callable[[], object]], lead: str) -> str | None:
    """The first of ``tries`` that raised nothing, after ``lead``."""
    for what, act in tries.items():
        try:
            act()
        except (OSError, AttributeError):
            continue
        return lead + what
    return None


def allowed(tries: dict[str, Callable[[], int]]) -> str | None:
    """The first system call of ``tries`` that did not fail."""
    return next((what for what, act in tries.items() if act() >= 0), None)


def linux(name: str) -> Callable[..., Any]:
    """A function of ``os`` that some platforms lack; calling a missing one counts as refused."""

    def missing(*arguments: object) -> None:
        raise OSError(errno.ENOSYS, name)

    function: Callable[..., Any] = getattr(os, name, missing)
    return function


def read(path: str) -> str:
    """The start of a file, the names in a folder, nothing if it cannot be read."""
    try:
        if os.path.isdir(path):
            return " ".join(os.listdir(path))
        with open(path, "rb") as file:
            return file.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""
