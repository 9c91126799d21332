"""``bluehook agent-hook``: answer a coding agent that asks before it takes a prompt or calls a tool."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bluehook.text.judgement import Opinion

_EVENTS = ("UserPromptSubmit", "PreToolUse")
_LEFT_OUT = frozenset({"file_path", "path", "notebook_path", "cwd", "old_string", "timeout", "id", "tool_use_id"})
_MOST = 200


@click.command("agent-hook", short_help="Answer a coding agent's hook (Claude Code's form).")
@click.option("--only-certain", is_flag=True, default=None, help="Block only what is certain.")
def command(only_certain: bool | None) -> int:
    """Judge the event on standard input, as Claude Code's hooks give it, and answer in their form.

    A prompt (UserPromptSubmit) that blocks is refused with the reason; a call of a tool (PreToolUse) is denied, or, for
    a warning and where not all could be read, left to the user. Nothing is said of what is clear. What is no such event
    ends with exit status 2, which an agent takes as a refusal: a guard that cannot read is no guard.
    """
    from bluehook.cli._session import Session

    event = _event(click.get_binary_stream("stdin").read())
    session = Session({"instructions.only-certain": only_certain})
    settings = session.configs.run.settings.instructions
    answer = _answer(event["hook_event_name"], *_worst(event, settings))
    if answer is not None:
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
    return 0


def _event(data: bytes) -> dict[str, Any]:
    """The event, its parts of the right form.

    Raises:
        click.UsageError: it is none.
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


def _worst(event: dict[str, Any], settings: Any) -> tuple[Opinion | None, str]:
    """The gravest opinion on any text of the event, and what of it was not read ("" when all was)."""
    from bluehook.instructions import thresholds
    from bluehook.text.judge import judge
    from bluehook.text.judgement import Surface, Task

    if event["hook_event_name"] == "UserPromptSubmit":
        tasks = frozenset({Task.MALICIOUS, Task.BIASED, Task.INJECTING})
        texts, surface = iter([event["prompt"]]), Surface.PROMPT
    else:
        tasks = frozenset({Task.MALICIOUS, Task.INJECTING})
        texts, surface = _strings(event["tool_input"]), Surface.INSTRUCTION_FILE
    limits = thresholds(surface, settings)
    opinions: list[Opinion] = []
    unread = ""
    for number, text in enumerate(texts):
        if number == _MOST:
            unread = f"only {_MOST} of its texts were read"
            break
        judged = judge(text, surface=surface, tasks=tasks, thresholds=limits, only_certain=settings.only_certain)
        opinions += judged.opinions
        unread = unread or judged.incomplete
    return max(opinions, key=lambda opinion: (opinion.band.rank, opinion.score), default=None), unread


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
