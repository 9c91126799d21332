"""``lxml.etree`` where it is not installed: its parsers resolve entities as it did up to version 4, with Expat.

What it documents, it does: an external entity is opened unless the parser was told not to resolve any, an internal one
is expanded. Since a later version may refuse, whatever is told here is marked as a stand-in's. Names that are not here
(transformations, schemas) are unknown objects.
"""

from __future__ import annotations

import os
import urllib.parse
import xml.etree.ElementTree as ET
from typing import Any
from xml.parsers import expat

from ..observe.record import RECORDER, as_text

_MOST_TEXT = 20_000_000


class XMLSyntaxError(SyntaxError):
    """What the library raises for a document that is none."""


class Element(ET.Element):
    """An element that answers expressions."""

    def xpath(self, path: Any, **variables: Any) -> list[Any]:
        """What the standard library finds for it; the element itself for expressions that are beyond that."""
        given = list(variables.values())
        RECORDER.emit("xpath", path, by_standin=True, parameters=[one for one in given if type(one) is not dict])
        try:
            return self.findall("." + as_text(path) if as_text(path).startswith("/") else as_text(path)) or [self]
        except (SyntaxError, KeyError, TypeError):
            return [self]

    def getroottree(self) -> ElementTree:
        """The tree, with this as its root."""
        return ElementTree(self)


class ElementTree(ET.ElementTree):  # type: ignore[type-arg, unused-ignore]
    """A tree that answers expressions."""

    def xpath(self, path: Any, **variables: Any) -> list[Any]:
        """As of its root."""
        root: Any = self.getroot()
        return root.xpath(path, **variables)  # type: ignore[no-any-return]


class XPath:
    """An expression to be asked later."""

    def __init__(self, path: Any, **more: Any) -> None:
        RECORDER.emit("xpath", path, by_standin=True)
        self.path = path

    def __call__(self, tree: Any, **variables: Any) -> Any:
        """What the tree answers."""
        return tree.xpath(self.path, **variables)


class XMLParser:
    """How documents are read; ``by_default`` where nobody decided on entities, which lxml 5 leaves alone."""

    def __init__(self, resolve_entities: Any = None, load_dtd: bool = False, dtd_validation: bool = False,
                 no_network: bool = True, **more: Any) -> None:  # fmt: skip
        self.by_default = resolve_entities is None
        self.external = resolve_entities is not False and resolve_entities != "internal"
        self.internal = resolve_entities is not False
        self.definitions = load_dtd or dtd_validation
        self.network = not no_network

    def read(self, data: bytes | str) -> Element:
        """The root of a document.

        :raises XMLSyntaxError: it is none.
        """
        builder = ET.TreeBuilder(element_factory=Element)
        parser = expat.ParserCreate(None, "}")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, given: builder.start(
            _named(name), {_named(key): value for key, value in given.items()}
        )
        parser.EndElementHandler = lambda name: builder.end(_named(name))
        parser.CharacterDataHandler = builder.data
        if not self.internal:
            parser.DefaultHandler = lambda text: None  # Expat expands nothing where somebody takes the rest
        if self.definitions:
            parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)

        def opened(context: str, base: str | None, address: str | None, public: str | None) -> int:
            if self.external and address:
                inner = parser.ExternalEntityParserCreate(context)
                inner.Parse(self._content(address), True)
            return 1

        parser.ExternalEntityRefHandler = opened
        try:
            parser.Parse(data, True)
            return builder.close()  # type: ignore[return-value]
        except expat.ExpatError as error:
            raise XMLSyntaxError(str(error)) from error

    def _content(self, address: str) -> bytes:
        """What an entity's address leads to; nothing where the parser would not go or nobody is."""
        parts = urllib.parse.urlsplit(address)
        if parts.scheme in ("http", "https", "ftp"):
            if self.network:
                RECORDER.emit("url", address, by_standin=True, call="entity")
            return b""
        try:
            with open(urllib.parse.unquote(parts.path), "rb") as file:
                return file.read(_MOST_TEXT)
        except OSError:
            return b""


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def fromstring(text: Any, parser: Any = None, **more: Any) -> Element:
    """The root of the document that a text is."""
    return _told(text, parser, "fromstring")


def parse(source: Any, parser: Any = None, **more: Any) -> ElementTree:
    """The tree of the document in a file."""
    if isinstance(source, (str, bytes, os.PathLike)):
        with open(source, "rb") as file:
            data = file.read()
    else:
        data = source.read()
    return ElementTree(_told(data, parser, "parse"))


def _told(text: Any, parser: Any, call: str) -> Element:
    if not isinstance(text, (str, bytes, bytearray)):
        raise ValueError("can only parse strings")
    plain = as_text(text) if isinstance(text, str) else bytes(text)
    reader = parser if isinstance(parser, XMLParser) else XMLParser()
    RECORDER.emit("xml", plain, by_standin=True, call=call, by_default=reader.by_default)
    root = reader.read(plain)
    RECORDER.emit("parsed", "".join(root.itertext()), by_standin=True, call=call)
    return root


def tostring(element: Any, encoding: Any = None, **more: Any) -> Any:
    """The document as bytes, as text where that is asked for."""
    root = element.getroot() if hasattr(element, "getroot") else element
    return ET.tostring(root, "unicode" if encoding in (str, "unicode") else "us-ascii")


def members() -> dict[str, Any]:
    """What the module has."""
    return {
        "XMLSyntaxError": XMLSyntaxError, "ParseError": XMLSyntaxError, "XMLParser": XMLParser, "XPath": XPath,
        "ETXPath": XPath, "fromstring": fromstring, "XML": fromstring, "parse": parse, "tostring": tostring,
        "ElementTree": ElementTree, "Element": lambda tag, attrib=None, **more: Element(tag, attrib or {}, **more),
        "SubElement": ET.SubElement, "iselement": ET.iselement,
    }  # fmt: skip
