from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook import weaknesses
from bluehook.bandit_ids import BANDIT, COARSE, NAMES, RETIRED
from bluehook.findings import Evidence, Finding, LineRange, Location, Says, SourceFile
from bluehook.parse import parse
from bluehook.suppress import Comment, Ignore, apply, mentions, read, suppress


def finding(
    line: int, weakness: str = "sql-injection", engine: str = "sinks", rule: str = "", column: int = 1
) -> Finding:
    return Finding(
        weakness=weakness,
        location=Location("a.py", line, column),
        symbol="",
        snippet="",
        evidence=[Evidence(engine, rule or weakness, Says.SHOWS, "")],
        scope=LineRange(line, line),
    )


def run(text: str, *findings: Finding, require_reason: bool = False) -> list[str]:
    """The notes after suppressing in a file with this text."""
    file = parse(SourceFile(path="a.py", data=text.encode()))
    notes = suppress(findings, file, require_reason)
    assert all((n.stage, n.path, n.incomplete) == ("suppress", "a.py", False) for n in notes)
    return [n.reason for n in notes]


# --- what a comment says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "names", "reason"),
    [
        ("# bluehook: ignore", None, ""),
        ("#bluehook:ignore reviewed by ann", None, "reviewed by ann"),
        ("# bluehook: ignore[CWE-89] a constant", ("CWE-89",), "a constant"),
        ("# bluehook: ignore [cwe-089 , ssrf ] -- ticket #12", ("cwe-089", "ssrf"), "ticket #12"),
        ("# BlueHook: IGNORE[ssrf]: fixed list  # type: ignore[arg]", ("ssrf",), "fixed list"),
        ("# type: ignore  # bluehook: ignore[ssrf]  # noqa: E501", ("ssrf",), ""),
    ],
)
def test_own_directives(comment: str, names: tuple[str, ...] | None, reason: str) -> None:
    ignores, faults = read(comment)
    assert faults == []
    assert [(i.tool, i.names, i.reason) for i in ignores if i.tool == "bluehook"] == [("bluehook", names, reason)]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# nosec", Ignore("nosec", None, "", "# nosec")),
        ("#nosec", Ignore("nosec", None, "", "#nosec")),
        ("# nosec B608,B602", Ignore("nosec", ("B608", "B602"), "", "# nosec B608,B602")),
        ("# nosec: B608 B602 - fixed", Ignore("nosec", ("B608", "B602"), "fixed", "# nosec: B608 B602")),
        ("# nosec yaml_load, B999", Ignore("nosec", ("B506", "B999"), "", "# nosec yaml_load, B999")),
        ("# nosec we know what we do", Ignore("nosec", None, "we know what we do", "# nosec")),
        ("# nosec # nosemgrep", Ignore("nosec", None, "", "# nosec")),
        ("# nosemgrep", Ignore("nosemgrep", None, "", "# nosemgrep")),
        ("# nosem: a.b-c, d because", Ignore("nosemgrep", ("a.b-c", "d"), "because", "# nosem: a.b-c, d")),
        ("# noqa: E501, S608", Ignore("noqa", ("S608",), "", "# noqa: E501, S608")),
        ("# NOQA:s608 S602", Ignore("noqa", ("S608", "S602"), "", "# NOQA:s608 S602")),
    ],
)
def test_directives_of_other_tools(comment: str, expected: Ignore) -> None:
    ignores, faults = read(comment)
    assert faults == []
    assert ignores[0] == expected


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: E501",
        "# ruff: noqa: S608",
        "# nosecret",
        "# nosemantics",
        "# bluehook: a fine tool",
        "# SIM102",
    ],
)
def test_what_is_no_ignore(comment: str) -> None:
    assert read(comment) == ([], [])


@pytest.mark.parametrize(
    ("comment", "fault"),
    [
        ("# bluehook: ignore[sql-injecton]", "no weakness is called 'sql-injecton'; did you mean sql-injection?"),
        ("# bluehook: ignore[B608]", "no weakness is called 'B608'"),
        ("# bluehook: ignore[]", "ignore[] names no weakness and hides nothing"),
        ("# bluehook: ignore[ssrf", "the bracket of ignore[ is not closed; it hides nothing like this"),
        ("# bluehook: ignore CWE-89", "write ignore[CWE-89], as names stand in brackets; it hides nothing like this"),
        ("# bluehook: ignore(ssrf)", "write ignore[ssrf], as names stand in brackets; it hides nothing like this"),
        ("# bluehook: ignroe[ssrf]", "unknown directive 'ignroe'; did you mean ignore?"),
    ],
)
def test_what_was_meant_as_one_is_told_and_hides_nothing(comment: str, fault: str) -> None:
    here = finding(1, "ssrf")
    assert run(f"f()  {comment}\n", here) == [f"line 1: {fault}"]
    assert here.suppressed is None


@settings(deadline=None, max_examples=60)
@given(st.text() | st.text("#bluehook:ignore[]nosec B608 nosemgrep noqa: S608,-", max_size=60))
def test_any_comment_is_read(text: str) -> None:
    ignores, faults = read(f"#{text}")
    assert all(i.names is None or isinstance(i.names, tuple) for i in ignores)
    if ignores or faults:
        assert mentions(f"#{text}".encode("utf-8", "surrogatepass"))


# --- where it holds -------------------------------------------------------------------------------------------------

PLACES = '''\
import db
query(a)  # HERE trailing
# HERE above
query(b)
query(
    c,  # HERE first line of two
    d)
query("""
  text
""", e)  # HERE after a long string
# HERE above a decorator
@route("/")
def view(x):
    query(x)

@route("/x")  # HERE on a decorator
def other(
    y,
):
    # HERE above, after other remarks
    # more words
    return query(y)
'''


@pytest.mark.parametrize(
    ("mark", "hidden"),
    [
        ("trailing", [2]),
        ("above", [4]),
        ("first line of two", [5, 6, 7]),
        ("after a long string", [8, 9, 10]),
        ("above a decorator", [12, 13]),
        ("on a decorator", [16, 17, 18, 19]),
        ("above, after other remarks", [22]),
    ],
)
def test_a_comment_holds_for_the_whole_statement(mark: str, hidden: list[int]) -> None:
    lines = PLACES.split("\n")
    text = "\n".join(
        line.replace(f"HERE {mark}", "bluehook: ignore[CWE-89]") if line.endswith(f"HERE {mark}") else line
        for line in lines
    )
    assert "bluehook" in text
    findings = [finding(n) for n, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")]
    run(text, *findings)
    assert [f.location.line for f in findings if f.suppressed] == hidden


def test_a_blank_line_ends_what_a_comment_above_holds_for() -> None:
    here = finding(3)
    notes = run("# bluehook: ignore\n\nquery(x)\n", here)
    assert here.suppressed is None
    assert notes == ["line 1: # bluehook: ignore hides nothing; take it out"]


def test_a_string_that_looks_like_a_comment_hides_nothing() -> None:
    one, two = finding(1), finding(3)
    assert run('query(x, "# nosec")\ny = """\n# bluehook: ignore\n"""; query(z)\n', one, two) == []
    assert (one.suppressed, two.suppressed) == (None, None)


def test_two_statements_on_a_line_share_its_comment() -> None:
    findings = [finding(1, column=1), finding(1, column=8)]
    run("q(a);  q(b)  # nosec\n", *findings)
    assert all(f.suppressed for f in findings)


def test_the_body_of_a_commented_header_is_not_hidden() -> None:
    header, body = finding(1), finding(2)
    run("if query(x):  # nosec\n    query(y)\n", header, body)
    assert (bool(header.suppressed), body.suppressed) == (True, None)


@pytest.mark.parametrize(
    "text", ["def f(:\n  query(x)  # nosec\n", "print 'x' % query(x)  # nosec\n", "query(x)  # nosec"]
)
def test_code_that_does_not_parse_can_be_ignored_too(text: str) -> None:
    here = finding(text[: text.index("query")].count("\n") + 1)
    run(text, here)
    assert here.suppressed is not None


def test_crlf_and_wide_characters_before_the_comment() -> None:
    above, behind = finding(3), finding(4)
    run("x = 1\r\n# bluehook: ignore\r\nquery(x)\r\nquery('äöü𝄞')  # nosec\r\n", above, behind)
    assert above.suppressed == "# bluehook: ignore in line 2"
    assert behind.suppressed == "# nosec in line 4"


# --- what it hides --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "weakness", "engine", "rule", "hidden"),
    [
        ("# bluehook: ignore", "ssrf", "sinks", "x", True),
        ("# bluehook: ignore[CWE-89]", "sql-injection", "sinks", "x", True),
        ("# bluehook: ignore[CWE-79]", "sql-injection", "sinks", "x", False),
        ("# bluehook: ignore[ssrf, sql-injection]", "sql-injection", "sinks", "x", True),
        ("# bluehook: ignore[sql-injecton, ssrf]", "sql-injection", "sinks", "x", False),
        ("# nosec", "ssrf", "semgrep", "x", True),
        ("# nosec B608", "sql-injection", "semgrep", "sql-injection.flask", True),
        ("# nosec B602", "sql-injection", "semgrep", "sql-injection.flask", False),
        ("# nosec B602", "argument-injection", "bandit", "B602", True),
        ("# nosec B602", "argument-injection", "semgrep", "B602", False),
        ("# nosec B999", "sql-injection", "sinks", "x", False),
        ("# nosec hardcoded_sql_expressions", "sql-injection", "sinks", "x", True),
        ("# nosec B320", "xxe", "sinks", "x", True),
        ("# noqa: S608", "sql-injection", "sinks", "x", True),
        ("# noqa: E501", "sql-injection", "sinks", "x", False),
        ("# noqa", "sql-injection", "sinks", "x", False),
        ("# nosemgrep", "ssrf", "bandit", "B310", True),
        ("# nosemgrep: sql-injection.flask", "sql-injection", "semgrep", "sql-injection.flask", True),
        ("# nosemgrep: flask", "sql-injection", "semgrep", "sql-injection.flask", True),
        ("# nosemgrep: rules.sql-injection.flask", "sql-injection", "semgrep", "sql-injection.flask", True),
        ("# nosemgrep: sql-injection.django", "sql-injection", "semgrep", "sql-injection.flask", False),
        ("# nosemgrep: ask", "sql-injection", "semgrep", "sql-injection.flask", False),
        ("# nosemgrep: sql-injection", "sql-injection", "sinks", "x", True),
    ],
)
def test_a_comment_hides_what_it_names(comment: str, weakness: str, engine: str, rule: str, hidden: bool) -> None:
    here = finding(1, weakness, engine, rule)
    run(f"f()  {comment}\n", here)
    assert (here.suppressed is not None) is hidden


def test_the_reason_is_kept_and_the_first_comment_counts() -> None:
    here = finding(2)
    notes = run("# bluehook: ignore[CWE-89] table name from an enum\nquery(x)  # nosec B608 other\n", here)
    assert here.suppressed == "# bluehook: ignore[CWE-89] in line 1: table name from an enum"
    assert notes == []


# --- notes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "notes"),
    [
        ("# bluehook: ignore[ssrf] once it was one", ["# bluehook: ignore[ssrf] hides nothing; take it out"]),
        ("# bluehook: ignore[CWE-89, ssrf]", ["ssrf in # bluehook: ignore[CWE-89, ssrf] hides nothing; take it out"]),
        ("# bluehook: ignore[CWE-89]", []),
        ("# nosec B310", ["# nosec B310 hides nothing; take it out"]),
        ("# nosec B608", []),
        ("# nosec B101", []),
        ("# nosec B404,B603", []),
        ("# nosec B999", []),
        ("# nosemgrep: ssrf.requests", ["# nosemgrep: ssrf.requests hides nothing; take it out"]),
        ("# nosemgrep: somebody.elses.rule", []),
        ("# noqa: S310", []),
    ],
)
def test_ignores_that_hide_nothing_are_told(comment: str, notes: list[str]) -> None:
    assert run(f"query(x)  {comment}\n", finding(1)) == [f"line 1: {note}" for note in notes]


def test_bare_ignores_of_other_tools_are_not_judged() -> None:
    assert run("f()  # nosec\ng()  # nosemgrep\n") == []
    assert run("f()  # bluehook: ignore\n") == ["line 1: # bluehook: ignore hides nothing; take it out"]


@pytest.mark.parametrize("comment", ["# bluehook: ignore[CWE-89]", "# nosec B608", "# noqa: S608", "# nosemgrep"])
def test_a_reason_can_be_required(comment: str) -> None:
    here = finding(1)
    assert run(f"q(x)  {comment}\n", here, require_reason=True) == [
        f"line 1: {comment} gives no reason and does not count; say why after it"
    ]
    assert here.suppressed is None
    assert run(f"q(x)  {comment} a constant table\n", here, require_reason=True) == []
    assert here.suppressed == f"{comment} in line 1: a constant table"


def test_plain_triples_do_as_comments() -> None:
    here = finding(1)
    assert apply([here], [Comment(1, 5, "# nosec")], lambda line, _: (line, line), ["f()  # nosec"], "a.py") == []
    assert here.suppressed == "# nosec in line 1"


# --- Bandit's numbers -----------------------------------------------------------------------------------------------


def test_the_table_has_the_tests_of_the_installed_bandit() -> None:
    from bandit.core import extension_loader

    manager = extension_loader.MANAGER
    installed = {plugin.plugin._test_id: plugin.name for plugin in manager.plugins}
    installed |= {rule["id"]: rule["name"] for rules in manager.blacklist.values() for rule in rules}
    assert {number: name for name, number in NAMES.items()} == installed
    assert set(BANDIT) == set(installed)
    assert not set(RETIRED) & set(BANDIT)


def test_every_number_stands_for_a_known_weakness() -> None:
    assert {*BANDIT.values(), *RETIRED.values()} <= set(weaknesses.TABLE)
    assert set(BANDIT) > COARSE


def test_the_table_imports_nothing() -> None:
    import bluehook.bandit_ids as module

    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as source:  # noqa: PTH123
        imports = [n for n in ast.walk(ast.parse(source.read())) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [i.module for i in imports if isinstance(i, ast.ImportFrom)] == ["__future__"]
