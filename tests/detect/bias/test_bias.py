"""Biased code, against samples of our own: what is shown, what is only suspected, and what is quiet.

Annotations stand on the line above the one where the statement of a finding starts: ``# shows: ATTRIBUTE`` (blocks),
``# suspects: ATTRIBUTE`` (a warning); ``# todo: ATTRIBUTE`` is a known miss. What is not annotated must be quiet.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from bluehook.detect import Settings
from bluehook.detect.bias import detector
from bluehook.detect.bias.lexicon import ATTRIBUTES, attribute_named, flag_named, names_in, strength
from bluehook.findings import Detection, SourceFile
from bluehook.parse import parse

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.py"))
_ANNOTATION = re.compile(r"\s*# (shows|suspects|todo): ([\w-]+)")


def look(code: str) -> list[Detection]:
    report = detector.run([parse(SourceFile(path="a.py", data=textwrap.dedent(code).encode()))], Settings())
    assert report.problems == []
    return report.detections


def annotated(sample: str) -> set[tuple[int, str, str]]:
    lines = sample.split("\n")
    found = set()
    for number, line in enumerate(lines, 1):
        match = _ANNOTATION.match(line)
        if match is not None and match[1] != "todo":
            target = number + 1
            while _ANNOTATION.match(lines[target - 1]):
                target += 1
            found.add((target, match[1], match[2]))
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_samples(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    file = parse(SourceFile(path=sample.name, data=text.encode()))
    report = detector.run([file], Settings())
    found = {
        (
            file.statement_at(d.location.line, d.location.column).first_line,
            d.evidence.says.value,
            d.evidence.rule.partition(".")[2],
        )
        for d in report.detections
    }
    wanted = annotated(text)
    faults = [f"line {line}: missed, {says} {name}" for line, says, name in sorted(wanted - found)]
    faults += [f"line {line}: {says} {name}, which no annotation says" for line, says, name in sorted(found - wanted)]
    assert faults == []


def test_every_attribute_is_shown_or_suspected_somewhere() -> None:
    shown = {name for sample in SAMPLES for _, _, name in annotated(sample.read_text(encoding="utf-8"))}
    quiet = {attribute.key.replace(" ", "-") for attribute in ATTRIBUTES} - shown
    assert quiet <= {"pronouns"}


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("gender", "gender"),
        ("applicantGender", "gender"),
        ("person_race_code", "race"),
        ("get_marital_status", "marital status"),
        ("SKIN_COLOR", "race"),
        ("user__gender__iexact", "gender"),
        ("Marital Status", "marital status"),
        ("race_condition", None),
        ("data_race", None),
        ("max_age", None),
        ("cache_age", None),
        ("language", None),
        ("page", None),
        ("storage", None),
        ("third_party", None),
    ],
)
def test_names_of_attributes(name: str, attribute: str | None) -> None:
    found = attribute_named(name)
    assert (found.key if found else None) == attribute


def test_values_of_other_attributes_and_other_words_are_no_groups() -> None:
    (religion,) = (attribute for attribute in ATTRIBUTES if attribute.key == "religion")
    assert [strength(religion, value) for value in ("Muslim", "CATHOLICS", "female", "tuesday")] == [2, 2, 0, 0]
    assert flag_named("applicant_is_female") is not None
    assert flag_named("is_valid") is None


def test_the_message_says_attribute_value_and_outcome() -> None:
    (found,) = look("def approve(person):\n    if person.race == 'black':\n        return False\n    return True\n")
    assert found.weakness == "biased-code"
    assert found.evidence.details == {"attribute": "race", "values": "black", "outcome": "return False"}
    assert found.evidence.message.startswith(
        "`person.race == 'black'` asks for race or ethnicity ('black'), and on the answer depends `return False`, "
        "a matter of 'approve'."
    )


def test_every_row_is_looked_for_in_files_by_its_own_words() -> None:
    for attribute in ATTRIBUTES:
        for phrase in (*attribute.names, *attribute.flags):
            assert names_in(f"x.{phrase.replace(' ', '_')}".encode()), phrase


@pytest.mark.parametrize(
    "deep",
    [
        "(" * 3000 + "p.gender" + ")" * 3000,
        "p.gender" + "[0]" * 3000,
        "not " * 3000 + "p.is_female",
        "p.gender" + " or x" * 3000,
    ],
)
def test_deep_nesting_and_broken_code_are_survived(deep: str) -> None:
    look(f"def f(p):\n    if {deep} == 'male':\n        return 1\n\ndef broken(:\n    if p.gender == 'male'\n")


def test_too_much_to_look_at_is_a_problem_and_not_silence() -> None:
    lines = "\n".join(f"    if p.gender == 'male':\n        x{i} = 'Mr'" for i in range(3001))
    file = parse(SourceFile(path="a.py", data=f"def f(p):\n{lines}\n".encode()))
    (problem,) = detector.run([file], Settings()).problems
    assert problem.incomplete
    assert "too many places" in problem.reason


def test_files_without_attributes_are_not_wanted() -> None:
    assert not detector.wants(parse(SourceFile(path="a.py", data=b"def page(storage): return storage.trace\n")))
    assert detector.wants(parse(SourceFile(path="a.py", data=b"if p.religion: pass\n")))
