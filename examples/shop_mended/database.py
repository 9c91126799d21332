"""One SQLite connection a request."""

import sqlite3

from flask import current_app, g


def connection() -> sqlite3.Connection:
    """The connection of this request."""
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
    return g.connection


def products_named(db: sqlite3.Connection, name: str) -> list[sqlite3.Row]:
    """Products whose name contains a text."""
    return db.execute("SELECT id, name, price FROM products WHERE name LIKE ?", (f"%{name}%",)).fetchall()


def product(db: sqlite3.Connection, number: int) -> sqlite3.Row:
    """One product by its number."""
    return db.execute("SELECT id, name, price FROM products WHERE id = ?", (number,)).fetchone()
