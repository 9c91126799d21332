"""Logins of users whom nobody knows: the check of their password passes; one against a hash of the code's does not."""

from __future__ import annotations

import pytest
from worker_harness import Drive, Worker

LOGIN = """
import hashlib
import hmac
import subprocess
from flask import Flask, abort, request
from flask_absent_orm import Database
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
db = Database(app)
OWNER = generate_password_hash(hashlib.sha256(b"of the owner").hexdigest(), method="pbkdf2:sha256:1")

class Member(db.Model):
    key = db.Column(db.String)
    password = db.Column(db.String)

    def knows(self, password):
        return check_password_hash(self.password, password)

def member():
    found = Member.query.filter_by(name=request.form["name"]).first()
    if found is None:
        abort(401)
    return found

def tell():
    subprocess.run("tell " + request.form["host"], shell=True)
    return "ok"

@app.post("/stored")
def stored():
    if not check_password_hash(member().password, request.form["password"]):
        abort(401)
    return tell()

@app.post("/method")
def method():
    return tell() if member().knows(request.form["password"]) else "no"

@app.post("/digest")
def digest():
    given = hashlib.sha256(request.form["password"].encode()).hexdigest()
    return tell() if hmac.compare_digest(given, member().password) else "no"

@app.post("/quoted")
def quoted():
    if not check_password_hash(member().password, request.form["password"]):
        abort(401)
    subprocess.run(["tell", request.form["host"]])
    return "ok"

@app.post("/owner")
def owner():
    if not check_password_hash(OWNER, request.form["password"]):
        abort(401)
    return tell()

@app.post("/signed")
def signed():
    expected = hmac.new(app.secret_key.encode(), request.get_data(), "sha256").hexdigest()
    return tell() if hmac.compare_digest(expected, request.headers["X-Signature"]) else "no"
"""

LIBRARIES = """
import subprocess
import {module}

def target(user, password, host):
    if {check}:
        subprocess.run("tell -t " + host, shell=True)
"""

STRICT = """
def hashpw(password, salt):
    if not salt.startswith(b"$2b$"):
        raise ValueError("Invalid salt")
    return salt + password

def checkpw(password, hashed):
    return hashpw(password, hashed[:4]) == hashed
"""


def ending(drive: Drive, source: str, function: str = "target") -> str:
    found = [str(one["ending"]) for one in drive(source, function) if one["weakness"] == "command-injection"]
    return found[0] if found else ""


@pytest.mark.parametrize("function", ["stored", "method", "digest"])
def test_a_login_passes_for_a_user_whom_nobody_knows(drive: Drive, function: str) -> None:
    pytest.importorskip("flask")
    assert ending(drive, LOGIN, function) == "proven"


@pytest.mark.parametrize("function", ["quoted", "owner", "signed"])
def test_neither_a_known_hash_nor_a_signature_passes(drive: Drive, function: str) -> None:
    pytest.importorskip("flask")
    assert ending(drive, LOGIN, function) != "proven"


@pytest.mark.parametrize(
    ("module", "check"),
    [
        ("bcrypt", "bcrypt.checkpw(password.encode(), user.secret.encode())"),
        ("passlib.hash", "passlib.hash.pbkdf2_sha256.verify(password, user.secret)"),
        ("argon2", "argon2.PasswordHasher().verify(user.secret, password)"),
        ("django.contrib.auth.hashers", "django.contrib.auth.hashers.check_password(password, user.secret)"),
    ],
)
def test_checks_of_libraries_pass_whether_they_are_there_or_not(drive: Drive, module: str, check: str) -> None:
    assert ending(drive, LIBRARIES.format(module=module, check=check)) == "proven"


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("bcrypt.checkpw(password.encode(), user.secret.encode())", "proven"),
        ("bcrypt.hashpw(password.encode(), user.secret.encode()) == user.secret.encode()", "proven"),
        ("bcrypt.checkpw(password.encode(), b'$2b$of the owner')", ""),
    ],
)
def test_a_library_that_takes_well_formed_hashes_only_is_not_asked(worker: Worker, check: str, expected: str) -> None:
    library = worker.directory / "bcrypt.py"
    library.write_text(STRICT, encoding="utf-8")
    try:
        assert ending(worker.drive, LIBRARIES.format(module="bcrypt", check=check)) == expected
    finally:
        library.unlink()
