"""What a scan has to say, in the formats that people and programs read: one module a format, found by its name.

A format is a public module of this package with a ``render`` function (see :class:`Format`); adding one is adding a
file. Modules whose names start with an underscore are what the formats share. All text of a result (source lines,
file names, engine messages that quote them) is untrusted, and each format makes it harmless in its own way.
"""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO, cast

import msgspec

from bluehook.findings import BluehookError, Evidence, Finding, Result, Spend

if TYPE_CHECKING:
    from bluehook.weaknesses import Weakness


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a report is to be made; each format takes what concerns it.

    ``read`` gives the bytes of a scanned file by its path as in ``Location``, or ``None`` when they cannot be had;
    the console quotes lines with it, SARIF computes GitHub's line hash. ``width`` is in terminal cells. ``encoding``
    is that of the stream the text goes to. ``show_all`` lists what is otherwise only counted, ``suppressed``
    includes suppressed and refuted findings where a format leaves them out for its reader's sake (SARIF, JUnit).
    ``hook`` is the git hook that waits for the outcome, if one does.
    ``started`` and ``ended`` (aware, or taken as UTC) are the times of the run; ``category`` keeps several uploads of
    one repository apart in code scanning; ``limit`` bounds a Markdown comment, in bytes of UTF-8.
    """

    read: Callable[[str], bytes | None] | None = None
    width: int = 100
    colour: bool = False
    encoding: str = "utf-8"
    show_all: bool = False
    suppressed: bool = False
    hook: str = ""
    started: datetime.datetime | None = None
    ended: datetime.datetime | None = None
    category: str = "bluehook"
    limit: int = 65_000


class Format(Protocol):
    """What every module of a format offers."""

    def render(self, result: Result, options: Options) -> str:
        """The whole report, ending in a line break. Raises nothing, whatever the texts hold."""
        ...


def names() -> tuple[str, ...]:
    """The formats there are, sorted; imports none of them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def load(name: str) -> Format:
    """The module of one format. Raises :class:`BluehookError` when there is none of that name."""
    if name not in names():
        raise BluehookError(f"there is no report format {name!r}\nknown formats: {', '.join(names())}")
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))


def render(name: str, result: Result, options: Options | None = None) -> str:
    """One result in one format. Raises :class:`BluehookError` when there is no such format."""
    return load(name).render(result, options or Options())


def fitting(options: Options, stream: TextIO, environ: Mapping[str, str]) -> Options:
    """The options with colour, width and encoding as the stream and the environment variables want them."""
    from bluehook.report import _terminal

    return msgspec.structs.replace(
        options,
        colour=_terminal.colour(stream, environ),
        width=_terminal.width(stream, environ),
        encoding=stream.encoding or "ascii",
    )


def explain(finding: Finding, reasons: Sequence[str], width: int = 100) -> str:
    """What ``bluehook explain ID`` prints: the chain of evidence, and the reasons that led to the verdict."""
    from bluehook.report import _explain

    return _explain.finding_page(finding, reasons, width)


def attacks(name: str, evidence: Sequence[Evidence], *, trace: bool = False, width: int = 100) -> str:
    """What ``bluehook verify`` prints: how the attacks on the function ``name`` ended; with ``trace`` all of it."""
    from bluehook.report import _attacks

    return _attacks.attack_page(name, evidence, trace, width)


def spent(spend: Spend) -> str:
    """What asking a language model took, on one line."""
    from bluehook.report import _wording

    return f"check: {_wording.spend_line(spend)}"


def page(weakness: Weakness, width: int = 100) -> str:
    """What ``bluehook explain SLUG`` prints: one weakness, its attack, its fix, and the names it goes by."""
    from bluehook.report import _explain

    return _explain.weakness_page(weakness, width)
