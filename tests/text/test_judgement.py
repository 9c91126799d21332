from __future__ import annotations

from bluehook.text import reasons
from bluehook.text.judgement import Band, Judgement, Opinion, Surface, Task
from bluehook.weaknesses import INSTRUCTIONS


def test_tasks_are_the_weaknesses_of_instructions() -> None:
    assert {task.value for task in Task} == INSTRUCTIONS


def test_the_gravest_band_speaks_for_the_text() -> None:
    quiet = Opinion(task=Task.BIASED, score=0.1, band=Band.CLEAR)
    loud = Opinion(task=Task.INJECTING, score=0.9, band=Band.WARN)
    judged = Judgement(surface=Surface.PROMPT, opinions=(loud, quiet))
    assert judged.band is Band.WARN
    assert judged.of(Task.BIASED) is quiet
    assert judged.of(Task.MALICIOUS) is None
    assert Judgement(surface=Surface.PROMPT, opinions=()).band is Band.CLEAR


def test_a_behaviour_and_its_short_form_are_told_once() -> None:
    told = reasons.sentence(Task.INJECTING, ["overrides", "hides", "overrides-short"], [])
    assert told.endswith("(overrides, hides)")
