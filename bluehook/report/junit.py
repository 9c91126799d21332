"""JUnit XML, for the test views of continuous integration servers.

There is no standard; this keeps to what the schema of Jenkins' xUnit plugin allows, which GitLab, Azure and others
read as well: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd).
"""

from __future__ import annotations

from xml.etree import ElementTree

from bluehook.findings import Finding, Problem, Result, StageRun, Verdict
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._visible import one_line, visible
from bluehook.weaknesses import TABLE


def render(result: Result, options: Options) -> str:
    """One suite: a blocking finding is a failure, what was not looked at an error, all else passes with its text.

    Suppressed and refuted findings are left out unless ``options.suppressed``. The text is ASCII, with character
    references for the rest.
    """
    findings = result.findings if options.suppressed else result.shown()
    cases = [_finding(finding) for finding in findings]
    cases += [_problem(problem) for problem in result.problems]
    cases += [_stage(stage) for stage in result.stages if stage.state != "done"]
    if not cases:
        cases = [ElementTree.Element("testcase", classname="bluehook", name="nothing blocks")]
    counts = {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failure")),
        "errors": str(_count(cases, "error")),
        "skipped": str(_count(cases, "skipped")),
        "time": f"{result.seconds:.3f}",
    }
    suite = ElementTree.Element("testsuite", {"name": "bluehook", **counts})
    suite.extend(cases)
    suites = ElementTree.Element("testsuites", {"name": "bluehook", **counts})
    suites.append(suite)
    ElementTree.indent(suites)
    text: bytes = ElementTree.tostring(suites, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _finding(finding: Finding) -> ElementTree.Element:
    name = wording.place(finding.location) + (f" in {visible(finding.symbol)}" if finding.symbol else "")
    case = _case(finding.weakness, name, finding.location.path, finding.location.line)
    if finding.suppressed is not None:
        ElementTree.SubElement(case, "skipped", message=one_line(finding.suppressed))
    elif finding.blocks:
        message = f"{TABLE[finding.weakness].title}: {wording.why(finding)}"
        failure = ElementTree.SubElement(case, "failure", type=finding.verdict.value, message=message)
        failure.text = _account(finding)
    else:
        ElementTree.SubElement(case, "system-out").text = _account(finding)
    return case


def _account(finding: Finding) -> str:
    row = TABLE[finding.weakness]
    lines = [
        f"{finding.verdict.value}: {row.title} ({row.slug}, CWE-{row.cwe})",
        wording.place(finding.location),
        *(f"    {visible(line)}" for line in wording.statement(finding).splitlines()),
        *(f"{key}: {text}" for key, text in wording.proof(finding)),
        f"why: {wording.why(finding)}",
    ]
    if finding.verdict is not Verdict.REFUTED:
        lines += [f"fix: {row.fix}", f"ignore: {wording.ignore_comment(finding)}"]
    return "\n".join(lines)


def _problem(problem: Problem) -> ElementTree.Element:
    case = _case(f"bluehook.{visible(problem.stage)}", visible(problem.path or problem.stage), problem.path)
    reason = one_line(problem.reason)
    if problem.incomplete:
        ElementTree.SubElement(case, "error", type="not looked at", message=reason)
    else:
        ElementTree.SubElement(case, "skipped", message=reason)
    return case


def _stage(stage: StageRun) -> ElementTree.Element:
    case = _case(f"bluehook.{visible(stage.name)}", visible(stage.name))
    reason = one_line(stage.reason) or visible(stage.state)
    if stage.state == "failed":
        ElementTree.SubElement(case, "error", type="failed", message=reason)
    else:
        ElementTree.SubElement(case, "skipped", message=reason)
    return case


def _case(classname: str, name: str, path: str | None = None, line: int | None = None) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=classname, name=name)
    if path is not None:
        case.set("file", visible(path))
    if line is not None:
        case.set("line", str(line))
    return case


def _count(cases: list[ElementTree.Element], tag: str) -> int:
    return sum(1 for case in cases if case.find(tag) is not None)
