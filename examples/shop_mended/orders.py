"""Baskets, orders and their invoices."""

import base64
import json
from pathlib import Path

import requests
from defusedxml import sax
from flask import Blueprint, abort, current_app, jsonify, request, session

from .database import connection

blueprint = Blueprint("orders", __name__)

CARRIERS = {"post": "https://status.post.example", "swift": "https://parcels.swift.example"}


@blueprint.get("/basket")
def basket():
    """What is in the basket, which travels in a cookie."""
    packed = request.cookies.get("basket", "")
    items = json.loads(base64.b64decode(packed)) if packed else []
    return jsonify(items)


@blueprint.get("/invoice")
def invoice():
    """The text of an invoice."""
    return _invoice(Path(current_app.config["INVOICES"]), request.args["name"])


@blueprint.get("/archive/<name>")
def archived(name):
    """An old invoice; the name is made harmless first."""
    return _invoice(Path(current_app.config["INVOICES"]) / "archive", name)


def _invoice(folder: Path, name: str):
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        abort(404)
    return path.read_text(), 200, {"Content-Type": "text/plain"}


@blueprint.post("/orders/<int:number>/cancel")
def cancel(number):
    """Cancel an order of the user who is signed in."""
    user = session.get("user")
    if user is None:
        abort(401)
    connection().execute("DELETE FROM orders WHERE id = ? AND user = ?", (number, user))
    return "", 204


@blueprint.post("/track")
def track():
    """Ask the carrier where a parcel is."""
    carrier = CARRIERS.get(request.form["carrier"])
    if carrier is None:
        abort(400)
    answer = requests.get(f"{carrier}/status", timeout=5)
    return answer.text, 200, {"Content-Type": "text/plain"}


@blueprint.post("/import")
def import_orders():
    """Take orders from an XML document."""
    sax.parseString(request.get_data(), sax.ContentHandler())
    return "", 204
