import os
import tempfile
from pathlib import Path
from tempfile import mktemp


def report(text):
    # ruleid: insecure-temp-file.mktemp
    name = tempfile.mktemp(suffix=".txt")
    with open(name, "w") as out:
        out.write(text)
    return name


def report_imported(text):
    # ruleid: insecure-temp-file.mktemp
    Path(mktemp()).write_text(text)


def report_mended(text):
    # ok: insecure-temp-file
    with tempfile.NamedTemporaryFile("w", delete=False) as out:
        out.write(text)
    # ok: insecure-temp-file
    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name


def report_fixed(text, number):
    # ruleid: insecure-temp-file.fixed-name
    with open("/tmp/report.txt", "w") as out:
        out.write(text)
    # ruleid: insecure-temp-file.fixed-name
    with open("/tmp/report-" + number, "wb") as out:
        out.write(text)
    # ok: insecure-temp-file
    with open("/tmp/report.txt") as existing:
        existing.read()
    # ok: insecure-temp-file
    with open("/srv/reports/report.txt", "w") as out:
        out.write(text)
    # ruleid: insecure-temp-file.written
    Path("/tmp/report.txt").write_text(text)
    # ruleid: insecure-temp-file.written
    with open(os.path.join(tempfile.gettempdir(), "report.txt"), "w") as out:
        out.write(text)
    with tempfile.TemporaryDirectory() as folder:
        # ok: insecure-temp-file
        with open(os.path.join(folder, "report.txt"), "w") as out:
            out.write(text)


MARKS = "/tmp/marks-%s.json" % user
OWN = "/run/user/marks-%s.json" % user


def remember(marks):
    # ruleid: insecure-temp-file.named-before
    with open(MARKS, "w") as stream:
        stream.write(marks)
    # ok: insecure-temp-file
    with open(OWN, "w") as stream:
        stream.write(marks)
    # ok: insecure-temp-file
    with open(MARKS, "r") as stream:
        return stream.read()
