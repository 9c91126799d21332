"""Functions that are nothing but a request: a signature, a docstring, and no implementation."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from bluehook.parse import Class, Function, ParsedFile

_WORDS = tuple(
    b"keystroke keylog ransom malware virus worm trojan backdoor rootkit botnet ddos flood phish spoof credential "
    b"webcam microphone clipboard screenshot exfiltrat antivirus defender firewall persist startup replicat infect "
    b"inject shellcode exploit payload obfuscat miner wallet wipe destroy spy stealth silently encrypt victim steal "
    b"gender ethnic religio nationality disabilit racial immigra muslim jewish".split()
)
_DECLARED = ("abstractmethod", "overload", "abstractproperty", "final", "hookspec")
_INTERFACES = ("Protocol", "ABC", "Interface")
_LEAST_WORDS = 5
_MOST_WORDS = 250
"""What is longer documents a hook of a library."""


def wants(utf8: bytes) -> bool:
    """Whether a file with docstrings speaks of anything that would be worth asking about."""
    return (b'"""' in utf8 or b"'''" in utf8) and _speaks(utf8)


def _speaks(utf8: bytes) -> bool:
    lowered = utf8.lower()
    return any(word in lowered for word in _WORDS)


def stubs(file: ParsedFile) -> Iterator[tuple[Function, Node]]:
    """Each stub with its docstring; declarations of interfaces are none."""
    bases = {item.name: item.bases for item in file.classes}
    for function in file.functions:
        docstring = _docstring_of_stub(file, function.node)
        if docstring is None or not _speaks(file.utf8[slice(*docstring.byte_range)]):
            continue
        if any(name.rpartition(".")[2] in _DECLARED for name in function.decorators):
            continue
        if isinstance(function.parent, Class) and any(
            base.rpartition(".")[2] in _INTERFACES for base in bases.get(function.parent.name, ())
        ):
            continue
        if _LEAST_WORDS <= len(file.node_text(docstring).split()) <= _MOST_WORDS:
            yield function, docstring


def _docstring_of_stub(file: ParsedFile, node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    if body is None:
        return None
    statements = [item for item in body.named_children if item.type != "comment"]
    if not 1 <= len(statements) <= 2:
        return None
    first = statements[0]
    docstring = first.named_child(0) if first.type == "expression_statement" and first.named_child_count == 1 else None
    if docstring is None or docstring.type != "string":
        return None
    return docstring if len(statements) == 1 or _does_nothing(file, statements[1]) else None


def _does_nothing(file: ParsedFile, statement: Node) -> bool:
    text = file.node_text(statement)
    return text in ("pass", "...", "return", "return None") or text.startswith("raise NotImplementedError")
