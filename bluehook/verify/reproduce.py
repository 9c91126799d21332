"""A proof written down: a test file that fails while the hole is there and passes once it is closed.

The file needs the standard library and the project's own dependencies, nothing of bluehook, and no fixtures: pytest
collects it, and any Python can call its one function. Before it is handed over it runs in the sandbox, on the code
that the proof was made from, and must fail there by its own assertion. A proof that cannot be written down, or a test
that does not fail, is told in words instead.

What is written comes from the worker, which the code under attack may have made say anything, and runs outside of any
sandbox later: it is checked to be a literal, or one of the few calls that :data:`_MADE` lists, before it is written.
"""

from __future__ import annotations

import ast
import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec

from bluehook.findings import BluehookError
from bluehook.verify import Settings, interpreter, reproduce_guard, reproduce_text, trial
from bluehook.verify.model import Attempt, Outcome, Target
from bluehook.weaknesses import TABLE

_MARK = re.compile(r"zq[a-z0-9]{9}|\d{6,16}")
_SETTING = re.compile(r"zq[a-z0-9]{9}|http://zq[a-z0-9]{9}\.invalid|\d")
"""What variables of the environment may be set to: nothing that anybody chose."""
_MADE = {"Path": 1, "io.BytesIO": 1, "StandIn": 0, "connection": 0, "connection().cursor": 0, "set": 0}
"""The calls that may stand in an argument's text, and how many literals each takes."""
_SECONDS = 20.0
_RUN = """
import runpy, sys
space = runpy.run_path(sys.argv[1])
try:
    next(value for name, value in space.items() if name.startswith("test_"))()
except AssertionError as error:
    print("failed", flush=True)
except BaseException as error:
    print("broke: %s: %s" % (type(error).__name__, str(error).replace("\\n", " ")), flush=True)
else:
    print("passed", flush=True)
"""


class UnwritableError(Exception):
    """A proof that has no standalone form; the text says why."""


class Written(NamedTuple):
    """A test that was written (``path``), or why there is none (``reason``)."""

    weakness: str
    path: Path | None
    reason: str = ""


class _Call(msgspec.Struct, frozen=True, tag="call", tag_field="kind"):
    """A call of a function or method, as ``worker/drive/replay.py`` describes it."""

    arguments: list[str] = []
    named: dict[str, str] = {}
    owner: str = ""
    made: bool = False
    needed: list[str] = []
    files: dict[str, str] = {}


class _Request(msgspec.Struct, frozen=True, tag="request", tag_field="kind"):
    """A request, as ``worker/drive/replay.py`` describes it."""

    framework: str
    route: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: str
    arguments: list[str] = []
    named: dict[str, str] = {}


class _Replay(msgspec.Struct, frozen=True):
    attack: _Call | _Request
    benign: _Call | _Request
    environment: dict[str, str] = {}


def write(root: Path, attempt: Attempt, settings: Settings, folder: Path) -> Iterator[Written]:
    """Write each proof of an attempt into ``folder``, after it failed in the sandbox as it should.

    Raises:
        BluehookError: no sandbox can be used, or the folder cannot be written to.
    """
    names: set[str] = set()
    for outcome in attempt.reply.outcomes:
        if outcome.ending != "proven":
            continue
        try:
            ended = _tried(root, _text(root, attempt.target, outcome, root), settings)
            if ended != "failed":
                raise UnwritableError(f"outside of the worker the attack is not seen again: the test {ended}")
            text = _text(root, attempt.target, outcome, root, beside=folder)
        except UnwritableError as error:
            yield Written(outcome.weakness, None, str(error))
            continue
        name = _name(attempt.target, outcome)
        if name in names:
            name += f"_{outcome.sink_line}"
        names.add(name)
        yield Written(outcome.weakness, _saved(folder, f"test_{name}.py", text))


def _text(root: Path, target: Target, outcome: Outcome, place: Path, beside: Path | None = None) -> str:
    """The test; it finds the project at ``place``, or from the folder ``beside`` which it will stand in."""
    effect = reproduce_text.EFFECTS.get(outcome.weakness)
    if effect is None:
        raise UnwritableError(f"a proof of {outcome.weakness} is not written down as a test yet")
    top, parts = trial.module_of(root, target.path)
    where = f"Path({str(place / top)!r})"
    if beside is not None:
        way = os.path.relpath((place / top).absolute(), beside.absolute())
        where = f"(Path(__file__).resolve().parent / {Path(way).as_posix()!r}).resolve()"
    row = TABLE[outcome.weakness]
    head = reproduce_text.HEAD.format(
        title=row.title, cwe=f"CWE-{row.cwe}", path=_plain(target.path), function=_plain(target.function),
        effect=_plain(outcome.effect), root=where,
    )  # fmt: skip
    replay = _replay(outcome)
    constants, call = _request(replay) if isinstance(replay.attack, _Request) else _call(target, replay)
    shown = {"MODULE": ".".join(parts), "PAYLOAD": outcome.payload, "MARK": _mark(outcome), "WORD": _word(outcome)}
    given = "".join(f"{name} = {value!a}\n" for name, value in shown.items())
    given += f"SETTINGS = {_settings(replay)!a}\n"
    pieces = (given + constants, reproduce_text.SURROUNDINGS + reproduce_guard.GUARD + effect, call.rstrip("\n"))
    return head + "\n\n".join(pieces) + "\n" + reproduce_guard.TEST.format(name=_name(target, outcome))


def _replay(outcome: Outcome) -> _Replay:
    found = outcome.evidence.get("replay")
    if found is None:
        reason = outcome.evidence.get("unrepeatable")
        raise UnwritableError(str(reason or "the call cannot be repeated outside of the worker"))
    try:
        return msgspec.convert(found, _Replay)
    except msgspec.ValidationError as error:
        raise UnwritableError(f"the worker's account of the call is not in order: {error}") from None


def _settings(replay: _Replay) -> dict[str, str]:
    for name, value in replay.environment.items():
        if not name.isidentifier() or not _SETTING.fullmatch(value):
            raise UnwritableError("the worker's account of the environment is not in order")
    return replay.environment


def _mark(outcome: Outcome) -> str:
    """What the attack carries and nothing else does."""
    told = outcome.evidence.get("mark")
    if isinstance(told, str) and _MARK.fullmatch(told):
        return told
    found = _MARK.search(outcome.payload)
    return found[0] if found else ""


def _word(outcome: Outcome) -> str:
    told = outcome.evidence.get("slot_word")
    return told if isinstance(told, str) and _MARK.fullmatch(told) else "zqnothing"


def _request(replay: _Replay) -> tuple[str, str]:
    """The constants and the call of a handler."""
    attack = replay.attack
    assert isinstance(attack, _Request)
    piece = reproduce_text.CALLS.get(attack.framework)
    if piece is None or attack.framework == "call":
        raise UnwritableError(f"requests of {attack.framework} are not written down yet")
    return _constants(_sent(attack), _sent(replay.benign)), reproduce_text.ANSWER + piece


def _sent(request: _Call | _Request) -> str:
    if not isinstance(request, _Request):
        raise UnwritableError("the attack and the harmless call are not of one sort")
    body = _bytes(request.body)
    fields = {"route": request.route, "method": request.method, "target": request.target,
              "headers": [tuple(pair) for pair in request.headers], "body": body}  # fmt: skip
    if request.framework == "django" and not all(part.isidentifier() for part in request.route.split(".")):
        raise UnwritableError("a view that is made by another function cannot be called from outside")
    lines = [f"    {name!r}: {value!a},\n" for name, value in fields.items()]
    lines.append(f"    'arguments': [{', '.join(map(_checked, request.arguments))}],\n")
    named = (f"{_dotted(name)!a}: {_checked(text)}" for name, text in request.named.items())
    lines.append(f"    'named': {{{', '.join(named)}}},\n")
    return "{\n" + "".join(lines) + "}"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise UnwritableError("the worker's account of the call is not in order: bytes are not in base64") from None


def _constants(attack: str, benign: str, files: dict[str, bytes] | None = None) -> str:
    said = "" if files is not None else "SAID = []\n"
    return f"ATTACK = {attack}\nBENIGN = {benign}\nFILES = {files or {}!a}\n{said}"


def _call(target: Target, replay: _Replay) -> tuple[str, str]:
    """The constants and the call of a function or method."""
    attack, benign = replay.attack, replay.benign
    if not isinstance(attack, _Call) or not isinstance(benign, _Call):
        raise UnwritableError("the attack and the harmless call are not of one sort")
    if "<locals>" in target.function:
        raise UnwritableError("a function that is made by another one cannot be called from outside")
    name = target.function.rpartition(".")[2]
    owner = f"module.{_dotted(attack.owner)}" if attack.owner else "module"
    if attack.made:
        owner = f"made({owner}, {[_dotted(each) for each in attack.needed]!a})"
    called = f"{owner}.{_dotted(name)}"
    bodies = []
    for function, one in (("attack", attack), ("benign", benign)):
        given = [_checked(text) for text in one.arguments]
        given += [f"{_dotted(key)}={_checked(text)}" for key, text in one.named.items()]
        bodies.append(f"def {function}(module):\n    return {called}({', '.join(given)})\n")
    both = "def called(module, given):\n    return given(module)\n"
    files = {path: _bytes(data) for path, data in attack.files.items()}
    constants = "\n\n".join([reproduce_text.STANDIN.rstrip("\n"), *bodies, both, _constants("attack", "benign", files)])
    return "\n\n" + constants, reproduce_text.CALLS["call"]


def _dotted(name: str) -> str:
    if not all(part.isidentifier() for part in name.split(".")):
        raise UnwritableError(f"{name[:80]!a} is not a name that can be written down")
    return name


def _checked(text: str) -> str:
    """The text of an argument, if it is made of literals and of calls that are known to be harmless."""
    try:
        tree: Any = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnwritableError("an argument is too special to be repeated as text") from None
    if not _is_harmless(tree):
        raise UnwritableError("an argument is no literal")
    return ast.unparse(tree)


def _is_harmless(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(_is_harmless(each) for each in node.elts)
    if isinstance(node, ast.Dict):
        return all(each is not None and _is_harmless(each) for each in (*node.keys, *node.values))
    if isinstance(node, ast.Call) and not node.keywords:
        takes = _MADE.get(ast.unparse(node.func))
        return takes == len(node.args) and all(isinstance(each, ast.Constant) for each in node.args)
    return False


def _tried(root: Path, text: str, settings: Settings) -> str:
    """Run a test in the sandbox: ``failed``, ``passed``, or how it broke."""
    import tempfile

    from bluehook.verify import sandbox
    from bluehook.verify.pool import hidden

    python = interpreter.find(root, settings.python, os.environ).executable
    with tempfile.TemporaryDirectory(prefix="bluehook-test-") as folder:
        file = Path(folder, "reproduction.py")
        file.write_text(text, encoding="utf-8")
        spec = sandbox.Spec(
            argv=(str(python), "-I", "-B", "-c", _RUN, str(file)),
            readable=(root, Path(folder)),
            hidden=hidden(root),
            env={"LANG": "C.UTF-8"},
            limits=sandbox.Limits(wall_seconds=_SECONDS),
        )
        with sandbox.choose(settings.sandbox).start(spec) as process:
            try:
                while True:
                    line = process.receive(_SECONDS).decode("utf-8", "replace")
                    if line.startswith(("failed", "passed", "broke")):
                        return line
            except EOFError:
                said = process.wait(_SECONDS).stderr.decode("utf-8", "replace").strip().splitlines()
                return f"broke: {said[-1] if said else 'it ended early'}"
            except TimeoutError:
                return "did not end"


def _saved(folder: Path, name: str, text: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BluehookError(f"{folder / name}: cannot write the test: {error.strerror}") from error
    return folder / name


def _name(target: Target, outcome: Outcome) -> str:
    words = f"{outcome.weakness} {PurePosixPath(target.path).stem} {target.function}"
    return re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_").lower()


def _plain(text: str) -> str:
    """Text that can stand in the docstring of the test and means nothing there."""
    return ascii(text)[1:-1].replace('"', "'")
