"""Letters of other scripts that look like Latin ones, and spellings with digits, signs and gaps in place of letters.

Compatibility forms (full-width, mathematical, circled) are left to Unicode's own normalisation. The table holds what
is left and is drawn alike in common fonts; the complete one of Unicode has six thousand rows and takes longer to load
than a text to judge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from bluehook.text.reading import Edit, Reading

_ALIKE = {
    "a": "аɑαаᴀ⍺Ꭺ", "b": "ЬᏏɓƄ", "c": "сϲᴄⅽςⲥ", "d": "ԁɗᏧ", "e": "еҽєεⅇᴇ℮", "f": "ƒϝꜰẝ", "g": "ɡցɢ", "h": "һհʜԋ",
    "i": "іɩιıⅰɪӏ", "j": "јϳᴊ", "k": "кκᴋƙ", "l": "ⅼʟӏǀ", "m": "мⅿᴍ", "n": "ոπɴпη", "o": "оοօσᴏ०๐", "p": "рρᴘ",
    "q": "ԛգզ", "r": "гᴦʀⲅ", "s": "ѕꜱʂ", "t": "тτᴛƭ", "u": "υսᴜʋц", "v": "νѵᴠⅴ", "w": "ԝᴡѡω", "x": "хχⅹ×",
    "y": "уγүʏყ", "z": "ᴢʐζ",
    "A": "АΑᎪ", "B": "ВΒᏴ", "C": "СϹᏟ", "D": "ᎠÐ", "E": "ЕΕᎬ", "F": "Ϝ", "G": "ԌᏀ", "H": "НΗᎻ", "I": "ІΙӀ", "J": "ЈᎫ",
    "K": "КΚᏦ", "L": "ᏞⅬ", "M": "МΜᎷ", "N": "Ν", "O": "ОΟՕ", "P": "РΡᏢ", "Q": "Ԛ", "R": "ᎡᏒ", "S": "ЅᏚ", "T": "ТΤᎢ",
    "U": "Ս", "V": "ѴᏙ", "W": "ԜᎳ", "X": "ХΧ", "Y": "УΥҮ", "Z": "ΖᏃ",
}  # fmt: skip
_LATIN = {ord(other): latin for latin, others in _ALIKE.items() for other in others if not other.isascii()}
_WORD = re.compile(r"[^\W\d_]{2,64}")
_LEET = {"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "@": "a",
         "$": "s", "!": "i", "|": "l", "+": "t"}  # fmt: skip
_LEET_WORD = re.compile(r"(?<![\w@$!|+])[A-Za-z0-9@$!|+]{2,32}(?![\w@$|+])")
_LEAST = 4
"""Letters of a word that decide that a text is spelt with digits; once it is, shorter ones are read so too."""
_SPACED = re.compile(r"(?<![\w])(?:[A-Za-z0-9@$!](?:[ .\-_*·]|  )){4,200}[A-Za-z0-9@$!](?!\w)")


def compatible(reading: Reading) -> Reading:
    """Compatibility forms as what they stand for."""
    if reading.text.isascii() or unicodedata.is_normalized("NFKC", reading.text):
        return reading
    edits = []
    for index, char in enumerate(reading.text):
        if not char.isascii():
            plain = unicodedata.normalize("NFKC", char)
            if plain != char:
                styled = plain.isascii() and plain.isalnum() and not unicodedata.category(char).startswith("N")
                edits.append(Edit(index, index + 1, plain, "styled-letters" if styled else ""))
    return reading.edited(edits)


def latin(reading: Reading) -> Reading:
    """Words of Latin letters and of look-alikes in one as Latin ones; words of another script stay as they are."""
    if reading.text.isascii():
        return reading
    edits = []
    for word in _WORD.finditer(reading.text):
        if word[0].isascii():
            continue
        plain = word[0].translate(_LATIN)
        if plain == word[0] or not plain.isascii():
            # Accents do not make another letter of it.
            plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        mixed = any(c.isascii() for c in word[0]) or not _native(reading.text, word.start(), word.end())
        if mixed and plain != word[0] and plain.isascii() and any(ord(c) in _LATIN for c in word[0]):
            edits.append(Edit(word.start(), word.end(), plain, "look-alikes"))
    return reading.edited(edits)


def _native(text: str, start: int, end: int) -> bool:
    """Whether a word stands among others of its own script, which nobody wrote to deceive."""
    near = text[max(0, start - 60) : start] + text[end : end + 60]
    return sum(1 for c in near if c.isalpha() and not c.isascii() and ord(c) not in _LATIN) >= 3


def spelt(reading: Reading, known: Callable[[str], bool]) -> Reading:
    """Words written with gaps between letters or with digits for them, where that makes a word that is ``known``."""
    return reading.edited(sorted({*_joined(reading.text, known), *_leet(reading.text, known)}))


def _joined(text: str, known: Callable[[str], bool]) -> Iterator[Edit]:
    for run in _SPACED.finditer(text):
        # Two spaces, or another sign than within words, part the words.
        words = re.split(r" {2,3}| ?[._*·-] (?=\w)|(?<=\w) (?=\w[._*·-])", run[0])
        plain = [_plain(re.sub(r"[ .\-_*·]", "", word)) for word in words]
        if any(known(word) for word in plain) or len("".join(plain)) >= 12:
            yield Edit(run.start(), run.end(), " ".join(plain), "spaced-letters")


def _leet(text: str, known: Callable[[str], bool]) -> Iterator[Edit]:
    likely = [Edit(m.start(), m.start() + len(m[0].rstrip("!")), "") for m in _LEET_WORD.finditer(text) if _mixed(m[0])]
    if not any(_word(text[edit.start : edit.end], known) for edit in likely):
        return
    for edit in likely:
        plain = _word(text[edit.start : edit.end], known) or _plain(text[edit.start : edit.end])
        if plain.isalpha():
            yield edit._replace(new=plain, disguise="leetspeak")


def _mixed(word: str) -> bool:
    return not word.isalpha() and any(c.isalpha() for c in word)


def _word(text: str, known: Callable[[str], bool]) -> str:
    """The known word that a spelling stands for, or nothing; a one may be an i or an l."""
    options = (_plain(text, one) for one in ("i", "l"))
    return next((plain for plain in options if len(plain) >= _LEAST and plain.isalpha() and known(plain)), "")


def _plain(word: str, one: str = "i") -> str:
    return "".join(one if c == "1" else _LEET.get(c, c) for c in word.lower())
