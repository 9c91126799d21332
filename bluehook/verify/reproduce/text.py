"""The text of a reproduction: what the worker told as constants, then the pieces that call the code and look."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bluehook.verify import trial
from bluehook.verify.model import Outcome, Target
from bluehook.verify.reproduce import account, pieces
from bluehook.verify.reproduce.account import Call, Request, UnwritableError
from bluehook.verify.reproduce.pieces import piece
from bluehook.weaknesses import TABLE

_HEAD = '''\
"""{title} ({cwe}) in {path}, {function}: this test fails until the hole is closed.

{effect}

Written by bluehook from an attack that ran in its sandbox. Run with pytest, or call the test from any Python; it
attacks the code for real. While it runs, the code can write to a temporary directory only, reach no other machine and
start no program.
"""

import importlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = {root}
sys.path.insert(0, str(ROOT))
'''
_TEST = """\
def test_{name}():
    with Guarded() as folder:
        for name in [name for name in FILES if os.path.basename(name) == name]:
            Path(name).write_bytes(FILES[name])
        check(folder)
"""


class _Called(NamedTuple):
    """What is called, said as constants (``given``), and the pieces that call it (``way``)."""

    given: list[str]
    way: list[str]


def written(root: Path, target: Target, outcome: Outcome, beside: Path | None = None) -> str:
    """The test of a proof; it finds the project at ``root``, or from the folder ``beside`` which it will stand in.

    :raises UnwritableError: there is no standalone form of this proof.
    """
    effect = pieces.effect(outcome.weakness)
    if effect is None:
        raise UnwritableError(f"a proof of {outcome.weakness} is not written down as a test yet")
    top, parts = trial.module_of(root, target.path)
    where = f"Path({str(root / top)!r})"
    if beside is not None:
        way = os.path.relpath((root / top).absolute(), beside.absolute())
        where = f"(Path(__file__).resolve().parent / {Path(way).as_posix()!r}).resolve()"
    row = TABLE[outcome.weakness]
    head = _HEAD.format(
        title=row.title, cwe=f"CWE-{row.cwe}", path=_plain(target.path), function=_plain(target.function),
        effect=_plain(outcome.effect), root=where,
    )  # fmt: skip
    replay = account.replay(outcome)
    constants = {
        "MODULE": ".".join(parts),
        "PAYLOAD": outcome.payload,
        "MARK": account.mark(outcome),
        "WORD": account.word(outcome),
        "SETTINGS": replay.environment,
    }
    called = _called(target, replay.attack, replay.benign)
    blocks = [
        "".join(f"{constant} = {value!a}\n" for constant, value in constants.items()),
        *called.given,
        piece("surroundings"),
        piece("guard"),
        *effect,
        *called.way,
        _TEST.format(name=name(target, outcome)),
    ]
    return head + "\n" + "\n\n\n".join(block.strip() for block in blocks) + "\n"


def name(target: Target, outcome: Outcome) -> str:
    """What the test is called: by its weakness and its function."""
    words = f"{outcome.weakness} {PurePosixPath(target.path).stem} {target.function}"
    return re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_").lower()


def _called(target: Target, attack: Call | Request, benign: Call | Request) -> _Called:
    if isinstance(attack, Request) and isinstance(benign, Request):
        return _request(attack, benign)
    if isinstance(attack, Call) and isinstance(benign, Call):
        return _function(target, attack, benign)
    raise UnwritableError("the attack and the harmless call are not of one sort")


def _request(attack: Request, benign: Request) -> _Called:
    way = pieces.call(attack.framework) if attack.framework != "call" else None
    if way is None:
        raise UnwritableError(f"requests of {attack.framework} are not written down yet")
    return _Called([_constants(_sent(attack), _sent(benign), {})], [piece("answer"), way])


def _sent(request: Request) -> str:
    """A request as the text of a dictionary."""
    if request.framework == "django" and not all(part.isidentifier() for part in request.route.split(".")):
        raise UnwritableError("a view that is made by another function cannot be called from outside")
    fields = {
        "route": request.route,
        "method": request.method,
        "target": request.target,
        "headers": [tuple(pair) for pair in request.headers],
        "body": account.decoded(request.body),
    }
    lines = [f"    {field!r}: {value!a},\n" for field, value in fields.items()]
    lines.append(f"    'arguments': [{', '.join(map(account.argument, request.arguments))}],\n")
    named = (f"{account.dotted(key)!a}: {account.argument(text)}" for key, text in request.named.items())
    lines.append(f"    'named': {{{', '.join(named)}}},\n")
    return "{\n" + "".join(lines) + "}"


def _function(target: Target, attack: Call, benign: Call) -> _Called:
    if "<locals>" in target.function:
        raise UnwritableError("a function that is made by another one cannot be called from outside")
    owner = f"module.{account.dotted(attack.owner)}" if attack.owner else "module"
    if attack.made:
        owner = f"made({owner}, {[account.dotted(each) for each in attack.needed]!a})"
    called = f"{owner}.{account.dotted(target.function.rpartition('.')[2])}"
    files = {path: account.decoded(data) for path, data in attack.files.items()}
    given = [
        f"def attack(module):\n    return {called}({_arguments(attack)})\n",
        f"def benign(module):\n    return {called}({_arguments(benign)})\n",
        "def called(module, given):\n    return given(module)\n",
        _constants("attack", "benign", files),
    ]
    return _Called([piece("standin"), *given], [piece("calls/call")])


def _arguments(call: Call) -> str:
    positional = [account.argument(text) for text in call.arguments]
    named = [f"{account.dotted(key)}={account.argument(text)}" for key, text in call.named.items()]
    return ", ".join(positional + named)


def _constants(attack: str, benign: str, files: dict[str, bytes]) -> str:
    return f"ATTACK = {attack}\nBENIGN = {benign}\nFILES = {files!a}\n"


def _plain(text: str) -> str:
    """Text that can stand in the docstring of the test and means nothing there."""
    return ascii(text)[1:-1].replace('"', "'")
