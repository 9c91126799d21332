"""Weak hashes, ciphers, keys, random sources, salts and vectors that the code was seen to use.

The use is a fact; whether it matters depends on what the value is for. ``context`` in the evidence tells whether the
function's own words (its name, its parameters) say secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..drive.run import Run
from ..observe.record import Event, as_text
from .base import UseProbe, says_secret
from .race_condition import is_shared

_WEAK_HASHES = {"md5", "sha1", "md4", "md2", "ripemd160", "sha"}
_FAST_HASHES = _WEAK_HASHES | {"sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s"}
_WEAK_CIPHERS = {"DES", "DES3", "TripleDES", "ARC4", "RC4", "ARC2", "RC2", "Blowfish", "CAST", "CAST5", "IDEA", "SEED"}
_MODES = 0o7777
_OTHERS = re.compile(r"[cx]srf|^zq\w{9}$", re.I)
_IDENTITY = re.compile(r"sess|(^|_|-)s?id($|_|-)|user|login|admin|account|remember|member|ident", re.I)
_DRAWN = re.compile(r"nonce|token|random|session|uuid|(^|_)id(_|$)", re.I)
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BREACHED = re.compile(r"pwned|breach|leak", re.I)
"""A list of known passwords is asked by the hash that the list is made of."""
_PASSWORD = re.compile(r"pass(word|wd|phrase)?|pwd", re.I)


class WeakHash(UseProbe):
    """MD5, SHA-1 and older, unless the call says that it is not for security."""

    weakness = "weak-hash"
    kinds = frozenset({"hash"})
    needs_context = True

    def used(self, event: Event, run: Run) -> str:
        """The name of the weak function."""
        weak = event.text.lower().replace("-", "") in _WEAK_HASHES and event.details["security"]
        if event.text == "sha1" and any(_is_keyed(one, event) for one in run.events):
            return ""  # one-time passwords and older signatures: nobody has broken HMAC with it (RFC 6194)
        # A name made from random bytes is as hard to guess as they are, whatever they went through.
        drawn = _DRAWN.search(event.function) and any(one.kind == "strong random" for one in run.events)
        return f"{event.text} was called" if weak and not drawn else ""


def _is_keyed(one: Event, event: Event) -> bool:
    """Whether it is an HMAC with this hash, called where the hash is: for the HMAC itself, or for its key."""
    return bool(one.details.get("keyed")) and (one.text, one.function) == (event.text, event.function)


class PasswordHash(UseProbe):
    """A password that goes through one round of a fast hash, or through a slow one with few rounds."""

    weakness = "weak-password-hash"
    kinds = frozenset({"hash", "kdf"})
    _few_rounds = 10_000

    def used(self, event: Event, run: Run) -> str:
        """The fast function, called by a function that says password; which one must not be the caller's choice."""
        if event.kind == "kdf":
            rounds = event.details["rounds"]
            few = isinstance(rounds, int) and rounds < self._few_rounds
            return f"{event.text} was called with {rounds} rounds" if few else ""
        named = [event.function, event.details.get("input", "")]
        fast = event.text.lower() in _FAST_HASHES and event.details["security"] and any(map(_PASSWORD.search, named))
        if event.text in run.assigned.values() or _BREACHED.search(event.function):
            return ""
        return f"a password was hashed with {event.text}, which is fast" if fast else ""


class WeakRandom(UseProbe):
    """The ``random`` module, where a secret is made."""

    weakness = "weak-random"
    kinds = frozenset({"random"})

    def used(self, event: Event, run: Run) -> str:
        """The function of ``random`` that was called, unless a strong source is used beside it."""
        meant = event.details.get("promised") or says_secret(_SEAM.sub("_", event.function))
        return f"random.{event.text} was called" if meant else ""


class WeakCipher(UseProbe):
    """DES and its age, and any cipher in ECB mode."""

    weakness = "weak-cipher"
    kinds = frozenset({"cipher"})

    def used(self, event: Event, run: Run) -> str:
        """The cipher, or its mode."""
        if event.text in _WEAK_CIPHERS:
            return f"{event.text} was used"
        return f"{event.text} was used in ECB mode" if event.details["mode"] == "ECB" else ""


class KeySize(UseProbe):
    """RSA and DSA keys below 2048 bits."""

    weakness = "weak-key-size"
    kinds = frozenset({"key"})

    def used(self, event: Event, run: Run) -> str:
        """The size."""
        bits = event.details["bits"]
        small = isinstance(bits, int) and 0 < bits < 2048
        return f"a key of {bits} bits was made for {event.text}" if small else ""


class Repeated(UseProbe):
    """A salt or an initialisation vector that comes out the same in every run."""

    def __init__(self, weakness: str, kind: str, detail: str) -> None:
        self.weakness, self.kinds, self._detail = weakness, frozenset({kind}), detail

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """The first event of each line whose value two runs repeated, unless a slot's own value is used."""
        seen: dict[int, tuple[bytes, Run]] = {}
        for event, run in events:
            value = event.details.get(self._detail)
            if not isinstance(value, (bytes, bytearray)) or not value or "zq" in as_text(value):
                continue
            first = seen.setdefault(event.line, (bytes(value), run))
            if first[0] == bytes(value) and first[1] is not run:
                yield event, f"the same {self._what()} {bytes(value)[:16]!r} was used in two runs"

    def _what(self) -> str:
        return "salt" if self._detail == "salt" else "initialisation vector"


class Unverified(UseProbe):
    """Connections that accept any certificate."""

    weakness = "certificate-validation"
    kinds = frozenset({"tls", "url"})

    def used(self, event: Event, run: Run) -> str:
        """What switched it off."""
        if event.kind == "tls":
            return event.text if "accepted" in event.details else f"an {event.text} was made"
        return f"{event.text} was fetched with verify=False" if event.details.get("verify") is False else ""


class Permissions(UseProbe):
    """Modes that let everyone write, or read what says secret."""

    weakness = "file-permissions"
    kinds = frozenset({"chmod", "umask"})

    def used(self, event: Event, run: Run) -> str:
        """The mode; a number of the harness's own is none."""
        mode = int(event.details["mode"])
        if mode > _MODES:
            return ""
        if event.kind == "umask":
            # The mask is read by setting it twice: only the last one stays.
            last = [one for one in run.events if one.kind == "umask" and one.function == event.function][-1:]
            return "" if mode & 0o022 or event not in last else f"umask was set to {mode:o}"
        if event.details.get("made") and _is_replaced(event, run):
            return ""
        open_to_all = mode & 0o002 or (mode & 0o077 and says_secret(event.text + event.function))
        return f"{event.text} was given mode {mode:o}" if open_to_all else ""


def _is_replaced(event: Event, run: Run) -> bool:
    """Whether a file only keeps the place for another one that is moved there."""
    later = run.events[run.events.index(event) :]
    return any(one.kind == "file" and one.details["action"] == "move" and one.text == event.text for one in later)


class ClosedLater(UseProbe):
    """A file that is made for everyone to read and given a narrow mode only afterwards: readable for a moment."""

    weakness = "file-permissions"
    mild = True
    kinds = frozenset({"file", "chmod"})

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """The later call, with what the file could be read by until then."""
        made: dict[tuple[int, str], Event] = {}
        for event, run in events:
            key = (id(run), event.text)
            mode = event.details.get("mode")
            if event.kind == "file" and event.details.get("action") == "write" and isinstance(mode, str):
                made.setdefault(key, event)
            elif event.kind == "chmod" and key in made and isinstance(mode, int) and not mode & 0o077:
                yield event, f"{event.text} was made for everyone to read and given mode {mode:o} only afterwards"


class Debugger(UseProbe):
    """A server that is started with the debugger that runs what a browser sends."""

    weakness = "debug-mode"
    kinds = frozenset({"serve"})

    def __init__(self, mild: bool) -> None:
        self.mild = mild

    def used(self, event: Event, run: Run) -> str:
        """Where it listens. ``mild`` is one that only starts where a developer runs the file."""
        told = event.details["debugger"] and event.details["imported"] is not self.mild
        return f"a server was started on {event.text} with its debugger on" if told else ""


class TemporaryName(UseProbe):
    """A temporary file whose name is chosen before it is made."""

    weakness = "insecure-temp-file"
    kinds = frozenset({"mktemp"})

    def used(self, event: Event, run: Run) -> str:
        """The name, where everyone may make names: not in a folder of the program's own, and no pipe of Windows."""
        return f"{event.text} gave a name that anyone may take first" if is_shared(event.details["path"]) else ""


class CookieFlags(UseProbe):
    """A cookie sent without its protective flags: one whose name says who somebody is, or (``mild``) another.

    The framework's own for a session is made as the application is configured where it runs: mild as long as scripts
    cannot read it.
    """

    weakness = "insecure-cookie"
    kinds = frozenset({"cookie"})

    def __init__(self, mild: bool) -> None:
        self.mild = mild

    def used(self, event: Event, run: Run) -> str:
        """The flags that are missing."""
        flags = event.text.lower()
        missing = [flag for flag in ("secure", "httponly", "samesite") if "; " + flag not in flags]
        name = event.text.partition("=")[0]
        deleted = "expires=thu, 01 jan 1970" in flags
        # A token against forged requests is read by scripts, and a name of the harness's own is not the code's.
        others = _OTHERS.search(name) is not None
        configured = event.details.get("framework", False) and "httponly" not in missing
        lets_in = not configured and (says_secret(name) or _IDENTITY.search(name) is not None)
        told = missing[:2] and not deleted and not others and lets_in is not self.mild
        return f"the cookie {name!r} was sent without {', '.join(missing)}" if told else ""


PROBES = [
    WeakHash(), PasswordHash(), WeakRandom(), WeakCipher(), KeySize(), Unverified(), Permissions(), ClosedLater(),
    TemporaryName(), Debugger(mild=False), Debugger(mild=True),
    CookieFlags(mild=False), CookieFlags(mild=True), Repeated("predictable-salt", "kdf", "salt"),
    Repeated("static-iv", "cipher", "vector"),
]  # fmt: skip
