"""``bluehook agent-hook``: answer a coding agent that asks before it takes a prompt or calls a tool."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bluehook.cli._session import Session
    from bluehook.config import InstructionSettings
    from bluehook.text.judgement import Doubt, Opinion

_EVENTS = ("UserPromptSubmit", "PreToolUse")
_LEFT_OUT = frozenset({"file_path", "path", "notebook_path", "cwd", "old_string", "timeout", "id", "tool_use_id"})
_MOST = 200
_WORDS = 300
_PATIENCE = 20.0
"""Seconds that an agent is kept waiting for a language model."""


@click.command("agent-hook", short_help="Answer a coding agent's hook (Claude Code's form).")
@click.option("--only-certain", is_flag=True, default=None, help="Block only what is certain.")
@click.option("--check", is_flag=True, help="Ask a language model where the local judge is unsure; the agent waits.")
@click.option("--offline", is_flag=True, default=None, help="Open no socket.")
def command(only_certain: bool | None, check: bool, offline: bool | None) -> int:
    """Judge the event on standard input, as Claude Code's hooks give it, and answer in their form.

    A prompt (UserPromptSubmit) that blocks is refused with the reason; a call of a tool (PreToolUse) is denied, or, for
    a warning and where not all could be read, left to the user. Nothing is said of what is clear. What is no such event
    ends with exit status 2, which an agent takes as a refusal: a guard that cannot read is no guard. A language model
    is asked only with --check, whatever the configuration says, for 20 seconds at most; without an answer the local
    judge's word holds.
    """
    from bluehook.cli._session import Session

    event = _event(click.get_binary_stream("stdin").read())
    session = Session({"instructions.only-certain": only_certain, "check.enabled": check, "offline": offline})
    settings = session.configs.run.settings.instructions
    doubts, unread = _doubts(event, settings)
    if check:
        doubts = _asked(session, doubts)
    worst = max((each.opinion for each in doubts), key=lambda one: (one.band.rank, one.score), default=None)
    answer = _answer(event["hook_event_name"], worst, unread)
    if answer is not None:
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
    return 0


def _event(data: bytes) -> dict[str, Any]:
    """The event, its parts of the right form.

    :raises click.UsageError: it is none.
    """
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        raise click.UsageError("standard input is not the JSON of a hook") from None
    if not isinstance(event, dict) or event.get("hook_event_name") not in _EVENTS:
        raise click.UsageError(f"standard input is no event of {' or '.join(_EVENTS)}")
    kind, key = (str, "prompt") if event["hook_event_name"] == "UserPromptSubmit" else (dict, "tool_input")
    if not isinstance(event.get(key), kind):
        raise click.UsageError(f"the event has no {key!r}")
    return event


def _doubts(event: dict[str, Any], settings: InstructionSettings) -> tuple[list[Doubt], str]:
    """The opinions on each text of the event that are not clear, and what of it was not read ("" when all was)."""
    from bluehook.instructions.limits import no_looser, thresholds
    from bluehook.text.judge import judge
    from bluehook.text.judgement import Band, Doubt, Surface, Task

    if event["hook_event_name"] == "UserPromptSubmit":
        tasks = frozenset({Task.MALICIOUS, Task.BIASED, Task.INJECTING})
        texts, surface = iter([event["prompt"]]), Surface.PROMPT
    else:
        tasks = frozenset({Task.MALICIOUS, Task.INJECTING})
        texts, surface = _strings(event["tool_input"]), Surface.INSTRUCTION_FILE
    # The texts may come from the repository, and so does its configuration: it can ask for more care, not for less.
    limits = no_looser(thresholds(surface, settings), surface)
    doubts: list[Doubt] = []
    unread = ""
    for number, text in enumerate(texts):
        if number == _MOST:
            unread = f"only {_MOST} of its texts were read"
            break
        judged = judge(text, surface=surface, tasks=tasks, thresholds=limits)
        opinions = [each for each in judged.opinions if each.band is not Band.CLEAR]
        doubts += [Doubt(text, each, surface, False) for each in opinions]
        unread = unread or judged.incomplete
    return doubts, unread


def _asked(session: Session, doubts: list[Doubt]) -> list[Doubt]:
    """The same with what a language model said of them; what kept it from answering is told on standard error."""
    import msgspec

    from bluehook import knowledge
    from bluehook.check import texts
    from bluehook.decide import decide
    from bluehook.findings import Evidence
    from bluehook.instructions import SAYS
    from bluehook.text.judgement import Band

    checks = session.checks()
    asking = [doubt for doubt in doubts if texts.asks_about(doubt)]
    if checks is None or not asking:
        return doubts
    if checks.settings is None:
        click.echo(f"bluehook: no language model was asked: {checks.unavailable}", err=True)
        return doubts
    own = checks.settings.limits
    seconds = min(own.seconds or _PATIENCE, _PATIENCE)
    run = session.configs.run
    done = texts.read(
        asking,
        msgspec.structs.replace(checks.settings, limits=msgspec.structs.replace(own, seconds=seconds)),
        library=knowledge.load(run.directory, run.settings.constitutions),
        cache=session.cache,
    )
    for problem in done.problems:
        click.echo(f"bluehook: {problem.reason}", err=True)
    known = []
    for doubt in doubts:
        word, opinion = done.evidence.get(doubt), doubt.opinion
        if word is not None:
            local = Evidence("instructions", opinion.task.value, SAYS[opinion.band], opinion.reason)
            verdict = decide(opinion.task.value, [local, word]).verdict
            band = Band.CLEAR if verdict is None else Band.BLOCK if verdict.value == "likely" else Band.WARN
            reason = opinion.reason
            if band is not opinion.band:
                reason += f"; a language model says: {' '.join(word.message.split())[:_WORDS]}"
            opinion = msgspec.structs.replace(opinion, band=band, reason=reason)
        known.append(doubt._replace(opinion=opinion))
    return known


def _strings(value: Any) -> Iterator[str]:
    """The texts that a tool is given, keys that are sentences among them, but for names of files and what an edit
    takes out.
    """
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str) and item.strip():
            yield item
        elif isinstance(item, dict):
            stack += [key for key in item if " " in key]
            stack += [inner for key, inner in item.items() if key not in _LEFT_OUT or not isinstance(inner, str)]
        elif isinstance(item, list):
            stack += item


def _answer(event: str, worst: Opinion | None, unread: str) -> dict[str, Any] | None:
    from bluehook.text.judgement import Band
    from bluehook.text.principles import quoted

    blocks = worst is not None and worst.band is Band.BLOCK
    if worst is not None and worst.band in (Band.BLOCK, Band.WARN):
        reason = f"bluehook ({worst.task.value}, score {worst.score:.2f}): {worst.reason}"
        if worst.constitution:
            reason += f"; {quoted(worst.task, worst.constitution)}"
    elif unread:
        reason = f"bluehook could not judge all of it: {unread}"
    else:
        return None
    if event == "UserPromptSubmit":
        if blocks:
            return {"decision": "block", "reason": reason}
        return {"systemMessage": reason}
    decision = "deny" if blocks else "ask"
    return {
        "hookSpecificOutput": {
            "hookEventName": event,
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        }
    }
