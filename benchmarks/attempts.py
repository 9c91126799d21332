"""What attacks cost: an attempt in a worker that is warm, a worker's start, and a hook that verifies.

    python -m benchmarks.attempts [--runs N] [--python PYTHON] [--json FILE]

An attempt is one call of the function under attack, with all that is watched meanwhile. It is measured on a plain
function and on a handler of Flask, as the time of a whole target over the calls that were made for it; the median of
the runs is told. A start is the first answer of a worker that has nothing loaded. The hook is `bluehook scan --staged`
on a copy of `examples/shop`, all of it staged: without attacks, with attacks, and once more with what is remembered.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bluehook.verify import Settings, Target, interpreter, sandbox
from bluehook.verify.pool import Pool, Work

_SHOP = Path(__file__).parent.parent / "examples" / "shop"
_SOURCES = {
    "plain.py": (
        "import os\n\ndef {name}(name):\n    with open(os.path.join('documents', name)) as file:\n"
        "        return file.read()\n"
    ),
    "web.py": (
        "from flask import Flask, request\nfrom markupsafe import escape\n\napp = Flask(__name__)\n\n"
        "@app.get('/greet')\ndef {name}():\n    return '<p>' + escape(request.args['name']) + '</p>'\n"
    ),
}
_FUNCTION = "target"


def attempts(folder: Path, python: Path, runs: int) -> dict[str, float]:
    """Milliseconds for an attempt on each sort of function, and for the start of a worker."""
    for name, text in _SOURCES.items():
        (folder / name).write_text(text.format(name=_FUNCTION), encoding="utf-8")
    found: dict[str, float] = {}
    started = time.perf_counter()
    with Pool(sandbox.choose(), Work(root=folder, python=python, modules=("flask",)), 1) as pool:
        [first] = pool.run([Target(path="plain.py", function=_FUNCTION)], None)
        found["start"] = (time.perf_counter() - started - first.reply.timings["total"]) * 1000
        for name in _SOURCES:
            target = Target(path=name, function=_FUNCTION)
            replies = [attempt.reply for attempt in pool.run([target] * runs, None)]
            costs = [(r.timings["total"] - r.timings["load"]) / r.timings["runs"] for r in replies if not r.problem]
            whole = [reply.timings["total"] for reply in replies if not reply.problem]
            found[f"{name}: attempt"] = statistics.median(costs) * 1000
            found[f"{name}: target"] = statistics.median(whole) * 1000
            found[f"{name}: load"] = statistics.median(r.timings["load"] for r in replies if not r.problem) * 1000
    return found


def hook(folder: Path, python: Path) -> dict[str, float]:
    """Milliseconds of a scan of the example application as it is staged."""
    repository = folder / "repository"
    shutil.copytree(_SHOP, repository / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    for step in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *step], cwd=repository, check=True)
    cache = str(folder / "cache")
    found = {}
    for name, flags in (("once, unseen", ["--no-verify"]), ("without attacks", ["--no-verify"]),
                        ("with attacks", ["--verify"]), ("with attacks, again", ["--verify"])):  # fmt: skip
        command = [sys.executable, "-m", "bluehook", "scan", "--staged", *flags, "--python", str(python)]
        started = time.perf_counter()
        ended = subprocess.run(command, cwd=repository, capture_output=True, env=_environment(cache), check=False)
        found[f"hook {name}"] = (time.perf_counter() - started) * 1000
        if ended.returncode not in (0, 1):
            raise RuntimeError(f"exit status {ended.returncode}: {ended.stderr.decode(errors='replace')}")
    return found


def _environment(cache: str) -> dict[str, str]:
    import os

    root = str(_SHOP.parent.parent)
    return {**os.environ, "BLUEHOOK_CACHE_DIR": cache, "PYTHONPATH": root}


def main() -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--python", type=Path, help="the interpreter to attack on, with Flask")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    python = interpreter.find(Path.cwd(), given.python or Settings().python, {}).executable
    with tempfile.TemporaryDirectory(prefix="bluehook-attempts-") as name:
        project = Path(name, "project")
        project.mkdir()
        found = {**attempts(project, python, given.runs), **hook(Path(name), python)}
    for what, milliseconds in found.items():
        rate = f"  {1000 / milliseconds:.0f} a second" if what.endswith("attempt") else ""
        print(f"{what:24} {milliseconds:9.1f} ms{rate}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
