"""How many steps a backtracking matcher takes: ``re``'s own algorithm on its own syntax tree, counted.

Wall-clock timing of a regular expression changes from run to run; steps do not. Groups are followed but not
captured; back references are taken for matches of nothing.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as constants
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as constants
    import sre_parse as parser

_ALL_STEPS = 250_000
_LIMIT = 60_000
_STEEP_LIMIT = 12_000
Next = Callable[[int], bool]


class TooMany(Exception):
    """The limit of steps was reached."""


class Matcher:
    """Matches one pattern and counts."""

    def __init__(self, pattern: str, flags: int = 0, limit: int = _LIMIT) -> None:
        self.tree: Any = parser.parse(pattern, flags)
        self.limit = limit
        self.steps = 0
        self.total = 0
        self.text = ""

    def cost(self, text: str, anchored: bool = False) -> int:
        """The steps for a search (or a match at the beginning) in the text; the limit when there are more."""
        self.text, self.steps = text, 0
        old = sys.getrecursionlimit()
        sys.setrecursionlimit(60_000)
        try:
            for start in range(1 if anchored else len(text) + 1):
                if self._sequence(list(self.tree), 0, start, lambda at: True):
                    break
        except (TooMany, RecursionError):
            self.steps = self.limit
        finally:
            self.total += self.steps
            sys.setrecursionlimit(old)
        return self.steps

    def _sequence(self, items: list[Any], index: int, at: int, then: Next) -> bool:
        if index == len(items):
            return then(at)
        return self._item(items[index], at, lambda place: self._sequence(items, index + 1, place, then))

    def _item(self, item: Any, at: int, then: Next) -> bool:
        self.steps += 1
        if self.steps > self.limit:
            raise TooMany
        kind, value = item
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY", "RANGE"):
            return at < len(self.text) and matches(item, self.text[at]) and then(at + 1)
        if name == "SUBPATTERN":
            return self._sequence(list(value[-1]), 0, at, then)
        if name == "BRANCH":
            return any(self._sequence(list(branch), 0, at, then) for branch in value[1])
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return self._repeat(name, value, at, then)
        if name == "AT":
            return self._at(str(value), at) and then(at)
        if name in ("ASSERT", "ASSERT_NOT"):
            if value[0] < 0:
                return then(at)
            holds = self._sequence(list(value[1]), 0, at, lambda place: True)
            return holds == (name == "ASSERT") and then(at)
        if name == "ATOMIC_GROUP":
            ends: list[int] = []
            self._sequence(list(value), 0, at, lambda place: not ends.append(place))  # type: ignore[func-returns-value]
            return bool(ends) and then(ends[0])
        return then(at)

    def _repeat(self, name: str, value: Any, at: int, then: Next) -> bool:
        least, most, body = value[0], value[1], list(value[2])
        if len(body) == 1 and str(body[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._simple(name, int(least), most, body[0], at, then)

        def again(count: int, place: int) -> bool:
            def more() -> bool:
                if most is not constants.MAXREPEAT and count >= int(most):
                    return False
                return self._sequence(body, 0, place, lambda end: end > place and again(count + 1, end))

            enough = count >= int(least)
            if name == "MIN_REPEAT":
                return (enough and then(place)) or more()
            return more() or (enough and then(place))

        return again(0, at)

    def _simple(self, name: str, least: int, most: Any, item: Any, at: int, then: Next) -> bool:
        """A repeat of one character class: no recursion for each character, as ``re`` has none."""
        longest = at
        last = len(self.text) if most is constants.MAXREPEAT else min(len(self.text), at + int(most))
        while longest < last and matches(item, self.text[longest]):
            longest += 1
            self.steps += 1
        if self.steps > self.limit:
            raise TooMany
        places = range(at + least, longest + 1)
        if name == "POSSESSIVE_REPEAT":
            return longest >= at + least and then(longest)
        for place in places if name == "MIN_REPEAT" else reversed(places):
            self.steps += 1
            if self.steps > self.limit:
                raise TooMany
            if then(place):
                return True
        return False

    def _at(self, where: str, at: int) -> bool:
        if where.startswith("AT_BEGINNING"):
            return at == 0
        if where.startswith("AT_END"):
            return at >= len(self.text)
        inside = [at > 0 and _word(self.text[at - 1]), at < len(self.text) and _word(self.text[at])]
        return (inside[0] != inside[1]) == (where == "AT_BOUNDARY" or not where.endswith("NON_BOUNDARY"))


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


def matches(item: Any, char: str) -> bool:
    """Whether one character is in a single-character item of the tree."""
    kind, value = item
    name = str(kind)
    if name == "LITERAL":
        return bool(ord(char) == value)
    if name == "NOT_LITERAL":
        return bool(ord(char) != value)
    if name == "ANY":
        return char != "\n"
    if name == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if name == "CATEGORY":
        return _category(str(value), char)
    if name == "IN":
        negated = bool(value) and str(value[0][0]) == "NEGATE"
        return any(matches(one, char) for one in value[int(negated) :]) != negated
    return False


def _category(name: str, char: str) -> bool:
    short = name.replace("CATEGORY_", "").replace("UNI_", "").replace("LOC_", "")
    test = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": _word}.get(short.replace("NOT_", ""))
    return test is not None and test(char) != short.startswith("NOT_")


def sample(item: Any, like: str = "") -> str:
    """One short text that the item matches."""
    kind, value = item
    name = str(kind)
    if name == "LITERAL":
        return chr(value)
    if name in ("NOT_LITERAL", "ANY", "IN"):
        choices = like + "a0 .-_/@:<[(!A1\t,;=&\"'"
        return next((char for char in choices if matches(item, char)), "\u00e9")
    if name == "SUBPATTERN":
        return "".join(sample(one, like) for one in value[-1])
    if name == "BRANCH":
        return "".join(sample(one, like) for one in value[1][0])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return "".join(sample(one, like) for one in value[2]) * max(1, min(int(value[0]), 8))
    return ""


def has_wildcard(pattern: str) -> bool:
    """Whether a dot, which stands for any character, is anywhere in the pattern."""

    def inside(items: Any) -> bool:
        for kind, value in items:
            name = str(kind)
            if name == "ANY":
                return True
            parts: list[Any] = []
            if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                parts = [value[2]]
            elif name == "BRANCH":
                parts = list(value[1])
            elif name == "SUBPATTERN":
                parts = [value[-1]]
            elif name in ("ASSERT", "ASSERT_NOT"):
                parts = [value[1]]
            if any(inside(part) for part in parts):
                return True
        return False

    return inside(parser.parse(pattern))


def candidates(tree: Any) -> list[tuple[str, str]]:
    """Prefixes and pumps that may make the matcher work hard: one pair for each repeat, and for what it may overlap."""
    found: list[tuple[str, str]] = []

    def walk(items: list[Any], prefix: str) -> None:
        for index, (kind, value) in enumerate(items):
            name = str(kind)
            if name in ("MAX_REPEAT", "MIN_REPEAT"):
                following = "".join(sample(one) for one in items[index + 1 : index + 2])
                for pump in {sample((kind, (1, 1, value[2]))), sample((kind, (1, 1, value[2])), following[:1])}:
                    found.append((prefix, pump))
                    found.append((prefix, pump + following))
                    found.append(("", prefix + pump))
                walk(list(value[2]), prefix)
            elif name == "SUBPATTERN":
                walk(list(value[-1]), prefix)
            elif name == "BRANCH":
                for branch in value[1]:
                    walk(list(branch), prefix)
            if len(prefix) < 40:
                prefix += sample((kind, value))
            if name == "LITERAL":
                found.append(("", prefix))

    walk(list(tree), "")
    unique = list(dict.fromkeys(pair for pair in found if pair[1]))
    return unique[:24]


@functools.lru_cache(maxsize=64)
def growth(pattern: str, flags: int = 0, anchored: bool = False) -> tuple[str, str, int]:
    """How the work of a pattern grows with its input: ``exponential``, ``cubic``, ``quadratic`` or an empty string.

    Also gives the text that shows it and the steps that it took. Raises ``re.error`` for an invalid pattern.
    """
    matcher = Matcher(pattern, flags)
    worst = ("", "", 0)
    for prefix, pump in candidates(matcher.tree):
        for suffix in ("\u00b6", ""):
            kind, text, steps = _measured(matcher, prefix, pump, suffix, anchored)
            if _ORDER[kind] > _ORDER[worst[0]]:
                worst = (kind, text, steps)
            if kind == "exponential" or matcher.total > _ALL_STEPS:
                return worst
    return worst


_ORDER = {"": 0, "quadratic": 1, "cubic": 2, "exponential": 3}


def _measured(matcher: Matcher, prefix: str, pump: str, suffix: str, anchored: bool) -> tuple[str, str, int]:
    def cost(count: int) -> int:
        return matcher.cost(prefix + pump * count + suffix, anchored)

    matcher.limit = _STEEP_LIMIT
    small, double = cost(7), cost(14)
    if (double >= matcher.limit or double > 40 * small) and cost(10) > 4 * small:
        return "exponential", prefix + pump * 24 + suffix, double
    matcher.limit = _LIMIT
    first, second = cost(50), cost(100)
    if first >= matcher.limit:
        # Too much to count at this size; what grows fast is seen at a smaller one already.
        first, second = cost(12), cost(24)
        if second >= matcher.limit or second > 13 * first:
            return "exponential", prefix + pump * 50 + suffix, second
        kind = "cubic" if second > 6.5 * first else "quadratic" if second > 3 * first else ""
        return kind, prefix + pump * 50 + suffix if kind else "", second
    if second < 3.4 * first:
        return "", "", 0
    if second > 6.5 * first:
        return "cubic", prefix + pump * 100 + suffix, second
    third = cost(200)
    if third >= matcher.limit or third > 3.4 * second:
        return "quadratic", prefix + pump * 200 + suffix, third
    return "", "", 0
