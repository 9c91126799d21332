import base64
import hashlib
import hmac

import argon2
from flask import Flask, request

app = Flask(__name__)
API_TOKEN = app.config["API_TOKEN"]


@app.route("/login", methods=["POST"])
def log_in():
    user = User.query.filter_by(name=request.form["name"]).first()
    # ruleid: plaintext-password.stored-compared
    if user.password == request.form["password"]:
        return "welcome"
    # ok: plaintext-password
    if argon2.PasswordHasher().verify(user.password_hash, request.form["password"]):
        return "welcome"
    # ok: plaintext-password
    if request.form["password"] == request.form["confirm"]:
        return "same"
    return "no"


def check(row, password):
    # ruleid: plaintext-password.encoded
    if base64.b64decode(row[0]) == password:
        return True
    # ruleid: plaintext-password.stored-compared
    return row["password"] == password


class Credentials:
    def __eq__(self, other):
        # ok: plaintext-password
        return self.password == other.password


@app.route("/register", methods=["POST"])
def register():
    name, password = request.form["name"], request.form["password"]
    # ruleid: plaintext-password.stored
    db.execute("INSERT INTO users (name, password) VALUES (?, ?)", (name, password))
    # ruleid: plaintext-password.stored
    db.execute("INSERT INTO users VALUES (?, ?)", (name, password))
    # ok: plaintext-password
    db.execute("INSERT INTO names VALUES (?, ?)", (name, name))
    digest = argon2.PasswordHasher().hash(password)
    # ok: plaintext-password
    db.execute("INSERT INTO users (name, password) VALUES (?, ?)", (name, digest))
    user = User(name=name)
    # ruleid: plaintext-password.assigned
    user.password = request.form["password"]
    # ok: plaintext-password
    user.set_password(request.form["password"])
    return "done"


def django_register(request):
    # ruleid: plaintext-password.stored
    User.objects.create(name=request.POST["name"], password=request.POST["password"])
    # ok: plaintext-password
    User.objects.create_user(request.POST["name"], password=request.POST["password"])


def hook(key, body, signature):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ruleid: plaintext-password.compared-in-time
    if expected == signature:
        return True
    # ok: plaintext-password
    return hmac.compare_digest(expected, signature)


def equal_tokens(token, known):
    # ruleid: plaintext-password.compared-by-letter
    for i in range(len(token)):
        if token[i] != known[i]:
            return False
    return True


def equal_words(word, known):
    # ok: plaintext-password
    for i in range(len(word)):
        if word[i] != known[i]:
            return False
    return True


@app.route("/admin")
def admin():
    # ruleid: plaintext-password.secret-compared
    if request.headers["X-Token"] == app.api_token:
        return "yes"
    # ok: plaintext-password
    if hmac.compare_digest(request.headers["X-Token"], API_TOKEN):
        return "yes"
    return "no"
