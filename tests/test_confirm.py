"""How the endings of attacks come to the findings; the attacks themselves are made up here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bluehook import verify
from bluehook.confirm import Confirmer
from bluehook.detect import Settings
from bluehook.examine import Examined, Examiner
from bluehook.findings import LineRange, Says, SourceFile, Verdict
from bluehook.verify import Attempt, Target, Verification
from bluehook.verify.model import Outcome, Reply

CODE = b"""\
import pickle
import random
import subprocess


def run(name):
    if name:
        subprocess.run("ls " + name, shell=True)


def load(data):
    return pickle.loads(data)


def safe(count):
    return [random.random() for _ in range(count)]
"""


class Attacks:
    """Stands in for ``verify.attack``: each function's outcomes as they were given, and what was asked for."""

    def __init__(self, **outcomes: list[Outcome]) -> None:
        self.outcomes = outcomes
        self.asked: list[Target] = []

    def __call__(self, root: Path, targets: Sequence[Target], *args: Any, **kwargs: Any) -> Verification:
        self.asked = list(targets)
        replies = [(each, Reply(id=each.name, outcomes=self.outcomes.get(each.function, []))) for each in targets]
        return Verification(attempts=[Attempt(target=each, reply=reply) for each, reply in replies])


def outcome(weakness: str, ending: str, line: int, **more: Any) -> Outcome:
    given = {"trust": "composed", "slot": "parameter 'name'", "reached": 2, "spellings": 3, "control": True}
    return Outcome(weakness=weakness, ending=ending, sink_line=line, **{**given, **more})  # type: ignore[arg-type]


def confirmed(
    monkeypatch: pytest.MonkeyPatch,
    attacks: Attacks,
    code: bytes = CODE,
    changed: tuple[LineRange, ...] | None = None,
) -> Examined:
    monkeypatch.setattr(verify, "attack", attacks)
    source = SourceFile(path="app.py", data=code, changed=changed)
    confirmer = Confirmer(Path("/nowhere"), verify.Settings())
    with Examiner(["sinks"], Settings(), cache=None) as examiner:
        [(_, examined)] = examiner.examine([source])
    if not confirmer.take(source, examined):
        return examined
    [(_, settled)] = confirmer.settle()
    return settled


def verdicts(examined: Examined) -> dict[tuple[str, int], Verdict]:
    return {(f.weakness, f.location.line): f.verdict for f in examined.findings}


def test_most_suspicious_function_is_attacked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = Attacks()
    confirmed(monkeypatch, attacks)
    assert [each.function for each in attacks.asked] == ["run", "load", "safe"]
    assert attacks.asked[0].weaknesses[0] == "command-injection"
    assert attacks.asked[0].sinks[0].line == 8


def test_only_touched_functions_are_attacked(monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = Attacks()
    confirmed(monkeypatch, attacks, changed=(LineRange(12, 12),))
    assert [each.function for each in attacks.asked] == ["load"]


def test_proof_joins_the_finding_at_its_statement_and_keeps_its_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    before = confirmed(monkeypatch, Attacks())
    after = confirmed(monkeypatch, Attacks(run=[outcome("command-injection", "proven", 8)]))
    assert verdicts(after)["command-injection", 8] is Verdict.PROVEN
    assert [f.id for f in after.findings] == [f.id for f in before.findings]


def test_refutation_turns_a_suspicion_into_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(run=[outcome("command-injection", "neutralised", 8)]))
    assert verdicts(after)["command-injection", 8] is Verdict.REFUTED


def test_refutation_of_another_family_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(run=[outcome("argument-injection", "neutralised", 8)]))
    assert verdicts(after) == verdicts(confirmed(monkeypatch, Attacks()))


def test_refutation_elsewhere_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(run=[outcome("command-injection", "neutralised", 7)]))
    assert verdicts(after) == verdicts(confirmed(monkeypatch, Attacks()))


def test_refuted_hint_stays_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(safe=[outcome("weak-random", "neutralised", 16)]))
    assert ("weak-random", 16) not in verdicts(after)


def test_hole_that_no_rule_knows_becomes_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(safe=[outcome("resource-exhaustion", "proven", 16)]))
    found = next(f for f in after.findings if f.location.line == 16)
    assert (found.weakness, found.verdict, found.symbol) == ("resource-exhaustion", Verdict.PROVEN, "safe")


def test_effect_at_the_head_of_a_function_is_told_there(monkeypatch: pytest.MonkeyPatch) -> None:
    after = confirmed(monkeypatch, Attacks(load=[outcome("cross-site-scripting", "proven", 11)]))
    found = next(f for f in after.findings if f.weakness == "cross-site-scripting")
    assert (found.location.line, found.symbol, found.snippet) == (11, "load", "def load(data):")


COOKIES = b"""\
def greet(response, name):
    response.set_cookie("theme", name)
    response.set_cookie("session", name)
    return response
"""


def test_effect_at_the_head_is_one_flaw_and_told_where_its_name_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = outcome("insecure-cookie", "likely", 1, evidence={"strength": "strong"},
                   effect="the cookie 'session' was sent without secure, httponly")  # fmt: skip
    examined = confirmed(monkeypatch, Attacks(greet=[seen]), COOKIES)
    told = [f.location.line for f in examined.findings if any(e.engine == "verify" for e in f.evidence)]
    assert told == [3]


def test_unreached_attack_is_noted_at_what_it_was_about(monkeypatch: pytest.MonkeyPatch) -> None:
    missed = outcome("command-injection", "unreached", 0, where="line 7, KeyError: 'x'")
    after = confirmed(monkeypatch, Attacks(run=[missed]))
    found = next(f for f in after.findings if f.weakness == "command-injection")
    assert found.verdict is Verdict.POSSIBLE
    assert [e.message for e in found.evidence if e.says is Says.NOTES] == [
        "the sink was not reached: line 7, KeyError: 'x'"
    ]


def test_effect_in_another_file_is_told_at_the_function_that_led_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    far = outcome("sql-injection", "proven", 40, evidence={"file": "library/database.py"})
    after = confirmed(monkeypatch, Attacks(run=[far]))
    found = next(f for f in after.findings if f.weakness == "sql-injection")
    assert (found.symbol, found.verdict) == ("run", Verdict.PROVEN)
    assert [(s.location.path, s.location.line) for s in found.evidence[0].trace] == [
        ("app.py", 6),
        ("library/database.py", 40),
    ]


def test_ignored_line_is_neither_attacked_nor_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    code = CODE.replace(b"    return pickle", b"    # bluehook: ignore[deserialization] ours\n    return pickle")
    attacks = Attacks(load=[outcome("deserialization", "proven", 13)])
    after = confirmed(monkeypatch, attacks, code)
    assert "load" not in [each.function for each in attacks.asked]
    [ignored] = [f for f in after.findings if f.weakness == "deserialization"]
    assert (ignored.suppressed or "").endswith("ours")
    assert after.notes == []


def test_twin_of_a_known_finding_has_an_identity_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    code = b"def f(a):\n    g(a)\n    g(a)\n\n\nimport os\ndef h(a):\n    os.system(a)\n"
    proofs = [outcome("command-injection", "proven", 2), outcome("command-injection", "proven", 3)]
    after = confirmed(monkeypatch, Attacks(h=[*proofs]), code)
    twins = [f for f in after.findings if f.symbol == "f"]
    assert [f.ordinal for f in twins] == [0, 1]
    assert twins[0].id != twins[1].id


def test_file_without_anything_to_attack_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = Attacks()
    assert confirmed(monkeypatch, attacks, b"def f(a):\n    return a\n").findings == []
    assert attacks.asked == []
