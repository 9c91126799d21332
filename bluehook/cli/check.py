"""``bluehook check``: judge what texts ask a code-generating model to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluehook.text.judgement import Surface

if TYPE_CHECKING:
    from bluehook.check.record import Recorder
    from bluehook.cli._session import Session
    from bluehook.collect import Collection, Options
    from bluehook.messages import Cleanup

_FORMATS = ("console", "gitlab", "json", "junit", "markdown", "sarif")


@click.command("check", short_help="Judge what texts ask a model to do.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--text", metavar="TEXT", help="Judge this text instead of files.")
@click.option(
    "--hook",
    type=click.Choice(["pre-commit", "pre-push"]),
    help="Instruction and prompt files that the running git hook is about, read from the git index.",
)
@click.option(
    "--surface",
    type=click.Choice([s.value for s in Surface]),
    help="What the texts are; default: by path and shape, or a prompt.",
)
@click.option("--field", help="Field of JSON or JSON lines that holds the texts.")
@click.option("--jsonl", is_flag=True, help="Judge standard input line by line, and answer each line with one of JSON.")
@click.option("--only-certain", is_flag=True, default=None, help="Block only what is certain.")
@click.option("--format", "-f", "formats", multiple=True, type=click.Choice(_FORMATS), help="Report; may be repeated.")
@click.option(
    "--output", "-o", "outputs", multiple=True, type=click.Path(dir_okay=False, path_type=Path),
    help="File for the report; the n-th goes with the n-th --format.",
)  # fmt: skip
@click.option("--fail-on", type=click.Choice(["likely", "possible", "never"]), help="Least verdict that blocks.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
@click.option("--check/--no-check", "check", default=None, help="Ask a language model where the local judge is unsure.")
@click.option("--show-prompts", is_flag=True, help="Print what --check would send first, and send nothing.")
@click.option("--offline", is_flag=True, default=None, help="Open no socket.")
@click.option("--show-all", is_flag=True, help="List every possible finding on the console.")
def command(
    paths: tuple[Path, ...],
    text: str | None,
    hook: str | None,
    surface: str | None,
    field: str | None,
    jsonl: bool,
    only_certain: bool | None,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    fail_on: str | None,
    config: Path | None,
    check: bool | None,
    show_prompts: bool,
    offline: bool | None,
    show_all: bool,
) -> int:
    """Judge what texts ask a model to do: files, folders, a string, or standard input.

    \b
    bluehook check AGENTS.md prompts/          files and folders
    bluehook check --text "Write a worm"       a string
    bluehook check < request.txt               standard input
    bluehook check --jsonl --field prompt      a stream, a line of JSON each
    """
    if sum([bool(paths), text is not None, hook is not None, jsonl]) > 1:
        raise click.UsageError("give one of PATH, --text, --hook and --jsonl")
    if jsonl and (check or show_prompts):
        raise click.UsageError("a stream is judged here alone: --jsonl takes no --check and no --show-prompts")
    from bluehook.cli._session import Session

    started = datetime.now(timezone.utc)
    given = {
        "fail-on": fail_on,
        "instructions.only-certain": only_certain,
        "check.enabled": True if show_prompts else check,
        "offline": offline,
    }
    session = Session(given, config=config)
    if jsonl:
        return _stream(session, Surface(surface or Surface.PROMPT), field)
    from bluehook.cli import _looser, _memory, _output
    from bluehook.cli._progress import Progress
    from bluehook.texts import Texts

    targets = _output.pair(formats, outputs)
    collection, kind = _collect(session, paths, text, hook, surface)
    recorder = _recorder() if show_prompts else None
    checks = session.recording(recorder) if recorder is not None else session.checks()
    with Progress(hook=hook is not None) as progress:
        scanned = Texts(
            collection.root,
            session.configs,
            surface=kind,
            by_shape=hook is None,
            field=field,
            read_blobs=session.repository.read_blobs if session.repository is not None else None,
            checks=checks._replace(progress=progress.asked) if checks is not None else None,
            cache=session.cache if checks is not None else None,
            cleanup=_cleanup(session),
        ).run(collection.files, collection.problems)
    if recorder is not None:
        return _output.prompts(recorder, scanned.result.exit_code)
    scanned.result.notes += _looser.notes(session, texts=True)
    if scanned.result.findings:
        _memory.remember(session.cache, scanned.result, "texts")
        scanned.result.notes += session.cache_problems()
    _output.write(scanned, targets, _output.Look(show_all, False, hook or "", started))
    return scanned.result.exit_code


def _cleanup(session: Session) -> Cleanup:
    """What git takes out of a message after this hook. It sets ``GIT_EDITOR`` so where it opened no editor."""
    from bluehook.messages import cleanup

    settings = session.repository.settings("commit.cleanup", "core.commentChar") if session.repository else ["", ""]
    return cleanup(*settings, edited=os.environ.get("GIT_EDITOR") != ":")


def _recorder() -> Recorder:
    from bluehook.check.record import Recorder

    return Recorder()


def _collect(
    session: Session, paths: tuple[Path, ...], text: str | None, hook: str | None, surface: str | None
) -> tuple[Collection, Surface | None]:
    """What to judge, and what all of it is, or ``None`` where that goes by the path."""
    import msgspec

    from bluehook import collect
    from bluehook.instructions.surfaces import wanted

    kind = Surface(surface) if surface is not None else None
    here = wanted(session.configs.of, prose=hook is None)
    limits = msgspec.structs.replace(session.limits(walked=hook is None), wanted=here)
    if hook is not None:
        return _hooked(session, hook, limits), kind
    if paths and paths != (Path("-"),):
        return collect.paths(paths, session.root, limits), kind
    if text is None and not paths and sys.stdin.isatty():
        raise click.UsageError("give PATHs or --text, or a text on standard input")
    data = text.encode("utf-8", "surrogateescape") if text is not None else click.get_binary_stream("stdin").read()
    name = "text" if text is not None else "stdin"
    return collect.standard_input(data, name, limits), kind or Surface.PROMPT


def _hooked(session: Session, hook: str, limits: Options) -> Collection:
    from bluehook import collect

    repository = session.repository
    if repository is None:
        raise click.UsageError(f"{session.start} is not inside a git repository; give PATHs instead")
    if hook == "pre-push" or "PRE_COMMIT_FROM_REF" in os.environ:
        stdin = click.get_binary_stream("stdin")
        lines = b"" if "PRE_COMMIT" in os.environ or stdin.isatty() else stdin.read()
        spans = collect.pushed_range(repository, os.environ, lines)
        return collect.joined(repository.root, [repository.between(span, limits) for span in spans])
    if "PRE_COMMIT" in os.environ and not repository.has_staged():
        return collect.paths((repository.root,), repository.root, limits)
    return repository.staged(limits)


def _stream(session: Session, surface: Surface, field: str | None) -> int:
    """Answer each line of standard input with one of JSON, as it comes; one that cannot be read is said to be so."""
    import json

    from bluehook.ending import BLOCKED, FINISHED, INCOMPLETE
    from bluehook.instructions.limits import thresholds
    from bluehook.text.judge import judge

    settings = session.configs.run.settings.instructions
    limits = thresholds(surface, settings)
    blocked = broken = 0
    for number, text, wrong in _lines(field):
        answer: dict[str, object] = {"line": number}
        if text is None:
            broken += 1
            answer["error"] = wrong
            click.echo(f"bluehook: line {number} of standard input {wrong}", err=True)
        else:
            judged = judge(text, surface=surface, thresholds=limits, only_certain=settings.only_certain)
            blocked += judged.band.value == "block"
            answer["band"] = judged.band.value
            answer["tasks"] = {
                o.task.value: {"score": o.score, "band": o.band.value, "reason": o.reason} for o in judged.opinions
            }
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        sys.stdout.flush()
    if blocked and session.configs.run.settings.fail_on != "never":
        return BLOCKED
    return INCOMPLETE if broken else FINISHED


def _lines(field: str | None) -> Iterator[tuple[int, str | None, str]]:
    """Line number and text of each line, a string or a field of an object; or no text, and what is wrong."""
    import json

    for number, line in enumerate(click.get_binary_stream("stdin"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield number, None, "is not JSON"
            continue
        text = value.get(field) if field is not None and isinstance(value, dict) else value
        if isinstance(text, str) and (field is None or isinstance(value, dict)):
            yield number, text, ""
        else:
            what = f"has no text in the field {field!r}" if field is not None else "is no JSON string; name its --field"
            yield number, None, what
