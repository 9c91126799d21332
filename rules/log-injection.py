import logging

from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login")
def login():
    name = request.args["name"]
    # ruleid: log-injection.web
    # flow: log-injection
    logger.info("login of " + name)
    # ruleid: log-injection.web
    # flow: log-injection
    logging.warning("login of %s", name)
    # ok: log-injection
    logger.info("login of %s", name.replace("\r", "").replace("\n", ""))
    # ok: log-injection
    logger.info("login of number %s", int(request.args["number"]))
    # ruleid: log-injection.web
    # flow: log-injection
    app.logger.error(f"no such user {name}")
    return "ok"
