"""``bluehook verify``: attack one function in the sandbox, and say how each family of attacks ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.cli._session import Session
    from bluehook.parse import Function, ParsedFile
    from bluehook.verify import Attempt, Settings, Target, Verification

_PROVEN, _UNDONE = 1, 3
_ALL = "; bluehook explain lists all that there are"
_OUT_OF_TIME = ("time", "budget", "lost", "ended")
"""What the reason says where more seconds may help."""


@click.command("verify", short_help="Attack one function in the sandbox.")
@click.argument("name", metavar="FILE::FUNCTION")
@click.option("--cwe", metavar="CWE|WEAKNESS", help="Only this family: a number (22, CWE-22) or a name.")
@click.option("--trace", is_flag=True, help="All that is known of each attempt, and where the others ended.")
@click.option(
    "--write-test", "folder", type=click.Path(file_okay=False, path_type=Path),
    help="Write each proof into this folder as a pytest file that fails until the hole is closed.",
)  # fmt: skip
@click.option("--python", type=click.Path(path_type=Path), help="The interpreter, or its environment, to attack on.")
@click.option("--seconds", type=click.FloatRange(min=0.5), default=10.0, show_default=True, help="Time for the attack.")
def command(
    name: str, cwe: str | None, trace: bool, folder: Path | None, python: Path | None, seconds: float
) -> int:  # fmt: skip
    """Attack the function FUNCTION (Class.method for a method) of FILE.

    Exit status: 1 when an attack is proven; 0 when none is and every suspected place was attacked; 3 when it could not
    be tried, or something suspected was not reached.

    \b
    bluehook verify shop/orders.py::invoice
    bluehook verify shop/orders.py::invoice --cwe 22 --write-test tests/security
    """
    from bluehook import report, verify
    from bluehook.cli import _output
    from bluehook.cli._session import Session, there
    from bluehook.verify import outcome

    path, _, function = name.partition("::")
    session = Session({}, start=_start(Path(path)))
    file = _parsed(session, Path(path))
    target, suspected = _target(file, function, _families(cwe) if cwe else ())
    configured = session.configs.run.settings.verify.python
    named = there(python) if python is not None else session.configs.run.resolve(configured) if configured else None
    settings = verify.Settings(python=named, workers=1, seconds=seconds)
    done = verify.attack(session.root, [target], settings, contents={target.path: file.source.data})
    for problem in done.problems:
        click.echo(f"bluehook: {problem.reason}", err=True)
    for attempt in done.attempts:
        evidence = [seen.evidence for seen in outcome.seen(attempt, everything=True)]
        _output.show(report.attacks(target.name, evidence, trace=trace, width=_output.fitting().width))
        _note(done, attempt, suspected)
    if folder is not None:
        _write(session, done, settings, folder)
    return _status(done, suspected)


def _status(done: Verification, suspected: set[str]) -> int:
    endings = {each.ending for attempt in done.attempts for each in attempt.reply.outcomes}
    if "proven" in endings:
        return _PROVEN
    return _UNDONE if not done.attempts or any(_open(done, attempt, suspected) for attempt in done.attempts) else 0


def _open(done: Verification, attempt: Attempt, suspected: set[str]) -> dict[str, str]:
    """What the attack leaves open, by weakness, and why: ``""`` stands for all where nothing was reached at all.

    A weakness that was only asked for, and of which neither the text nor the run shows a sink, is no open question.
    """
    from bluehook.verify import outcome

    target = attempt.target
    unattackable = [slug for slug in target.only if slug not in done.families]
    if unattackable and len(unattackable) == len(target.only):
        return dict.fromkeys(unattackable, "no attack can show it: rules find it (bluehook scan)")
    left = {
        slug: why for slug, why in outcome.left_open(attempt).items() if slug in suspected or why != outcome.NO_SINK
    }
    if not left and not target.weaknesses and (stopped := outcome.stopped(attempt)):
        return {"": stopped}
    return left


def _note(done: Verification, attempt: Attempt, suspected: set[str]) -> None:
    """What was left open and what to do about it, on standard error; or that there was nothing to attack."""
    from bluehook.verify import outcome

    left = _open(done, attempt, suspected)
    by_reason: dict[str, list[str]] = {}
    for slug, reason in left.items():
        by_reason.setdefault(reason, []).append(slug or "anything")
    for reason, slugs in by_reason.items():
        click.echo(f"bluehook: INCOMPLETE: not attacked: {', '.join(slugs)}: {reason}", err=True)
    if left:
        click.echo(f"try: {_next(done, attempt, ' '.join(by_reason))}", err=True)
    elif not outcome.arrived(attempt):
        click.echo("  nothing to attack: it ran, no sink was reached, and none is seen in its text")


def _next(done: Verification, attempt: Attempt, reasons: str) -> str:
    if "no attack can show it" in reasons:
        return "another --cwe, or none"
    if done.missing.get(attempt.target.path):
        return "--python PATH, with the environment that the project runs in"
    if any(word in reasons for word in _OUT_OF_TIME):
        return "more --seconds"
    return "the function that calls it (a route, a command), or --trace for all that is known of each attempt"


def _start(path: Path) -> Path:
    """Where the configuration is looked for: here, or at the file when that lies elsewhere."""
    here, named = Path.cwd(), path.absolute()
    return here if named.is_relative_to(here) else named.parent


def _parsed(session: Session, path: Path) -> ParsedFile:
    from bluehook.findings import BluehookError, SourceFile
    from bluehook.parse import parse

    try:
        data = path.read_bytes()
    except OSError as error:
        raise BluehookError(f"{path}: cannot be read: {error.strerror}") from error
    return parse(SourceFile(path=path.absolute().relative_to(session.root).as_posix(), data=data))


def _target(file: ParsedFile, function: str, only: tuple[str, ...]) -> tuple[Target, set[str]]:
    """The target, and the weaknesses whose sinks the text shows in it."""
    from bluehook.detect.sinks import calls as sink_calls
    from bluehook.findings import BluehookError
    from bluehook.verify import plan

    if function == plan.MODULE:
        at_top = [each for each in sink_calls.detections(file) if not file.symbol_at(each.location.line)]
        return plan.program(file, at_top, only), {each.weakness for each in at_top}
    known: dict[str, Function] = {each.qualname: each for each in file.functions if each.name != "<lambda>"}
    if function not in known:
        import difflib

        close = difflib.get_close_matches(function, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known) or 'no functions'}"
        raise BluehookError(f"{file.path}: no function {function!r}; {hint}" if function else f"{file.path}: {hint}")
    wanted = known[function]
    found = [each for each in sink_calls.detections(file) if file.symbol_at(each.location.line) == function]
    return plan.single(file, wanted, found, only), {each.weakness for each in found}


def _families(name: str) -> tuple[str, ...]:
    from bluehook import weaknesses
    from bluehook.findings import BluehookError

    selector = f"CWE-{name}" if name.isdigit() else name
    found = tuple(slug for slug in weaknesses.TABLE if weaknesses.matches(selector, slug))
    if not found:
        raise BluehookError(f"--cwe: no weakness is called {name!r}{weaknesses.guess(name) or _ALL}")
    return found


def _write(session: Session, done: Verification, settings: Settings, folder: Path) -> None:
    from bluehook.verify import reproduce

    for attempt in done.attempts:
        for written in reproduce.write(session.root, attempt, settings, folder):
            what = f"written to {written.path}" if written.path is not None else f"no test: {written.reason}"
            click.echo(f"  {written.weakness}: {what}")
