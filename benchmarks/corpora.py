"""Score bluehook on labelled corpora: which unsafe cases it finds, and which safe ones it calls unsafe.

    python -m benchmarks.corpora DIR [--corpus NAME] [--verify] [--by-cwe] [--misses] [--bluehook PROGRAM]

DIR holds JSON-lines files; each line is a case with `id`, `task` (`vuln-code`; files of other tasks are passed over),
`text`, `unsafe` (true or false), and optionally `cwe` (a number) and `pair` (joins the unsafe and the safe form of one
case). The cases of a file are laid out in a temporary directory and scanned in one run, without cache. A case counts
as found when any finding is shown in it; the second row counts findings that block only. A pair is told apart when its
unsafe form is found and its safe form is not: what a tool cannot raise by flagging more. Corpora made from templates
repeat few shapes, so pairs are also counted by distinct shape (names and constants taken out).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bluehook.evaluate import score as scores
from bluehook.evaluate import table
from bluehook.evaluate.score import Score


class Case(NamedTuple):
    """One labelled case."""

    id: str
    text: str
    unsafe: bool
    cwe: int | None
    pair: str | None
    attribute: str | None = None


CODE = frozenset({"bias-code", "vuln-code"})
"""Tasks whose texts are code."""


def read(file: Path) -> list[Case]:
    """The code cases of a corpus; none when it is about another task.

    Raises:
        ValueError: a line is not a case, with the number of the line.
    """
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            case = json.loads(line)
            if case["task"] in CODE:
                labels = (case.get("cwe"), case.get("pair"), case.get("attribute"))
                cases.append(Case(case["id"], case["text"], case["unsafe"], *labels))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}:{number}: not a case: {error!r}") from error
    return cases


def score(cases: Iterable[Case], flagged: set[str]) -> Score:
    """The score when these cases (by id) were flagged, and all others were not."""
    cases = list(cases)
    return scores.score(cases, {case.id: "unsafe" if case.id in flagged else "safe" for case in cases})


def scan(cases: list[Case], program: list[str], options: Sequence[str] = ()) -> tuple[set[str], set[str]]:
    """Ids of the cases with any finding, and of those with one that blocks.

    Raises:
        RuntimeError: the scan did not end as a scan ends.
    """
    with tempfile.TemporaryDirectory(prefix="bluehook-corpora-") as folder:
        root = Path(folder, "cases")
        root.mkdir()
        names = {}
        for number, case in enumerate(cases):
            # Numbered, so that no name looks like test code or leaves the folder.
            names[f"case_{number}.py"] = case.id
            (root / f"case_{number}.py").write_text(case.text, encoding="utf-8")
        report = Path(folder, "report.json")
        command = [
            *program,
            "scan",
            ".",
            "--no-cache",
            *options,
            "--on-incomplete",
            "warn",
            "-f",
            "json",
            "-o",
            str(report),
        ]
        ended = subprocess.run(command, cwd=root, capture_output=True, check=False)
        if ended.returncode not in (0, 1):
            raise RuntimeError(f"{program}: exit status {ended.returncode}\n{ended.stderr.decode(errors='replace')}")
        return read_report(json.loads(report.read_text(encoding="utf-8")), names)


def read_report(report: dict[str, Any], names: dict[str, str]) -> tuple[set[str], set[str]]:
    """The cases (``names`` gives their ids by file) with findings that count, and with such that block."""
    shown, blocking = set(), set()
    for finding in report["findings"]:
        if finding["suppressed"] is None and finding["verdict"] != "refuted":
            case = names[finding["location"]["path"]]
            shown.add(case)
            if finding["blocks"]:
                blocking.add(case)
    for stage in report["stages"]:
        if stage["state"] != "done":
            print(f"warning: {stage['name']} {stage['state']}: {stage.get('reason', '')}", file=sys.stderr)
    return shown, blocking


def main() -> None:
    """Score every corpus of a directory."""
    from benchmarks.shapes import by_shape  # which knows cases from here

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--corpus", default="*", help="only the file of this name, without its ending")
    parser.add_argument("--verify", action="store_true", help="attack what was found in the sandbox as well")
    parser.add_argument("--by-cwe", action="store_true", help="a row for each weakness of the labels, blocking only")
    parser.add_argument("--by-attribute", action="store_true", help="a row for each protected attribute, blocking only")
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was falsely flagged")
    parser.add_argument("--bluehook", nargs="+", default=[sys.executable, "-m", "bluehook"], help="the program to run")
    given = parser.parse_args()
    print(table.HEAD)
    for file in sorted(given.directory.glob(f"{given.corpus}.jsonl")):
        cases = read(file)
        if not cases:
            print(f"{file.stem}: no code cases, passed over", file=sys.stderr)
            continue
        shown, blocking = scan(cases, given.bluehook, ("--verify",) if given.verify else ("--no-verify",))
        print(table.row(f"{file.stem}, any finding", score(cases, shown)))
        print(table.row(f"{file.stem}, blocking", score(cases, blocking)), flush=True)
        if any(case.pair is not None for case in cases):
            print(f"{'':4}told apart, blocking: {by_shape(cases, blocking)}", flush=True)
        if given.by_cwe:
            for cwe in sorted({case.cwe for case in cases}, key=lambda number: number or 0):
                print(table.row(f"  CWE-{cwe}", score([case for case in cases if case.cwe == cwe], blocking)))
        if given.by_attribute:
            for attribute in sorted({case.attribute for case in cases if case.attribute}):
                print(
                    table.row(
                        f"  {attribute}", score([case for case in cases if case.attribute == attribute], blocking)
                    )
                )
        if given.misses:
            for case in cases:
                if case.unsafe != (case.id in blocking):
                    print(f"  {'missed' if case.unsafe else 'false alarm'} {case.id}")


if __name__ == "__main__":
    main()
