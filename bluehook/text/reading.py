"""A text as it reads once something was taken off, with the way back to the characters that it came from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bluehook.text.judgement import Span


class Edit(NamedTuple):
    """Put ``new`` in place of ``text[start:end]``, and say what that took off ("" for nothing worth telling)."""

    start: int
    end: int
    new: str
    disguise: str = ""


class Mark(NamedTuple):
    """A part of the original text that a disguise was taken off."""

    start: int
    end: int
    disguise: str


class Reading:
    """``text``, and for each of its characters the span of the original that it stands for.

    ``disguises`` are those of all of it, the outermost first; ``marks`` those of parts, in the order of the text.
    """

    def __init__(
        self,
        text: str,
        starts: Sequence[int] | None = None,
        ends: Sequence[int] | None = None,
        disguises: tuple[str, ...] = (),
        marks: tuple[Mark, ...] = (),
    ) -> None:
        self.text = text
        self.starts = range(len(text)) if starts is None else starts
        self.ends = range(1, len(text) + 1) if ends is None else ends
        self.disguises = disguises
        self.marks = marks

    def part(self, start: int, end: int, disguise: str = "") -> Reading:
        """A part of it, which ``disguise`` hid."""
        text = self.text[start:end]
        return Reading(text, self.starts[start:end], self.ends[start:end], self._under(disguise))

    def decoded(self, start: int, end: int, said: str, disguise: str) -> Reading:
        """What a part says; each of the characters stands for the whole part."""
        first, last = self.origin(start, end)
        return Reading(said, [first] * len(said), [last] * len(said), self._under(disguise))

    def respelt(self, start: int, end: int, text: str, order: Sequence[int], disguise: str) -> Reading:
        """A part with other characters; ``order`` says for each of them which one of this reading it stands for."""
        starts, ends = [self.starts[i] for i in order], [self.ends[i] for i in order]
        return Reading(text, starts, ends, self._under(disguise))

    def edited(self, edits: Iterable[Edit]) -> Reading:
        """With parts replaced; edits are in the order of the text, one that overlaps its predecessor is dropped."""
        parts: list[str] = []
        starts, ends = array("L"), array("L")
        marks = list(self.marks)
        done = 0
        for edit in edits:
            if edit.start < done:
                continue
            parts += [self.text[done : edit.start], edit.new]
            starts.extend(self.starts[done : edit.start])
            ends.extend(self.ends[done : edit.start])
            first, last = self.origin(edit.start, edit.end)
            starts.extend([first] * len(edit.new))
            ends.extend([last] * len(edit.new))
            if edit.disguise:
                marks.append(Mark(first, last, edit.disguise))
            done = edit.end
        if not parts:
            return self
        parts.append(self.text[done:])
        starts.extend(self.starts[done:])
        ends.extend(self.ends[done:])
        return Reading("".join(parts), starts, ends, self.disguises, tuple(marks))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that a part stands for."""
        if not self.text or not len(self.starts):
            return (0, 0)
        if end <= start:
            place = self.starts[start] if start < len(self.starts) else self.ends[-1]
            return (place, place)
        chosen, last = self.starts[start:end], self.ends[start:end]
        return (chosen[0], last[-1]) if chosen[0] <= chosen[-1] else (min(chosen), max(last))

    def span(self, start: int, end: int) -> Span:
        """A part as the reader is shown it."""
        first, last = self.origin(start, end)
        here = [mark.disguise for mark in self.marks if mark.start < last and first < mark.end]
        return Span(first, last, self.text[start:end], tuple(dict.fromkeys((*self.disguises, *here))))

    def _under(self, disguise: str) -> tuple[str, ...]:
        return (*self.disguises, disguise) if disguise else self.disguises
