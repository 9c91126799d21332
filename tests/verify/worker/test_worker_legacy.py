"""Python 2: its syntax, methods and module names, so that a fragment of it still runs."""

from __future__ import annotations

import ast

import pytest
from worker_harness import Drive, only

from bluehook.verify.worker.drive import legacy

LINES = {
    'print "a", b': 'print("a", b)',
    "print": "print()",
    'print "%s" % name,': 'print("%s" % name)',
    "print >>sys.stderr, 'no', name": "print('no', name, file=sys.stderr)",
    "print ('a %s' % b) + c": "print(('a %s' % b) + c)",
    "print('a')": "print('a')",
    "printed = 1": "printed = 1",
    "raise ValueError, 'wrong: %s' % name": "raise ValueError('wrong: %s' % name)",
    "raise E, value, trace": "raise E(value)",
    "raise ValueError('a, b')": "raise ValueError('a, b')",
    "x = `y`": "x = repr(y)",
    "if a <> 1: pass": "if a != 1: pass",
    "os.chmod(path, 0755)": "os.chmod(path, 0o755)",
    "n = 10L + 0x1FL": "n = 10 + 0x1F",
    "exec code in space": "exec(code, space)",
    "exec 'a = 1'": "exec('a = 1')",
    "s = ur'a\\d'": "s = r'a\\d'",
    "s = 'print `x` <> 0755'": "s = 'print `x` <> 0755'",
    "x = 1  # print this": "x = 1  # print this",
}


@pytest.mark.parametrize("old", LINES)
def test_substitutions_without_lib2to3(old: str) -> None:
    assert legacy.substituted(old + "\n").strip() == LINES[old]
    ast.parse(LINES[old])


def test_caught_errors_and_statements_over_several_lines() -> None:
    source = """
def f(a):
    try:
        print "a: %s, b: %s" % (a,
                                a)
    except (KeyError, ValueError), error:
        raise TypeError, \\
            "no"
    except OSError, error: pass
"""
    tree = ast.parse(legacy.substituted(source))
    assert [handler.name for handler in ast.walk(tree) if isinstance(handler, ast.ExceptHandler)] == ["error", "error"]


def test_only_telling_signs_make_code_old() -> None:
    for old in ("d.iteritems()", "d.has_key('a')", "unicode(a)", "import urllib2", "a = d.keys()\na.sort()"):
        assert legacy.is_legacy(ast.parse(old)), old
    for new in ("d.items()", "map(f, a)", "a = list(d)\na.sort()", "import urllib.request", "e.message"):
        assert not legacy.is_legacy(ast.parse(new)), new


RUNS = [
    """
    def target(db, wanted):
        print "looking for", wanted
        names = wanted.split(",")
        for place, name in enumerate(map(lambda one: one.strip(), names)[:2]):
            db.run("SELECT id FROM people WHERE name = '%s'" % name)
    """,
    """
    def target(db, wanted):
        table = {"name": wanted}
        if table.has_key("name"):
            for column, value in table.iteritems():
                db.run("SELECT id FROM people WHERE %s = '%s'" % (column, value))
    """,
    """
    import urllib2, commands
    def target(db, wanted):
        ordered = {"a": wanted}.keys()
        ordered.sort(cmp=lambda one, other: cmp(one, other))
        try:
            raise ValueError, wanted
        except ValueError, error:
            db.run("SELECT id FROM people WHERE name = '%s'" % error.message)
    """,
    """
    import commands
    def target(host):
        return commands.getoutput("ping -c 1 " + host)
    """,
]


@pytest.mark.parametrize("source", RUNS)
def test_old_code_runs(drive: Drive, source: str) -> None:
    weakness = "command-injection" if "commands.get" in source else "sql-injection"
    outcome = only(drive(source), weakness)
    assert outcome["ending"] == "proven", outcome
