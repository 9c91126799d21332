"""How long bluehook takes beside its peers, measured as ratios in one run, and how its memory grows with the files.

    python -m benchmarks.speed [--env DIR] [--only NAME ...] [--runs N] [--tree DIR] [--json FILE]

Every program runs as a whole process from one installed environment (benchmarks.environment makes it where it is
missing). Contenders take turns within a round and the rounds alternate their order; a ratio is the median over the
rounds. The scenarios:

    start   bluehook --help, beside an interpreter that does nothing
    ten     ten changed files in a commit, no answer known, beside `semgrep scan` with the same rules, and bandit
    again   the same commit again, beside an interpreter that does nothing
    first   the same on a machine that never ran bluehook: the rules are compiled as well
    tree    all files of --tree, no answer known, beside `bandit -r`
    memory  peak memory over 250, 1000 and all files of --tree

`tree` and `memory` need --tree, for instance what benchmarks.packages unpacks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import environment, modules
from benchmarks.measure import Command, Cost, cost, ratio, rounds

_CHANGED = 10
_SAMPLES = (250, 1000)
_OURS = "bluehook"


class Comparison(NamedTuple):
    """One scenario: what was looked at, and the costs of each contender, ours first."""

    name: str
    about: str
    costs: dict[str, list[Cost]]


class Bench:
    """Where the programs are, and a scratch folder for repositories and caches."""

    def __init__(self, programs: Path, scratch: Path, runs: int, tree: Path | None) -> None:
        self.runs = runs
        self.tree = tree
        self._programs = programs
        self._scratch = scratch
        self._numbers = iter(range(1_000_000))
        self._compiled = self._new("compiled")
        self._empty = self._new("nothing")
        # Compiles the rules into a cache that every cold run gets a copy of, without any answer in it.
        (self._empty / "one.py").write_text("x = 1\n")
        cost(self._bluehook(["scan", "."], self._empty, self._compiled))
        for answers in self._compiled.glob("answers*"):
            answers.unlink()
        self.rules = next(self._compiled.glob("rules-*.json"))

    def start(self) -> Comparison:
        ours = self._bluehook(["--help"], self._empty, self._compiled)
        return self._compare("start", "bluehook --help", {_OURS: lambda: ours, "python -c pass": self._nothing})

    def ten(self) -> Comparison:
        repository, names = self._commit()
        return self._compare(
            "ten",
            f"{_CHANGED} staged files, {_lines([repository / name for name in names])} lines, cold",
            {
                _OURS: lambda: self._hook(repository, self._cold()),
                "semgrep scan": lambda: self._semgrep(repository, names),
                "bandit": lambda: self._bandit(repository, names),
            },
        )

    def again(self) -> Comparison:
        repository, names = self._commit()
        warm = self._cold()
        cost(self._hook(repository, warm))
        about = f"the same {len(names)} files again"
        return self._compare(
            "again", about, {_OURS: lambda: self._hook(repository, warm), "python -c pass": self._nothing}
        )

    def first(self) -> Comparison:
        repository, names = self._commit()
        about = f"{len(names)} staged files on a machine that never ran bluehook"
        return self._compare(
            "first", about,
            {
                _OURS: lambda: self._hook(repository, self._new("cache")),
                "with compiled rules": lambda: self._hook(repository, self._cold()),
            },
        )  # fmt: skip

    def whole_tree(self) -> Comparison:
        tree = self._tree()
        files = sorted(tree.rglob("*.py"))
        bandit = self._bandit(tree, ["-r", "."])
        return self._compare(
            "tree",
            f"{len(files)} files, {_lines(files)} lines, cold",
            {_OURS: lambda: self._bluehook(self._everything(["."]), tree, self._cold()), "bandit -r": lambda: bandit},
        )

    def memory(self) -> Comparison:
        tree = self._tree()
        files = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*.py"))
        costs = {}
        for count in [*(size for size in _SAMPLES if size < len(files)), len(files)]:
            # Evenly spread, so that each sample has small and large files in the same mixture.
            names = [files[number * len(files) // count] for number in range(count)]
            command = self._bluehook(self._everything(names), tree, self._cold())
            costs[f"{count} files"] = [cost(command, with_memory=True)]
        return Comparison("memory", "peak memory of bluehook and all that it starts", costs)

    def _compare(self, name: str, about: str, contenders: dict[str, Callable[[], Command]]) -> Comparison:
        return Comparison(name, about, rounds(contenders, self.runs))

    def _tree(self) -> Path:
        if self.tree is None:
            raise SystemExit("benchmarks.speed: name a directory with --tree")
        return self.tree

    def _everything(self, names: list[str]) -> list[str]:
        """A scan that leaves out no folder, as bandit does not either."""
        config = self._empty / "everything.toml"
        config.write_text("default-exclude = false\n")
        return ["scan", "--no-verify", "--config", str(config), *names]

    def _commit(self) -> tuple[Path, list[str]]:
        """A repository with staged files, and their names."""
        repository = self._new("repository")
        names = [path.name for path in modules.write(repository, _CHANGED)]
        for step in (["init", "--quiet"], ["add", "--", *names]):
            subprocess.run(["git", *step], cwd=repository, env=self._env(self._empty), check=True)
        return repository, names

    def _new(self, kind: str) -> Path:
        path = self._scratch / f"{kind}-{next(self._numbers)}"
        path.mkdir()
        return path

    def _cold(self) -> Path:
        """A cache with the compiled rules in it and no answers."""
        path = self._new("cache")
        shutil.copy(self.rules, path)
        return path

    def _hook(self, repository: Path, cache: Path) -> Command:
        return self._bluehook(["scan", "--hook", "pre-commit"], repository, cache)

    def _bluehook(self, arguments: list[str], cwd: Path, cache: Path) -> Command:
        return Command([str(self._programs / "bluehook"), *arguments], cwd, self._env(cache))

    def _semgrep(self, cwd: Path, names: list[str]) -> Command:
        flags = ["--json", "--quiet", "--dataflow-traces", "--metrics=off", "--disable-version-check"]
        command = [str(self._programs / "semgrep"), "scan", "--config", str(self.rules), *flags, *names]
        return Command(command, cwd, self._env(self._empty))

    def _bandit(self, cwd: Path, names: list[str]) -> Command:
        return Command([str(self._programs / "bandit"), "-q", "-f", "json", *names], cwd, self._env(self._empty))

    def _nothing(self) -> Command:
        return Command([str(self._programs / "python"), "-c", "pass"], self._empty, self._env(self._empty))

    def _env(self, cache: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "SYSTEMROOT", "TMPDIR") if name in os.environ}
        path = f"{self._programs}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "PATH": path, "BLUEHOOK_CACHE_DIR": str(cache), "GIT_CONFIG_GLOBAL": os.devnull}


SCENARIOS: dict[str, Callable[[Bench], Comparison]] = {
    "start": Bench.start,
    "ten": Bench.ten,
    "again": Bench.again,
    "first": Bench.first,
    "tree": Bench.whole_tree,
    "memory": Bench.memory,
}


def told(comparison: Comparison) -> str:
    """A comparison as text, a line each contender."""
    lines = [f"{comparison.name}: {comparison.about}"]
    ours = next(iter(comparison.costs.values()))
    for name, costs in comparison.costs.items():
        wall, cpu = (statistics.median(values) for values in ([c.wall for c in costs], [c.cpu for c in costs]))
        line = f"  {name:22} {wall:8.2f} s   cpu {cpu:8.2f} s"
        if costs[0].memory:
            line += f"   memory {costs[0].memory / 2**20:6.0f} MiB"
        elif costs is not ours:
            line += f"   bluehook takes {ratio(ours, costs):.2f} of it"
        lines.append(line)
    return "\n".join(lines)


def as_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison for ``--json``: every single run, and the ratios."""
    ours = next(iter(comparison.costs.values()))
    return {
        "scenario": comparison.name,
        "about": comparison.about,
        "runs": {name: [c._asdict() for c in costs] for name, costs in comparison.costs.items()},
        "ratios": {
            name: ratio(ours, costs)
            for name, costs in comparison.costs.items()
            if costs is not ours and not costs[0].memory
        },
    }


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    home = environment.CHECKOUT / "build" / "benchmark-environment"
    parser.add_argument("--env", type=Path, default=home, help="the environment to measure (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, help="these scenarios (default: all that can run)")
    parser.add_argument("--runs", type=int, default=5, help="rounds (default: %(default)s)")
    parser.add_argument("--tree", type=Path, help="directory for the scenarios tree and memory")
    parser.add_argument("--json", type=Path, help="write every single run into this file")
    given = parser.parse_args()
    wanted = given.only or [name for name in SCENARIOS if given.tree or name not in ("tree", "memory")]
    programs = environment.programs(given.env.resolve())
    if not (programs / "bluehook").exists():
        print(f"installing into {given.env}", file=sys.stderr)
        environment.install(given.env.resolve())
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {given.runs} rounds, medians", flush=True)
    data = []
    with tempfile.TemporaryDirectory(prefix="bluehook-speed-") as scratch:
        bench = Bench(programs, Path(scratch), given.runs, given.tree and given.tree.resolve())
        for name in wanted:
            comparison = SCENARIOS[name](bench)
            data.append(as_data(comparison))
            print(told(comparison), flush=True)
    if given.json:
        given.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _lines(files: list[Path]) -> int:
    return sum(file.read_bytes().count(b"\n") for file in files)


if __name__ == "__main__":
    main()
