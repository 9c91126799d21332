"""Letters of other scripts that look like Latin ones, and spellings with digits, signs and gaps in place of letters.

Compatibility forms (full-width, mathematical, circled) are left to Unicode's own normalisation. The table holds what
is left and is drawn alike in common fonts; the complete one of Unicode has six thousand rows and takes longer to load
than a text to judge.
"""

from __future__ import annotations

import functools
import itertools
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
_LISU = dict(zip("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCDEFGHIJKLMNOPRSTUVWXYZ", strict=True))
_MORE = dict(zip("ᏆⲤⲈⲎⲒⲔⲘⲚⲞⲢⲦ", "ICEHIKMNOPT", strict=True))
_FRAMED = {
    chr(first + n): chr(base + n)
    for first, base in ((0x1F110, 65), (0x249C, 97), (0x1F150, 65), (0x1F170, 65), (0x1F1E6, 65))
    for n in range(26)
}
"""Letters in brackets, on dark discs and squares, and of flags, which Unicode's normalisation leaves or spells out."""
_LARGEST = 4
"""Characters that a compatibility form may become; a few that spell out whole phrases would blow a text up."""
_MARKS = re.compile("(?<=[A-Za-z ])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{1,64}")
_MIXED = re.compile(r"\b[A-Za-z]{4,40}\b")
_NAME = re.compile(r"LATIN (SMALL|CAPITAL) LETTER (?:OPEN |DOTLESS |SCRIPT |AFRICAN )?([A-Z])(?: WITH .{1,60})?")
_TURNS = 3
_FOLDED = 2
"""Words that are known only without the strokes and hooks of their letters, from which on that is no other language."""
_LATIN = {ord(other): latin for latin, others in _ALIKE.items() for other in others if not other.isascii()}
_LATIN |= {ord(other): latin for other, latin in (*_LISU.items(), *_MORE.items())}
_WORD = re.compile(r"[^\W\d_]{2,64}")
_LEET = {"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g", "@": "a",
         "$": "s", "!": "i", "|": "l", "+": "t"}  # fmt: skip
_LEET_WORD = re.compile(r"(?<![\w@$!|+])[A-Za-z0-9@$!|+]{2,32}(?![\w@$|+])")
_LEAST = 4
"""Letters of a word that decide that a text is spelt with digits; once it is, shorter ones are read so too."""
_SPACED = re.compile(r"(?<![\w])(?:[A-Za-z0-9@$!](?:[ .\-_*·/|,]|  )){4,200}[A-Za-z0-9@$!](?!\w)")


def compatible(reading: Reading) -> Reading:
    """Compatibility forms as what they stand for."""
    if reading.text.isascii():
        return reading
    edits = []
    for index, char in enumerate(reading.text):
        if not char.isascii():
            plain = _FRAMED.get(char) or unicodedata.normalize("NFKC", char)
            if plain != char and len(plain) <= _LARGEST:
                styled = plain.isascii() and plain.isalnum() and not unicodedata.category(char).startswith("N")
                edits.append(Edit(index, index + 1, plain, "styled-letters" if styled else ""))
    return reading.edited(edits)


def unmarked(reading: Reading) -> Reading:
    """Without the marks that stand over, under and across Latin letters."""
    if reading.text.isascii():
        return reading
    return reading.edited(
        Edit(m.start(), m.end(), "", "combining-marks" if len(m[0]) > 1 or not "\u0300" <= m[0] <= "\u030c" else "")
        for m in _MARKS.finditer(reading.text)
    )


def bare(reading: Reading, known: Callable[[str], bool]) -> Reading:
    """Latin letters without strokes, hooks and accents, where words of a text are ``known`` only so."""
    if reading.text.isascii():
        return reading
    edits, found = [], 0
    for word in _WORD.finditer(reading.text):
        if not word[0].isascii() and (plain := "".join(map(_base, word[0]))).isascii():
            edits.append(Edit(word.start(), word.end(), plain, "look-alikes"))
            found += known(plain.lower()) and not known(word[0].lower())
    return reading.edited(edits) if found >= _FOLDED else reading


@functools.lru_cache(4096)
def _base(char: str) -> str:
    """The letter that a Latin one with something added is made from."""
    made = None if char.isascii() else _NAME.fullmatch(unicodedata.name(char, ""))
    if made is None:
        return char
    return made[2].lower() if made[1] == "SMALL" else made[2]


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
    text = reading.text
    return reading.edited(sorted({*_joined(text, known), *_leet(text, known), *_evened(text, known)}))


def _evened(text: str, known: Callable[[str], bool]) -> Iterator[Edit]:
    """Words that change between small and large letters all along."""
    for word in _MIXED.finditer(text):
        said = word[0]
        if said.islower() or said.isupper() or said.istitle():
            continue
        turns = sum(a.islower() and b.isupper() for a, b in itertools.pairwise(said))
        if (turns >= _TURNS or turns * 3 >= len(said)) and known(said.lower()):
            yield Edit(word.start(), word.end(), said.lower(), "mixed-case")


def _joined(text: str, known: Callable[[str], bool]) -> Iterator[Edit]:
    for run in _SPACED.finditer(text):
        # Two spaces, or another sign than within words, part the words.
        words = re.split(r" {2,3}| ?[._*·/|,-] (?=\w)|(?<=\w) (?=\w[._*·/|,-])", run[0])
        plain = [_plain(re.sub(r"[ .\-_*·/|,]", "", word)) for word in words]
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
