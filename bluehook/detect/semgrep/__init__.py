"""Semgrep on our own pack: taint rules where there is a flow, plain patterns where the use itself is the weakness.

The engine is the ``semgrep-core`` binary of the ``semgrep`` package, called directly: that saves the two seconds that
its Python front end needs to start. Where the binary cannot be used, the front end is the fallback; a test holds the
findings of both equal. Files are handed over as copies in a private directory, so that what is judged is exactly what
was collected (the staged blob) and no file name reaches a command line.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bluehook import processes
from bluehook.detect import Report, Settings
from bluehook.detect.semgrep import pack
from bluehook.findings import BluehookError, Detection, Evidence, Location, Problem, Says, Step
from bluehook.resources import folder

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile

_RULES_THAT_MAY_TIME_OUT = 3
"""After so many slow rules on one file the engine leaves it, so that one file of generated code costs seconds."""

_LONGEST_LINE = 500_000
"""Bytes. On a line of a megabyte the engine hangs where its own limit of time does not reach."""

_LARGEST_FILE = 1_000_000
"""Bytes. Of a larger file the engine says that it was scanned, and finds nothing in it."""

_MEMORY_MIB = 3000
_START_SECONDS = 30.0


class Semgrep:
    """The detector; see the module."""

    name = "semgrep"
    own_process = True

    def version(self, settings: Settings) -> str:
        """Version of the engine and digest of all rules, the user's and the configuration's included."""
        return f"{_package_version()} {pack.digest(_folders(settings), settings.sanitizers)}"

    def unavailable(self) -> str | None:
        """Why Semgrep cannot run."""
        if _core() is None and _front_end() is None:
            return "semgrep is not installed beside bluehook; reinstall with: pip install 'semgrep>=1.150'"
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether there is a call or an assignment; the engine's own filter by words does the rest faster."""
        return b"(" in file.utf8 or b"=" in file.utf8

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Run the pack over the files in one process."""
        files, problems = _bearable(files)
        if not files:
            return Report(problems=problems)
        try:
            rules = pack.compiled(_folders(settings), settings.cache, settings.sanitizers).path
        except BluehookError as error:
            return Report(problems=[*problems, Problem(self.name, str(error))])
        with tempfile.TemporaryDirectory(prefix="bluehook-semgrep-", ignore_cleanup_errors=True) as scratch:
            copies = _lay_out(files, Path(scratch))
            try:
                answer = _ask(rules, copies, Path(scratch), settings)
            except (OSError, _EngineError) as error:
                return Report(problems=[*problems, Problem(self.name, f"did not finish: {error}")])
        report = _report(answer, copies)
        report.problems += problems
        return report


detector = Semgrep()


class _EngineError(Exception):
    """The engine ended without a usable answer."""


def _folders(settings: Settings) -> list[Path]:
    return [folder("rules"), *settings.rules]


@functools.cache
def _package() -> Path | None:
    spec = importlib.util.find_spec("semgrep")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


@functools.cache
def _package_version() -> str:
    """The version that the package states, read as text: importing it would cost start-up time."""
    package = _package()
    text = (package / "__init__.py").read_text(encoding="utf-8") if package else ""
    found = re.search(r"__VERSION__\s*=\s*[\"']([^\"']+)", text)
    return found[1] if found else "unknown"


@functools.cache
def _core() -> Path | None:
    name = "semgrep-core.exe" if sys.platform == "win32" else "semgrep-core"
    package = _package()
    if package is not None and (package / "bin" / name).is_file():
        return package / "bin" / name
    found = shutil.which(name)
    return Path(found) if found else None


@functools.cache
def _front_end() -> Path | None:
    for candidate in (Path(sys.executable).parent / "semgrep", shutil.which("semgrep")):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


def _bearable(files: Sequence[ParsedFile]) -> tuple[list[ParsedFile], list[Problem]]:
    """The files without those that the engine passes over or hangs on, and what is said of these."""
    fine, problems = [], []
    for file in files:
        longest = max(map(len, file.utf8.splitlines()), default=0) if len(file.utf8) > _LONGEST_LINE else 0
        if len(file.utf8) > _LARGEST_FILE:
            reason = f"{len(file.utf8):,} bytes are too many for it; the other engines looked at the file"
            problems.append(Problem(Semgrep.name, reason, file.path))
        elif longest > _LONGEST_LINE:
            reason = f"a line of {longest:,} bytes is too long for it; keep data in a file of its own, or exclude this"
            problems.append(Problem(Semgrep.name, reason, file.path))
        else:
            fine.append(file)
    return fine, problems


def _lay_out(files: Sequence[ParsedFile], scratch: Path) -> dict[str, ParsedFile]:
    """Copy the files into the private directory under names of our own; name of the copy -> file."""
    copies = {}
    for number, file in enumerate(files):
        copy = scratch / f"{number}.py"
        copy.write_bytes(file.utf8)
        copies[str(copy)] = file
    return copies


def _ask(rules: Path, copies: Mapping[str, ParsedFile], scratch: Path, settings: Settings) -> dict[str, Any]:
    """The engine's answer as decoded JSON, from the core binary or else from the front end."""
    seconds = _START_SECONDS + settings.timeout * _RULES_THAT_MAY_TIME_OUT * len(copies)
    core = _core()
    if core is not None and "BLUEHOOK_SEMGREP_FRONT_END" not in os.environ:
        ended = processes.run(
            _core_command(core, rules, copies, scratch, settings), env=_environment(scratch), seconds=seconds
        )
        with contextlib.suppress(_EngineError):
            return _decoded(ended)
    front_end = _front_end()
    if front_end is None:
        raise _EngineError("semgrep-core failed and there is no semgrep command to fall back to")
    ended = processes.run(
        _front_end_command(front_end, rules, copies, settings), env=_environment(scratch), seconds=seconds
    )
    return _decoded(ended)


def _core_command(
    core: Path, rules: Path, copies: Mapping[str, ParsedFile], scratch: Path, settings: Settings
) -> list[str | Path]:
    targets = scratch / "targets.json"
    entry = [
        ["CodeTarget", {"path": {"fpath": name, "ppath": name}, "analyzer": "python", "products": ["sast"]}]
        for name in copies
    ]
    targets.write_text(json.dumps(["Targets", entry]), encoding="utf-8")
    return [
        core, "-json_nodots", "-rules", rules, "-targets", targets, "-j", str(settings.jobs),
        "-timeout", str(settings.timeout), "-timeout_threshold", str(_RULES_THAT_MAY_TIME_OUT),
        "-max_memory", str(_MEMORY_MIB), "-disable_rule_paths", "-fast",
    ]  # fmt: skip


def _front_end_command(
    front_end: Path, rules: Path, copies: Mapping[str, ParsedFile], settings: Settings
) -> list[str | Path]:
    return [
        front_end, "scan", "--config", rules, "--json", "--quiet", "--dataflow-traces", "--metrics=off",
        "--disable-version-check", "--no-git-ignore", "--disable-nosem", "--jobs", str(settings.jobs),
        "--timeout", str(max(1, round(settings.timeout))), "--timeout-threshold", str(_RULES_THAT_MAY_TIME_OUT),
        *copies,
    ]  # fmt: skip


def _environment(scratch: Path) -> dict[str, str]:
    """What the engine may know: no token, no proxy, no settings of the user's, and nothing to send."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP") if name in os.environ}
    return {
        **kept,
        "HOME": str(scratch),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "SEMGREP_SETTINGS_FILE": str(scratch / "settings.yml"),
    }


def _decoded(ended: processes.Ended) -> dict[str, Any]:
    if ended.timed_out:
        raise _EngineError("it ran out of time and was stopped")
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())[-300:]
        raise _EngineError(f"exit status {ended.status}, no report. {said}") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise _EngineError(f"exit status {ended.status}, a report of unknown form")
    return answer


def _report(answer: Mapping[str, Any], copies: Mapping[str, ParsedFile]) -> Report:
    report = Report()
    for result in answer["results"]:
        file = copies.get(result["path"])
        if file is not None:
            report.detections.append(_detection(result, file))
    report.problems.extend(_problems(answer.get("errors", []), copies))
    return report


def _detection(result: Mapping[str, Any], file: ParsedFile) -> Detection:
    extra = result["extra"]
    metadata = extra["metadata"]
    evidence = Evidence(
        engine=Semgrep.name,
        rule=result["check_id"],
        says=Says(metadata["says"]),
        message=" ".join(extra["message"].split()),
        trace=_trace(extra.get("dataflow_trace") or {}, file),
    )
    return Detection(metadata["weakness"], _location(result, file), evidence)


def _location(span: Mapping[str, Any], file: ParsedFile) -> Location:
    """A span of the report with its columns, which the engine counts in bytes, counted in code points."""
    return Location(
        path=file.source.path,
        line=span["start"]["line"],
        column=file.column(span["start"]["line"], span["start"]["col"] - 1),
        end_line=span["end"]["line"],
        end_column=file.column(span["end"]["line"], span["end"]["col"] - 1),
    )


def _trace(flow: Mapping[str, Any], file: ParsedFile) -> tuple[Step, ...]:
    """Source, intermediate variables and sink; empty unless there is a flow from somewhere else than the sink."""
    if not flow.get("taint_source") or not flow.get("taint_sink"):
        return ()
    steps = [_step(flow["taint_source"], file)]
    steps += [Step(_location(v["location"], file), v["content"]) for v in flow.get("intermediate_vars") or []]
    steps.append(_step(flow["taint_sink"], file))
    return tuple(dict.fromkeys(steps))


def _step(node: Sequence[Any], file: ParsedFile) -> Step:
    """The last place of a possibly nested call trace: ``["CliLoc", [place, text]]``, ``["CliCall", [_, _, node]]``."""
    while node[0] == "CliCall":
        node = node[1][2]
    place, text = node[1]
    return Step(_location(place, file), text)


def _problems(errors: Sequence[Mapping[str, Any]], copies: Mapping[str, ParsedFile]) -> list[Problem]:
    """One problem for each file that was not fully looked at, with the engine's reason."""
    problems: dict[tuple[str | None, str], Problem] = {}
    for error in errors:
        kind = error.get("error_type") or error.get("type") or "error"
        kind = kind if isinstance(kind, str) else str(kind[0])
        place = error.get("location") or {}
        file = copies.get(place.get("path") or error.get("path") or "")
        reason = _reason(kind, error)
        path = file.source.path if file is not None else None
        problems.setdefault((path, kind), Problem(Semgrep.name, reason, path))
    return list(problems.values())


def _reason(kind: str, error: Mapping[str, Any]) -> str:
    line = ((error.get("location") or {}).get("start") or {}).get("line")
    if kind in ("PartialParsing", "Syntax error", "SyntaxError", "ParseError", "Other syntax error"):
        return f"could not parse all of it (line {line}); the rest was looked at" if line else "could not parse it"
    if kind in ("Timeout", "FixpointTimeout"):
        return f"{error.get('rule_id') or 'a rule'} took too long and was stopped on this file"
    message = " ".join(str(error.get("message", "")).split())
    return f"{kind}: {message}"[:300]
