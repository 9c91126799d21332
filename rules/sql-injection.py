import sqlite3

import pandas as pd
import psycopg2
from django.http import JsonResponse
from django.views import View
from flask import Flask, abort, request
from sqlalchemy import select, text

app = Flask(__name__)
SORTABLE = {"name", "created"}


@app.route("/user/<name>")
def user(name):
    # flow: sql-injection
    db.execute("SELECT * FROM users WHERE name = '" + name + "'")
    # ok: sql-injection
    db.execute("SELECT * FROM users WHERE name = ?", (name,))
    # ruleid: sql-injection.web
    # flow: sql-injection
    db.execute("SELECT * FROM users WHERE id = %s" % request.args.get("id"))
    # ok: sql-injection
    db.execute("SELECT * FROM users WHERE id = %d" % int(request.args["id"]))


@app.get("/sorted")
def sorted_list():
    column = request.args.get("sort", "name")
    # ruleid: sql-injection.web
    # flow: sql-injection
    rows = conn.execute(f"SELECT * FROM items ORDER BY {column}")
    if column not in SORTABLE:
        abort(400)
    # ok: sql-injection
    return conn.execute(f"SELECT * FROM items ORDER BY {column}").fetchall()


@app.post("/search")
async def search():
    wanted = []
    for key, value in (await request.form).items():
        wanted.append("%s = '%s'" % (key, value))
    cursor = psycopg2.connect(DSN).cursor()
    # flow: sql-injection
    cursor.execute("SELECT * FROM books WHERE " + " AND ".join(wanted))
    ids = request.form.getlist("id")
    # ok: sql-injection
    cursor.execute(f"SELECT * FROM books WHERE id IN ({','.join(['%s'] * len(ids))})", ids)
    # ok: sql-injection
    cursor.execute("SELECT * FROM books WHERE id IN (" + ",".join("?" for _ in ids) + ")", ids)


@app.route("/report")
def report():
    owner = request.cookies["owner"]
    # ruleid: sql-injection.web
    # flow: sql-injection
    frame = pd.read_sql("SELECT * FROM sales WHERE owner = '%s'" % owner, engine)
    # ok: sql-injection
    frame = pd.read_sql("SELECT * FROM sales WHERE owner = %(owner)s", engine, params={"owner": owner})
    # ruleid: sql-injection.web
    # flow: sql-injection
    session.execute(text(f"SELECT * FROM sales WHERE owner = '{owner}'"))
    # ok: sql-injection
    session.execute(text("SELECT * FROM sales WHERE owner = :owner"), {"owner": owner})
    # ok: sql-injection
    session.execute(select(Sale).where(Sale.owner == owner))
    return frame.to_html()


class Books(View):
    def get(self, request, slug):
        # flow: sql-injection
        books = Book.objects.raw("SELECT * FROM books WHERE slug = '%s'" % slug)
        # ok: sql-injection
        books = Book.objects.raw("SELECT * FROM books WHERE slug = %s", [slug])
        # flow: sql-injection
        books = Book.objects.extra(where=["title = '" + request.GET["title"] + "'"])
        # ok: sql-injection
        books = Book.objects.filter(title=request.GET["title"])
        return JsonResponse(list(books), safe=False)


def find(path, name):
    with sqlite3.connect(path) as connection:
        query = "SELECT id FROM people WHERE name = '{}'".format(name)
        # flow: sql-injection
        row = connection.execute(query).fetchone()
        # ok: sql-injection
        row = connection.execute("SELECT id FROM people WHERE name = ?", (name,)).fetchone()
    return row


class Store:
    def rename(self, old, new):
        try:
            # flow: sql-injection
            self.db.execute(f"UPDATE people SET name = '{new}' WHERE name = '{old}'")
            # ok: sql-injection
            self.db.execute("UPDATE people SET name = ? WHERE name = ?", (new, old))
        finally:
            self.db.close()

    def count(self, table, since):
        # ok: sql-injection
        self.db.execute(f"SELECT count(*) FROM {table}")
        sql = "SELECT count(*) FROM events"
        sql += " WHERE day >= '" + since + "'"
        # flow: sql-injection
        self.db.execute(sql)

    def page(self, limit: int):
        # ok: sql-injection
        self.db.execute("SELECT * FROM events LIMIT %d" % limit)
        # ok: sql-injection
        log.info("SELECT * FROM events WHERE limit = '%s'" % limit)
