"""A proof written down: a test file that fails while the hole is there and passes once it is closed.

The file needs the standard library and the project's own dependencies, nothing of bluehook, and no fixtures: pytest
collects it, and any Python can call its one function. Before it is handed over it runs in the sandbox, on the code
that the proof was made from, and must fail there by its own assertion. A proof that cannot be written down, or a test
that does not fail, is told in words instead.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bluehook.findings import BluehookError
from bluehook.verify import Settings, interpreter, reproduce_text
from bluehook.verify.model import Attempt, Outcome, Target
from bluehook.weaknesses import TABLE

_MARK = re.compile(r"zq[a-z0-9]{9}")
_OWN_FOLDER = re.compile(r"tmp/run-\w+/(?:w|outside)")
_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<route>/\S*) with ")
_PART = re.compile(r"(query parameter|form field|cookie|header|JSON key|path parameter) ('[^']*'|\"[^\"]*\")=")
_KEYWORD = {"query parameter": "query_string", "form field": "data", "JSON key": "json", "header": "headers"}
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


def write(root: Path, attempt: Attempt, settings: Settings, folder: Path) -> Iterator[Written]:
    """Write each proof of an attempt into ``folder``, after it failed in the sandbox as it should.

    Raises:
        BluehookError: no sandbox can be used, or the folder cannot be written to.
    """
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
        yield Written(outcome.weakness, _saved(folder, f"test_{_name(attempt.target, outcome)}.py", text))


def _text(root: Path, target: Target, outcome: Outcome, place: Path, beside: Path | None = None) -> str:
    """The test; it finds the project at ``place``, or from the folder ``beside`` which it will stand in."""
    effect = reproduce_text.EFFECTS.get(outcome.weakness)
    if effect is None:
        raise UnwritableError(f"a proof of {outcome.weakness} is not written down as a test yet")
    top, module = _module(root, target.path)
    where = f"Path({str(place / top)!r})"
    if beside is not None:
        way = os.path.relpath((place / top).absolute(), beside.absolute())
        where = f"(Path(__file__).resolve().parent / {Path(way).as_posix()!r}).resolve()"
    row = TABLE[outcome.weakness]
    head = reproduce_text.HEAD.format(
        title=row.title, cwe=f"CWE-{row.cwe}", path=_plain(target.path), function=_plain(target.function),
        effect=_plain(outcome.effect), root=where,
    )  # fmt: skip
    mark = _MARK.search(outcome.payload)
    if mark is None and "{mark}" in effect:
        raise UnwritableError("its payload carries no mark")
    payload = _OWN_FOLDER.sub("tmp/outside", outcome.payload)
    seen = effect.format(payload=ascii(payload), mark=ascii(mark[0] if mark else ""))
    call = _request(module, outcome) if _REQUEST.match(outcome.call) else _call(module, target, outcome)
    return head + "\n" + seen + "\n\n" + call + reproduce_text.TEST.format(name=_name(target, outcome))


def _module(root: Path, path: str) -> tuple[str, str]:
    """The folder that the module is imported from, relative to the root, and its dotted name."""
    file = PurePosixPath(path)
    parts = [] if file.name == "__init__.py" else [file.stem]
    top = file.parent
    while (root / top / "__init__.py").exists() and top.name:
        parts.insert(0, top.name)
        top = top.parent
    return str(top), ".".join(parts)


def _request(module: str, outcome: Outcome) -> str:
    """The call of a handler, from the words in which the worker tells a request."""
    match = _REQUEST.match(outcome.call)
    assert match is not None
    parts = _parts(outcome.call[match.end() :])
    if not any(f"{part} {key!r}" == outcome.slot for part, key in parts):
        raise UnwritableError(f"{outcome.slot} is no part of a request that a test client takes by name")
    keywords: dict[str, list[str]] = {}
    url = repr(match["route"])
    for (part, key), value in parts.items():
        text = "value" if f"{part} {key!r}" == outcome.slot else ascii(value)
        if part == "path parameter":
            url += f".replace({_placeholder(match['route'], key)!r}, quote({text}, safe=''))"
        elif part == "cookie":
            keywords.setdefault("headers", []).append(f"'Cookie': {key + '='!r} + quoted({text})")
        else:
            keywords.setdefault(_KEYWORD[part], []).append(f"{key!r}: {text}")
    given = ", ".join(f"{name}={{{', '.join(items)}}}" for name, items in keywords.items())
    return reproduce_text.CALLS["flask"].format(
        module=repr(module), route=repr(match["route"]), url=url, method=repr(match["method"]), parts=given
    )


def _parts(words: str) -> dict[tuple[str, str], object]:
    found = list(_PART.finditer(words))
    parts: dict[tuple[str, str], object] = {}
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(words)
        parts[match[1], ast.literal_eval(match[2])] = _literal(words[match.end() : end].rstrip(", "))
    return parts


def _placeholder(route: str, key: str) -> str:
    found = re.search(rf"<(?:[^<>]*:)?{re.escape(key)}>", route)
    if found is None:
        raise UnwritableError(f"the route {route} has no part {key}")
    return found[0]


def _call(module: str, target: Target, outcome: Outcome) -> str:
    """The call of a function, from the text that the worker gives for it."""
    if "<locals>" in target.function:
        raise UnwritableError("a function that is made by another one cannot be called from outside")
    try:
        tree = ast.parse(outcome.call, mode="eval").body
    except SyntaxError:
        raise UnwritableError("the call is too long or too special to be repeated as text") from None
    if not isinstance(tree, ast.Call) or tree.args:
        raise UnwritableError("the call cannot be repeated as text")
    arguments = []
    for keyword in tree.keywords:
        value = _literal(ast.unparse(keyword.value))
        if outcome.slot == f"parameter {keyword.arg!r}":
            arguments.append(f"{keyword.arg}=value")
        elif value == "<connection>" and outcome.weakness == "sql-injection":
            arguments.append(f"{keyword.arg}=connection()")
        elif isinstance(value, str) and re.fullmatch(r"<\w+>", value):
            raise UnwritableError(f"the argument {keyword.arg} was a stand-in ({value})")
        else:
            arguments.append(f"{keyword.arg}={value!a}")
    owner, dot, name = target.function.rpartition(".")
    # Whether the class can be made without arguments is seen when the test is tried.
    called = f"{owner}().{name}" if dot else name
    return reproduce_text.CALLS["plain"].format(module=repr(module), call=f"{called}({', '.join(arguments)})")


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise UnwritableError("a value of the call is too long or too special to be repeated as text") from None


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
