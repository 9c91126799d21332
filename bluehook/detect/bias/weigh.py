"""Whether a condition and its outcome show a decision on a protected attribute, or have an honest explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bluehook.detect.bias.conditions import LOOSE, SHORT, SURE, Condition
from bluehook.detect.bias.lexicon import attribute_named, group_words, listed, needs_people, parts
from bluehook.detect.bias.outcomes import Outcome
from bluehook.detect.bias.vocabulary import (
    MEDICAL,
    PERSON,
    decides,
    explains,
    hires_or_sells,
    judges,
    overrides,
    sells,
    words_of,
    words_said,
)
from bluehook.findings import Says

_REFUSALS = frozenset({"permission", "permissiondenied", "forbidden", "denied", "unauthorized", "abort", "notallowed"})


class Weighed(NamedTuple):
    """What a condition amounts to: the claim, the outcome that carries it, and the word that names the decision."""

    says: Says
    outcome: Outcome
    word: str


class Place(NamedTuple):
    """What is around a condition, as words: its function and class, the people it is about, and all parameters."""

    function: frozenset[str]
    owner: frozenset[str]
    people: frozenset[str]
    parameters: frozenset[str]
    clinical: bool = False
    """Whether measures of patients stand around it."""


def weigh(condition: Condition, outcomes: Sequence[Outcome], place: Place) -> Weighed | None:
    """The gravest of the outcomes, or ``None`` when all of them have an honest explanation or none matters."""
    best: Weighed | None = None
    for outcome in outcomes:
        found = _one(condition, outcome, place)
        if found is not None and (best is None or (best.says is not Says.SHOWS and found.says is Says.SHOWS)):
            best = found
    return best


def words_told(outcome: Outcome) -> frozenset[str]:
    """The words that an outcome is called by and consists of."""
    return words_of(*outcome.names) | frozenset(word for text in outcome.said for word in words_said(text))


def _one(condition: Condition, outcome: Outcome, place: Place) -> Weighed | None:
    key = condition.attribute.key
    names, around = words_told(outcome), place.function
    if overrides(names | around | place.owner | place.people, key):
        return None
    if parts(condition.name)[-1:] == ("disabled",) and not place.people & (PERSON - _WITH_ACCOUNTS):
        return None
    near = place.people | place.owner
    if not condition.subject or attribute_named(condition.name) is not None:
        # A truth value of something that is named is about that: nodes of a tree have children as well.
        near |= place.parameters | names | around
    if needs_people(condition.name) and not near & PERSON:
        return None
    about = names | (around if outcome.leaves else frozenset())
    if _only_names_the_group(outcome, condition):
        return None
    word = decides(about)
    if place.clinical and key in MEDICAL and not hires_or_sells(word):
        return None
    if outcome.kind == "raises" and not word:
        word = next(iter(sorted(names & _REFUSALS)), "")
    if outcome.kind == "raises" and condition.covers:
        return None
    if word:
        if explains(names - {word}, key) and not decides(names):
            return None
        return Weighed(_claim_of_decision(condition, about), outcome, word)
    if explains(names | around, key) or condition.force == LOOSE or outcome.kind == "counts":
        return None
    return _without_word(condition, outcome, names, place)


def _claim_of_decision(condition: Condition, about: frozenset[str]) -> Says:
    if condition.force == LOOSE:
        return Says.SUSPECTS
    if condition.attribute.contested and not judges(about):
        return Says.SUSPECTS
    if condition.attribute.key == "age group" and sells(about):
        return Says.SUSPECTS
    return Says.SHOWS


def _without_word(condition: Condition, outcome: Outcome, names: frozenset[str], place: Place) -> Weighed | None:
    """A list that is not called after the group is a judgement of those on it; other outcomes are at most odd."""
    if (
        condition.indirect
        or not (place.people | names | place.function) & PERSON
        or _is_named_after(condition, names | place.function)
    ):
        return None
    if outcome.kind == "keeps":
        sure = condition.force == SURE and not condition.attribute.contested
        return Weighed(Says.SHOWS if sure else Says.SUSPECTS, outcome, "")
    numeric = outcome.kind == "changes" or (outcome.kind == "returns" and outcome.constant)
    if numeric and condition.force >= SHORT and not condition.attribute.contested:
        return Weighed(Says.SUSPECTS, outcome, "")
    return None


def _is_named_after(condition: Condition, words: frozenset[str]) -> bool:
    """Whether an outcome is called what is asked for: women, by gender, muslim members."""
    if words & _own_words(condition):
        return True
    return any(attribute_named(word) is condition.attribute for word in words)


def _own_words(condition: Condition) -> frozenset[str]:
    own = frozenset(word for value in (*condition.groups, *condition.attribute.values) for word in parts(value))
    plural = frozenset(f"{word}s" for word in own)
    return (own | plural | (group_words() - _TOO_COMMON)) - PERSON | frozenset({"women", "men", "man", "woman"})


def _only_names_the_group(outcome: Outcome, condition: Condition) -> bool:
    return outcome.kind == "sets" and any(attribute_named(name) is condition.attribute for name in outcome.names)


_WITH_ACCOUNTS = listed("user users member members customer customers client clients profile guest subscriber lead")
"""Whose accounts are disabled, which says nothing of their bodies."""
_TOO_COMMON = frozenset({"left", "right", "single", "job", "party", "names", "name", "age", "high", "low", "general",
                         "labor", "model", "driver", "left wing", "mobility", "hearing", "visual"})  # fmt: skip
