"""XML documents given to parsers and what became of them; XPath expressions given to trees."""

from __future__ import annotations

import io
import os
from typing import Any

from .files import FILES
from .patch import later, wrap
from .record import RECORDER


def _content(source: Any) -> Any:
    """The document behind what a parser was given; a missing file's is made up by the harness."""
    if hasattr(source, "read"):
        position = source.tell() if hasattr(source, "tell") else 0
        data = source.read()
        if hasattr(source, "seek"):
            source.seek(position)
        return data
    return source


def _given(source: Any) -> Any:
    """What to hand to a parser that opens files itself: a stream in place of a file that does not exist."""
    if isinstance(source, (str, os.PathLike)) and RECORDER.on and not _is_there(source):
        RECORDER.emit("file", source, action="read", flags=0, mode="r")
        return io.BytesIO(FILES.content(os.fspath(source)))
    return source


def _is_there(path: Any) -> bool:
    """Whether a file can be read. That the harness looks is no check of the code's own."""
    RECORDER.on = False
    try:
        return os.access(path, os.R_OK)
    finally:
        RECORDER.on = True


def _text(result: Any) -> str:
    """All text of a parsed document."""
    root = result.getroot() if hasattr(result, "getroot") else result
    if hasattr(root, "itertext"):
        return "".join(part for part in root.itertext() if isinstance(part, str))
    if hasattr(root, "toxml"):
        return str(root.toxml())
    return ""


def _parser(holder: Any, name: str, from_file: bool) -> None:
    original = getattr(holder, name, None)
    if original is None or getattr(original, "_is_watched", False):
        return

    def parse(source: Any, *args: Any, **kwargs: Any) -> Any:
        if not RECORDER.on:
            return original(source, *args, **kwargs)
        if from_file:
            source = _given(source)
        RECORDER.emit("xml", _content(source), call=name)
        result = original(source, *args, **kwargs)
        try:
            RECORDER.emit("parsed", _text(result), call=name)
        except Exception:  # what cannot be read back has no text
            pass
        return result

    parse._is_watched = True  # type: ignore[attr-defined]
    setattr(holder, name, parse)


def _reader(holder: Any) -> None:
    """A parser that is made first and told later what it resolves."""
    original = holder.parse

    def parse(self: Any, source: Any) -> Any:
        if RECORDER.on and (isinstance(source, (str, os.PathLike)) or hasattr(source, "read")):
            source = _given(source)
            RECORDER.emit("xml", _content(source), call="parse")
        return original(self, source)

    holder.parse = parse


def _xpath_note(element: Any, path: Any, *rest: Any, **more: Any) -> None:
    RECORDER.emit("xpath", path)


def _install_lxml() -> None:
    import lxml.etree as etree  # type: ignore[import-not-found, import-untyped, unused-ignore]

    if not hasattr(etree, "__file__"):
        return  # a stand-in, which tells for itself
    for name in ("fromstring", "XML"):
        _parser(etree, name, from_file=False)
    _parser(etree, "parse", from_file=True)

    class Element(etree.ElementBase):  # type: ignore[misc, unused-ignore]
        """An element that tells the expressions it is asked."""

        def xpath(self, path: Any, **kwargs: Any) -> Any:
            """As of ``lxml``."""
            RECORDER.emit("xpath", path, parameters=list(kwargs.values()))
            return super().xpath(path, **kwargs)

    class XPath(etree.XPath):  # type: ignore[misc, unused-ignore]
        """A compiled expression, told when it is made."""

        def __init__(self, path: Any, **kwargs: Any) -> None:
            RECORDER.emit("xpath", path)
            super().__init__(path, **kwargs)

    etree.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Element))
    etree.XPath = XPath


def install() -> None:
    """Wrap the parsers of the standard library, and lxml's and defusedxml's when they come."""
    import xml.dom.minidom
    import xml.etree.ElementTree as ET
    import xml.sax
    import xml.sax.expatreader

    for name in ("fromstring", "XML"):
        _parser(ET, name, from_file=False)
    for name in ("parse", "iterparse"):
        _parser(ET, name, from_file=True)
    _parser(xml.dom.minidom, "parseString", from_file=False)
    _parser(xml.dom.minidom, "parse", from_file=True)
    _parser(xml.sax, "parseString", from_file=False)
    _parser(xml.sax, "parse", from_file=True)
    _reader(xml.sax.expatreader.ExpatParser)
    for name in ("find", "findall", "iterfind", "findtext"):
        wrap("xml.etree.ElementPath", name, _xpath_note)
    later("lxml.etree", _install_lxml)
    later("defusedxml.ElementTree", _install_defused)


def _install_defused() -> None:
    import defusedxml.ElementTree as Defused  # type: ignore[import-not-found, import-untyped, unused-ignore]

    for name in ("fromstring", "XML"):
        _parser(Defused, name, from_file=False)
    _parser(Defused, "parse", from_file=True)
