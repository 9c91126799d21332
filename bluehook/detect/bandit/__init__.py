"""Bandit as a library, run on contents from memory, with what each of its tests is worth to us.

Bandit's own ``# nosec`` is not read here: ``suppress`` reads it for all engines. A test that raises is a problem of
that file, not a line in a log. See https://bandit.readthedocs.io/en/latest/plugins/ for the tests.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import bluehook
from bluehook.bandit_ids import BANDIT
from bluehook.detect import Report, Settings
from bluehook.findings import Detection, Evidence, Location, Problem, Says
from bluehook.parse.yaml_loaders import builds_objects

if TYPE_CHECKING:
    from bluehook.detect.bandit.engine import Engine, Issue
    from bluehook.parse import ParsedFile

HINTS, SUSPECTS, SHOWS = Says.HINTS, Says.SUSPECTS, Says.SHOWS


class Worth(NamedTuple):
    """What a test's finding says, and the words of which one stands in every file that it can match.

    ``a&b`` asks for both, ``a*`` for a word that begins so.

    ``weak`` is what it says where ``strong`` is not found in the finding's severity and text: by default where Bandit
    itself grades the severity below high (a shell command without input).
    """

    says: Says
    words: str
    weak: Says | None = None
    strong: str = "^HIGH"


_SINKS_KNOW = "the sinks know the same calls and look at their arguments"

_YAML = "B506"

OFF = {
    "B101": "asserts are in every test; no later stage can act on one",
    "B105": "guesses by the variable's name; our own rule reads the value too",
    "B106": "guesses by the keyword's name; our own rule reads the value too",
    "B107": "guesses by the parameter's name; our own rule reads the value too",
    "B110": "a matter of style; no later stage can act on it",
    "B112": "a matter of style; no later stage can act on it",
    "B311": "any use of the random module; our own rule asks what it is for",
    "B608": "any string that looks like SQL; our own rules follow the value into the call",
    "B609": "any wildcard in a command; no attack that a stage could try",
    **dict.fromkeys(
        ["B102", "B113", "B302", "B307", "B308", "B310", "B603", "B606", "B610", "B611", "B703", "B704"], _SINKS_KNOW
    ),
    "B607": "a program found through PATH; no attack that a stage could try",
}
"""Tests that are not run, and why."""

_BIDIRECTIONAL = "\u200e* \u200f* \u202a* \u202b* \u202c* \u202d* \u202e* \u2066* \u2067* \u2068* \u2069*"

WORTH: dict[str, Worth] = {
    "B103": Worth(HINTS, "chmod"),
    "B104": Worth(HINTS, "0.0.0.0"),
    "B108": Worth(HINTS, "/tmp /dev/shm"),
    "B201": Worth(SHOWS, "flask*&debug Flask&debug"),
    "B202": Worth(SUSPECTS, "extractall", weak=HINTS),
    "B301": Worth(HINTS, "pickle cPickle _pickle dill shelve jsonpickle read_pickle"),
    "B303": Worth(HINTS, "Crypto Cryptodome hashes"),
    "B304": Worth(SUSPECTS, "Crypto Cryptodome ciphers"),
    "B305": Worth(SUSPECTS, "ECB"),
    "B306": Worth(SUSPECTS, "mktemp"),
    "B312": Worth(SUSPECTS, "telnetlib"),
    "B313": Worth(HINTS, "cElementTree"),
    "B314": Worth(HINTS, "ElementTree"),
    "B315": Worth(HINTS, "expatreader"),
    "B316": Worth(HINTS, "expatbuilder"),
    "B317": Worth(HINTS, "sax"),
    "B318": Worth(HINTS, "minidom"),
    "B319": Worth(HINTS, "pulldom"),
    "B321": Worth(HINTS, "ftplib"),
    "B323": Worth(SUSPECTS, "_create_unverified_context"),
    "B324": Worth(HINTS, "hashlib crypt"),
    "B401": Worth(HINTS, "telnetlib"),
    "B402": Worth(HINTS, "ftplib"),
    "B403": Worth(HINTS, "pickle cPickle dill shelve"),
    "B404": Worth(HINTS, "subprocess"),
    "B405": Worth(HINTS, "xml"),
    "B406": Worth(HINTS, "xml"),
    "B407": Worth(HINTS, "xml"),
    "B408": Worth(HINTS, "xml"),
    "B409": Worth(HINTS, "xml"),
    "B411": Worth(HINTS, "xmlrpc xmlrpclib"),
    "B412": Worth(HINTS, "CGIHandler CGIScript"),
    "B413": Worth(HINTS, "Crypto pyrypto"),
    "B415": Worth(HINTS, "pyghmi"),
    "B501": Worth(SHOWS, "requests&verify httpx&verify"),
    "B502": Worth(SUSPECTS, "PROTOCOL_SSL* PROTOCOL_TLSv* SSLv* TLSv*"),
    "B503": Worth(SUSPECTS, "PROTOCOL_SSL* PROTOCOL_TLSv* SSLv* TLSv*"),
    "B504": Worth(HINTS, "wrap_socket"),
    "B505": Worth(SUSPECTS, "cryptography Crypto Cryptodome"),
    "B506": Worth(SHOWS, "yaml"),
    "B507": Worth(SHOWS, "set_missing_host_key_policy"),
    "B508": Worth(SUSPECTS, "pysnmp"),
    "B509": Worth(SUSPECTS, "pysnmp"),
    "B601": Worth(HINTS, "exec_command"),
    "B602": Worth(SUSPECTS, "shell", weak=HINTS),
    "B604": Worth(HINTS, "shell"),
    "B605": Worth(SUSPECTS, "os&system os&popen* popen2* Popen* getoutput getstatusoutput", weak=HINTS),
    "B612": Worth(SUSPECTS, "logging&config&listen"),
    # The marks U+200E and U+200F are part of ordinary Arabic and Hebrew text; the others reorder what is read.
    "B613": Worth(SHOWS, _BIDIRECTIONAL, weak=HINTS, strong=r"\\u20(?:2[a-e]|6[6-9])"),
    "B614": Worth(SUSPECTS, "torch"),
    "B615": Worth(HINTS, "huggingface_hub transformers datasets"),
    "B701": Worth(SUSPECTS, "jinja2"),
    "B702": Worth(HINTS, "mako"),
}
"""The tests that are run."""


class Bandit:
    """The detector; see the module."""

    name = "bandit"
    own_process = False

    def version(self, settings: Settings) -> str:
        """Versions of Bandit and of the Python whose parser it uses, and a digest of the tables."""
        table = hashlib.sha256(repr(sorted(WORTH.items())).encode()).hexdigest()[:8]
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"{_package_version()} {bluehook.__version__} {table} python{python}"

    def unavailable(self) -> str | None:
        """Why Bandit cannot run."""
        if _package() is None:
            return "bandit is not installed beside bluehook; reinstall with: pip install 'bandit>=1.9,<2'"
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether a word of any active test stands in the file."""
        return bool(_active(file.utf8))

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Run the active tests over each file."""
        if not files:
            return Report()
        try:
            engine = _engine()
        except Exception as error:  # whatever another version of Bandit does when its insides are asked for
            reason = f"bandit {_package_version()} cannot be used: {type(error).__name__}: {error}"
            return Report(problems=[Problem(self.name, f"{reason}; reinstall with: pip install 'bandit>=1.9,<2'")])
        report = Report()
        for file in files:
            _look(engine, file, report)
        return report


detector = Bandit()


@cache
def _engine() -> Engine:
    from bluehook.detect.bandit.engine import Engine

    return Engine(frozenset(WORTH))


def _look(engine: Engine, file: ParsedFile, report: Report) -> None:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            issues, failures = engine.look(file.path, file.text, file.source.data, _active(file.utf8))
        except SyntaxError as error:
            reason = f"does not parse as Python {python}: line {error.lineno or 1}"
            report.problems.append(Problem("bandit", reason, file.path, incomplete=False))
            return
        except (ValueError, RecursionError, MemoryError) as error:
            reason = f"nested too deeply or not text for Python {python}'s parser ({type(error).__name__})"
            report.problems.append(Problem("bandit", reason, file.path))
            return
    report.detections.extend(_detections(issues, file))
    for test, failure in failures.items():
        report.problems.append(Problem("bandit", f"its test {test} failed: {failure}", file.path))


def _detections(issues: Sequence[Issue], file: ParsedFile) -> Iterator[Detection]:
    for issue in issues:
        worth = WORTH.get(issue.test)
        if worth is None:
            continue
        strong = worth.weak is None or re.search(worth.strong, f"{issue.severity} {issue.text}")
        says = worth.says if strong or worth.weak is None else worth.weak
        if issue.test == _YAML:
            says = _of_loader(file, issue.line, says)
        end_line = max(issue.line, issue.end_line)
        place = Location(
            file.path,
            issue.line,
            file.column_at(issue.line, issue.offset),
            end_line,
            file.column_at(end_line, issue.end_offset),
        )
        details = {"severity": issue.severity, "confidence": issue.confidence}
        yield Detection(BANDIT[issue.test], place, Evidence("bandit", issue.test, says, issue.text, details=details))


def _of_loader(file: ParsedFile, line: int, says: Says) -> Says:
    """What a call that loads YAML says, by the loader that it names: Bandit knows the library's own by their names."""
    for call in file.calls:
        loader = (
            call.argument(1, "Loader") if call.location.line == line and call.name.startswith("yaml.load") else None
        )
        if loader is not None:
            objects = builds_objects(file, loader.text)
            return says if objects else HINTS if objects is False else SUSPECTS
    return says


class _Word(NamedTuple):
    """A word as it stands and as a pattern for the whole word: looking for the plain word first is much faster."""

    plain: bytes
    whole: re.Pattern[bytes]

    def stands_in(self, text: bytes) -> bool:
        return self.plain in text and self.whole.search(text) is not None


@cache
def _triggers() -> list[tuple[tuple[_Word, ...], str]]:
    """The words of which all must stand in a file, each with the test that they are for."""
    return [
        (tuple(_word(word) for word in group.split("&")), test)
        for test, worth in WORTH.items()
        for group in worth.words.split()
    ]


@cache
def _word(word: str) -> _Word:
    plain = word.removesuffix("*").encode()
    before = rb"(?<![a-zA-Z0-9])" if word[:1].isalnum() else b""
    after = b"" if word.endswith("*") else rb"(?!\w)"
    return _Word(plain, re.compile(before + re.escape(plain) + after))


def _active(text: bytes) -> frozenset[str]:
    """The tests that could match a text."""
    standing: dict[_Word, bool] = {}
    active = set()
    for words, test in _triggers():
        for word in words:
            if word not in standing:
                standing[word] = word.stands_in(text)
        if all(standing[word] for word in words):
            active.add(test)
    return frozenset(active)


@cache
def _package() -> Path | None:
    spec = importlib.util.find_spec("bandit")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


@cache
def _package_version() -> str:
    """The version, read from the name of the metadata folder: importing either costs start-up time."""
    package = _package()
    folders = sorted(package.parent.glob("bandit-*.dist-info")) if package else []
    return folders[-1].name.removeprefix("bandit-").removesuffix(".dist-info") if folders else "unknown"
