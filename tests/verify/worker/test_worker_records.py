"""Declared types: records built as their fields say, members of enumerations, what abstract classes leave open."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

CONFIGURED = """
from dataclasses import dataclass
from pathlib import Path

@dataclass
class Layout:
    root: Path
    suffix: str = ".txt"

class Shelf:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def target(self, name: str) -> str:
        return (self.layout.root / (name + self.layout.suffix)).read_text()

    def kept(self, name: str) -> bytes:
        base = self.layout.root.resolve()
        path = (base / name).resolve()
        if not path.is_relative_to(base):
            raise ValueError(name)
        return path.read_bytes()
"""

CHECKED = """
import subprocess
from dataclasses import dataclass

@dataclass
class Tool:
    name: str

    def __post_init__(self) -> None:
        if not self.name.isalnum():
            raise ValueError(self.name)

@dataclass
class Loose:
    name: str

def target(tool: Loose) -> None:
    subprocess.run(f"{tool.name} --version", shell=True)

def kept(tool: Tool) -> None:
    subprocess.run(f"{tool.name} --version", shell=True)
"""

CHOSEN = """
import enum
import os
import subprocess

class System(enum.Enum):
    HG = "hg"
    GIT = "git"

def target(system: System, ref: str) -> int:
    if system is System.GIT:
        return os.system(f"git checkout {ref}")
    if system is System.HG:
        return subprocess.call(["hg", "update", "--", ref])
    raise ValueError(system)
"""

TYPED = """
import os
from typing import NamedTuple, TypedDict

class Task(TypedDict):
    attempts: int
    folder: str

class Upload(NamedTuple):
    data: bytes
    name: str

def target(task: Task) -> None:
    if task["attempts"] > 5:
        raise RuntimeError("too often")
    os.system("ls " + task["folder"])

def kept(upload: Upload, folder: str) -> None:
    with open(os.path.join(folder, os.path.basename(upload.name)), "wb") as file:
        file.write(upload.data)
"""

LEFT_OPEN = """
import os
from abc import ABC, abstractmethod

class Exporter(ABC):
    @property
    @abstractmethod
    def folder(self) -> str: ...

    @abstractmethod
    def head(self) -> str: ...

    def target(self, name: str, content: str) -> None:
        with open(os.path.join("exports", name), "w") as file:
            file.write(self.head() + self.folder + content)
"""


@pytest.mark.parametrize(
    ("source", "function", "weakness", "ending"),
    [
        (CONFIGURED, "Shelf.target", "path-traversal", "likely"),
        (CHECKED, "target", "command-injection", "likely"),
        (CHOSEN, "target", "command-injection", "proven"),
        (TYPED, "target", "command-injection", "likely"),
        (LEFT_OPEN, "Exporter.target", "path-traversal", "proven"),
    ],
)
def test_code_that_takes_declared_types_is_attacked(
    drive: Drive, source: str, function: str, weakness: str, ending: str
) -> None:
    outcome = only(drive(source, function), weakness)
    assert outcome["ending"] == ending, outcome


@pytest.mark.parametrize(
    ("source", "function", "weakness"),
    [
        (CONFIGURED, "Shelf.kept", "path-traversal"),
        (CHECKED, "kept", "command-injection"),
        (TYPED, "kept", "path-traversal"),
    ],
)
def test_what_a_declared_type_or_its_user_refuses_stays_refused(
    drive: Drive, source: str, function: str, weakness: str
) -> None:
    outcome = only(drive(source, function), weakness)
    assert outcome["ending"] in ("neutralised", "insensitive"), outcome


def test_a_document_that_an_unknown_object_hands_out_is_loaded_as_text(drive: Drive) -> None:
    source = """
    import yaml
    import warehouse_client

    def target(key):
        return yaml.load(warehouse_client.open("s").fetch(key)["Body"].read(), Loader=yaml.Loader)
    """
    outcome = only(drive(source), "deserialization")
    assert outcome["ending"] == "likely", outcome


def test_a_path_of_a_named_folder_and_name_that_comes_back_is_judged(drive: Drive) -> None:
    source = """
    from pathlib import Path
    from typing import Union

    def target(directory: Union[str, Path], file_name: str) -> Path:
        return Path(directory) / file_name
    """
    endings = {outcome["weakness"]: outcome["ending"] for outcome in drive(source)}
    assert endings["path-traversal"] == "likely", endings
