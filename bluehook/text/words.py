"""A text as words, with the place of each and the sentence that it stands in."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 40
"""Letters of one word that count."""

_TOKEN = re.compile(
    r"\.(?:env|ssh|aws|netrc|npmrc)\b|[A-Z]{2,40}(?![a-z])|[A-Z]?[a-z]{1,40}(?:['’][a-z]{1,3}\b)?|[A-Z]|\d{1,12}"
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,40}[\u0900-\u0dff\u0e00-\u0e7f]{0,20}"
    r"|(?P<end>[.!?;。！？]{1,9}(?=[\s\"'”’)\]*_`]|$)|\n[ \t>]{0,40}\n|:[ \t]{0,20}\n|[。！？]"
    r"|\n[ \t>]{0,40}(?:[-*+•]|\d{1,3}[.)]|#{1,6}|:\w|@\w|\|))"
)


class Words(NamedTuple):
    """Lower-case words, and for each the number of its sentence and its span in the text."""

    words: list[str]
    sentences: list[int]
    starts: list[int]
    ends: list[int]

    def part(self, first: int, last: int) -> Words:
        """Words ``first`` to ``last`` (excluded)."""
        chosen = slice(first, last)
        return Words(self.words[chosen], self.sentences[chosen], self.starts[chosen], self.ends[chosen])


def split(text: str) -> Words:
    """The words of a text; names in snake_case and camelCase come apart."""
    words: list[str] = []
    sentences: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    sentence = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup:
            sentence += 1
            continue
        word = match[0].lower()
        if "'" in word or "’" in word:
            word = word.replace("'", "").replace("’", "")
        words.append(word)
        sentences.append(sentence)
        starts.append(match.start())
        ends.append(match.end())
    return Words(words, sentences, starts, ends)
