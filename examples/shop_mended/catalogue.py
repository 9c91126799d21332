"""Looking at products."""

import subprocess
import uuid
from pathlib import Path

from flask import Blueprint, current_app, jsonify, render_template_string, request

from .database import connection, product, products_named

blueprint = Blueprint("catalogue", __name__)

PAGE = """<p>You searched for {{ query }}.</p>
<h1>Results</h1><ul>{% for p in products %}<li>{{ p['name'] }}</li>{% endfor %}</ul>"""
ORDERS = {"name": "name", "price": "price"}
PICTURES = {".png", ".jpg", ".jpeg"}


@blueprint.get("/search")
def search():
    """Products that match the text in ``q``."""
    query = request.args.get("q", "")
    products = products_named(connection(), query)
    return render_template_string(PAGE, products=products, query=query)


@blueprint.get("/sorted")
def sorted_products():
    """All products in the order that ``by`` asks for."""
    by = ORDERS.get(request.args.get("by"), "name")
    rows = connection().execute("SELECT id, name, price FROM products ORDER BY " + by).fetchall()
    return jsonify([dict(row) for row in rows])


@blueprint.get("/product/<int:number>")
def show(number):
    """One product."""
    return jsonify(dict(product(connection(), number)))


@blueprint.post("/thumbnail")
def thumbnail():
    """Scale an uploaded picture down."""
    picture = request.files["picture"]
    ending = Path(picture.filename or "").suffix.lower()
    if ending not in PICTURES:
        return "not a picture", 415
    target = Path(current_app.config["UPLOADS"]) / f"{uuid.uuid4().hex}{ending}"
    picture.save(target)
    size = int(request.form.get("size", "64"))
    subprocess.run(["convert", str(target), "-resize", str(size), f"{target}.thumb.png"], check=True, timeout=30)
    return "", 204
