"""``bluehook doctor``: whether all that a scan needs is here, shown by stopping a commit that must be stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

_PLANTED = """\
from flask import request


def user(connection):
    name = request.args["name"]
    return connection.execute({arguments}).fetchone()
"""
_BAD = _PLANTED.format(arguments='"SELECT * FROM users WHERE name = \'" + name + "\'"')
_GOOD = _PLANTED.format(arguments='"SELECT * FROM users WHERE name = ?", (name,)')


class Check(NamedTuple):
    """One line of the doctor's: what was looked at, whether it is in order, and what was seen or what to do."""

    name: str
    ok: bool
    seen: str


@click.command("doctor", short_help="Check that all works and a bad change is stopped.")
@click.option("--ask-endpoint", "ask", is_flag=True, help="Ask the endpoint of --check a question, which costs a call.")
def command(ask: bool) -> int:
    """Check engines, git, configuration and cache, and that a known-bad change is stopped.

    Exit status 0 when all is in order, else 3.
    """
    ok = True
    for check in checks(ask):
        ok = ok and check.ok
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:14} {check.seen}")
    return 0 if ok else 3


def checks(ask: bool = False) -> Iterator[Check]:
    """Each check as it is done; the endpoint is only asked with ``ask``."""
    yield _guarded("python", _python)
    yield _guarded("git", _git)
    for name in ("sinks", "flow", "semgrep", "bandit", "constitutions", "bias", "instructions"):
        yield _guarded(name, lambda name=name: _engine(name))  # type: ignore[misc]
    yield _guarded("sandbox", _sandbox)
    yield _guarded("interpreter", _interpreter)
    yield _guarded("configuration", _configuration)
    yield _guarded("hooks", _hooks)
    yield _guarded("cache", _cache)
    yield _guarded("endpoint", lambda: _endpoint(ask))
    yield _guarded("stops", lambda: _commit(_BAD, 1, "a known-bad change was stopped"))
    yield _guarded("passes", lambda: _commit(_GOOD, 0, "its mended twin was let through"))


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    from bluehook.findings import BluehookError

    try:
        return look()._replace(name=name)
    except (BluehookError, OSError) as error:
        return Check(name, False, str(error))


def _python() -> Check:
    import platform

    from bluehook import __version__

    return Check("", True, f"{platform.python_version()} on {platform.platform(terse=True)}, bluehook {__version__}")


def _git() -> Check:
    from bluehook import processes

    try:
        ended = processes.run(["git", "--version"], seconds=10)
    except FileNotFoundError:
        return Check("", False, "not on the PATH; install git")
    return Check("", ended.status == 0, ended.stdout.decode("utf-8", "replace").strip())


def _engine(name: str) -> Check:
    from bluehook import detect

    detector = detect.load(name)
    reason = detector.unavailable()
    return Check("", reason is None, reason or detector.version(detect.Settings()).split()[0])


def _sandbox() -> Check:
    """Which one attacks run in. Without one the rest works, and findings stay unverified: nothing is out of order."""
    from bluehook.findings import BluehookError
    from bluehook.verify import sandbox

    try:
        backend = sandbox.choose()
    except BluehookError as error:
        return Check("", True, f"none, so findings are not verified: {error}")
    layers = backend.available().layers
    off = [f"{name} {state}" for name, state in layers.items() if state.startswith("off")]
    return Check("", True, f"{backend.name}: " + (", ".join(off) or f"{', '.join(layers)}"))


def _interpreter() -> Check:
    """The project's Python as seen from here."""
    from bluehook.cli._session import Session
    from bluehook.verify import interpreter

    session = Session({})
    named = session.configs.run.settings.verify.python
    given = session.configs.run.resolve(named) if named else None
    found = interpreter.find(session.root, given, os.environ)
    own = "; if the project has another, activate it or set verify.python" if found.is_own else ""
    return Check("", True, f"{found.executable} ({found.origin}){own}")


def _configuration() -> Check:
    from bluehook.cli._session import Session

    session = Session({})
    return Check("", True, session.configs.run.file or "none found, all is default")


def _hooks() -> Check:
    """Whether git will run the hooks that are configured: one that is only written down looks the same until a bad
    commit goes through.
    """
    from bluehook.cli._hook_file import FILE, stages
    from bluehook.collect import Repository
    from bluehook.config import in_ci

    repository = Repository.find(Path.cwd())
    if repository is None:
        return Check("", True, "no git repository here")
    file = repository.root / FILE
    wanted = stages(file.read_text(encoding="utf-8")) if file.exists() else []
    if not wanted:
        return Check("", True, f"none of bluehook's in a {FILE}; bluehook init adds them")
    missing = [stage for stage in wanted if not os.access(repository.hook(stage), os.X_OK)]
    if not missing:
        return Check("", True, f"{', '.join(wanted)} installed")
    what = f"{', '.join(missing)} configured in {FILE} and not installed"
    flags = " ".join(f"--hook-type {stage}" for stage in missing)
    return Check("", in_ci(os.environ), f"{what}; run pre-commit install {flags}")


def _cache() -> Check:
    from bluehook.cache import key
    from bluehook.cli._session import Session

    cache = Session({}).cache
    if cache is None:
        return Check("", True, "switched off by the configuration")
    name = key("doctor")
    cache.put_many({name: b"well"})
    well = cache.get_many([name]) == {name: b"well"}
    return Check("", well, str(cache.directory) if well else "; ".join(p.reason for p in cache.problems))


def _endpoint(ask: bool) -> Check:
    """Where ``--check`` would ask. Without one the rest works: nothing is out of order."""
    from bluehook.cli._session import Session

    session = Session({})
    found = session.endpoint()
    if found.endpoint is None:
        return Check("", True, f"none, so no language model is asked: {found.reason}")
    place = found.endpoint
    seen = f"{place.url}, {', '.join(place.models)}, {'with a key' if place.key else 'without a key'} ({place.origin})"
    if not ask:
        return Check("", True, f"{seen}; not asked, --ask-endpoint does")
    if session.configs.run.settings.offline:
        return Check("", False, f"{seen}; offline, so it cannot be asked")
    from bluehook.check.budget import Budget
    from bluehook.check.client import Client
    from bluehook.check.model import Limits, Plain, Request

    client = Client(place, Budget(Limits(calls=6)), timeout=session.asking(place).timeout)
    try:
        request = Request(
            id="doctor", system='Answer with the JSON object {"verdict": "safe"}.', user="pass", form="answer"
        )
        answer = client.ask(request, Plain)
    finally:
        client.close()
    return Check("", not answer.problem, f"{seen}; {answer.problem or f'{answer.model} answered'}")


def _commit(text: str, wanted: int, seen: str) -> Check:
    """Stage a file in a repository of its own and ask the hook about it, as a commit would."""
    with tempfile.TemporaryDirectory(prefix="bluehook-doctor-") as folder:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
        git = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"]
        Path(folder, "planted.py").write_text(text, encoding="utf-8")
        for step in (["init", "--quiet"], ["add", "planted.py"]):
            subprocess.run([*git, *step], cwd=folder, env=ours, check=True, capture_output=True, timeout=30)
        # What stands in the working tree must not matter: only the index is committed.
        Path(folder, "planted.py").write_text("", encoding="utf-8")
        hook = [sys.executable, "-m", "bluehook", "scan", "--hook", "pre-commit", "--no-cache", "--no-verify"]
        ended = subprocess.run(hook, cwd=folder, env=ours, capture_output=True, timeout=120)
    if ended.returncode == wanted:
        return Check("", True, seen)
    said = (ended.stdout + ended.stderr).decode("utf-8", "replace").strip().splitlines()
    return Check("", False, f"exit status {ended.returncode} instead of {wanted}: {said[-1] if said else 'no output'}")
