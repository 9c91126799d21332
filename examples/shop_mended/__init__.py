"""The shop with its holes closed."""

import os

from flask import Flask

from . import account, catalogue, orders


def create_app() -> Flask:
    """The application, with its database beside it."""
    app = Flask(__name__)
    app.config.update(DATABASE="shop.db", INVOICES="invoices", UPLOADS="uploads")
    app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.secret_key = os.environ["SHOP_SECRET_KEY"]
    app.register_blueprint(catalogue.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(orders.blueprint)
    return app


if __name__ == "__main__":
    create_app().run(host="127.0.0.1")
