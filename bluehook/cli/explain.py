"""``bluehook explain``: the chain of evidence of a finding, or the page of a weakness."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("name", metavar="ID|WEAKNESS")
def command(name: str) -> int:
    """Explain a finding of the last scan by its ID (its beginning is enough), or a weakness (sql-injection, CWE-89)."""
    from bluehook import report, weaknesses
    from bluehook.cli import _memory, _output
    from bluehook.cli._session import Session
    from bluehook.decide import decide
    from bluehook.findings import BluehookError

    look = _output.fitting()
    pages = [row for slug, row in weaknesses.TABLE.items() if weaknesses.matches(name, slug)]
    if pages:
        main = [row for row in pages if name.lower() in (row.slug, f"cwe-{row.cwe}")] or pages
        for row in main:
            _output.show(report.page(row, look.width))
        return 0
    session = Session({})
    result = _memory.recall(session.cache, str(session.root))
    found = [f for f in result.findings if f.id.startswith(name.lower())] if result is not None else []
    if not found:
        raise BluehookError(f"{name}: no finding of the last scan here, and no weakness; run bluehook scan first")
    for finding in found:
        reasons = decide(finding.weakness, finding.evidence).reasons
        _output.show(report.explain(finding, reasons, look.width))
    return 0
