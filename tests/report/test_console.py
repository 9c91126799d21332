from __future__ import annotations

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest
from report_samples import (
    OPTIONS,
    alone,
    blocked,
    clean,
    hostile,
    likely,
    location,
    possible,
    proven,
    refuted,
    suppressed,
)
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Finding, Problem, Result, StageRun
from bluehook.report import Options, fitting, names, render

ALL = msgspec.structs.replace(OPTIONS, show_all=True)


def console(result: Result, options: Options = OPTIONS) -> str:
    return render("console", result, options)


def last_line(result: Result, options: Options = OPTIONS) -> str:
    return console(result, options).splitlines()[-1]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_blocked(snapshot: SnapshotAssertion) -> None:
    assert console(blocked()) == snapshot


def test_blocked_in_a_hook_in_colour(snapshot: SnapshotAssertion) -> None:
    assert console(blocked(), msgspec.structs.replace(OPTIONS, hook="pre-commit", colour=True)) == snapshot


def test_everything_shown(snapshot: SnapshotAssertion) -> None:
    assert console(blocked(), ALL) == snapshot


@pytest.mark.parametrize("finding", [proven(), likely(), possible(), refuted(), suppressed()], ids=lambda f: f.weakness)
def test_one_of_each_verdict(finding: Finding, snapshot: SnapshotAssertion) -> None:
    assert console(alone(finding), ALL) == snapshot


def test_hostile_text_is_spelt_out(snapshot: SnapshotAssertion) -> None:
    text = console(alone(hostile()))
    assert text.replace("\n", "").isprintable()
    text.encode("utf-8")
    assert "[bold]markup[/bold] :smile:" in text
    assert text == snapshot


def test_hostile_source_line_is_underlined_where_it_is_shown() -> None:
    finding = likely()
    finding.location = location(1, 6, 1, 9)
    text = console(alone(finding), Options(read=lambda _: "\t\u202e世界 = bad\n".encode()))
    source, underline = text.splitlines()[2:4]
    assert source == r"   1 |     \u202e世界 = bad"
    # Each of the two ideographs takes two columns.
    assert underline.index("^") == source.index("= bad") + 2
    assert underline.count("^") == 3


def test_documentation_shows_what_is_printed() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    block = console(alone(likely())).partition("\n\n")[0]
    assert textwrap.indent(block, "    ") in documented
    assert all(f"| `{name}` |" in documented for name in names())


def test_nothing_blocks_is_one_line() -> None:
    assert console(clean()) == "bluehook: 3 files, nothing blocks in 0.21 s\n"


def test_possible_ones_are_counted_in_one_line() -> None:
    result = clean()
    result.findings = [possible(), possible(), refuted(), suppressed()]
    assert console(result) == (
        "bluehook: 3 files, nothing blocks (2 possible, 1 refuted, 1 suppressed; --show-all) in 0.21 s\n"
    )


def test_nothing_to_scan() -> None:
    assert console(Result(root="/r", version="0")) == "bluehook: nothing to scan\n"


def test_push_that_is_stopped_is_told_how_to_go_on() -> None:
    text = console(blocked(), msgspec.structs.replace(OPTIONS, hook="pre-push"))
    assert "fix: as said above, then commit and push again" in text
    assert "push all the same: git push --no-verify" in text
    assert "git commit" not in text


def test_interrupted_run_says_so_even_when_nothing_was_seen_yet() -> None:
    result = Result(root="/r", version="0", exit_code=130, problems=[Problem("scan", "interrupted")])
    assert "0 files, nothing blocks so far in" in console(result)
    assert "(exit status 130)" in console(result)


def test_strong_findings_are_told_even_when_they_do_not_block() -> None:
    result = alone(msgspec.structs.replace(likely(), blocks=False))
    result.fail_on = "never"
    text = console(result)
    assert "LIKELY  Input becomes part of a shell command" in text
    assert "(does not block)" in text
    assert "nothing blocks (1 likely; --show-all)" in text


def test_silence_is_not_clean() -> None:
    result = clean()
    result.problems = [Problem("parse", "permission denied", "shop/a.py")]
    result.stages = [StageRun("semgrep", "failed", reason="killed after 30 s")]
    result.exit_code = 3
    text = console(result)
    assert "shop/a.py: parse: permission denied" in text
    assert "semgrep failed (killed after 30 s)" in text
    assert text.endswith("nothing blocks in 0.21 s, BUT NOT EVERYTHING WAS LOOKED AT (exit status 3)\n")


def test_a_message_that_only_repeats_the_title_gives_way_to_the_code() -> None:
    finding = possible()
    finding.evidence[0] = msgspec.structs.replace(finding.evidence[0], message="hashlib.md5: broken hash function")
    assert console(alone(finding), ALL).splitlines()[1] == "          hashlib.md5(text)"


def test_many_possible_ones_are_counted() -> None:
    result = alone(likely())
    result.findings += [possible() for _ in range(22)]
    assert "and 12 possible more; --show-all" in console(result)
    assert "--show-all" not in console(result, ALL)


def test_many_problems_are_counted() -> None:
    result = clean()
    result.problems = [Problem("parse", "broken", f"{n}.py") for n in range(15)]
    assert "  and 5 more; --show-all\n" in console(result)
    assert "14.py" in console(result, ALL)


def test_long_flow_keeps_its_ends() -> None:
    finding = proven()
    step = finding.evidence[0].trace[1]
    trace = (finding.evidence[0].trace[0], *[step] * 9, finding.evidence[0].trace[2])
    finding.evidence[0] = msgspec.structs.replace(finding.evidence[0], trace=trace)
    text = console(alone(finding))
    assert "(7 more steps)" in text
    assert 'line 8: request.args["customer"]' in text
    assert "-> line 10: " in text


def test_paths_and_code_are_never_cut_or_wrapped() -> None:
    finding = likely()
    finding.location = location(1, 1, 1, 10, "a/" * 100 + "long.py")
    text = console(alone(finding), msgspec.structs.replace(OPTIONS, width=40))
    assert "  " + "a/" * 100 + "long.py:1:1 in ping\n" in text


def test_prose_is_wrapped() -> None:
    narrow = console(alone(likely()), msgspec.structs.replace(OPTIONS, width=50))
    assert narrow.count("\n") > console(alone(likely())).count("\n")


def test_long_lines_are_cut_around_the_span() -> None:
    finding = likely()
    finding.location = location(1, 1001, 1, 1005)
    text = console(alone(finding), Options(read=lambda _: b"x" * 1000 + b"SINK" + b"y" * 1000))
    source, underline = text.splitlines()[2:4]
    assert source.index("SINK") == underline.index("^^^^")
    assert len(source) < 450


def test_long_spans_keep_their_ends() -> None:
    finding = likely()
    finding.location = location(1, 1, 40, 3)
    text = console(alone(finding), Options(read=lambda _: b"line\n" * 40))
    assert "(35 more lines)" in text
    assert "  40 | line" in text


@pytest.mark.parametrize("data", [None, b"", b"only one line"])
def test_snippet_stands_in_for_a_file_that_cannot_be_had(data: bytes | None) -> None:
    text = console(alone(proven()), Options(read=lambda _: data))
    assert "    | rows = connection.execute(\n" in text
    assert "^" not in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "unknown-9"])
def test_text_fits_the_encoding(encoding: str) -> None:
    finding = likely()
    finding.snippet = "grüße = '世界'"
    text = console(alone(finding), Options(encoding=encoding))
    text.encode("ascii" if encoding == "unknown-9" else encoding)
    assert ("世界" in text) == (encoding == "utf-8")
    assert ("ü" in text) == (encoding in ("utf-8", "cp1252"))


def test_environment_does_not_leak_in(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = console(blocked())
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert console(blocked()) == expected
    assert "\x1b[" in console(blocked(), msgspec.structs.replace(OPTIONS, colour=True))


@pytest.mark.parametrize(
    ("terminal", "environ", "colour"),
    [
        (True, {}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {}, False),
        (False, {"CI": "true"}, False),
        (False, {"CI": "true", "FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_follows_stream_and_environment(terminal: bool, environ: dict[str, str], colour: bool) -> None:
    stream = (Terminal if terminal else io.TextIOWrapper)(io.BytesIO(), encoding="utf-8")
    assert fitting(OPTIONS, stream, environ).colour is colour


@pytest.mark.parametrize(
    ("columns", "width"), [(None, 100), ("132", 132), ("0", 100), ("wide", 100), ("7", 40), ("²", 100)]
)
def test_width_of_a_pipe(columns: str | None, width: int) -> None:
    environ = {} if columns is None else {"COLUMNS": columns}
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    fitted = fitting(OPTIONS, stream, environ)
    assert (fitted.width, fitted.encoding) == (width, "cp1252")


def test_clean_run_does_not_import_rich() -> None:
    code = (
        "import sys; from bluehook.findings import Result; from bluehook.report import render\n"
        "render('console', Result(root='/r', version='0', files=1))\n"
        "assert 'rich' not in sys.modules and 'bluehook.report.json' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_way_to_ignore_fits_the_file() -> None:
    finding = msgspec.structs.replace(likely(), weakness="prompt-injection", location=location(3, 1, 3, 9, "AGENTS.md"))
    told = console(alone(finding)).splitlines()
    assert (
        "  ignore one: <!-- bluehook: ignore[prompt-injection] reason -->   (in the paragraph or alone above it)"
        in told
    )


def test_an_effect_is_told_once() -> None:
    sample = proven()
    told = [
        msgspec.structs.replace(
            each, message=f"{each.details['effect']}, through query parameter 'q', which is outside"
        )
        if "effect" in each.details
        else each
        for each in sample.evidence
    ]
    shown = console(alone(msgspec.structs.replace(sample, evidence=tuple(told))))
    effect = next(each.details["effect"] for each in sample.evidence if "effect" in each.details)
    assert shown.count(effect) == 1
    assert "through query parameter 'q', which is outside." in " ".join(shown.split())
