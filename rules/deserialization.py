import base64
import hmac
import json
import pickle

import yaml
from flask import Flask, request
from yaml import CSafeLoader

app = Flask(__name__)


@app.post("/load")
def load():
    # ruleid: deserialization.web
    # flow: deserialization
    state = pickle.loads(request.data)
    # ruleid: deserialization.web
    # flow: deserialization
    state = pickle.loads(base64.b64decode(request.cookies["state"]))
    # ruleid: deserialization.unsafe-yaml
    # flow: deserialization
    config = yaml.load(request.get_data(), Loader=yaml.Loader)
    # ok: deserialization
    config = yaml.safe_load(request.get_data())
    # ok: deserialization
    config = yaml.load(request.get_data(), Loader=CSafeLoader)
    # ok: deserialization
    state = json.loads(request.data)
    return state, config


@app.post("/signed")
def signed():
    body = request.data
    if not hmac.compare_digest(hmac.new(KEY, body, "sha256").digest(), request.headers["X-Sum"]):
        return "no", 403
    # todook: deserialization
    return pickle.loads(body)


def restore(blob: bytes):
    # flow: deserialization
    return pickle.loads(blob)


def settings():
    with open("settings.yaml") as file:
        # ruleid: deserialization.unsafe-yaml
        # flow: deserialization
        first = yaml.load(file)
    with open("settings.yaml") as file:
        # ok: deserialization
        return first, yaml.load(file, Loader=yaml.SafeLoader)


# ruleid: deserialization.task-queue
CELERY_ACCEPT_CONTENT = ["json", "pickle"]
# ok: deserialization
CELERY_ACCEPT_CONTENT = ["json"]


def set_up(queue):
    # ruleid: deserialization.task-queue
    queue.conf.update(task_serializer="pickle", accept_content=["application/x-python-serialize"])
    # ok: deserialization
    queue.conf.update(task_serializer="json", accept_content=["json", "msgpack"])
