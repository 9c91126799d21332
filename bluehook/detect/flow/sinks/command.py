"""Commands (CWE-78) and their options (CWE-88): what a shell reads, which program runs, what becomes a switch."""

from __future__ import annotations

import re

from bluehook.detect.flow import containers
from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, UNSURE, WHOLE, Grades, flow
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form, Value

_SHELL_WORDS = "becomes part of a shell command"
_SHELLS = re.compile(r"(?:.*/)?(?:ba|z|k|da|a)?sh$|(?:cmd|powershell|pwsh)(?:\.exe)?$|su$|ssh$", re.I)
_COMPOSED = Grades(SHOWS, SUSPECTS, SHOWS, SUSPECTS)
_REMOTE = Grades(SHOWS, SUSPECTS, SHOWS, SUSPECTS)
_INTERPRETERS = re.compile(r"(?:.*/)?(?:python[\d.]*|perl|ruby|node|php)(?:\.exe)?$")
_OPTION = Grades(SUSPECTS, HINTS, HINTS)
_TAKES_OPTIONS = re.compile(
    r"(?:.*/)?(?:git|hg|svn|tar|rsync|ssh|scp|curl|wget|find|zip|unzip|7z|sed|awk|sort|man|ps|sendmail|ffmpeg|convert"
    r"|psql|mysql|docker|chmod|chown|nmap|tcpdump)$"
)

_RUNS_FOR_OPTIONS = re.compile(r"(?:.*/)?(?:git|hg|svn|ssh|scp)$")
"""Programs that run what one of their options says."""
_FOREIGN = re.compile(r"(?i)(?:^|_)(?:ur[li]|remote|repo(?:sitory)?|host(?:name)?|ref|rev(?:ision)?|branch|commit)$")
_VALUELESS = """--mirror --bare --quiet -q --recursive --recurse-submodules --no-checkout --single-branch --no-tags
    --all --tags --force -f --verbose -v --hard --soft --progress --no-pager --prune --oneline --detach"""
_SWITCHES = frozenset(_VALUELESS.split())
"""Options that take no value: what follows them stands for itself."""


def in_shell(form: Form, index: int) -> Grades | None:
    """A value in a text that a shell reads."""
    if len(form) == 1:
        return WHOLE
    before = "".join(piece for piece in form[:index] if isinstance(piece, str))
    if not before.strip():
        return UNSURE
    return _COMPOSED


def _shell(site: Site) -> None:
    command = site.arg(0, "command", "cmd", "args")
    flow(site, "command-injection", _as_text(site, command), in_shell, _SHELL_WORDS)


def _as_text(site: Site, value: Value | None) -> Value | None:
    """A list given to a shell: its first item is the command."""
    items = containers.items_of(site.state, value) if value is not None and value.box else None
    return items[0] if items else value


def _process(site: Site) -> None:
    command = site.arg(0, "args", "cmd", "command", "argv")
    shell = site.keywords.get("shell")
    if shell is not None and shell.const not in (False, None, 0):
        _shell(site)
    elif command is not None:
        _program(site, command)


def _program(site: Site, command: Value) -> None:
    """A list of arguments without a shell, or the name of a program alone."""
    items = containers.items_of(site.state, command)
    if items is None:
        if command.box and site.state.boxes[command.box].items:
            box = site.state.boxes[command.box]
            items = [value for _, value in sorted(box.items.items(), key=lambda item: str(item[0]))]
            items += [box.rest] if box.rest is not None else []
        else:
            flow(site, "command-injection", command, _only_outside, "decides which program is started")
            return
    if not items:
        return
    flow(site, "command-injection", items[0], _first_word, "decides which program is started")
    _arguments(site, items)


def _only_outside(form: Form, index: int) -> Grades | None:
    return Grades(SHOWS, HINTS, HINTS)


def _first_word(form: Form, index: int) -> Grades | None:
    return Grades(SHOWS, HINTS) if index == 0 else None


def _arguments(site: Site, items: list[Value]) -> None:
    program = items[0].text or ""
    texts = [item.text for item in items]
    if _SHELLS.match(program) and any(text in ("-c", "/c", "/C", "-lc", "-Command") for text in texts):
        at = next(i for i, text in enumerate(texts) if text in ("-c", "/c", "/C", "-lc", "-Command"))
        for item in items[at + 1 : at + 2]:
            flow(site, "command-injection", item, in_shell, _SHELL_WORDS)
        return
    if _INTERPRETERS.match(program) and any(text in ("-c", "-e") for text in texts):
        at = next(i for i, text in enumerate(texts) if text in ("-c", "-e"))
        for item in items[at + 1 : at + 2]:
            flow(site, "code-injection", item, in_shell, "is executed as code")
        return
    for before, item in zip(texts, items[1:], strict=False):
        if before == "--":
            return
        if before is not None and before.startswith("-") and before not in _SWITCHES:
            continue
        if _TAKES_OPTIONS.match(program):
            where = _remote_place if _RUNS_FOR_OPTIONS.match(program) else _leading
            flow(site, "argument-injection", item, where, "can become an option of the program that is started")


def _leading(form: Form, index: int) -> Grades | None:
    """Only a value at the very beginning of an argument can be a switch."""
    return _OPTION if index == 0 else None


def _remote_place(form: Form, index: int) -> Grades | None:
    """What is called an address or a revision is somebody else's text more often than other parameters are."""
    hole = form[index] if index == 0 else ""
    if isinstance(hole, str):
        return None
    return _OPTION._replace(parameter=SUSPECTS) if any(_FOREIGN.search(taint.slot) for taint in hole) else _OPTION


def _exec(site: Site) -> None:
    for argument in site.args[:1]:
        flow(site, "command-injection", argument, _first_word, "decides which program is started")
    if len(site.args) > 1 and site.args[1].box:
        items = containers.items_of(site.state, site.args[1])
        if items:
            _arguments(site, items)


def _arguments_apart(site: Site) -> None:
    """``create_subprocess_exec(program, *args)``."""
    if site.args:
        flow(site, "command-injection", site.args[0], _first_word, "decides which program is started")
        _arguments(site, site.args)


def _remote(site: Site) -> None:
    """A command line for a shell elsewhere."""
    flow(site, "command-injection", site.arg(0, "command"), in_shell, "becomes part of a shell command elsewhere")


def by_pattern(site: Site) -> None:
    """A method that is named like running a command line and is given one composed as text."""
    if site.receiver is None and site.method in ("exec", "eval", "call"):
        return
    for value in site.args[:2]:
        if not value.box and value.kind not in ("path", "resolved"):
            flow(site, "command-injection", value, _command_line, "becomes part of a command line")


_LINE = re.compile(
    r"^(?!(?i:\s*(?:select|insert|update|delete|create|drop|alter|replace|with|call|grant|use|set|show)\s))\s*(?:sudo\s+)?[a-z][\w.+-]*(?:/[\w.+-]+)*(?:\s+\S+)*\s+\S*$"
)


def _command_line(form: Form, index: int) -> Grades | None:
    first = form[0]
    if len(form) == 1 or not isinstance(first, str) or index == 0 or "<" in first or not _LINE.match(first):
        return None
    return _REMOTE


PATTERN = re.compile(
    r"(?i)(?:^|_)(?:run|exec(?:ute)?|shell|ssh|cli|cmd|command|sudo|popen|call|check_output|spawn)(?:$|_(?:ssh|cmd|command|shell|cli|run|as_root|sudo|wait|exec|root|remote))"
)
_SHELL_NAMES = """os.system os.popen os.popen2 os.popen3 os.popen4 popen2.popen2 popen2.popen3 commands.getoutput
    commands.getstatusoutput commands.getstatus subprocess.getoutput subprocess.getstatusoutput
    asyncio.create_subprocess_shell asyncio.subprocess.create_subprocess_shell pty.spawn platform.popen"""
_PROCESS_NAMES = """subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen
    subprocess32.Popen subprocess.Popen() pexpect.spawn pexpect.run sh.Command"""
_EXEC_NAMES = """os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.startfile
    os.posix_spawn os.posix_spawnp"""
SINKS = {
    **dict.fromkeys(_SHELL_NAMES.split(), _shell),
    **dict.fromkeys(_PROCESS_NAMES.split(), _process),
    **dict.fromkeys(_EXEC_NAMES.split(), _exec),
    "asyncio.create_subprocess_exec": _arguments_apart,
    "asyncio.subprocess.create_subprocess_exec": _arguments_apart,
    ".exec_command": _remote,
    "paramiko.SSHClient().exec_command": _remote,
    "fabric.api.run": _remote,
    "fabric.api.local": _shell,
    "fabric.api.sudo": _remote,
    "invoke.run": _shell,
}
