"""What code looks like, whatever its names are: texts in another language, and calls that reach outside.

Words alone mislead where a function logs, checks and formats on its way to the one call that matters. A shape is read
from the text of a span, broken or not; a constitution lists those of the code that it speaks of.
"""

from __future__ import annotations

import re
from typing import Literal

Shape = Literal[
    "archive-call",
    "command-call",
    "eval-call",
    "file-call",
    "html-text",
    "page-call",
    "random-call",
    "regex-call",
    "sql-text",
    "unpickle-call",
    "url-call",
    "xml-call",
]

_SHAPES: dict[Shape, re.Pattern[str]] = {
    "archive-call": re.compile(r"\b(?:tarfile|zipfile|unpack_archive|extractall)\b"),
    "command-call": re.compile(
        r"\b(?:subprocess|Popen|check_output|check_call|getoutput)\b|\bos\.(?:system|popen|exec|spawn)|\bshell\s*="
        r"|\b\w*(?:cli|cmd|command|ssh|shell|popen)_?(?:run|exec|call)?\w*\(|\bexec_command\b",
        re.IGNORECASE,
    ),
    "eval-call": re.compile(r"(?<![\w.])(?:eval|exec|compile|literal_eval)\(|\bast\.parse\b"),
    "file-call": re.compile(
        r"(?<![\w.])open\(|\bos\.(?:path\.join|remove|unlink|listdir|rename|walk)\b|\bsend_file\b|\bsend_from_directory\b"
        r"|\bshutil\.|\.(?:read|write)_(?:text|bytes)\(|\bPath\(|\bsafe_join\b|\b(?:real|abs|norm)path\b"
        r"|\bfile_?path\b|\bstatic_?(?:dir|root|path)\b"
    ),
    "html-text": re.compile(
        r"</?(?:a|b|br|body|button|code|div|em|form|h[1-6]|head|html|i|iframe|img|input|label|li|ol|option|p|pre|script"
        r"|select|span|strong|style|table|td|textarea|th|tr|ul)\b[^<>\n]*/?>|&(?:nbsp|lt|gt|quot|amp);"
        r"|\bmark_safe\b|\bMarkup\(",
        re.IGNORECASE,
    ),
    "page-call": re.compile(
        r"\brender\w*\(|\bHttpResponse\b|\bmake_response\(|\btext/html\b|\bget_template\(|\bescape\w*\(|\bautoescape\b"
        r"|\.(?:html|mako|jinja2?)[\"']|\bself\.write\("
    ),
    "random-call": re.compile(r"\brandom\.\w+\(|\brand(?:int|range|om)\(|\bsecrets\.\w+\(|\bchoice\("),
    "regex-call": re.compile(r"\bre\.(?:match|fullmatch|search|compile|sub|findall|split|finditer)\("),
    "sql-text": re.compile(
        r"[\"'\s(](?:select\s[^;]{1,300}?\sfrom|insert\s+into|update\s+[\w.{}\[\]`\"'%]+\s+set|delete\s+from|replace\s+into"
        r"|(?:create|drop|alter|truncate)\s+(?:table|database|user|index|view)|order\s+by|group\s+by)\b"
        r"|\bwhere\s+[\w.]+\s*(?:=|like|in|<|>)|\.(?:executemany|executescript)\(",
        re.IGNORECASE,
    ),
    "unpickle-call": re.compile(
        r"\b(?:pickle|cPickle|dill|marshal|jsonpickle|shelve)\b|\byaml\.(?:load|unsafe_load|full_load|safe_load)\b"
    ),
    "url-call": re.compile(r"\burl(?:open|parse|split|retrieve)\(|\brequests\.\w+\(|\bhttpx\.|\bredirect\("),
    "xml-call": re.compile(r"\b(?:etree|minidom|pulldom|xml\.sax|XMLParser|ElementTree|defusedxml)\b"),
}


def shapes(text: str) -> frozenset[Shape]:
    """The shapes that a span has."""
    return frozenset(shape for shape, pattern in _SHAPES.items() if pattern.search(text) is not None)
