"""Secrets that stand in the code, passwords that are hashed badly, random values that were to be unpredictable."""

from __future__ import annotations

from typing import Any

import pytest
from worker_harness import Drive, flaws


def shown(drive: Drive, source: str, weakness: str) -> list[dict[str, Any]]:
    return flaws(drive(source), weakness)


LET_IN = [
    """
    def target(user, password):
        return user == "root" and password == "tulip-09"
    """,
    """
    DOOR = "tulip-09"
    def target(passphrase):
        if passphrase != DOOR:
            raise PermissionError("closed")
        return "welcome"
    """,
    """
    def target(request):
        if request.POST.get("password") == "tulip-09":
            return True
        return False
    """,
]
NOT_LET_IN = [
    """
    import os
    def target(user, password):
        return password == os.environ["DOOR"]
    """,
    """
    def target(password):
        if password == "letmein":
            return False
        return len(password) > 8
    """,
    """
    def target(token):
        return token == "def"
    """,
    """
    def target(password):
        if password == "prompt":
            return True
        return False
    """,
]


@pytest.mark.parametrize("source", LET_IN)
def test_a_password_of_the_code_opens(drive: Drive, source: str) -> None:
    [found] = shown(drive, source, "hard-coded-credential")
    assert "tulip-09" in found["effect"]


@pytest.mark.parametrize("source", NOT_LET_IN)
def test_other_comparisons_are_none(drive: Drive, source: str) -> None:
    assert shown(drive, source, "hard-coded-credential") == []


HANDED = """
    import os
    import parrotdb
    SECRET = {secret}
    def target(name):
        {statement}
"""


@pytest.mark.parametrize(
    "statement",
    [
        "return parrotdb.connect(host='db', user='app', password='crackers')",
        "return parrotdb.Client('https://parrots.test/api', 'pK7dh2LmQ9xTbVz4Rw8sYc1N')",
        "parrotdb.api_key = SECRET",
    ],
)
def test_a_client_is_made_with_a_secret_of_the_code(drive: Drive, statement: str) -> None:
    source = HANDED.format(statement=statement, secret="'pK7dh2LmQ9xTbVz4Rw8sYc1N'")
    [found] = shown(drive, source, "hard-coded-credential")
    assert "pK7dh2Lm" not in found["effect"]
    assert found["evidence"]["strength"] == "strong"


@pytest.mark.parametrize(
    "statement",
    [
        "return parrotdb.connect(host='db', user='app', password=os.environ.get('DB_PASSWORD'))",
        "return parrotdb.connect(host='db', user='app', password='')",
        "return parrotdb.label(password='Your password:')",
        "return parrotdb.connect(host='db', user='app', password=name)",
        "return parrotdb.Client('https://parrots.test/api', 'd41d8cd98f00b204e9800998ecf8427e')",
        "parrotdb.api_key = SECRET",
    ],
)
def test_what_the_code_does_not_spell_out_is_none_of_its_secrets(drive: Drive, statement: str) -> None:
    source = HANDED.format(statement=statement, secret="os.environ.get('SECRET')")
    assert shown(drive, source, "hard-coded-credential") == []


HASHED = """
    import hashlib
    def target(request):
        {statement}
"""


def test_a_form_field_that_is_a_password_is_followed_into_the_hash(drive: Drive) -> None:
    source = HASHED.format(statement="return hashlib.md5(request.form['password'].encode()).hexdigest()")
    [found] = shown(drive, source, "weak-password-hash")
    assert found["evidence"]["strength"] == "strong"
    other = HASHED.format(statement="return hashlib.md5(request.form['colour'].encode()).hexdigest()")
    assert shown(drive, other, "weak-password-hash") == []


RANDOM = '''
    import random
    def {name}(size=8):
        """{promise}"""
        return "".join(random.choice("abcdefgh") for _ in range(size))
    target = {name}
'''


@pytest.mark.parametrize(
    ("name", "promise", "strong"),
    [
        ("makeCryptoKey", "Eight letters.", True),
        ("letters", "An unpredictable text of this length.", True),
        ("letters", "A text of this length; not cryptographically secure.", False),
        ("letters", "A text of this length, for test data.", False),
    ],
)
def test_random_letters_by_what_they_are_for(drive: Drive, name: str, promise: str, strong: bool) -> None:
    source = RANDOM.format(name=name, promise=promise).replace(f"    target = {name}\n", "")
    found = [one for one in drive(source, name) if one["weakness"] == "weak-random"]
    assert bool([one for one in found if one["effect"]]) is strong, found


def test_code_breaks_out_of_an_import(drive: Drive) -> None:
    source = """
        def target(version):
            exec("import json%s as parts" % version)
    """
    assert [one["ending"] for one in shown(drive, source, "code-injection")] == ["likely"]


SIGNED = """
    import base64, hashlib, hmac
    KEY = b"k" * 16
    def target(request):
        given = request.headers["X-Signature"]
        made = hmac.new(KEY, request.get_data(), hashlib.sha256)
        return {answer}
"""


@pytest.mark.parametrize(
    ("answer", "endings"),
    [
        ("made.hexdigest() == given", ["likely"]),
        ("given != 'sha256=' + made.hexdigest()", ["likely"]),
        ("given == base64.b64encode(made.digest()).decode()", ["likely"]),
        ("hmac.compare_digest(made.hexdigest(), str(given))", []),
        ("hashlib.sha256(request.get_data()).hexdigest() == given", []),
    ],
)
def test_a_keyed_digest_is_compared(drive: Drive, answer: str, endings: list[str]) -> None:
    found = shown(drive, SIGNED.format(answer=answer), "observable-timing")
    assert [one["ending"] for one in found] == endings


LETTERS = """
    def target(password, typed):
        if len(password) != len(typed):
            return False
        different = False
        for right, given in zip(password, typed):
            if right != given:
                {found}
        return not different
"""


@pytest.mark.parametrize(("found", "count"), [("return False", 1), ("different = True", 0)])
def test_letters_of_a_password_are_compared_one_by_one(drive: Drive, found: str, count: int) -> None:
    assert len(shown(drive, LETTERS.format(found=found), "observable-timing")) == count
