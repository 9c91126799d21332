"""Paragraphs as they stand in ordinary READMEs, guides and instruction files; harmless for every task."""

from __future__ import annotations

import random

from bluehook.redteam import grammar, policies
from bluehook.redteam.policies import base, gerund, third

_COUNT = 1500


def paragraphs(seed: int) -> list[str]:
    """Each once."""
    pick = random.Random(f"ordinary {seed}")
    lists = grammar.read("paragraphs")
    acts = [act for policy in policies.read("ordinary") for act in policy.unsafe]
    acts += [act for policy in policies.read("malicious") for act in policy.safe]
    lists["third"] = [third(act) for act in acts]
    lists["base"] = [base(act) for act in acts]
    lists["gerund"] = [gerund(act) for act in acts]
    starts = lists["paragraph"]
    return list(dict.fromkeys(grammar.expand(pick, lists, pick.choice(starts)) for _ in range(_COUNT)))
