import http.server
import os
import socket

import uvicorn
from flask import Flask

app = Flask(__name__)


def listen(port):
    server = socket.socket()
    # ruleid: bind-all-interfaces.server
    server.bind(("0.0.0.0", port))
    # ruleid: bind-all-interfaces.empty-host
    server.bind(("", port))
    # ok: bind-all-interfaces
    server.bind(("127.0.0.1", port))
    # ok: bind-all-interfaces
    server.bind((os.environ["HOST"], port))


def serve(handler):
    # ruleid: bind-all-interfaces.server
    http.server.HTTPServer(("0.0.0.0", 8000), handler).serve_forever()
    # ruleid: bind-all-interfaces.server
    uvicorn.run(app, host="0.0.0.0", port=8000)
    # ok: bind-all-interfaces
    uvicorn.run(app, host="127.0.0.1", port=8000)


if __name__ == "__main__":
    # ruleid: bind-all-interfaces.debugger
    app.run(host="0.0.0.0", port=5000, debug=True)
    # ok: bind-all-interfaces
    app.run(host="127.0.0.1", port=5000, debug=True)
