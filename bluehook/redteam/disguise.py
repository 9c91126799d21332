"""Disguises of a text: what an attacker does to get it past a reader or a filter, by the name of the trick."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable
from urllib.parse import quote

_LOOK = str.maketrans("aceiopsxy", "асеіорѕху")
_LEET = str.maketrans("aeiost", "431057")


def _inside(text: str, sign: str) -> str:
    """A sign in the middle of each word."""
    return " ".join(
        f"{word[: len(word) // 2]}{sign}{word[len(word) // 2 :]}" if len(word) > 3 else word for word in text.split(" ")
    )


def _variation(text: str) -> str:
    return "😀" + "".join(chr(0xFE00 + b) if b < 16 else chr(0xE0100 + b - 16) for b in text.encode())


def _pieces(text: str) -> str:
    third = len(text) // 3
    return f'a = "{text[:third]}"\nb = "{text[third : 2 * third]}"\nc = "{text[2 * third :]}"\nprint(a + b + c)'


def _glued(text: str) -> str:
    parts = [text[at : at + 7] for at in range(0, len(text), 7)]
    return " + ".join(f'"{part}"' for part in parts)


DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width": lambda t: _inside(t, "\u200b"),
    "soft-hyphens": lambda t: _inside(t, "\u00ad"),
    "tag-characters": lambda t: "".join(chr(0xE0000 + ord(c)) for c in t if c.isascii()),
    "variation-selectors": _variation,
    "bidi": lambda t: f"\u202e{t[::-1]}\u202c",
    "look-alikes": lambda t: t.translate(_LOOK),
    "full-width": lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
    "styled-letters": lambda t: "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in t),
    "leetspeak": lambda t: t.translate(_LEET),
    "spaced-letters": lambda t: "  ".join(" ".join(word) for word in t.split(" ")),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base32": lambda t: base64.b32encode(t.encode()).decode(),
    "hex": lambda t: t.encode().hex(),
    "url-encoding": lambda t: "".join(f"%{b:02X}" for b in t.encode()),
    "percent-spaces": lambda t: quote(t),
    "escapes": lambda t: "".join(f"\\x{b:02x}" for b in t.encode()),
    "character-references": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "character-codes": lambda t: " ".join(str(ord(c)) for c in t),
    "binary": lambda t: " ".join(f"{b:08b}" for b in t.encode()),
    "rot13": lambda t: codecs.encode(t, "rot13"),
    "reversed": lambda t: t[::-1],
    "reversed-words": lambda t: " ".join(word[::-1] for word in t.split(" ")),
    "pieces": _pieces,
    "glued": _glued,
    "comment": lambda t: f"<!-- {t} -->",
    "markdown-comment": lambda t: f"[//]: # ({t})",
    "image-text": lambda t: f"![{t}](logo.png)",
    "link-title": lambda t: f'[home](https://example.org "{t}")',
    "unseen-element": lambda t: f'<span style="display:none">{t}</span>',
    "tags": lambda t: _inside(t, "<b></b>"),
    "data-address": lambda t: f"data:text/plain;base64,{base64.b64encode(t.encode()).decode()}",
}
"""Each makes of an ASCII text one that says the same to whoever takes the disguise off."""
