from http.server import BaseHTTPRequestHandler
from urllib.parse import quote

from flask import Flask, make_response, request

app = Flask(__name__)


@app.route("/language")
def language():
    answer = make_response("ok")
    # ruleid: header-injection.web
    # flow: header-injection
    answer.headers["Content-Language"] = request.args["lang"]
    # ok: header-injection
    answer.headers["Content-Language"] = request.args["lang"].replace("\r", "").replace("\n", "")
    # ok: header-injection
    answer.headers["X-Page"] = quote(request.args["page"])
    return answer


class Handler(BaseHTTPRequestHandler):
    def tell(self, name):
        # todoruleid: header-injection
        self.send_header("X-Name", name)
        # ok: header-injection
        self.send_header("X-Length", str(len(name)))
