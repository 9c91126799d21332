"""Archive extraction: a member's name leads the extraction out of its directory."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_NOTE = "a member "


def tar_with(name: str) -> bytes:
    """A tar archive with one small file of this name."""
    out = io.BytesIO()
    with tarfile.TarFile(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    return out.getvalue()


def zip_with(name: str) -> bytes:
    """A zip archive with one small file of this name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


class Members(Probe):
    """An archive whose content is the input. ``zipfile`` cleans names itself when it extracts."""

    weakness = "archive-extraction"
    kinds = frozenset({"archive"})
    of_data = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Upwards, and absolute."""
        make = tar_with if sighting.event.details["format"] == "tar" else zip_with
        for shape in ("../../{m}", scene.outside + "/{m}", "x/../../../{m}"):
            mark = canaries.word()
            yield Attack(make(shape.format(m=mark)), mark, _NOTE + shape.format(m=mark))

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """A file with the mark was written through ``..`` or by its absolute name."""
        for event in run.events:
            writes = event.kind == "file" and event.details["action"] in ("write", "make", "move")
            if (
                writes
                and attack.mark in event.text
                and ("/../" in "/" + event.text or event.text.startswith(scene.outside))
            ):
                return f"extracting the archive wrote {event.text}"
        return ""

    def written(self, attack: Attack) -> Any:
        """The archive with a member that is absolute elsewhere."""
        name = attack.note[len(_NOTE) :]
        make = zip_with if attack.value.startswith(b"PK") else tar_with
        return make("/tmp/outside/" + attack.mark) if name.startswith("/") else attack.value

    def composed(self, sighting: Sighting) -> bool:
        """Members are joined to the target directory: extraction claims to confine them."""
        return True


PROBES = [Members()]
