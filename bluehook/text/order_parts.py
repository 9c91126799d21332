"""What the parts of orders come to: acts, marks, and which of them weigh most (:mod:`bluehook.text.orders`)."""

from __future__ import annotations

ACTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "sends-data-away": (("send",), ("data", "secret"), ("destination", "address")),
    "sends-to-address": (("send",), ("address",)),
    "sends-data": (("send",), ("data", "secret")),
    "sends-stuff-away": (("send",), ("stuff",), ("destination", "address")),
    "runs-foreign-code": (("run",), ("fetched", "address")),
    "changes-power": (("do",), ("power",)),
    "changes-things": (("do",), ("thing",)),
    "gives-verdict": (("say",), ("verdict",)),
    "favours": (("favour",),),
    "leaves-out": (("omit",), ("bad-news",)),
    "reveals-context": (("reveal",), ("hidden-text",)),
    "reveals-secret": (("reveal",), ("secret",)),
    "spells-secret": (("encode",), ("hidden-text", "secret", "data")),
    "plays-unbound": (("persona",), ("free",)),
    "unbound": (("free",),),
    "writes-memory": (("memory",), ("from-now", "do", "send", "say", "data")),
    "weakens-checks": (("weaken",),),
    "plants-link": (("insert",), ("planted", "address")),
}
"""What a sentence wants done: one part of each group, the verb first."""

MARKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "keeps-quiet": (("hush",),),
    "consent-claimed": (("consent",),),
    "skips-asking": (("no-asking",),),
    "rules-revoked": (("revoke",), ("rules",)),
    "rank-claimed": (("authority",),),
    "from-now-on": (("from-now",),),
    "each-time": (("always",),),
    "comes-first": (("comes-first",),),
    "covers-up": (("deceit",),),
    "acts-on-reading": (("reads-this",),),
    "for-machines": (("if-machine",), ("machine",)),
}
"""What makes it an order of somebody who has none to give. Beside these, ``calls-machine`` says that words are meant
for a machine (*note to the agent*), ``turns-to-machine`` that it is spoken to by name (*Assistant, ...*),
``names-machine`` that it is said what one must do.
"""

CAUTIONS = ("careful", "may-do", "about", "people")
"""Parts of ordinary sentences that share words with orders."""

STRONG = frozenset(
    {
        "keeps-quiet", "consent-claimed", "skips-asking", "rules-revoked", "covers-up", "for-machines", "calls-machine",
        "turns-to-machine",
    }
)  # fmt: skip
"""Marks that instructions of people to people, and rules for agents, hardly ever have."""

CALLS = frozenset({"calls-machine", "turns-to-machine", "for-machines"})
"""Marks that say whom it calls; the other strong ones give it force."""

GRAVE = frozenset({"sends-data-away", "changes-power", "weakens-checks", "favours", "leaves-out"})
"""Acts that one such mark makes an order, also in a document; of others documents speak all the time."""

GRAVE_BEHAVIOURS = frozenset({"sends-secrets", "tool-poison", "leaks-by-shape", "cheats-checks"})
"""The same among the behaviours that lists of phrases know."""

IN_CHAT = frozenset({"reveals-context", "reveals-secret", "spells-secret", "plays-unbound", "unbound"})
"""Acts that are orders without any mark, where a model is spoken to."""
