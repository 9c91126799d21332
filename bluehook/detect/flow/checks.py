"""Which checks count for which weakness, and which are only called so.

Accepted for paths: ``commonpath``, ``is_relative_to`` and ``relative_to`` on a resolved path, the parent compared with
the base. A common prefix of the text is not: it lets a sibling directory pass (CWE-22). Accepted for addresses: the
host compared with a constant or looked up in a list. A leading slash alone is not: ``//host`` is another host's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.containers import items_of
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import ANY, Taint, Trust, Value

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

PATH, ARCHIVE = "path-traversal", "archive-extraction"
ADDRESS = ("ssrf", "open-redirect")
_HOST_PARTS = {"netloc", "hostname", "host", "domain"}
_KINDS: dict[str, tuple[str, ...]] = {
    "commonpath": (PATH, ARCHIVE),
    "basename": (PATH,),
    "parent": (PATH, ARCHIVE),
    "resolved": (PATH, ARCHIVE),
}
"""What a value is checked for when it is compared with something that the attacker does not hold."""
_ABSENT: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "/": ((PATH, ARCHIVE), ()),
    "\\": ((), (PATH,)),
    "..": (("no-dotdot",), (PATH, ARCHIVE)),
    "../": (("no-dotdot",), (PATH, ARCHIVE)),
    "\n": (("lf", "header-injection", "log-injection"), ()),
    "\r": (("cr", "header-injection"), ()),
    "\r\n": ((), ("header-injection",)),
    "'": ((), ("sql-injection", "xpath-injection")),
    '"': ((), ("sql-injection", "xpath-injection")),
    ";": ((), ("command-injection", "sql-injection")),
    "|": ((), ("command-injection",)),
    "&": ((), ("command-injection",)),
    "<": (("cross-site-scripting",), ()),
    "//": (("no-host",), ADDRESS),
    "://": ((), ADDRESS),
    "*": ((), ("ldap-injection",)),
    "(": ((), ("ldap-injection",)),
    "$": ((), ("nosql-injection",)),
}
"""What the absence of a text clears, and what it only casts doubt on."""
_DIGITS = {"isdigit", "isalnum", "isnumeric", "isdecimal", "isidentifier", "isalpha"}
_ADDRESS_CHECKS = {"url_has_allowed_host_and_scheme", "is_safe_url", "is_safe_redirect_url", "url_is_safe"}
VALIDATOR = re.compile(
    r"(?i)(?:^|_|\.)(?:is_?)?(?:valid|validate[sd]?|check|verify|safe|allow(?:ed)?|permit|sanit\w*|ensure|assert|restrict"
    r"|white_?list|forbid|guard|trusted|legal|clean)|(?:Valid|Safe|Allowed|Check|Trusted)"
)
_PREDICATE = re.compile(r"_*(?:is|has|exists|contains|knows)_\w")
"""A question whose answer is not in sight: where it decides what happens, it may well be a check."""
"""A name that says that something is checked; its word is taken for a doubt, not for a guard."""


def checked_by_in(
    machine: Machine, test: nodes.Compare, container: nodes.Expr, left: Value, right: Value, holds: State, fails: State
) -> None:
    """``left in right``."""
    token = left.text
    held = frozenset(holds.everything(right)) if right.box else right.hole()
    attacker = _attackers(held)
    if token is not None and (attacker or right.kind == "list"):
        _absent(token, held, fails)
    elif attacker and not left.is_constant and not _attackers(left.hole()):
        fails.check(attacker, PATH, doubt=True)
        holds.check(attacker, PATH, ARCHIVE)
    elif not attacker or right.box:
        _listed(left, holds)


def checked_by_beginning(
    machine: Machine, first: nodes.Expr, op: str, start: Value, holds: State, fails: State
) -> None:
    """``value[0] in string.ascii_letters``, ``value[:1] == "/"``: what the first character says of the whole."""
    if not isinstance(first, (nodes.Index, nodes.Slice)) or not _is_beginning(first) or start.text is None:
        return
    whole = machine.evaluate(first.of, holds).taints()
    if op == "in" and "/" not in start.text:
        holds.check(whole, "no-absolute")
    elif start.text == "/":
        fails.check(whole, "no-absolute")


def _is_beginning(expression: nodes.Index | nodes.Slice) -> bool:
    """Whether this is the first character of something."""
    if isinstance(expression, nodes.Index):
        return isinstance(expression.key, nodes.Const) and expression.key.value == 0
    if not isinstance(expression.upper, nodes.Const):
        return False
    return expression.upper.value == 1 and (
        expression.lower is None or (isinstance(expression.lower, nodes.Const) and expression.lower.value == 0)
    )


def checked_as_step(left: Value, right: Value, fails: State) -> None:
    """``part in ("", ".", "..")`` or ``part == ".."``: where it fails, a part between slashes does not climb."""
    if not is_step(left):
        return
    excluded = {right.text} if right.text is not None else {one.text for one in items_of(fails, right) or ()}
    if ".." in excluded:
        fails.check(left.taints(), "no-dotdot", *(["no-absolute"] if "" in excluded else []))


def is_step(value: Value) -> bool:
    """Whether this is what stood between two slashes, so that it holds none; it may be empty."""
    return value.kind == "part" and value.of == "/"


def _absent(token: str, taints: frozenset[Taint], state: State) -> None:
    clean, doubt = _ABSENT.get(token, ((), ()))
    if clean:
        state.check(taints, *clean)
    if doubt:
        state.check(taints, *doubt, doubt=True)


def _listed(value: Value, state: State) -> None:
    """The value is one of a list that the attacker does not hold."""
    if value.kind == "url-part":
        if value.of in _HOST_PARTS:
            state.check(value.taints(), *ADDRESS)
    elif value.kind in ("part", "extension"):
        state.check(value.taints(), "unrestricted-upload")
    elif value.kind in _KINDS:
        state.check(value.taints(), *_KINDS[value.kind])
    elif value.kind != "type":
        state.check(value.taints(), ANY)


def checked_by_equality(first: nodes.Expr, other: nodes.Expr, left: Value, right: Value, holds: State) -> None:
    """``left == right``."""
    for value, against in ((left, right), (right, left)):
        if value.is_constant:
            continue
        mine, theirs = _attackers(value.hole()), _attackers(against.hole())
        if value.kind in _KINDS and (value.kind == "basename" or mine - theirs or not mine):
            confined = value.taints() if value.kind == "basename" else (t for t in value.taints() if t not in theirs)
            holds.check(confined, *_KINDS[value.kind])
        elif mine and not theirs:
            _listed(value, holds)


def checked_by_call(machine: Machine, test: nodes.Call, value: Value, yes: State, no: State) -> None:
    """A call stands as a condition."""
    method = test.callee.name if isinstance(test.callee, nodes.Attr) else test.name.rpartition(".")[2]
    subject = machine.evaluate(test.callee.of, yes) if isinstance(test.callee, nodes.Attr) else None
    arguments = [machine.evaluate(a.value, yes) for a in test.args]
    if value.kind.startswith("match:"):
        apply_match(value, yes)
    elif method in _DIGITS and subject is not None:
        yes.check(subject.taints(), ANY)
    elif method == "startswith" and subject is not None and arguments:
        _starts(machine, subject, arguments[0], yes, no)
    elif method == "is_relative_to" and subject is not None:
        yes.check(subject.taints(), PATH, ARCHIVE, doubt=subject.kind != "resolved")
    elif method in _ADDRESS_CHECKS:
        yes.check((t for a in arguments for t in a.taints()), *ADDRESS)
    elif method == "isabs" and arguments:
        no.check(arguments[0].taints(), "no-absolute")
    elif method in ("isinstance",) and len(test.args) == 2:
        _instance(machine, arguments[0], machine.text(test.args[1].value.at), yes)
    elif method in ("issubset", "issuperset", "__contains__", "has_key"):
        yes.check((t for a in (*arguments, *([subject] if subject else ())) for t in a.taints()), ANY)
    elif _PREDICATE.match(method) and not VALIDATOR.search(method):
        for outcome in (yes, no):
            outcome.check((t for a in arguments for t in a.taints()), ANY, doubt=True)
    elif VALIDATOR.search(method):
        everyone = frozenset(t for a in (*arguments, *([subject] if subject else ())) for t in a.taints())
        for outcome in (yes, no):
            outcome.check(everyone, ANY, doubt=True)


def apply_match(value: Value, state: State) -> None:
    """A regular expression matched: what it proves is clean, what it does not is doubted."""
    marks = value.kind[len("match:") :]
    if marks == "doubt":
        state.check(value.taints(), ANY, doubt=True)
    else:
        state.check(value.taints(), *marks.split(","))


def _instance(machine: Machine, value: Value, types: str, yes: State) -> None:
    if re.fullmatch(r"\(?(?:\s*(?:int|float|bool|Decimal|UUID|uuid\.UUID|datetime)\s*,?)+\)?", types):
        yes.check(value.taints(), ANY)
    elif re.fullmatch(r"\(?(?:\s*(?:str|bytes|basestring|unicode)\s*,?)+\)?", types):
        yes.check(value.taints(), "nosql-injection")


def _starts(machine: Machine, subject: Value, start: Value, yes: State, no: State) -> None:
    texts = [start.text] if start.text is not None else [i.text for i in _items(yes, start)]
    known = [text for text in texts if text is not None]
    taints = frozenset(subject.taints())
    if known and all(re.match(r"https?://[^/]+/", text) for text in known):
        yes.check(taints, *ADDRESS)
    if "-" in known:
        no.check(taints, "argument-injection")
    if "/" in known:
        no.check(taints, "no-absolute")
        yes.check(taints, "slash")
    if "//" in known:
        no.check(taints, "no-host")
    if not known or subject.kind == "resolved":
        closed = all(form and isinstance(form[-1], str) and form[-1].endswith(("/", "\\")) for form in start.forms)
        yes.check(taints, PATH, ARCHIVE, doubt=not closed)
        if not known:
            yes.check(taints, *ADDRESS, doubt=True)


def _items(state: State, value: Value) -> list[Value]:
    from bluehook.detect.flow.containers import items_of

    return items_of(state, value) or []


def _attackers(taints: frozenset[Taint]) -> frozenset[Taint]:
    return frozenset(taint for taint in taints if taint.trust >= Trust.PARAMETER)
