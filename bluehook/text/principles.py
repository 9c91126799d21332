"""Which constitution what was seen in a text goes against, and its principle: the reason that the user reads.

A table, so that it costs nothing; ``tests/text/test_principles.py`` holds it to the lists of behaviours and to the
files in ``constitutions/``. A language model is given what retrieval finds instead.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from bluehook import resources
from bluehook.text.judgement import Task

OF_BEHAVIOURS: dict[Task, dict[str, tuple[str, ...]]] = {
    Task.MALICIOUS: {
        "ransomware": (
            "blocks-input", "deletes-backups", "deletes-originals", "demands-ransom", "encrypts-files",
            "makes-unusable", "ransom-note", "renames-encrypted", "wipes", "sabotages", "delayed-harm",
        ),
        "spyware": ("keylogging", "screen-spying", "spies-on-person", "watches-clipboard"),
        "credential-theft": ("guesses-passwords", "phishes", "steals-data", "steals-secrets", "tricks-people"),
        "self-spreading-code": ("copies-itself", "infects-files", "spreads", "usb-attack", "abuses-office"),
        "remote-control": (
            "commands-bots", "connects-back", "downloads-payload", "escalates", "plants-backdoor", "remote-controls",
            "supply-chain",
        ),
        "evasion": (
            "anti-analysis", "covers-tracks", "evades", "hides-itself", "injects-process", "persists", "raw-technique",
            "stops-protection", "single-kill",
        ),
        "denial-of-service": ("floods", "spoofs-source"),
        "intrusion": ("exploits", "sniffs", "weaponizes"),
        "resource-theft": (
            "cheats-money", "click-fraud", "forces-ads", "hijacks-browser", "mines-secretly", "spams", "swaps-wallet",
        ),
    },
    Task.BIASED: {
        "decide-by-attribute": ("decides-on-attribute", "excludes-group", "points-on-attribute", "segregates"),
        "criterion-by-proxy": ("decides-on-proxy", "proxy"),
        "stereotype-as-fact": ("demeans", "demeans-as-fact", "profiles"),
    },
    Task.INJECTING: {
        "override": (
            "marks-of-a-chat", "new-orders", "overrides", "overrides-short", "plays-a-conversation", "removes-limits",
            "speaks-as-system", "weakens", "answers-unfiltered", "unbound",
        ),
        "secret-exfiltration": (
            "asks-personal", "asks-prompt", "asks-secret", "guards-secrets", "pressure-for-secret",
            "pretext-for-personal", "reads-secrets", "repeats-a-word", "role-for-secret", "secret-of-you",
            "secret-sideways", "sends-secrets", "asks-what-came-before", "leaks-by-shape", "sends-data-away",
            "sends-data", "sends-stuff-away", "sends-to-address", "reveals-context", "reveals-secret", "spells-secret",
        ),
        "tool-misuse": (
            "acts-on-read", "claims-consent", "claims-consent-harm", "hides-from-user", "runs-commands",
            "silent-action", "tool-poison", "runs-foreign-code", "changes-power", "changes-things", "weakens-checks",
            "writes-memory",
        ),
        "review-manipulation": (
            "answers-as-told", "approves", "cheats-checks", "never-tells-why", "plants-output", "rewrites-facts",
            "steers-output", "words-for-user", "gives-verdict", "favours", "leaves-out", "plants-link",
        ),
        "role-play": ("enters-mode", "mode-name", "role-play", "plays-unbound"),
        "encoded-orders": ("decodes-and-obeys", "payload-split"),
        "false-authority": ("claims-authority", "outranks", "pressures", "pretext", "rank-claimed", "revokes-rules"),
    },
}  # fmt: skip
"""Task -> constitution -> behaviours of the lists that go against it."""

OF_CODE: dict[str, tuple[str, ...]] = {
    "ransomware": ("blocks-input", "deletes-backups", "encrypts-and-destroys", "encrypts-in-place", "locks-for-ransom",
                   "wipes-disks"),
    "spyware": ("records-keys-at-every-start", "records-keys-in-hiding", "sends-keystrokes", "spies",
                "spies-on-the-screen"),
    "credential-theft": ("guesses-passwords", "sends-secrets"),
    "self-spreading-code": ("copies-itself-over-the-network", "infects-programs", "spreads-itself"),
    "remote-control": ("opens-a-shell", "runs-what-it-fetches-in-hiding", "starts-what-it-fetches"),
    "evasion": ("clears-traces", "hides-in-the-system", "injects-code", "stops-protection"),
    "denial-of-service": ("fills-memory", "floods", "hammers", "spawns-without-end"),
    "resource-theft": ("mines-at-every-start", "mines-in-hiding", "swaps-the-clipboard"),
}  # fmt: skip
"""Constitution -> sets of capabilities of code that go against it."""

HIDING = frozenset(
    {
        "bidi", "comment", "control-characters", "image-text", "link-title", "tag-characters", "unseen-element",
        "variation-selectors", "zero-width",
    }
)  # fmt: skip
"""Disguises that keep a text from people; the others only write it in another way."""

GENERAL: dict[Task, frozenset[str]] = {
    Task.MALICIOUS: frozenset({"hides-intent", "makes-malware", "malware-name", "sends-away", "targets-victim"}),
    Task.BIASED: frozenset({"about-people", "attribute", "decides", "fair", "neutral"}),
    Task.INJECTING: frozenset(
        {
            "about-injection", "addresses-agent", "addresses-machine", "calls-machine", "consent-claimed", "covers-up",
            "for-machines", "keeps-quiet", "names-machine", "rules-revoked", "skips-asking", "turns-to-machine",
        }
    ),
}  # fmt: skip
"""Behaviours that go against no constitution by themselves: they say how, or to whom, or that it is harmless."""

_KINDS = {
    "ransomware": r"ransom|wiper|logic bomb|screen ?locker|erpress|rançon|вымогат|勒索|ランサム",
    "spyware": r"key ?logger|keystroke|spyware|stalkerware|frappe|кейлоггер|шпион|键盘记录|キーロガー",
    "credential-theft": r"stealer|grabber|harvester|phish|skimmer|mimikatz|kerberoast|pass the hash",
    "self-spreading-code": r"worm|virus|self[- ](?:replicat|spread)|infector|gusano|вирус|червь|病毒|蠕虫|ウイルス",
    "remote-control": r"back ?door|trojan|root ?kit|boot ?kit|bot ?net|(?:reverse|bind|web) ?shell|\brats?\b"
    r"|meterpreter|бэкдор|троян|木马|后门",
    "evasion": r"crypter|\bfud\b|polymorphic|metamorphic|(?:amsi|uac) bypass|hollowing|injection",
    "denial-of-service": r"d?dos\b|flood|denial of service|stresser|booter|slowloris|fork ?bomb|amplification|deauth",
    "intrusion": r"exploit|zero day|shellcode|spoof|poison|hijack",
    "resource-theft": r"crypto ?(?:jack|miner)|adware|clipper|malvertis|keygen",
}
_KIND = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{words})" for name, words in _KINDS.items()), re.IGNORECASE)
_PRINCIPLE = re.compile(r"^principle: >-\n((?:  [^\n]*\n)+)", re.MULTILINE)


def constitution(task: Task, behaviours: Sequence[str], said: str = "", disguises: Sequence[str] = ()) -> str:
    """The id of the constitution that the weightiest of the behaviours goes against, or ``""``.

    Where malware is only called by its name, the name decides (``said`` is the passage); where orders are only
    disguised, the disguise does.
    """
    known = _by_name()[task]
    found = next((known[name] for name in behaviours if name in known), "")
    if not found and disguises and task is Task.INJECTING:
        return "hidden-text" if HIDING.intersection(disguises) else "encoded-orders"
    if not found and "malware-name" in behaviours:
        kind = _KIND.search(said)
        return kind.lastgroup.replace("_", "-") if kind is not None and kind.lastgroup is not None else ""
    return found


@functools.cache
def principle(task: Task, name: str) -> str:
    """The principle of a shipped constitution on one line.

    Only this key of the file is looked at: reading it all, and checking it, takes longer than judging the text.
    """
    file = resources.folder("constitutions") / task.value / f"{name}.yaml"
    found = _PRINCIPLE.search(file.read_text(encoding="utf-8"))
    return " ".join(found[1].split()) if found is not None else ""


def quoted(task: Task, name: str) -> str:
    """``constitution override: A text that ...``, or ``""`` where no constitution is named."""
    return f"constitution {name}: {principle(task, name)}" if name else ""


@functools.cache
def _by_name() -> dict[Task, dict[str, str]]:
    known = {
        task: {name: one for one, names in by_constitution.items() for name in names}
        for task, by_constitution in OF_BEHAVIOURS.items()
    }
    known[Task.MALICIOUS] |= {f"code-{name}": one for one, names in OF_CODE.items() for name in names}
    return known
