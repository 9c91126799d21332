import requests
from flask import Flask, request

app = Flask(__name__)
LIMIT = 1000


@app.route("/pad")
def pad():
    count = int(request.args["count"])
    # todoruleid: resource-exhaustion
    text = "x" * count
    # ok: resource-exhaustion
    text = "x" * min(count, LIMIT)
    # ruleid: resource-exhaustion.web
    for number in range(int(request.args["rounds"])):
        text += str(number)
    return text


@app.route("/bounded")
def bounded():
    count = int(request.args["count"])
    if count > LIMIT:
        return "too many", 400
    # todook: resource-exhaustion
    return str(list(range(count)))


def ask(url):
    # ruleid: resource-exhaustion.no-timeout
    first = requests.get(url)
    # ok: resource-exhaustion
    return first, requests.get(url, timeout=5)


def save_upload(stream, path):
    with open(path, "wb") as file:
        # ruleid: resource-exhaustion.upload
        while True:
            part = stream.read(4096)
            if not part:
                break
            file.write(part)


def save_bounded_upload(stream, path):
    size = 0
    with open(path, "wb") as file:
        # ok: resource-exhaustion
        while True:
            part = stream.read(4096)
            if not part:
                break
            size += len(part)
            if size > LIMIT:
                raise ValueError(path)
            file.write(part)


class Bundle:
    def text(self, name):
        # ruleid: resource-exhaustion.measured-too-late
        body = self.archive.read(name)
        if len(body) > self.limit:
            raise ValueError(name)
        return body.decode()

    def measured(self, name):
        if self.archive.getinfo(name).file_size > self.limit:
            raise ValueError(name)
        # ok: resource-exhaustion
        body = self.archive.read(name)
        if len(body) > self.limit:
            raise ValueError(name)
        return body.decode()

    def cut(self, name):
        with self.archive.open(name) as stream:
            # ok: resource-exhaustion
            body = stream.read(self.limit + 1)
        if len(body) > self.limit:
            raise ValueError(name)
        return body.decode()
