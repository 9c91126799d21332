import secrets

from flask import Flask, make_response

app = Flask(__name__)


@app.route("/login", methods=["POST"])
def log_in():
    response = make_response("welcome")
    # ruleid: insecure-cookie.other, insecure-cookie.session
    response.set_cookie("session_id", secrets.token_urlsafe())
    # ok: insecure-cookie
    response.set_cookie("session_id", secrets.token_urlsafe(), secure=True, httponly=True, samesite="Lax")
    # ruleid: insecure-cookie.session
    response.set_cookie("auth_token", secrets.token_urlsafe(), secure=True)
    # ruleid: insecure-cookie.other
    response.set_cookie("theme", "dark")
    # ok: insecure-cookie
    response.set_cookie("sid", "x", **app.config["COOKIE"])
    access_token = secrets.token_urlsafe()
    # ruleid: insecure-cookie.other, insecure-cookie.session
    response.set_cookie("a", access_token)
    # ruleid: insecure-cookie.switched-off, insecure-cookie.unencrypted
    response.set_cookie("sid", "x", secure=False, httponly=True)
    return response


# ruleid: insecure-cookie.switched-off
SESSION_COOKIE_HTTPONLY = False
# ok: insecure-cookie
SESSION_COOKIE_HTTPONLY = True
# ruleid: insecure-cookie.unencrypted
app.config["SESSION_COOKIE_SECURE"] = False
# ok: insecure-cookie
app.config["SESSION_COOKIE_SECURE"] = True
