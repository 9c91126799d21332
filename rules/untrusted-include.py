import runpy
import sys

from flask import Flask, render_template, request

app = Flask(__name__)
PAGES = {"home": "home.html"}


@app.route("/page/<name>")
def page(name):
    # ruleid: untrusted-include.web
    sys.path.append(request.args["plugins"])
    # ok: untrusted-include
    sys.path.append("/srv/plugins")
    if request.args.get("fixed"):
        # ok: untrusted-include
        return render_template(PAGES[name], name=name)
    # todoruleid: untrusted-include
    return render_template(name)


def run(path):
    # todoruleid: untrusted-include
    runpy.run_path(path)
    # ok: untrusted-include
    return runpy.run_path("settings.py")
