"""What surrounds the code under attack: folders of its own, and files and other hosts that answer from slots."""

from __future__ import annotations

import builtins
import os
import re
import tempfile
import time
from typing import Any

from .canary import LENGTH
from .inputs import build
from .inputs.slots import Inputs
from .inputs.wire import TYPED
from .observe.decoders import DOCUMENTS
from .observe.files import FILES
from .observe.network import NETWORK
from .observe.processes import PROGRAMS
from .observe.record import RECORDER
from .probes.base import Scene
from .protocol import Request
from .stubs import absent_templates, settings_files

_MARK = re.compile(rf"zq[a-z0-9]{{{LENGTH - 2}}}")
"""What is left of an attack in a path that a filter has changed."""


def prepare(work: str, request: Request) -> Scene:
    """Give a run a directory of its own, an empty environment, and a path with harmless programs only."""
    home = os.path.join(work, "w")
    outside = os.path.join(work, "outside")
    os.makedirs(home)
    os.makedirs(outside)
    os.chdir(home)
    PROGRAMS.use(os.path.join(work, "bin"))
    tempfile.tempdir = work
    os.environ["PATH"] = PROGRAMS.directory
    os.environ["TMPDIR"] = home
    # The sandbox has one directory for both, but what lies at a user's home is in nobody else's reach.
    os.environ["HOME"] = os.path.join(work, "user")
    os.makedirs(os.environ["HOME"])
    path = os.path.join(request.root, request.file)
    RECORDER.watch(request.root, {path})
    return Scene(home, outside)


def install(inputs: Inputs, known: settings_files.Known) -> None:
    """Let what the code asks of its surroundings be answered from slots, and let it wait for nothing."""
    answers = _Answers(inputs, known)
    FILES.exists, FILES.content, FILES.names = answers.exists, answers.content, answers.names
    NETWORK.body = answers.body
    DOCUMENTS.read = answers.document
    builtins.input = answers.typed
    sleep = time.sleep

    def slept(seconds: Any) -> None:
        if not RECORDER.on:
            sleep(seconds)

    time.sleep = slept


class _Answers:
    """The contents of files, replies of other hosts and lines that somebody types, each from a slot.

    ``known`` tells files of settings, whose content is no template.
    """

    def __init__(self, inputs: Inputs, known: settings_files.Known) -> None:
        self._inputs = inputs
        self._known = known

    def exists(self, path: str) -> bool:
        """Whether a file that is not there is taken to be: one that an input names."""
        if not self._inputs.policy.exists:
            return False
        lowered = path.lower()
        return any(slot.word in lowered for slot in self._inputs.slots.values()) or any(
            (len(value) > 3 and value in path) or any(mark in lowered for mark in _MARK.findall(value))
            for value in self._inputs.assigned.values()
            if isinstance(value, str)
        )

    def content(self, path: str) -> bytes:
        """What stands in a file that is not there, which belongs to the input that names it if one does.

        :raises FileNotFoundError: in a run in which nothing is there, for a file that no input names.
        """
        is_setting = self._known.is_one(path)
        for slot in [] if is_setting else list(self._inputs.slots.values()):
            if slot.word in path or str(self._inputs.assigned.get(slot.name, "\0")) in path:
                trust = "outside" if slot.kind == "argument" else "assumed"
                return self._filled(path, f"content of the file named by {slot.name}", trust)
        if not self._inputs.policy.exists:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self._filled(path, f"content of the file {path!r}", "assumed", as_template=not is_setting)

    def _filled(self, path: str, name: str, trust: str, *, as_template: bool = True) -> bytes:
        """The content in the slot of this name."""
        value = self._inputs.assigned.get(name)
        if isinstance(value, bytes):
            return value
        text = self._inputs.text(self._inputs.slot(name, trust))
        return (absent_templates.filled(self._inputs, path, text) if as_template else text).encode("utf-8")

    def names(self, path: str) -> list[str]:
        """What is in a folder that is not there."""
        return [self._inputs.text(self._inputs.slot("name of a file in a listed folder", "assumed"))]

    def body(self) -> bytes:
        """What another host replies."""
        return self._inputs.text(self._inputs.slot("reply of another host", "outside")).encode("utf-8")

    def document(self, text: str) -> Any:
        """What a text says that is read as JSON: any key, where an input is the whole of it."""
        for slot in list(self._inputs.slots.values()):
            if slot.word == text and slot.name in self._inputs.used:
                return build.Keys(self._inputs, f"{slot.name} JSON", slot.trust)
        return None

    def typed(self, prompt: object = "") -> str:
        """What somebody types."""
        return build.text(self._inputs, TYPED, "assumed")
