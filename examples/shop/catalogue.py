"""Looking at products."""

import subprocess

from flask import Blueprint, current_app, jsonify, render_template_string, request

from .database import connection, product, products_named

blueprint = Blueprint("catalogue", __name__)

PAGE = "<h1>Results</h1><ul>{% for p in products %}<li>{{ p['name'] }}</li>{% endfor %}</ul>"


@blueprint.get("/search")
def search():
    """Products that match the text in ``q``."""
    query = request.args.get("q", "")
    products = products_named(connection(), query)
    return render_template_string(f"<p>You searched for {query}.</p>" + PAGE, products=products)


@blueprint.get("/sorted")
def sorted_products():
    """All products in the order that ``by`` asks for."""
    by = request.args.get("by", "name")
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
    target = current_app.config["UPLOADS"] + "/" + picture.filename
    picture.save(target)
    size = request.form.get("size", "64")
    subprocess.run(f"convert {target} -resize {size} {target}.thumb.png", shell=True, check=True)
    return "", 204
