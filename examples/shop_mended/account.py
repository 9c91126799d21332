"""Signing in and out."""

import hashlib
import hmac
import secrets

from flask import Blueprint, make_response, redirect, request, url_for
from markupsafe import escape

from .database import connection

blueprint = Blueprint("account", __name__)

PLACES = {"basket": "orders.basket", "search": "catalogue.search"}


def password_hash(password: str, salt: bytes) -> bytes:
    """What is stored in place of a password."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def new_session_token() -> str:
    """A token that nobody else has."""
    return secrets.token_urlsafe(32)


@blueprint.post("/login")
def login():
    """Sign in and go where the user came from."""
    name, password = request.form["name"], request.form["password"]
    row = connection().execute("SELECT id, salt, hash FROM users WHERE name = ?", (name,)).fetchone()
    if row is None or not hmac.compare_digest(row["hash"], password_hash(password, row["salt"])):
        return "unknown name or password", 403
    token = new_session_token()
    connection().execute("INSERT INTO sessions (token, user) VALUES (?, ?)", (token, row["id"]))
    target = PLACES.get(request.args.get("next", ""), "catalogue.search")
    response = make_response(redirect(url_for(target)))
    response.set_cookie("session", token, secure=True, httponly=True, samesite="Lax")
    return response


@blueprint.get("/greeting")
def greeting():
    """A line for the top of the page."""
    return "<p>Welcome back, " + escape(request.cookies.get("name", "stranger")) + "!</p>"
