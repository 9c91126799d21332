import os

from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
ALLOWED = {".png", ".jpg"}


@app.post("/avatar")
def avatar():
    sent = request.files["avatar"]
    # ruleid: unrestricted-upload.flask
    sent.save(os.path.join("/srv/avatars", secure_filename(sent.filename)))
    return "ok"


@app.post("/picture")
def picture():
    sent = request.files["picture"]
    if os.path.splitext(sent.filename)[1] not in ALLOWED:
        return "only pictures", 400
    # ok: unrestricted-upload
    sent.save(os.path.join("/srv/pictures", secure_filename(sent.filename)))
    return "ok"
