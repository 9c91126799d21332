"""``bluehook scan`` on real repositories: what is looked at, what is said, and the exit status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from calling import BAD, GOOD, Ended, bluehook, environment, program
from gitrepo import GitRepo


def weaknesses(ended: Ended) -> list[tuple[str, str, str]]:
    """Path, weakness and verdict of what a JSON report shows."""
    report = json.loads(ended.out)
    return [(f["location"]["path"], f["weakness"], f["verdict"]) for f in report["findings"] if not f.get("suppressed")]


def test_a_hole_blocks_and_its_twin_does_not(repo: GitRepo, cache: Path) -> None:
    repo.write("bad.py", BAD)
    repo.write("good.py", GOOD)
    ended = bluehook(repo.path, cache, "scan", "--format", "json")
    assert ("bad.py", "sql-injection", "likely") in weaknesses(ended)
    assert {path for path, _, _ in weaknesses(ended)} == {"bad.py"}
    assert ended.status == 1
    (repo.path / "bad.py").unlink()
    assert bluehook(repo.path, cache, "scan").status == 0


def test_staged_means_the_index(repo: GitRepo, cache: Path) -> None:
    repo.stage("app.py", GOOD)
    repo.write("app.py", BAD)
    assert bluehook(repo.path, cache, "scan", "--staged").status == 0
    repo.add("app.py")
    repo.write("app.py", GOOD)
    ended = bluehook(repo.path, cache, "scan", "--staged")
    assert ended.status == 1
    assert 'name + "\'"' in ended.out, "the staged line is quoted, not the one in the working tree"


def test_a_change_is_not_blamed_for_what_was_there(repo: GitRepo, cache: Path) -> None:
    repo.stage("app.py", BAD)
    repo.commit()
    repo.stage("app.py", BAD + "\n\ndef other():\n    return 1\n")
    assert bluehook(repo.path, cache, "scan", "--staged").status == 0
    assert bluehook(repo.path, cache, "scan", "--staged", "--all-findings").status == 1
    repo.stage("app.py", BAD.replace("    name = ", "    # now\n    name = "))
    assert bluehook(repo.path, cache, "scan", "--staged").status == 1


def test_a_change_elsewhere_that_makes_a_hole_is_blamed(repo: GitRepo, cache: Path) -> None:
    head, body = "from shop import settings\n", "\n\ndef run(name):\n    settings.call('ping ' + name)\n"
    repo.stage("app.py", head + body)
    repo.commit()
    repo.stage("app.py", "import other as settings\n" + body)
    repo.commit()
    assert bluehook(repo.path, cache, "scan", "--diff", "HEAD~1..HEAD").status == 0
    repo.stage("app.py", head + body.replace("settings.call", "system"))
    repo.commit()
    repo.stage("app.py", "from os import system\n" + body.replace("settings.call", "system"))
    ended = bluehook(repo.path, cache, "scan", "--staged", "--fail-on", "possible", "-f", "json")
    assert [weakness for _, weakness, _ in weaknesses(ended)] == ["command-injection"]
    assert ended.status == 1


def test_a_change_in_a_file_that_is_imported_is_seen_in_spite_of_the_cache(repo: GitRepo, cache: Path) -> None:
    view = "from flask import request\nfrom tools import perform\n\ndef x():\n    return perform(request.args['a'])\n"
    repo.write("views.py", view)
    repo.write("tools.py", "def perform(line):\n    return int(line)\n")
    assert bluehook(repo.path, cache, "scan", "views.py").status == 0
    assert bluehook(repo.path, cache, "scan", "views.py").status == 0
    repo.write("tools.py", "import os\n\ndef perform(line):\n    return os.system('ls ' + line)\n")
    ended = bluehook(repo.path, cache, "scan", "views.py", "-f", "json")
    assert ("views.py", "command-injection", "likely") in weaknesses(ended)
    (repo.path / "tools.py").unlink()
    assert bluehook(repo.path, cache, "scan", "views.py").status == 0


def test_a_range(repo: GitRepo, cache: Path) -> None:
    repo.stage("app.py", GOOD)
    first = repo.commit()
    repo.stage("app.py", BAD)
    second = repo.commit()
    assert bluehook(repo.path, cache, "scan", "--diff", f"{first}..{second}").status == 1
    assert bluehook(repo.path, cache, "scan", "--diff", f"{second}..{first}").status == 0
    wrong = bluehook(repo.path, cache, "scan", "--diff", "no-such..HEAD")
    assert wrong.status == 2
    assert "Traceback" not in wrong.err
    assert "names no commit" in wrong.err


def test_standard_input(repo: GitRepo, cache: Path) -> None:
    ended = bluehook(repo.path, cache, "scan", "-", "--stdin-name", "lib/app.py", "-f", "json", given=BAD.encode())
    assert ("lib/app.py", "sql-injection", "likely") in weaknesses(ended)


def test_outside_a_repository(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "app.py").write_text(BAD)
    assert bluehook(tmp_path / "plain", cache, "scan").status == 1
    staged = bluehook(tmp_path / "plain", cache, "scan", "--staged")
    assert staged.status == 2
    assert "not inside a git repository" in staged.err


def test_ci_is_told_of_a_configuration_that_asks_for_less(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", GOOD)
    repo.write("pyproject.toml", "[tool.bluehook]\nengines = { semgrep = false }\nexclude = ['/gen/']\n")
    assert "asks for less" not in bluehook(repo.path, cache, "scan").out
    assert "asks for less than what is shipped (engines.semgrep, exclude);" in (
        bluehook(repo.path, cache, "scan", CI="true").out
    )


def test_an_ignore_comment_with_a_reason(repo: GitRepo, cache: Path) -> None:
    ignored = BAD.replace(".fetchone()", ".fetchone()  # bluehook: ignore[CWE-89] read-only replica of a demo")
    repo.write("app.py", ignored)
    assert bluehook(repo.path, cache, "scan").status == 0
    repo.write("app.py", ignored.replace("CWE-89", "CWE-79"))
    ended = bluehook(repo.path, cache, "scan")
    assert ended.status == 1
    assert "ignore[CWE-79]" in ended.out, "an ignore that hides nothing is told"


def test_baseline_accepts_today_and_nothing_more(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", BAD)
    assert bluehook(repo.path, cache, "baseline").status == 0
    repo.write("pyproject.toml", '[tool.bluehook]\nbaseline = ".bluehook-baseline"\n')
    assert bluehook(repo.path, cache, "scan").status == 0
    repo.write("app.py", "import os\n\n\n" + BAD)
    assert bluehook(repo.path, cache, "scan").status == 0, "moved code stays quiet"
    statement = BAD.splitlines()[-1].replace("return ", "").replace(".fetchone()", "")
    repo.write("app.py", "\n".join([*BAD.splitlines()[:-1], statement, ""]))
    assert bluehook(repo.path, cache, "baseline").status == 0
    repo.write("app.py", "\n".join([*BAD.splitlines()[:-1], statement, statement, ""]))
    assert bluehook(repo.path, cache, "scan").status == 1, "a second twin is new"


def test_configuration_mistakes_are_two_lines(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", GOOD)
    repo.write("pyproject.toml", "[tool.bluehook]\nfail-onn = 'likely'\n")
    ended = bluehook(repo.path, cache, "scan")
    assert ended.status == 2
    assert "fail-on" in ended.err
    assert "pyproject.toml:2" in ended.err
    assert len(ended.err.strip().splitlines()) <= 2


def test_test_code_does_not_block(repo: GitRepo, cache: Path) -> None:
    repo.write("tests/test_app.py", BAD)
    assert bluehook(repo.path, cache, "scan").status == 0


def test_several_reports_in_one_run(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", BAD)
    pairs = [
        ("sarif", "a.sarif"),
        ("junit", "deep/b.xml"),
        ("gitlab", "c.json"),
        ("markdown", "d.md"),
        ("json", "e.json"),
    ]
    arguments = [part for name, file in pairs for part in ("--format", name, "--output", file)]
    ended = bluehook(repo.path, cache, "scan", "--format", "console", *arguments)
    assert ended.status == 1
    assert "sql-injection" in ended.out
    for _, file in pairs:
        assert "sql-injection" in (repo.path / file).read_text()


def test_the_same_again_is_answered_from_the_cache(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", BAD)
    first = json.loads(bluehook(repo.path, cache, "scan", "-f", "json").out)
    again = json.loads(bluehook(repo.path, cache, "scan", "-f", "json").out)
    assert (first["cached"], again["cached"]) == (0, 1)
    assert first["findings"] == again["findings"]
    repo.write("pyproject.toml", '[tool.bluehook]\nsanitizers = ["lib.clean"]\n')
    changed = json.loads(bluehook(repo.path, cache, "scan", "-f", "json").out)
    assert changed["cached"] == 0, "another configuration asks anew"
    attacked = json.loads(bluehook(repo.path, cache, "scan", "--verify", "-f", "json").out)
    assert attacked["cached"] == 1, "an attack begins with what a scan without one has found"


def test_broken_files_are_named_and_fail_in_ci(repo: GitRepo, cache: Path) -> None:
    repo.write("old.py", 'print "hello %s" % name\nexec code in scope\n')
    repo.write("binary.py", b"\x00\x01\x02\xff" * 100)
    ended = bluehook(repo.path, cache, "scan")
    assert ended.status == 0
    assert "binary.py" in ended.out
    assert bluehook(repo.path, cache, "scan", CI="true").status == 3


def test_explain_speaks_of_what_was_printed(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", BAD)
    report = json.loads(bluehook(repo.path, cache, "scan", "-f", "json").out)
    name = next(f["id"] for f in report["findings"] if f["weakness"] == "sql-injection")
    ended = bluehook(repo.path, cache, "explain", name[:8])
    assert ended.status == 0
    assert "semgrep" in ended.out
    assert bluehook(repo.path, cache, "explain", "0000").status == 2


def test_a_missing_engine_is_told_and_the_rest_goes_on(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", "import os\n\n\ndef run(name):\n    os.system('ping ' + name)\n")
    code = (
        "import sys; from bluehook.detect import semgrep; semgrep._core = lambda: None; "
        "semgrep._front_end = lambda: None; from bluehook.cli import main; sys.argv[0] = 'bluehook'; main()"
    )
    command = [sys.executable, "-c", code, "scan"]
    calling: dict[str, Any] = {"cwd": repo.path, "env": environment(cache), "capture_output": True}
    for more, status in (["--on-incomplete", "warn"], 0), (["--on-incomplete", "fail"], 3):
        ended = subprocess.run([*command, "--fail-on", "never", "--show-all", *more], **calling, check=False)
        assert ended.returncode == status
        assert b"semgrep is not installed" in ended.stdout
        assert b"command-injection" in ended.stdout, "the others went on"


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_no_engine_outlives_an_interrupted_scan(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", BAD)
    slow = repo.write("slow.sh", "#!/bin/sh\necho $$ > started\nexec sleep 60\n", executable=True)
    code = (
        "import sys, pathlib; from bluehook.detect import semgrep; "
        f"semgrep._core = lambda: pathlib.Path({str(slow)!r}); "
        "from bluehook.cli import main; sys.argv[0] = 'bluehook'; main()"
    )
    scan = subprocess.Popen(
        [sys.executable, "-c", code, "scan"], cwd=repo.path, env=environment(cache), stdout=subprocess.DEVNULL
    )
    marks: list[Path] = []
    deadline = time.monotonic() + 60
    while not marks and time.monotonic() < deadline:
        marks = [p for p in [repo.path / "started"] if p.exists() and p.read_text().strip()]
        time.sleep(0.05)
    assert marks, "the engine never started"
    scan.send_signal(signal.SIGTERM)
    assert scan.wait(30) == 128 + signal.SIGTERM
    pid = int(marks[0].read_text())
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    assert state.strip() in ("", "Z"), "killed with the scan"


def test_names_that_are_no_utf8(repo: GitRepo, cache: Path) -> None:
    try:
        Path(repo.path / "caf\udce9 -x\n.py").write_text(BAD)
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes no such names")
    repo.add()
    ended = bluehook(repo.path, cache, "scan", "--staged", "-f", "json")
    assert ended.status == 1
    assert any("\\xe9" in path for path, _, _ in weaknesses(ended))


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "--staged", "--diff", "A..B"],
        ["scan", "--diff", ""],
        ["scan", "--stdin-name", "x.py"],
        ["scan", "-", "app.py"],
        ["scan", "-o", "x", "-o", "y"],
        ["scan", "-o", "x.sarif"],
        ["config", "nowhere"],
        ["scam"],
    ],
)
def test_usage_mistakes(repo: GitRepo, cache: Path, arguments: list[str]) -> None:
    ended = bluehook(repo.path, cache, *arguments)
    assert ended.status == 2
    assert ended.err.startswith("bluehook: ")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("name", ["multiprocessing", "signal"])
@pytest.mark.parametrize("by_module", [False, True])
def test_many_files_run_nothing_of_the_repository(repo: GitRepo, cache: Path, name: str, by_module: bool) -> None:
    """Neither the program nor its worker processes take modules of the current folder for those of the library."""
    for number in range(60):
        repo.write(f"module_{number}.py", GOOD)
    cache.mkdir(exist_ok=True)
    mark, start = cache / "ran", cache / "start.py"
    repo.write(f"{name}.py", f"open({str(mark)!r}, 'w').close()\n")
    start.write_text("from bluehook.cli import main\nif __name__ == '__main__':\n    main()\n")
    command = [sys.executable, *(["-m", "bluehook"] if by_module else [str(start)]), "scan", "--no-cache"]
    ended = program(command, repo.path, environment(cache))
    assert (ended.status, mark.exists()) == (0, False), ended


def test_a_file_that_is_called_like_an_option_shows_the_way(repo: GitRepo, cache: Path) -> None:
    repo.write("-rf.py", BAD)
    assert "-- -rf.py" in bluehook(repo.path, cache, "scan", "-rf.py").err
    assert bluehook(repo.path, cache, "scan", "--", "-rf.py").status == 1


@pytest.mark.parametrize(
    ("said", "meant"), [("xss", "cross-site-scripting"), ("89", "CWE-89"), ("sql", "sql-injection")]
)
def test_names_that_people_use_lead_to_ours(repo: GitRepo, cache: Path, said: str, meant: str) -> None:
    ended = bluehook(repo.path, cache, "explain", said)
    assert (ended.status, f"did you mean {meant}?" in ended.err) == (2, True)
    assert "sql-injection" in bluehook(repo.path, cache, "explain").out, "without a name all are listed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk as Linux has it")
def test_a_report_that_cannot_be_printed_is_one_line(repo: GitRepo, cache: Path) -> None:
    repo.write("app.py", GOOD)
    for shell in ("exec bluehook scan > /dev/full", "exec bluehook scan >&-"):
        command = ["sh", "-c", shell.replace("bluehook", f"'{sys.executable}' -m bluehook")]
        ended = subprocess.run(command, cwd=repo.path, env=environment(cache), capture_output=True, check=False)
        assert ended.returncode == 2
        assert ended.stderr.count(b"\n") == 1, ended.stderr
