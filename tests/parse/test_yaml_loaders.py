"""Loaders of YAML: the library's, and classes of a project that inherit from them."""

from __future__ import annotations

import pytest

from bluehook.detect import Settings, bandit, flow
from bluehook.findings import Says, SourceFile
from bluehook.parse import ParsedFile, parse
from bluehook.parse.yaml_loaders import builds_objects

CLASSES = """
import yaml
from other import Theirs
class Tagged(yaml.SafeLoader):
    pass
class Deeper(Tagged):
    pass
class Mixed(Tagged, yaml.UnsafeLoader):
    pass
class Whole(yaml.Loader):
    pass
class Unknown(Theirs):
    pass
"""


def parsed(text: str) -> ParsedFile:
    return parse(SourceFile(path="a.py", data=text.encode()))


@pytest.mark.parametrize(
    ("loader", "objects"),
    [
        ("yaml.SafeLoader", False),
        ("yaml.CSafeLoader", False),
        ("yaml.BaseLoader", False),
        ("yaml.Loader", True),
        ("yaml.CUnsafeLoader", True),
        ("Tagged", False),
        ("Deeper", False),
        ("Mixed", True),
        ("Whole", True),
        ("Unknown", None),
        ("Theirs", None),
    ],
)
def test_what_a_loader_builds(loader: str, objects: bool | None) -> None:
    assert builds_objects(parsed(CLASSES), loader) is objects


LOAD = """
from flask import request
@app.post("/documents")
def load():
    return len(yaml.load(request.data, Loader={}))
"""


@pytest.mark.parametrize(
    ("loader", "says"), [("Deeper", {Says.HINTS}), ("Whole", {Says.SHOWS}), ("Unknown", {Says.SUSPECTS})]
)
def test_bandit_is_told_of_classes_it_cannot_see_through(loader: str, says: set[Says]) -> None:
    report = bandit.detector.run([parsed(CLASSES + LOAD.format(loader))], Settings())
    assert {d.evidence.says for d in report.detections if d.evidence.rule == "B506"} == says


@pytest.mark.parametrize(("loader", "says"), [("Deeper", set()), ("Mixed", {Says.SHOWS})])
def test_a_flow_into_a_loader_of_plain_data_is_none(loader: str, says: set[Says]) -> None:
    report = flow.detector.run([parsed(CLASSES + LOAD.format(loader))], Settings())
    assert {d.evidence.says for d in report.detections if d.weakness == "deserialization"} == says
