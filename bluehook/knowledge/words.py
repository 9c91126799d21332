"""Cut code and prose into the words that retrieval compares: identifiers whole and in parts, dotted names too."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
_LONGEST = 60
_MOST = 20_000

_COMMON = """
a an and any are as at be been but by can cannot could do does for from has have here how if in into is it its may no
not of on one only or other so some such than that the their them then there they this to too was what when where which
who will with without would self cls def return class import none true false else elif try except finally pass lambda
assert str int bool list dict tuple set float len print
"""
COMMON = frozenset(_COMMON.split())
"""Words that stand everywhere and tell nothing."""


def words(text: str) -> list[str]:
    """The words of a text in order, in lower case.

    ``os.path.realPath`` gives itself, each of its names (``os``, ``path``, ``realpath``) and what these are made of
    (``real``, ``path``). At most some thousands are taken.
    """
    found: list[str] = []
    for word in _words(text):
        found.append(word)
        if len(found) >= _MOST:
            break
    return found


def _words(text: str) -> Iterator[str]:
    for match in _DOTTED.finditer(text):
        dotted = match[0]
        if len(dotted) > _LONGEST:
            continue
        names = dotted.split(".")
        if len(names) > 1:
            yield dotted.lower()
            # `cursor.execute` is `conn.execute` to the reader: the last two names say what is called.
            if len(names) > 2:
                yield ".".join(names[-2:]).lower()
        for name in names:
            whole = name.lower().strip("_")
            parts = [part.lower() for part in _PARTS.findall(name)]
            for word in dict.fromkeys([whole, *(parts if len(parts) > 1 else [])]):
                if len(word) > 1 and word not in COMMON:
                    yield stem(word)


def stem(word: str) -> str:
    """A word without the ending of the plural: `cookies` and `cookie`, `queries` and `query` become the same."""
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "os", "as")):
        word = word[:-1]
    return word[:-2] + "y" if len(word) > 4 and word.endswith("ie") else word
