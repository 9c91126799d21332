"""The shape of a text: its code with names, constants and comments taken out.

Corpora made by filling templates repeat few shapes many times. What is told apart counts once a shape here, however
often the shape stands in the corpus.
"""

from __future__ import annotations

import keyword
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.corpora import Case

_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>[rbfuRBFU]{0,2}(?:\"\"\"(?:.|\n)*?\"\"\"|'''(?:.|\n)*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
      | (?P<number>\d[\w.]*)
      | (?P<name>[^\W\d]\w*)
      | (?P<space>\s+)""",
    re.VERBOSE,
)


class ByShape(NamedTuple):
    """How many shapes of pairs there are, how many are told apart in all of their pairs, and the sum of the shares."""

    shapes: int
    whole: int
    shares: float

    def __str__(self) -> str:
        return f"{self.shares:.1f} of {self.shapes} shapes ({self.whole} of them in every pair)"


def shape(text: str) -> str:
    """The text without what tells one filling of a template from another."""

    def left(token: re.Match[str]) -> str:
        if token.lastgroup == "name":
            return token.group() if keyword.iskeyword(token.group()) else "N"
        return {"comment": "", "space": " "}.get(str(token.lastgroup), "C")

    return " ".join(_TOKENS.sub(left, text).split())


def by_shape(cases: Iterable[Case], flagged: set[str]) -> ByShape:
    """Pairs told apart, counted once for each shape that a pair's two forms have together."""
    pairs: dict[str, dict[bool, Case]] = defaultdict(dict)
    for case in cases:
        if case.pair is not None:
            pairs[case.pair][case.unsafe] = case
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for pair in pairs.values():
        if len(pair) == 2:
            apart = pair[True].id in flagged and pair[False].id not in flagged
            groups[shape(pair[True].text), shape(pair[False].text)].append(apart)
    shares = sum(sum(group) / len(group) for group in groups.values())
    return ByShape(len(groups), sum(all(group) for group in groups.values()), shares)
