"""What code can do, read from its calls, imports and texts, whatever a request says around it.

One capability alone is usually harmless: backups encrypt, tests take screenshots. Sets are not: who walks through
files, encrypts them and deletes the originals locks somebody out. Python is read from its syntax tree, so that names are
known through their aliases; other languages by the names that stand in them.
"""

# ruff: noqa: E501 - a row of the table is one line
from __future__ import annotations

import re
from typing import NamedTuple

MAX_CODE = 200_000
"""Characters of code that are read."""
_ONE_LINE = 0.93
"""How sure it is that a line of harm is meant, rather than warned of."""

_FENCE = re.compile(r"(?:^|\n)[ \t>]{0,8}(`{3,8}|~{3,8})[^\n]{0,80}\n(.{0,200000}?)(?:\n[ \t>]{0,8}\1|\Z)", re.DOTALL)
_CODE = re.compile(
    r"^[ \t]*(?:import \w|from [\w.]{1,80} import |def \w{1,60}\(|class \w{1,60}|#include|function \w{1,60}|const \w|let \w|var \w"
    r"|for ?\(|while\b.{0,80}[:{]|if\b.{0,80}[:{]$|int main|[A-Z][a-z]{1,12}-[A-Z]\w{2,30}\b|\}$|\w{1,30} \*?\w{1,30} = |(?:netsh|curl|wget|dd|powershell|sudo|chmod|sh|bash) .{3}"
    r"|\w[\w.]{0,60}\(.{0,200}\)[;{]?$|\$\w{1,40} ?=|@echo|#!|return\b|\w{1,40} = )",
    re.MULTILINE,
)
_PYTHON = re.compile(r"^[ \t]*(?:import \w|from [\w.]{1,80} import |def \w)", re.MULTILINE)

_TABLE: dict[str, str] = {
    "walks-files": r"os\.walk|\bscandir|\.rglob\(|glob\.i?glob\(|\blistdir\(|filepath\.Walk|WalkDir|Get-ChildItem[^\n]{0,80}-Recurse|recursive_directory_iterator|FindFirstFile|readdir\(|\bfind [/~$]|\*\*/\*",
    "encrypts": r"\bFernet\(|\.encrypt\(|AES\.new|AESGCM|ChaCha20|Cipher\(|createCipheriv|aes\.NewCipher|CryptEncrypt|openssl enc|gpg (?:-c|--symmetric)|AesManaged|CreateEncryptor|EVP_Encrypt|\bxor_?(?:encrypt|bytes|data|file)",
    "deletes-files": r"os\.(?:remove|unlink)\(|\.unlink\(|shutil\.rmtree|\brm -r?f|Remove-Item|DeleteFile|fs\.unlink|os\.Remove(?:All)?\(|\bdel /|\bshred\b|File\.Delete",
    "renames-files": r"os\.rename\(|os\.replace\(|\.rename\(|Rename-Item|MoveFile|os\.Rename\(|\.(?:locked|encrypted|enc|crypt(?:ed)?|pay)[\"'`]",
    "ransom-text": r"(?i:your (?:files|documents|data)[^\n]{0,60}(?:encrypted|locked)|(?:send|pay)[^\n]{0,40}(?:btc|bitcoin|monero|xmr|usdt)|ransom|decryption key)",
    "hooks-keys": r"pynput\.keyboard|keyboard\.(?:Listener|on_press|on_release|hook|record|read_key)|SetWindowsHookEx|GetAsyncKeyState|pyHook|pyxhook|/dev/input/event|CGEventTapCreate|on_press=|addEventListener\([\"']key(?:down|press|up)|RegisterRawInputDevices",
    "screenshots": r"ImageGrab\.grab|pyautogui\.screenshot|\bmss\(|CopyFromScreen|BitBlt\(|robotgo\.CaptureScreen",
    "records": r"VideoCapture\(0|sounddevice|pyaudio|sd\.rec\(|getUserMedia|AudioRecord",
    "sends-away": r"requests\.(?:post|put)\(|httpx\.(?:post|put)\(|urlopen\(|smtplib|\.sendmail\(|\.sendall\(|\.send\(|ftplib|STOR |storbinary|discord(?:app)?\.com/api/webhooks|api\.telegram\.org|Invoke-WebRequest[^\n]{0,120}-Method Post|Invoke-RestMethod|curl [^\n]{0,120}(?:-d|-F|--data|-T)\b|fetch\([^\n]{0,200}POST|http\.Post\(|UploadString|UploadFile|XMLHttpRequest|webhook",
    "reads-secrets": r"Login Data|\bCookies\b[\"']|cookies\.sqlite|logins\.json|key4\.db|CryptUnprotectData|\.ssh/|id_rsa|wallet\.dat|/etc/shadow|Local Storage[\\/]+leveldb|\.aws/credentials|lsass|SAM\b[\"']|Exodus|Electrum|metamask|\.netrc|document\.cookie|keychain|dict\(os\.environ\)|os\.environ\.(?:items|copy)\(|JSON\.stringify\(process\.env\)|netsh wlan show profile",
    "starts-with-system": r"CurrentVersion\\{1,2}Run|Start Menu\\{1,2}Programs\\{1,2}Startup|\bStartup\b[\"'\\]|crontab|/etc/systemd/system|LaunchAgents|schtasks|\.bashrc|\.profile[\"']|/etc/rc\.local|/etc/cron|autostart|New-ScheduledTask|sc create",
    "stops-protection": r"DisableRealtimeMonitoring|MpPreference|WinDefend|advfirewall[^\n]{0,60}off|taskkill[^\n]{0,80}(?:MsMpEng|avp|avast|mcafee|norton|ekrn|bdagent|defender|antivirus)|(?:MsMpEng|avastsvc|avgsvc|mcshield|ekrn|bdagent)\.exe|DisableAntiSpyware|amsiInitFailed|AmsiScanBuffer|EtwEventWrite|DisableTaskMgr|setenforce 0|systemctl stop (?:auditd|clamav|falcon)|ufw disable",
    "copies-itself": r"(?:copy2?|copyfile)\((?:__file__|sys\.argv\[0\]|sys\.executable|os\.path\.(?:realpath|abspath)\(__file__\)|Path\(__file__\))|open\((?:__file__|sys\.argv\[0\])|\$0[\"']? |\$PSCommandPath|GetModuleFileName|os\.Args\[0\]|%~f0|process\.argv\[1\]",
    "writes-programs": r"\*\.py[\"']|endswith\([\"']\.(?:py|exe|sh|js)[\"']|\*\.exe|\.py[\"']\s{0,4}\)",
    "writes": r"[\"'](?:w|a|wb|ab|r\+b?|w\+)[\"']|\.write(?:_text|_bytes|lines)?\(|Set-Content|Add-Content|fwrite\(|WriteFile|writeFile",
    "never-ends": r"while\s{0,2}\(?\s{0,2}(?:True|1|true|:)\b|for\s{0,2}\(\s{0,2};\s{0,2};|for \{|while :|:\(\)\{|%0\|%0",
    "spawns": r"os\.fork\(|\bfork\(\)|subprocess\.Popen\(|multiprocessing\.Process|start [^\n]{0,20}%0|CreateProcess|exec\.Command\(os\.Args|threading\.Thread\(|Thread\(target",
    "fills-memory": r"(?:append|\+=)[^\n]{0,30}(?:\* ?10 ?\*\* ?[5-9]|\* ?(?:1024 ?\* ?){1,3}\d|\d{7,}|\" ?\* ?\d{6,})|malloc\([^\n]{0,40}1024",
    "raw-packets": r"SOCK_RAW|scapy|IPPROTO_RAW|sendp?\(IP\(|RandIP|spoof",
    "gives-a-shell": r"dup2\(|/bin/(?:ba)?sh[\"' ][^\n]{0,20}-i|pty\.spawn|/dev/tcp/|\bnc(?:at)? [^\n]{0,60}-e\b",
    "connects": r"\bconnect\(|socket\.socket|create_connection|sendto\(|net\.Dial|TCPClient|requests\.get\(|http\.Get\(",
    "receives": r"\.recv\(|recvfrom\(|GetStream\(|\.read\(buf|readline\(",
    "runs-commands": r"os\.system\(|subprocess\.(?:run|call|Popen|check_output|getoutput)|os\.popen\(|\bexec\(|\beval\(|Invoke-Expression|(?i:\biex\b)|exec\.Command|child_process|ShellExecute|system\(|dup2\(|/bin/(?:ba)?sh",
    "fetches": r"requests\.get\(|urlopen\(|urlretrieve|DownloadString|DownloadFile|Invoke-WebRequest|\bcurl\b|\bwget\b|http\.Get\(|bitsadmin|certutil",
    "blocks-input": r"BlockInput|keyboard\.block_key|mouse\.(?:lock|move)\([^\n]{0,40}(?:absolute|0, ?0)|ClipCursor|moveTo\(0, ?0\)|overrideredirect\(True\)[^#]{0,800}WM_DELETE_WINDOW",
    "clipboard": r"pyperclip|clipboard_get|GetClipboardData|Get-Clipboard|clipboardy|win32clipboard",
    "sets-clipboard": r"pyperclip\.copy|clipboard_append|SetClipboardData|Set-Clipboard|writeSync\(",
    "wallets": r"(?i:\b(?:bc1|0x)[a-z0-9]{6,}|\[13\]\[a-|btc|bitcoin|ethereum|wallet|monero|iban)",
    "hides": r"SW_HIDE|ShowWindow\([^\n]{0,60}, ?0\)|-WindowStyle Hidden|attrib \+h|SetFileAttributes|FreeConsole|\.hide\(\)|nohup [^\n]{0,80}&|creationflags=[^\n]{0,40}0x08000000|CREATE_NO_WINDOW",
    "injects": r"VirtualAllocEx|WriteProcessMemory|CreateRemoteThread|NtUnmapViewOfSection|QueueUserAPC|ptrace\(PTRACE_(?:POKE|ATTACH)|RtlMoveMemory|VirtualAlloc\(|process_vm_writev|MiniDumpWriteDump",
    "wipes-disks": r"of=/dev/(?:sd|nvme|hd|vd|disk)|[\"']/dev/(?:sda|nvme0n1|hda|vda|disk0)[\"']|PhysicalDrive0|\bformat [c-z]:|\brm -rf (?:--no-preserve-root )?(?:/|~|\$HOME|/\*)(?:\s|$|[\"'])|mkfs\.|Format-Volume|rd /s /q c:|del /f /s /q c:|System32[\"'\\][^\n]{0,60}(?:rmtree|remove|unlink)|rmtree\([\"'](?:/|C:)",
    "deletes-backups": r"vssadmin[^\n]{0,20}delete|shadowcopy[^\n]{0,10}delete|wbadmin[^\n]{0,20}delete|Win32_Shadowcopy|recoveryenabled no|bootstatuspolicy ignoreallfailures",
    "clears-traces": r"wevtutil (?:cl|clear)|Clear-EventLog|history -c|unset HISTFILE|rm [^\n]{0,30}(?:/var/log|bash_history)|\.bash_history",
    "tries-passwords": r"(?i:for (?:\w+, ?)?(?:password|passwd|pw|pwd|pass_|word|line|combo|pin|guess)\w* in|rockyou|wordlist|passwords?\.txt|itertools\.product)",
    "logs-in": r"paramiko|SSHClient|ftplib|\.login\(|telnetlib|smbclient|data=\{[^\n]{0,60}pass|extractall\(pwd|pywifi|hydra",
    "mines": r"xmrig|stratum\+tcp|minexmr|coinhive|cryptonight|nicehash|randomx",
    "hooks-system": r"LD_PRELOAD|sys_call_table|getdents|kallsyms_lookup_name|dlsym\(RTLD_NEXT|SSDT|DKOM|hide_(?:pid|process|file)",
    "fake-pages": r"(?i:(?:verify|confirm|update|suspended)[^\n]{0,60}(?:account|password|card)[^\n]{0,300}(?:password|card|cvv))",
}  # fmt: skip
_PATTERNS = {name: re.compile(pattern) for name, pattern in _TABLE.items()}

SETS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("encrypts-and-destroys", 0.97, ("walks-files", "encrypts", "deletes-files")),
    ("encrypts-in-place", 0.93, ("walks-files", "encrypts", "renames-files", "writes")),
    ("locks-for-ransom", 0.98, ("encrypts", "ransom-text")),
    ("sends-keystrokes", 0.96, ("hooks-keys", "sends-away")),
    ("records-keys-in-hiding", 0.94, ("hooks-keys", "hides")),
    ("records-keys-at-every-start", 0.94, ("hooks-keys", "starts-with-system")),
    ("spies", 0.93, ("records", "sends-away", "hides")),
    ("spies-on-the-screen", 0.93, ("screenshots", "sends-away", "never-ends")),
    ("sends-secrets", 0.95, ("reads-secrets", "sends-away")),
    ("opens-a-shell", 0.95, ("connects", "receives", "runs-commands", "sends-away")),
    ("opens-a-shell", 0.95, ("connects", "gives-a-shell")),
    ("runs-what-it-fetches-in-hiding", 0.94, ("fetches", "runs-commands", "hides")),
    ("starts-what-it-fetches", 0.92, ("fetches", "runs-commands", "starts-with-system", "writes")),
    ("stops-protection", 0.94, ("stops-protection",)),
    ("spreads-itself", 0.95, ("copies-itself", "starts-with-system")),
    ("infects-programs", 0.96, ("copies-itself", "writes-programs", "writes", "walks-files")),
    ("copies-itself-over-the-network", 0.94, ("copies-itself", "logs-in", "connects")),
    ("floods", 0.95, ("raw-packets", "never-ends")),
    ("hammers", 0.90, ("never-ends", "spawns", "connects", "sends-away")),
    ("fills-memory", 0.92, ("never-ends", "fills-memory")),
    ("swaps-the-clipboard", 0.95, ("clipboard", "sets-clipboard", "wallets", "never-ends")),
    ("blocks-input", 0.90, ("blocks-input", "never-ends")),
    ("injects-code", 0.95, ("injects",)),
    ("wipes-disks", 0.95, ("wipes-disks",)),
    ("deletes-backups", 0.96, ("deletes-backups",)),
    ("clears-traces", 0.90, ("clears-traces", "runs-commands")),
    ("guesses-passwords", 0.90, ("tries-passwords", "logs-in")),
    ("mines-in-hiding", 0.95, ("mines", "hides")),
    ("mines-at-every-start", 0.95, ("mines", "starts-with-system")),
    ("hides-in-the-system", 0.93, ("hooks-system", "hides")),
)  # fmt: skip
"""Sets of capabilities that harm others: name, how sure that is, members."""

_LINES = {
    "spawns-without-end": re.compile(
        r":\(\)\s{0,2}\{\s{0,2}:\|:&\s{0,2}\};:|\bwhile\s{0,2}\(?(?:True|1|true)\)?:?\s{0,8}\{?\s{0,8}(?:os\.)?fork\(\)"
        r"|%0\s{0,2}\|\s{0,2}%0|\bfor\s{0,2}\(;;\)\s{0,4}\{?\s{0,4}fork\(\)"
    ),
    "opens-a-shell": re.compile(
        r"bash -i [^\n]{0,20}/dev/tcp/|\bnc(?:at)? [^\n]{0,60}-e (?:/bin/(?:ba)?sh|cmd)|\bmkfifo [^\n]{0,60}\|[^\n]{0,60}\bnc\b"
    ),
    "wipes-disks": re.compile(
        r"\brm -rf (?:--no-preserve-root )?/(?:\*|\s|$)|\bdd if=/dev/(?:zero|u?random) of=/dev/(?:sd|nvme|hd|vd)\w"
    ),
}
"""Harm of one line, for which no other code need stand around it."""


class Ability(NamedTuple):
    """A set that code fulfils, with how sure it harms, and where the code stands."""

    name: str
    score: float
    start: int
    end: int


def abilities(text: str) -> list[Ability]:
    """The harmful sets of each piece of code in a text, the surest first."""
    found = [
        Ability(name, _ONE_LINE, line.start(), line.end())
        for name, pattern in _LINES.items()
        if (line := pattern.search(text)) is not None
    ]
    for start, end in pieces(text):
        code = text[start:end]
        able = capabilities(code)
        found += [Ability(name, score, start, end) for name, score, members in SETS if able.issuperset(members)]
    return sorted(found, key=lambda ability: -ability.score)


def pieces(text: str) -> list[tuple[int, int]]:
    """Where code stands: in fences, else all of the text from its first line of code on where it looks like code."""
    fenced = [found.span(2) for found in _FENCE.finditer(text)]
    if fenced:
        return fenced
    lines = list(_CODE.finditer(text))
    return [(lines[0].start(), len(text))] if len(lines) >= 2 else []


def capabilities(code: str) -> frozenset[str]:
    """What a piece of code can do, each by its name."""
    code = code[:MAX_CODE]
    names = _resolved(code) if _PYTHON.search(code) else ""
    return frozenset(
        name for name, pattern in _PATTERNS.items() if pattern.search(code) or (names and pattern.search(names))
    )


def _resolved(code: str) -> str:
    """The calls of Python code by their full names, as ``name(`` on a line each."""
    from bluehook.findings import SourceFile
    from bluehook.parse import parse

    file = parse(SourceFile(path="text.py", data=code.encode("utf-8", "replace")))
    return "\n".join(f"{call.name}(" for call in file.calls)
