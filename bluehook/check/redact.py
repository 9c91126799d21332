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
    r"""-----BEGIN[ A-Z]*PRIVATE[ ]KEY-----[\s\S]*?(?:-----END[ A-Z]*PRIVATE[ ]KEY-----|\Z)
    | \b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b                      # Amazon
    | \bgh[pousr]_[0-9A-Za-z]{30,}\b | \bgithub_pat_\w{40,}\b      # GitHub
    | \bglpat-[\w-]{18,}                                           # GitLab
    | \bxox[abeoprs]-[\w-]{10,} | \bxapp-[\w-]{10,}                # Slack
    | https://hooks\.slack\.com/services/[\w/]+ | https://discord(?:app)?\.com/api/webhooks/[\w/-]+
    | \bsk-(?:ant-|proj-|or-v1-)?[\w-]{20,} | \b[rs]k_(?:live|test)_\w{16,}   # OpenAI, Anthropic, Stripe
    | \bAIza[\w-]{35}\b | \bya29\.[\w-]{20,}                       # Google
    | \bSG\.[\w-]{16,}\.[\w-]{16,} | \bkey-[0-9a-f]{32}\b          # SendGrid, Mailgun
    | \bnpm_\w{36}\b | \bpypi-AgE\w[\w-]{40,} | \bhf_[A-Za-z]{30,}\b | \bdop_v1_[0-9a-f]{64}\b
    | \beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*                         # JSON web tokens
    | \b(?:AccountKey|SharedAccessKey)=[\w+/=]{20,}
    """,
    re.VERBOSE,
)
_IN_URL = re.compile(r"(?<=://)([^\s:/@'\"]{1,100}):([^\s/@'\"{}]{3,200})@")
_NAMED = re.compile(
    r"""(?ix)
    (?P<name>[\w.\-\]\['"]*
        (?:passw(?:or)?d|passwd|passphrase|secret|token|api_?-?key|access_?-?key|private_?-?key|auth_?-?key|credential)
        [\w.\-\]'"]*)
    (?P<sign>\s*(?::\s*[\w\[\], ]+?\s*)?(?:=|:|,)\s*(?:=\s*)?[rbuf]{0,2})
    (?P<quote>["'])(?P<value>[^"'\n]{4,400})(?P=quote)
    """
)
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
        return _LITERAL.sub(self._literal, text)

    def _named(self, match: re.Match[str]) -> str:
        value = match["value"]
        if not _is_secret_by_name(value, match["sign"]):
            return match[0]
        return f"{match['name']}{match['sign']}{match['quote']}{self._mark(value)}{match['quote']}"

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
