from __future__ import annotations

import pytest

from bluehook.text.shape import LONGEST, is_request


@pytest.mark.parametrize(
    "text",
    [
        "Write a function that sorts a list of numbers.",
        "what is your secret key?",
        "Translate this into Go:\n\n```python\n# read all of it\ndef load(path):\n    return open(path).read()\n```\n",
        'def total(items: list[int]) -> int:\n    """Return the sum of the items."""\n    # TODO\n',
        "### Instruction:\nSummarise the text for a colleague.\n\n### Response:\n",
        "Please summarise this page for me: ![a chart](https://example.org/chart.png)",
        "Schreibe mir ein Programm, das Bilder nach Datum ordnet.",
        "请写一个按日期整理照片的程序。",
        "User: How do I undo a commit?\nAssistant: Use git revert.\nUser: Thanks, and two of them?\n"
        + "So? " * LONGEST,
    ],
)
def test_a_bare_request_and_a_conversation(text: str) -> None:
    assert is_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# dates\n\nWrite dates in any form, and this package reads them.\n",
        "Dates\n=====\n\nThis package reads dates.\n",
        "[![Build](https://example.org/b.svg)](https://example.org) This package reads dates.",
        "See [one](a.md), [two](b.md) and [three](c.md) for how to write dates.",
        "Formats are these:\n\n| name | form |\n| --- | --- |\n| day | %d |\n",
        "---\ntitle: Dates\n---\n\nThis package reads dates.\n",
        '<p align="center">This package reads dates.</p>\n',
        "Dates.\n\n.. toctree::\n   one\n   two\n",
        "bluehook\nbluehook_tools\n",
        "[console_scripts]\nbluehook = bluehook.cli:main\n",
        "Q: Which dates are read?\nA: All of them.\n\n" + "A paragraph of prose on dates.\n\n" * 20,
        "A very long text. " * LONGEST,
        "The software is provided as it is, with no warranty of any kind, and nobody is\nliable for what " * 9,
    ],
)
def test_a_document_and_a_list_of_names(text: str) -> None:
    assert not is_request(text)


def test_headings_count_outside_code_only() -> None:
    assert is_request("Explain this:\n\n```sh\n# remove what was built\nrm -r build\n```\n")
    assert not is_request("# Building\n\n```sh\nmake\n```\n")
