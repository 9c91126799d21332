"""A small shop. Do not deploy it: it has holes on purpose; shop_mended is its twin without them."""

from flask import Flask

from . import account, catalogue, orders
from .paths import Folder


def create_app() -> Flask:
    """The application, with its database beside it."""
    app = Flask(__name__)
    app.config.update(DATABASE="shop.db", INVOICES="invoices", UPLOADS="uploads")
    app.extensions["invoices"] = Folder(app.config["INVOICES"])
    app.secret_key = "k9#vLw2!pQz7TsXe"
    app.register_blueprint(catalogue.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(orders.blueprint)
    return app


if __name__ == "__main__":
    create_app().run(host="0.0.0.0", debug=True)
