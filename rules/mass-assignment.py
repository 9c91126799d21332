from flask import Flask, request

app = Flask(__name__)


@app.post("/profile")
def profile():
    for key, value in request.form.items():
        # ruleid: mass-assignment.web
        # flow: mass-assignment
        setattr(current_user, key, value)
    # ok: mass-assignment
    current_user.nick = request.form["nick"]
    for key in ("nick", "city"):
        # todook: mass-assignment
        setattr(current_user, key, request.form[key])
    # todoruleid: mass-assignment
    User(**request.json)
    # ok: mass-assignment
    User(nick=request.json["nick"])
    # ruleid: mass-assignment.web
    # flow: mass-assignment
    current_user.__dict__.update(request.json)
    return "ok"
