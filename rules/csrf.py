import hmac

from django.contrib.auth.decorators import login_required
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import Form

app = Flask(__name__)
csrf = CSRFProtect(app)
api = FastAPI()


# ruleid: csrf.exempt, csrf.exempt-with-session
@csrf_exempt
@login_required
def close_account(request):
    request.user.delete()


# ok: csrf
@login_required
def close_account_mended(request):
    request.user.delete()


# ruleid: csrf.exempt, csrf.exempt-with-session
@csrf_exempt
def rename(request):
    request.user.name = request.POST["name"]
    request.user.save()


# ruleid: csrf.exempt
@csrf_exempt
def ping(request):
    return "pong"


# ok: csrf
@csrf_protect
def ping_mended(request):
    return "pong"


# ok: csrf
@csrf_exempt
def signed_hook(request):
    if not hmac.compare_digest(request.headers["X-Signature"], sign(request.body)):
        return "no"
    return "yes"


# ruleid: csrf.exempt
@method_decorator(csrf_exempt, name="dispatch")
class Orders:
    pass


# ruleid: csrf.exempt
@csrf.exempt
@app.route("/orders", methods=["POST"])
def orders():
    return "done"


# ruleid: csrf.switched-off
app.config["WTF_CSRF_ENABLED"] = False
# ok: csrf
app.config["WTF_CSRF_ENABLED"] = True


class Production:
    # ruleid: csrf.switched-off
    WTF_CSRF_ENABLED = False


class Testing:
    TESTING = True
    # ok: csrf
    WTF_CSRF_ENABLED = False


class Search(FlaskForm):
    # ruleid: csrf.form
    class Meta:
        csrf = False


class Profile(FlaskForm):
    # ok: csrf
    class Meta:
        csrf = True


# ruleid: csrf.middleware-missing
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
# ok: csrf
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

# ruleid: csrf.any-origin
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ok: csrf
api.add_middleware(CORSMiddleware, allow_origins=["https://shop.com"], allow_credentials=True)
# ruleid: csrf.any-origin
CORS(app, supports_credentials=True)
# ok: csrf
CORS(app, origins=["https://shop.com"], supports_credentials=True)
