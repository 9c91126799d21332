"""Modules that are run as programs, what is typed into them, and functions that are not written yet."""

from __future__ import annotations

from typing import Any

import pytest
from worker_harness import Drive, flaws

MODULE = "<module>"


def shown(drive: Drive, source: str, weakness: str, function: str = "target") -> list[dict[str, Any]]:
    return flaws(drive(source, function), weakness)


SERVER = """
    import flask
    server = flask.Flask(__name__)

    @server.route("/")
    def home():
        return "at home"

    {start}
"""


def test_a_debugger_that_starts_on_import_is_told(drive: Drive) -> None:
    [found] = shown(drive, SERVER.format(start="server.run(debug=True)"), "debug-mode", MODULE)
    assert found["evidence"]["strength"] == "strong"


@pytest.mark.parametrize("start", ["server.run()", "server.run(debug=True, use_debugger=False)"])
def test_a_server_without_debugger_is_not(drive: Drive, start: str) -> None:
    assert shown(drive, SERVER.format(start=start), "debug-mode", MODULE) == []


def test_a_debugger_that_only_a_developer_starts_is_a_note(drive: Drive) -> None:
    guarded = 'if __name__ == "__main__":\n        server.run(debug=True)'
    [found] = shown(drive, SERVER.format(start=guarded), "debug-mode", MODULE)
    assert found["evidence"]["strength"] == "weak"


def test_a_fetch_at_the_top_level_is_seen(drive: Drive) -> None:
    source = "import requests\nprint(requests.get('https://prices.test/list', verify={verify}).text)\n"
    assert shown(drive, source.format(verify=False), "certificate-validation", MODULE)
    assert not shown(drive, source.format(verify=True), "certificate-validation", MODULE)


def test_a_command_line_is_typed_for_a_program(drive: Drive) -> None:
    source = """
        import os, sys
        if __name__ == "__main__":
            os.system("ping -c 1 " + sys.argv[1])
    """
    [found] = shown(drive, source, "command-injection", MODULE)
    assert found["slot"] == "argument 1"
    quoted = source.replace("sys.argv[1])", "shlex.quote(sys.argv[1]))").replace("os, sys", "os, shlex, sys")
    assert shown(drive, quoted, "command-injection", MODULE) == []


TYPED = """
    import subprocess
    def target():
        subprocess.call(input("Which one? "), shell=True)
"""


def test_what_is_typed_and_run_is_held_against_the_code(drive: Drive) -> None:
    [found] = shown(drive, TYPED, "command-injection")
    assert (found["slot"], found["evidence"]["strength"]) == ("line of standard input", "strong")


def test_a_typed_line_is_a_line(drive: Drive) -> None:
    source = """
        import logging
        def target():
            logging.error("no such colour: " + input("Colour? "))
    """
    assert shown(drive, source, "log-injection") == []


UNWRITTEN = """
    import os
    def is_known(customer):
        {body}
    def target(customer):
        if is_known(customer):
            os.mkdir("/srv/customers/" + customer)
"""


@pytest.mark.parametrize(("body", "reached"), [("pass", 1), ("'''To be done.'''", 1), ("return False", 0)])
def test_a_function_that_is_not_written_yet_hides_nothing(drive: Drive, body: str, reached: int) -> None:
    found = shown(drive, UNWRITTEN.format(body=body), "path-traversal")
    assert [one["ending"] for one in found] == ["likely"] * reached


def test_an_empty_function_whose_result_nobody_uses_stays(drive: Drive) -> None:
    source = """
        import os
        def note(customer):
            pass
        def target(customer):
            note(customer)
            os.mkdir("/srv/customers/" + customer)
    """
    assert [one["ending"] for one in shown(drive, source, "path-traversal")] == ["proven"]
