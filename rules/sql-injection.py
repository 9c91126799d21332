from flask import Flask, request

app = Flask(__name__)


@app.route("/user/<name>")
def user(name):
    # ruleid: sql-injection.web
    db.execute("SELECT * FROM users WHERE name = '" + name + "'")
    # ok: sql-injection
    db.execute("SELECT * FROM users WHERE name = ?", (name,))
    # ruleid: sql-injection.web
    db.execute("SELECT * FROM users WHERE id = %s" % request.args.get("id"))
