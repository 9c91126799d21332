"""What a request can carry: a method is a word, a header is a line, an address is percent-encoded.

An attack on a slot counts only with a value that could arrive there: servers and clients turn the others away, or
encode them, long before a handler sees them.
"""

from __future__ import annotations

import re

TYPED = "line of standard input"
"""The slot of what ``input`` reads, which ends where the line does."""
_CONTROL = re.compile(r"[\x00\r\n]")
_BLANK = re.compile(r"[\x00-\x20]")
_WORDS = r"(\.(method|scheme|is_secure)(\(\))?|\[?'?(REQUEST_METHOD)'?\]?)$"
_LINES = (
    r"^header |^content type of |\.(headers|META)(\.get)?[\[(]|"
    r"\.(host|get_host|referrer|referer|user_agent|content_type|mimetype|charset|get_header)\b"
)
_ADDRESSES = r"\.(url|uri|full_path|get_full_path|build_absolute_uri|raw_path|raw_uri|query_string)\b"
_OWN = r"\.(path|path_info|full_path|get_full_path|url|uri|build_absolute_uri|raw_path|raw_uri)(\(\))?$"
_OWN_HOST = r"\.(full_path|get_full_path|url|uri|build_absolute_uri|raw_uri)(\(\))?$"
_SCHEME = re.compile(r"^[A-Za-z][\w+.-]*:")
_OTHER_HOST = re.compile(r"^[/\\]{2}|^/\\|^\\")
"""The address of a request is on the server's own host, and its path begins with a slash."""
_PATH = re.compile(r"\.(path|path_info|raw_path|full_path|get_full_path)(\(\))?$|\bPATH_INFO'?\]?\)?$")
_SOCKET = (
    r"\b(REMOTE_ADDR|remote_addr|remote|client_address|peername|peer|addr|sockaddr|client\.host)'?\]?(\(\))?(\[0\])?$"
)
"""The address of the other end of a connection, which the operating system tells."""
_LIMITS = (
    (re.compile(_SOCKET), re.compile(r"[^\w.:%-]")),
    (re.compile(_WORDS), _BLANK),
    (re.compile(_ADDRESSES), _BLANK),
    (re.compile(_OWN), _SCHEME),
    (re.compile(_OWN_HOST), _OTHER_HOST),
    (re.compile(_LINES), _CONTROL),
    (re.compile("^" + TYPED + "$"), _CONTROL),
)


def rooted(slot: str, value: object) -> object:
    """The value as the part of a request that the slot is named after holds it: a path begins with a slash."""
    if not _PATH.search(slot):
        return value
    if isinstance(value, bytes):
        return value if value.startswith(b"/") else b"/" + value
    return value if not isinstance(value, str) or value.startswith("/") else "/" + value


def is_wired(slot: str) -> bool:
    """Whether what the slot is named after comes over a wire, whatever function it is handed to."""
    return slot == TYPED or (slot.endswith("[0]") and re.search(_SOCKET, slot) is not None)


def carries(slot: str, value: object) -> bool:
    """Whether the part of a request that the slot is named after can hold the value.

    Slots that are no such part hold everything.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return True
    return not any(name.search(slot) and barred.search(text) for name, barred in _LIMITS)
