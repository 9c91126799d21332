"""What the detector of instructions says of a piece of code."""

from __future__ import annotations

from bluehook.detect import Settings
from bluehook.detect.instructions import detector
from bluehook.findings import Detection, SourceFile
from bluehook.parse import parse


def look(code: str) -> list[Detection]:
    """The detections in a file of this text; none where the detector does not want it."""
    file = parse(SourceFile(path="a.py", data=code.encode()))
    if not detector.wants(file):
        return []
    report = detector.run([file], Settings())
    assert report.problems == []
    return report.detections
