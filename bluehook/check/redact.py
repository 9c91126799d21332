"""Take secrets out of what is sent: credentials by their form, and values that only chance would write.

A secret is replaced by ``<redacted-N>``, the same one by the same number, so that the flow of the value can still be
read. Too much taken out costs the reader of the code a constant; too little costs a key. Hence names decide with little
form (``password = "..."``), and form decides without a name only where it is unmistakable.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_KNOWN = re.compile(
    r"""-----BEGIN[ A-Z]{0,40}PRIVATE[ ]KEY(?:[ ]BLOCK)?-----[\s\S]*?
        (?:-----END[ A-Z]{0,40}PRIVATE[ ]KEY(?:[ ]BLOCK)?-----|\Z)
    | \b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b                      # Amazon
    | \bgh[pousr]_[0-9A-Za-z]{30,}\b | \bgithub_pat_\w{40,}\b      # GitHub
    | \bglpat-[\w-]{18,}                                           # GitLab
    | \bxox[abeoprs]-[\w-]{10,} | \bxapp-[\w-]{10,}                # Slack
    | https://hooks\.slack\.com/services/[\w/]+ | https://discord(?:app)?\.com/api/webhooks/[\w/-]+
    | \bsk-(?:ant-|proj-|or-v1-)?[\w-]{20,} | \b[rs]k_(?:live|test)_\w{16,}   # OpenAI, Anthropic, Stripe
    | \bAIza[\w-]{35}\b | \bya29\.[\w-]{20,}                       # Google
    | \bSG\.[\w-]{16,}\.[\w-]{16,} | \bkey-[0-9a-f]{32}\b          # SendGrid, Mailgun
    | \bnpm_\w{36}\b | \bpypi-AgE\w[\w-]{40,} | \bhf_[A-Za-z]{30,}\b | \bdop_v1_[0-9a-f]{64}\b
    | \beyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]*                       # JSON web tokens
    | \bGOCSPX-[\w-]{20,} | \bdapi[0-9a-f]{32}\b | \bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b | \bhv[sb]\.[\w-]{24,}
    | \bAGE-SECRET-KEY-1[0-9A-Z]{50,} | \bdckr_pat_[\w-]{20,} | \blin_api_\w{30,} | \bwhsec_[\w+/=]{24,}
    | \b\d{8,10}:AA[\w-]{33}(?![\w-]) | \b(?:SK|AC)[0-9a-f]{32}\b | \b[0-9a-f]{32}-us\d{1,2}\b | \bglrt-[\w-]{18,}
    | (?<=://)[0-9a-f]{32}(?=@)                                    # Sentry
    | \b(?:AccountKey|SharedAccessKey)=[\w+/=]{20,}
    """,
    re.VERBOSE,
)
_IN_URL = re.compile(r"(?<=://)([^\s:/@'\"]{1,100}):([^\s/'\"{}]{3,200})@")
_NAMED = re.compile(
    r"""(?ix)
    (?P<name>(?:passw(?:or)?d|passwd|\bpwd\b|passphrase|secret|token|credential|(?:api|access|private|auth)_?-?key)
        [\w.\-\]'"]{0,80})
    (?P<sign>\s{0,20}(?::\s{0,8}[\w\[\],. |]{1,80}?)?(?:=|:|,)\s{0,20}(?:=\s{0,8})?(?:\(\s{0,20})?[rbuf]{0,2})
    (?P<quote>"{3}|'{3}|["'])(?P<value>[^"'\n]{4,400})(?P=quote)
    """
)
"""From the telling word on: what stands before it would be tried at each of its letters, without end in a long name."""
_TOLD = re.compile(r"\"[^\"\n]{8,4000}\"|'[^'\n]{8,4000}'|#[^\n]{8,4000}")
_PAIR = re.compile(
    r"(?i)(?P<name>(?:passw(?:or)?d|pwd|secret|token|api_?-?key|access_?-?key|\bsig|signature)[ ]?[=:][ ]?"
    r"|(?:(?<=[\"'])|authorization: ?)(?:bearer|basic)[ ]|\s-u ?[\w.@-]{1,60}:)(?P<value>[^\s\"'&;,<>{}()\[\]|]{6,400})"
)
"""A secret within a longer text or a comment: a line of connection, a header, a query."""
_LITERAL = re.compile(r"""(?P<quote>["'])(?P<value>[A-Za-z0-9+/=_\-]{24,400})(?P=quote)""")
_TEMPLATE = re.compile(r"\$\{|\{\{|%\(|[<{]|xxx|\*\*|change.?me|placeholder", re.IGNORECASE)
_FIELD = re.compile(r"[a-z_\-. /]*(?:passw|secret|token|key|credential)[a-z_\-. /]*", re.IGNORECASE)
"""A name of a field rather than its content."""
_PROSE = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}\s")


class Redactor:
    """One run's memory of what was taken out; ``count`` are the different secrets so far."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many different secrets were taken out."""
        return len(self._numbers)

    def __call__(self, text: str) -> str:
        """The text without its secrets; lines stay lines, so that places in it stay where they were."""
        text = _KNOWN.sub(lambda m: self._mark(m[0]), text)
        text = _IN_URL.sub(lambda m: f"{m[1]}:{self._mark(m[2])}@", text)
        text = _NAMED.sub(self._named, text)
        text = _LITERAL.sub(self._literal, text)
        return _TOLD.sub(lambda m: _PAIR.sub(self._pair, m[0]), text)

    def _named(self, match: re.Match[str]) -> str:
        value = match["value"]
        if not _is_secret_by_name(value, match["sign"]):
            return match[0]
        return f"{match['name']}{match['sign']}{match['quote']}{self._mark(value)}{match['quote']}"

    def _pair(self, match: re.Match[str]) -> str:
        value = match["value"]
        if "<redacted-" in value or _TEMPLATE.search(value) or not any(c.isdigit() for c in value):
            return match[0]
        return f"{match['name']}{self._mark(value)}"

    def _literal(self, match: re.Match[str]) -> str:
        value = match["value"]
        if value.startswith("<redacted-") or not _is_random(value):
            return match[0]
        return f"{match['quote']}{self._mark(value)}{match['quote']}"

    def _mark(self, secret: str) -> str:
        number = self._numbers.setdefault(secret, len(self._numbers) + 1)
        return f"<redacted-{number}>" + "\n" * secret.count("\n")


def _is_secret_by_name(value: str, sign: str) -> bool:
    """Whether what stands behind a telling name is a secret, and not a name of a field, a template or a sentence."""
    if value.startswith("<redacted-") or _PROSE.search(value):
        return False
    if "," in sign:
        # `get("token", "value")` names two things; only what looks like chance is a secret there.
        return _entropy(value) > 3.0 and any(c.isdigit() for c in value)
    return not (_TEMPLATE.search(value) or _FIELD.fullmatch(value))


def _is_random(value: str) -> bool:
    """Whether a literal looks drawn by chance: digits and letters mixed, and nearly all of them different."""
    if not (any(c.isdigit() for c in value) and any(c.isalpha() for c in value)):
        return False
    if re.fullmatch(r"[0-9a-fA-F]+", value):
        return _entropy(value) > 3.0
    return _entropy(value) > 4.0


def _entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
