import os

from fastapi import FastAPI
from flask import Flask
from quart import Quart

app = Flask(__name__)
other = Quart(__name__)
# ruleid: debug-mode.on
api = FastAPI(debug=True)
# ok: debug-mode
api = FastAPI(debug=False)

SECRET_KEY = os.environ["SECRET_KEY"]
# ruleid: debug-mode.django
DEBUG = True
# ok: debug-mode
DEBUG = os.environ.get("DEBUG") == "1"

# ruleid: debug-mode.on
app.config["DEBUG"] = True
# ok: debug-mode
app.config["DEBUG"] = False
# ruleid: debug-mode.import, debug-mode.on
other.run(debug=True)


def main():
    # ruleid: debug-mode.on
    app.run(port=8000, debug=True)


if __name__ == "__main__":
    # ruleid: debug-mode.on
    app.run(debug=True)
    # ok: debug-mode
    app.run(debug=os.environ.get("FLASK_DEBUG") == "1")
    # ok: debug-mode
    app.run()
