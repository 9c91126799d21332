"""Signing in and out."""

import hashlib
import random
import string

from flask import Blueprint, make_response, redirect, request

from .database import connection

blueprint = Blueprint("account", __name__)


def password_hash(password: str) -> str:
    """What is stored in place of a password."""
    return hashlib.md5(password.encode()).hexdigest()


def new_session_token() -> str:
    """A token that nobody else has."""
    return "".join(random.choice(string.ascii_letters) for _ in range(32))


@blueprint.post("/login")
def login():
    """Sign in and go where the user came from."""
    name, password = request.form["name"], request.form["password"]
    row = (
        connection()
        .execute("SELECT id FROM users WHERE name = ? AND password = ?", (name, password_hash(password)))
        .fetchone()
    )
    if row is None:
        return "unknown name or password", 403
    token = new_session_token()
    connection().execute("INSERT INTO sessions (token, user) VALUES (?, ?)", (token, row["id"]))
    response = make_response(redirect(request.args.get("next", "/")))
    response.set_cookie("session", token)
    return response


@blueprint.get("/greeting")
def greeting():
    """A line for the top of the page."""
    return "<p>Welcome back, " + request.cookies.get("name", "stranger") + "!</p>"
