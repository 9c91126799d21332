"""OS command injection: a real shell creates the attempt's marker file. Argument injection: a value that a program
takes as an option."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting, is_constant, quote_context

_WAIT = 0.15
_ARGUMENTS = re.compile(r"'(\w*_)?(args|arguments|argv|options|opts|flags|parameters|params)'$")

_PROGRAM = re.compile(r"(^|[;&|(`\n])\s*(sudo\s+|env\s+|exec\s+|nohup\s+|time\s+|\w+=\S*\s+)*[\"']?$")
"""What stands before the name of a program in a shell's command line."""


class ShellCommand(Probe):
    """A value that becomes part of a shell's command line."""

    weakness = "command-injection"
    kinds = frozenset({"shell"})
    assumed_will_do = True

    def composed(self, sighting: Sighting) -> bool:
        """Text of the code's own stands around the value, or a constant of which only the name is known. What stands
        where the shell reads a program is the command itself: who chose it chose what runs.
        """
        named = _PROGRAM.search(sighting.before)
        if named is not None and not quote_context(sighting.before[: named.end(1)]):
            return False
        return super().composed(sighting) or any(is_constant(slot) for slot in sighting.beside)

    def answers_for(self, sighting: Sighting) -> bool:
        """A parameter that the code sets behind another input's program: who chose the program did not choose this,
        unless it is called the program's arguments.
        """
        if _ARGUMENTS.search(sighting.slot.name):
            return False
        program = sighting.before.split()[:1]
        behind = program != [] and sighting.before.strip() != "" and re.search(r"\S\s", sighting.before) is not None
        return (
            behind and sighting.slot.trust == "parameter" and any(slot.word in program[0] for slot in sighting.beside)
        )

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """End the word, the quote or the command, and redirect nothing into the marker file: no spaces needed."""
        quote = quote_context(sighting.before)
        shapes = [";>{f};", "$(>{f})", "`>{f}`", "\n>{f}\n", "|>{f};", "&>{f}&", "x;>{f};x", "-h;>{f}#"]
        if quote == "'":
            shapes = ["';>{f};'", "'$(>{f})'", "x';>{f}#", *shapes[:2]]
        elif quote == '"':
            shapes = ["$(>{f})", '";>{f};"', "`>{f}`", *shapes[:1]]
        for shape in shapes:
            mark = canaries.word()
            yield Attack(shape.format(f=f"{scene.work}/{mark}"), mark, "end the command")
        mark = canaries.word()
        yield Attack(f";cd${{IFS}}${{TMPDIR}};>{mark};", mark, "without slashes or spaces")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The marker exists, or a shell was told by a stand-in and its text runs the redirection."""
        events = [event for event in run.events if event.kind == "shell" and attack.mark in event.text]
        if not events:
            return ""
        if events[0].by_standin:
            _run_shell(events[0].text, scene.work)
        marker = os.path.join(scene.work, attack.mark)
        deadline = time.monotonic() + _WAIT
        while not os.path.exists(marker):
            if time.monotonic() > deadline:
                return ""
            time.sleep(0.01)
        return f"the shell ran the injected command and created {marker}: {events[0].text!r}"


def _run_shell(command: str, work: str) -> None:
    """Run a command that a stand-in took, in a real shell that finds no programs."""
    import subprocess

    try:
        subprocess.run(
            ["/bin/sh", "-c", command],
            env={"PATH": work + "/none", "TMPDIR": work},
            cwd=work,
            timeout=0.5,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except (subprocess.SubprocessError, OSError, ValueError):
        return


_ENDS = {"--", "--end-of-options"}
"""Behind which a program reads no more options."""
_COMPLETE = re.compile(r"--[\w-]+=|-[A-Za-z]\d+$")
"""An option with its value."""


def _awaits_value(word: str) -> bool:
    """Whether the next word may be an option's value."""
    return word.startswith("-") and _COMPLETE.match(word) is None


class ProgramOption(Probe):
    """A value that stands where an option may stand in a program's argument list."""

    weakness = "argument-injection"
    kinds = frozenset({"process"})

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """One long and one short option."""
        for shape in ("--{m}=x", "-{m}"):
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "an option instead of a value")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """An argument begins with the option, and no ``--`` stands before it, nor an option whose value it may be."""
        for event in run.events:
            words = event.details.get("words", [])
            for i, word in enumerate(words):
                if (
                    i
                    and not _awaits_value(words[i - 1])
                    and word.startswith("-")
                    and word.lstrip("-").startswith(attack.mark)
                    and not _ENDS.intersection(words[1:i])
                ):
                    return f"{words[0]} was started with {word!r} where an option is read"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A list with a fixed program is the ordinary way to pass a value: no claim to confine its first character."""
        return False


PROBES = [ShellCommand(), ProgramOption()]
