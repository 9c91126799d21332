"""Which rules cost what: the time that Semgrep spends on each, and on how many files it looks at all.

    python -m benchmarks.rules [--tree DIR] [--top N]

The engine passes over a rule for a file that lacks the words without which the rule cannot match. It takes them from
the patterns; where a source or a sink has a form without any fixed word (`$X[...]`, a quoted key, a metavariable with
an anchored regex), there is nothing to take, and the rule runs on every file. Such a rule is marked `every file`. The
cure is one more condition in each sink, which matches the whole file or nothing:

    - pattern-regex: (?s)\\A.*(?:redirect|Location).*\\Z
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import modules
from bluehook.detect import semgrep
from bluehook.detect.semgrep import pack
from bluehook.resources import folder

_MODULES = 10


class RuleCost(NamedTuple):
    """One rule: its seconds over all files, on how many it ran, and whether its patterns have words to look for."""

    rule: str
    seconds: float
    files: int
    filtered: bool


def costs(files: Sequence[Path]) -> list[RuleCost]:
    """The cost of each rule on these files, most expensive first.

    Raises:
        RuntimeError: there is no semgrep-core, or it failed.
    """
    core = semgrep._core()
    if core is None:
        raise RuntimeError("semgrep-core is not installed")
    with tempfile.TemporaryDirectory(prefix="bluehook-rules-") as scratch:
        rules, targets = pack.compiled([folder("rules")], Path(scratch)).path, Path(scratch, "targets.json")
        targets.write_text(json.dumps(["Targets", [_target(file) for file in files]]))
        filters = {entry["rule_id"]: entry.get("filter", "None") for entry in _ask(core, "-prefilter_of_rules", rules)}
        flags = ["-json_nodots", "-json_time", "-fast", "-disable_rule_paths", "-j", "1"]
        times = _ask(core, *flags, "-rules", rules, "-targets", targets)["time"]
    spent = [target["match_times"] for target in times["targets"]]
    found = []
    for number, rule in enumerate(times["rules"]):
        seconds = [of_file[number] for of_file in spent]
        found.append(RuleCost(rule, sum(seconds), sum(one > 0 for one in seconds), filters[rule] != "None"))
    return sorted(found, key=lambda cost: -cost.seconds)


def _target(file: Path) -> list[object]:
    name = str(file.resolve())
    return ["CodeTarget", {"path": {"fpath": name, "ppath": name}, "analyzer": "python", "products": ["sast"]}]


def _ask(core: Path, *arguments: str | Path) -> Any:
    ended = subprocess.run([core, *arguments], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"semgrep-core: exit status {ended.returncode}: {ended.stderr[-500:]}")
    # -json_time prints a dot for each file all the same.
    return json.loads(ended.stdout.lstrip(".\n"))


def main() -> None:
    """Print the most expensive rules."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=Path, help="look at the files of this directory instead of made ones")
    parser.add_argument("--top", type=int, default=25, help="so many rules (default: %(default)s)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bluehook-modules-") as made:
        tree = given.tree
        files = sorted(tree.rglob("*.py")) if tree else list(modules.write(Path(made), _MODULES))
        ranked = costs(files)
    total = sum(cost.seconds for cost in ranked)
    print(f"{len(ranked)} rules on {len(files)} files: {total:.2f} s of matching")
    for cost in ranked[: given.top]:
        every = "" if cost.filtered else "   every file"
        print(f"{cost.seconds:8.3f} s {cost.seconds / total:5.0%}  {cost.files:5} files  {cost.rule}{every}")
    unfiltered = [cost.rule for cost in ranked if not cost.filtered]
    print(f"without any filter: {', '.join(sorted(unfiltered)) or 'none'}", file=sys.stderr)


if __name__ == "__main__":
    main()
