import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/clone")
def clone():
    # ruleid: argument-injection.web
    # flow: argument-injection
    subprocess.run(["git", "clone", request.args["url"]])
    # ok: argument-injection
    subprocess.run(["git", "clone", "--", request.args["url"]])
    # ok: argument-injection
    subprocess.run(["git", "log", "-n", str(int(request.args["count"]))])
    # ok: argument-injection
    subprocess.run(["git", "clone", f"https://git.example.org/{request.args['name']}"])
    return "ok"
