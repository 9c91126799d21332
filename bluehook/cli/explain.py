"""``bluehook explain``: the chain of evidence of a finding, or the page of a weakness."""

from __future__ import annotations

import click


@click.command("explain", short_help="Explain a finding by its ID, or a weakness.")
@click.argument("name", metavar="[ID|WEAKNESS]", required=False)
def command(name: str | None) -> int:
    """Explain a finding of the last scan by its ID (its beginning is enough), or a weakness (sql-injection, CWE-89).

    Without a name: list the weaknesses.
    """
    from bluehook import report, weaknesses
    from bluehook.cli import _memory, _output
    from bluehook.cli._session import Session
    from bluehook.decide import decide
    from bluehook.findings import BluehookError

    if name is None:
        width = max(map(len, weaknesses.TABLE))
        for slug, row in weaknesses.TABLE.items():
            click.echo(f"{slug:{width}}  CWE-{row.cwe:<4}  {row.title}")
        return 0
    look = _output.fitting()
    pages = [row for slug, row in weaknesses.TABLE.items() if weaknesses.matches(name, slug)]
    if pages:
        main = [row for row in pages if name.lower() in (row.slug, f"cwe-{row.cwe}")] or pages
        for row in main:
            _output.show(report.page(row, look.width))
        return 0
    session = Session({})
    known = [finding for result in _memory.recall(session.cache, str(session.root)) for finding in result.findings]
    found = [finding for finding in known if finding.id.startswith(name.lower())]
    if not found:
        hint = weaknesses.guess(name) or "; bluehook scan and check make findings, bluehook explain lists weaknesses"
        raise BluehookError(f"{name}: no finding of the last scan or check here, and no weakness{hint}")
    for finding in found:
        reasons = decide(finding.weakness, finding.evidence).reasons
        _output.show(report.explain(finding, reasons, look.width))
    return 0
