"""Deserialisation of untrusted data: loading the document calls a function that it names."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from ..stubs.gadget import MODULE
from .base import Attack, Probe, Scene, Sighting


def crafted_pickle(mark: str, protocol: int = 2) -> bytes:
    """A pickle that calls ``hit(mark)`` while it is loaded; protocol 0 is plain ASCII."""
    if protocol == 0:
        return f"c{MODULE}\nhit\n(V{mark}\ntR.".encode("ascii")
    text = mark.encode("ascii")
    return b"\x80\x02c" + MODULE.encode() + b"\nhit\nX" + len(text).to_bytes(4, "little") + text + b"\x85R."


class Document(Probe):
    """A value that a loader of objects reads."""

    weakness = "deserialization"
    kinds = frozenset({"load"})
    of_data = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A document of the loader's own format that calls the gadget."""
        form = sighting.event.details["format"]
        mark = canaries.word()
        if form in ("pickle", "dill", "cloudpickle"):
            yield Attack(crafted_pickle(mark), mark, "a pickle with a reducer")
            mark = canaries.word()
            yield Attack(crafted_pickle(mark, 0).decode("ascii"), mark, "a pickle in ASCII")
        elif form == "marshal":
            yield Attack(marshal.dumps(compile(f"__import__({MODULE!r}).hit({mark!r})", "x", "eval")), mark,
                         "marshalled code")  # fmt: skip
        elif form == "yaml":
            for tag in ("!!python/object/apply:" + MODULE + ".hit [{m}]",
                        "!!python/object/new:" + MODULE + ".hit [{m}]"):  # fmt: skip
                mark = canaries.word()
                yield Attack(tag.format(m=mark), mark, "a tag that calls a function")
        elif form == "jsonpickle":
            document = {"py/object": MODULE + ".hit", "py/reduce": [{"py/function": MODULE + ".hit"},
                                                                    {"py/tuple": [mark]}]}  # fmt: skip
            yield Attack(json.dumps(document), mark, "a reducer in JSON")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The gadget was called with the mark, or code of the input's own was handed out to be called."""
        if sighting.event.details["format"] == "marshal" and type(run.returned).__name__ in ("code", "function"):
            return "loading the document made code of the input's own"
        if any(event.kind == "gadget" and event.text == attack.mark for event in run.events):
            return f"loading the document called an injected function with {attack.mark!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Documents are loaded whole."""
        return False


PROBES = [Document()]
