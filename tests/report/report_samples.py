"""Results that the tests of every format share: one finding of each verdict, and what else a scan can say."""

from __future__ import annotations

import datetime

import msgspec

from bluehook.findings import (
    Evidence,
    Finding,
    LineRange,
    Location,
    Problem,
    Result,
    Says,
    StageRun,
    Step,
    Verdict,
    identity,
    sort_key,
)
from bluehook.report import Options

VIEWS = """\
from flask import Flask, request

app = Flask(__name__)


@app.get("/orders")
def orders():
    customer = request.args["customer"]
    rows = connection.execute(
        f"SELECT * FROM orders WHERE customer = '{customer}'",
    )
    return render(rows)


def ping(host):
\tsubprocess.run(f"ping -c 1 {host}", shell=True)
"""

FILES = {"shop/views.py": VIEWS.encode()}

OPTIONS = Options(
    read=FILES.get,
    started=datetime.datetime(2025, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    ended=datetime.datetime(2025, 1, 2, 3, 4, 6, tzinfo=datetime.timezone.utc),
)
"""Everything that could differ between two machines, fixed."""

HOSTILE = (
    "\x1b[31mred\x1b]8;;http://x\x07 \u202eevil \u2066\u200b\x00\x9b2J \r\n [bold]markup[/bold] :smile: `a` | <b>&\"' "
    "@octocat #1 http://example.org/ www.example.org ]]> \ud83d \udcff \ufffe \U000e0041"
)
"""What a file name, a source line or an engine's message may hold at worst."""


def location(line: int, column: int, end_line: int, end_column: int, path: str = "shop/views.py") -> Location:
    return Location(path, line, column, end_line, end_column)


def made(weakness: str, where: Location, symbol: str, snippet: str, evidence: Evidence, verdict: Verdict) -> Finding:
    return Finding(
        weakness=weakness,
        location=where,
        symbol=symbol,
        snippet=snippet,
        evidence=[evidence],
        scope=LineRange(where.line, max(where.line, where.end_line)),
        id=identity(weakness, "sample", "", verdict.value, 0),
        verdict=verdict,
        blocks=verdict in (Verdict.PROVEN, Verdict.LIKELY),
    )


def proven() -> Finding:
    where = location(9, 12, 11, 6)
    trace = (
        Step(location(8, 16, 8, 40), 'request.args["customer"]'),
        Step(location(8, 5, 8, 13), "customer"),
        Step(location(10, 9, 10, 61), "f\"SELECT * FROM orders WHERE customer = '{customer}'\""),
    )
    finding = made(
        "sql-injection",
        where,
        "orders",
        "rows = connection.execute(\n        f\"SELECT * FROM orders WHERE customer = '{customer}'\",\n    )",
        Evidence("semgrep", "sql-injection.flask", Says.SHOWS, "The query string reaches the statement.", trace),
        Verdict.PROVEN,
    )
    details = {
        "call": "GET /orders?customer=x'%20OR%20'1'='1",
        "effect": "the statement's parse changed: WHERE got a second condition",
        "reproduction": ".bluehook/reproductions/test_orders.py",
    }
    message = "A quote in ?customer= ended the string and OR '1'='1 ran as SQL."
    finding.evidence.append(Evidence("verify", "sql-injection", Says.PROVES, message, details=details))
    return finding


def likely() -> Finding:
    return made(
        "command-injection",
        location(16, 2, 16, 50),
        "ping",
        'subprocess.run(f"ping -c 1 {host}", shell=True)',
        Evidence("bandit", "B602", Says.SHOWS, ""),
        Verdict.LIKELY,
    )


def possible() -> Finding:
    evidence = Evidence("sinks", "weak-hash", Says.SUSPECTS, "MD5 of something that may be a password.")
    snippet = "hashlib.md5(text)"
    return made("weak-hash", location(4, 12, 4, 29, "shop/tokens.py"), "digest", snippet, evidence, Verdict.POSSIBLE)


def refuted() -> Finding:
    details = {"inputs": "../../etc/passwd\n/etc/passwd"}
    message = "7 paths reached open() and each stayed below the base directory."
    evidence = Evidence("verify", "path-traversal", Says.REFUTES, message, details=details)
    where = location(30, 10, 30, 24, "shop/files.py")
    return made("path-traversal", where, "Store.read", "open(target)", evidence, Verdict.REFUTED)


def hostile() -> Finding:
    """Every text of it is :data:`HOSTILE`; its message has a word before, since an effect is not told twice."""
    where = location(1, 1, 1, 5, HOSTILE)
    evidence = Evidence(HOSTILE, HOSTILE, Says.PROVES, f"seen {HOSTILE}", (Step(where, HOSTILE), Step(where, HOSTILE)))
    evidence = msgspec.structs.replace(evidence, details={HOSTILE: HOSTILE, "call": HOSTILE, "effect": HOSTILE})
    return made("sql-injection", where, HOSTILE, HOSTILE, evidence, Verdict.PROVEN)


def suppressed() -> Finding:
    evidence = Evidence("bandit", "B301", Says.SHOWS, "pickle.loads of a cache entry.")
    where = location(12, 5, 12, 23, "shop/cache.py")
    finding = made("deserialization", where, "load", "pickle.loads(data)", evidence, Verdict.LIKELY)
    finding.suppressed = "inline: only our own worker writes this cache"
    return finding


def blocked() -> Result:
    """A run with one finding of every kind, a problem of either sort, a note and an idle stage."""
    return Result(
        root="/home/dev/shop",
        version="0.1.0",
        findings=sorted([proven(), likely(), possible(), refuted(), suppressed()], key=sort_key),
        problems=[
            Problem("parse", "not UTF-8 and no coding cookie", "shop/legacy.py"),
            Problem("collect", "notebooks are not scanned", "notes.ipynb", incomplete=False),
        ],
        notes=[Problem("suppress", "unused: # bluehook: ignore[xxe], line 7", "shop/feed.py", incomplete=False)],
        stages=[StageRun("semgrep", "done", 0.1), StageRun("check", "skipped", reason="no model is configured")],
        files=6,
        seconds=0.21,
        exit_code=1,
    )


def clean() -> Result:
    return Result(root="/home/dev/shop", version="0.1.0", files=3, seconds=0.21)


def alone(finding: Finding) -> Result:
    """A run that found one thing."""
    code = int(finding.blocks and finding.suppressed is None)
    return Result(root="/r", version="0.1.0", findings=[finding], files=1, seconds=0.1, exit_code=code)
