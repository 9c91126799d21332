"""Constitutions: what makes code or an instruction unsafe and what makes it safe, for people, checkers and detectors.

``model`` is the format, ``read`` turns a file into a checked value, ``library`` holds the shipped set beside the
project's own, ``rank`` finds those that speak of a span, ``words`` cuts code into words.
"""

from __future__ import annotations

from bluehook.knowledge.library import DEFAULT_FOLDER, Library, load
from bluehook.knowledge.model import Constitution, Form, Support, Task
from bluehook.knowledge.rank import Match, Span
from bluehook.knowledge.read import read

__all__ = ["DEFAULT_FOLDER", "Constitution", "Form", "Library", "Match", "Span", "Support", "Task", "load", "read"]
