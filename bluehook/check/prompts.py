"""The prompts: one Markdown file each beside this module's folder ``prompts/``, known by a digest of its text."""

from __future__ import annotations

import functools
import hashlib
import secrets
from pathlib import Path

_FOLDER = Path(__file__).parent / "prompts"


@functools.cache
def text(name: str) -> str:
    """A prompt as it is written."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()


@functools.cache
def version(name: str) -> str:
    """What answers to a prompt depend on: 12 hexadecimal digits."""
    return hashlib.sha256(text(name).encode()).hexdigest()[:12]


def head(marker: str) -> str:
    """The first line of a message. It names the marker, which the prompt does not: a prompt that is the same in every
    call is read from the server's memory, at a fraction of its price.
    """
    return f"Marker: {marker}"


def marker(*material: str) -> str:
    """A word that nobody could know beforehand, and that stands nowhere in the material."""
    while True:
        made = f"MATERIAL-{secrets.token_hex(8)}"
        if not any(made in each for each in material):
            return made


def fenced(marker: str, title: str, text: str) -> str:
    """Material from strangers between two lines with the marker."""
    return f"## {title}\n{marker} begin\n{text.rstrip()}\n{marker} end"
