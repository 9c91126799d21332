import re

from flask import Flask, request

app = Flask(__name__)
# ruleid: regex-dos.nested
WORDS = re.compile(r"^(\w+\s?)+$")
# ok: regex-dos
NAME = re.compile(r"^\w{1,40}$")


@app.route("/find")
def find():
    # ruleid: regex-dos.web
    # flow: regex-dos
    found = re.search(request.args["pattern"], TEXT)
    # ok: regex-dos
    found = re.search(re.escape(request.args["pattern"]), TEXT)
    return str(found)


def matcher(pattern):
    # todoruleid: regex-dos
    return re.compile(pattern)
