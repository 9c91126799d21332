"""Baskets, orders and their invoices."""

import base64
import os
import pickle
import xml.sax

import requests
from flask import Blueprint, current_app, jsonify, request

from .database import connection

blueprint = Blueprint("orders", __name__)


@blueprint.get("/basket")
def basket():
    """What is in the basket, which travels in a cookie."""
    packed = request.cookies.get("basket", "")
    items = pickle.loads(base64.b64decode(packed)) if packed else []
    return jsonify(items)


@blueprint.get("/invoice")
def invoice():
    """The text of an invoice."""
    name = request.args["name"]
    with open(os.path.join(current_app.config["INVOICES"], name)) as file:
        return file.read(), 200, {"Content-Type": "text/plain"}


@blueprint.get("/archive/<name>")
def archived(name):
    """An old invoice; what looks at the name is only known when the shop runs, out of sight of static rules."""
    path = os.path.join(current_app.config["INVOICES"], "archive", name)
    if not current_app.extensions["invoices"].holds(path):
        return "no such invoice", 404
    with open(path) as file:
        return file.read(), 200, {"Content-Type": "text/plain"}


@blueprint.post("/orders/<int:number>/cancel")
def cancel(number):
    """Cancel an order."""
    connection().execute("DELETE FROM orders WHERE id = ?", (number,))
    return "", 204


@blueprint.post("/track")
def track():
    """Ask the carrier where a parcel is."""
    answer = requests.get(request.form["carrier"] + "/status", timeout=5)
    return answer.text


@blueprint.post("/import")
def import_orders():
    """Take orders from an XML document."""
    handler = xml.sax.ContentHandler()
    xml.sax.parseString(request.get_data(), handler)
    return "", 204
