import hmac
import os
import smtplib

import jwt
import psycopg2
import requests
from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from flask import Flask, request

app = Flask(__name__)

# ruleid: hard-coded-credential.named
DB_PASSWORD = "gr4nite-Harbour"
# ok: hard-coded-credential
DB_PASSWORD = os.environ["DB_PASSWORD"]
# ok: hard-coded-credential
DB_PASSWORD = "changeme"
# ok: hard-coded-credential
PASSWORD = "<your password>"
# ok: hard-coded-credential
PASSWORD = ""
# ok: hard-coded-credential
PASSWORD_FIELD = "password1"
# ok: hard-coded-credential
RESET_PASSWORD_URL = "/accounts/reset2"
# ok: hard-coded-credential
API_KEY_ENV = "SERVICE_API_KEY_2"
# ok: hard-coded-credential
RESET_TOKEN = "_password_reset_token"
# ruleid: hard-coded-credential.named
client_secret = "kJ8sd7fKJh3ksd9f"
# ruleid: hard-coded-credential.named
api_key: str = "93b1fe77a0c24d5b"
# ruleid: hard-coded-credential.weak-name
secret_key = "swordfish"
# ruleid: hard-coded-credential.known-form, hard-coded-credential.named, hard-coded-credential.random-looking
GITHUB_TOKEN = "ghp_q8Zr5TnW2vKx7LdPfYcB3HsJmA9eUgQ4oRt1"
# ruleid: hard-coded-credential.known-form
region, key_id = "eu-west-1", "AKIA3QZ7TNBLW5VDRKHU"
# ok: hard-coded-credential
region, key_id = "eu-west-1", "AKIAIOSFODNN7EXAMPLE"

# ruleid: hard-coded-credential.known-form
CERTIFICATE_KEY = """-----BEGIN RSA PRIVATE KEY-----
MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu
-----END RSA PRIVATE KEY-----"""
# ok: hard-coded-credential
HEADER_LINE = "-----BEGIN RSA PRIVATE KEY-----"

# ruleid: hard-coded-credential.url, hard-coded-credential.url-local
DATABASE_URL = "postgresql://shop:n0rthWind@db7.shop.internal/shop"
# ok: hard-coded-credential
DATABASE_URL = "postgresql://shop@db7.shop.internal/shop"
# ok: hard-coded-credential
DATABASE_URL = f"postgresql://shop:{DB_PASSWORD}@db7.shop.internal/shop"
# ruleid: hard-coded-credential.url-local
DATABASE_URL = "postgresql://postgres:postgres@localhost/dev"

# ruleid: hard-coded-credential.random-looking
key = "Vb7Kq2ZxT9mWc4RfLs8NpYd3HgJ6aEuQ1oXi5Bt0"
# ok: hard-coded-credential
key = "user:profile:settings"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "shop",
        # ruleid: hard-coded-credential.named
        "PASSWORD": "n0rthWind!",
    },
    "second": {
        "ENGINE": "django.db.backends.mysql",
        "USER": "root",
        # ruleid: hard-coded-credential.empty
        "PASSWORD": "",
    },
    # ok: hard-coded-credential
    "third": {"ENGINE": "django.db.backends.sqlite3", "PASSWORD": ""},
}


def connections():
    # ruleid: hard-coded-credential.connection
    one = psycopg2.connect(host="db7", user="shop", password="northwind")
    # ok: hard-coded-credential
    one = psycopg2.connect(host="db7", user="shop", password=os.environ["DB_PASSWORD"])
    server = smtplib.SMTP_SSL("mail.internal")
    # ruleid: hard-coded-credential.connection
    server.login("shop", "northwind")
    # ruleid: hard-coded-credential.connection
    page = requests.get("https://intranet/", auth=("shop", "northwind"), timeout=3)
    # ok: hard-coded-credential
    page = requests.get("https://intranet/", auth=("shop", os.environ["PASSWORD"]), timeout=3)
    return one, server, page


# ruleid: hard-coded-credential.named
def mount(share, password="w1nter-Tale"):
    return share, password


def mount_mended(share, password=None):
    # ok: hard-coded-credential
    return share, password


@app.route("/login", methods=["POST"])
def log_in():
    password = request.form["password"]
    # ruleid: hard-coded-credential.compared
    if password == "letmein":
        return "welcome"
    # ruleid: hard-coded-credential.compared
    if request.form["password"] == "sesame":
        return "welcome"
    # ok: hard-coded-credential
    if password == "":
        return "empty"
    # ok: hard-coded-credential
    if request.form["grant_type"] == "password":
        return "by password"
    return "no"


def keys(claims, token):
    # ruleid: hard-coded-credential.key
    signed = jwt.encode(claims, "horse battery staple", algorithm="HS256")
    # ok: hard-coded-credential
    signed = jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
    # ruleid: hard-coded-credential.key
    read = jwt.decode(token, "horse battery staple", algorithms=["HS256"])
    # ruleid: hard-coded-credential.key
    cipher = AES.new(b"sixteen byte key", AES.MODE_GCM)
    # ruleid: hard-coded-credential.key
    box = Fernet(b"ZmDfcTF7_60GrrY167zsiPd67pEvs0aGOv2oasOM1Pg=")
    # ok: hard-coded-credential
    box = Fernet(Fernet.generate_key())
    # ruleid: hard-coded-credential.mac-key
    seal = hmac.new(b"label", claims, "sha256")
    return signed, read, cipher, box, seal


# ruleid: hard-coded-credential.app-key, hard-coded-credential.weak-name
app.secret_key = "correct-horse"
# ok: hard-coded-credential
app.secret_key = os.environ["SECRET_KEY"]
# ok: hard-coded-credential
app.config["SECRET_KEY"] = "dev"


def settings():
    # ruleid: hard-coded-credential.fallback
    password = os.environ.get("SHOP_DB_PASSWORD", "gr4nite-Harbour!")
    # ruleid: hard-coded-credential.fallback
    key = os.getenv("JWT_SECRET") or "kJ8sd7fKJh3ksd9f"
    # ok: hard-coded-credential
    password = os.environ.get("SHOP_DB_PASSWORD", "postgres")
    # ok: hard-coded-credential
    password = os.environ.get("SHOP_DB_PASSWORD", "minioadmin123")
    # ok: hard-coded-credential
    password = os.environ.get("SHOP_DB_PASSWORD", "shop2024")
    # ok: hard-coded-credential
    password = os.environ.get("SHOP_DB_PASSWORD", "")
    # ok: hard-coded-credential
    key = os.getenv("SECRET_KEY", "dev-key-77ab")
    # ok: hard-coded-credential
    key = os.getenv("SECRET_KEY", "change-me-4-real")
    # ok: hard-coded-credential
    host = os.getenv("SHOP_DB_HOST", "db7.example.net")
    # ok: hard-coded-credential
    name = os.getenv("PASSWORD_FIELD", "pass-word9x")
    return password, key, host, name
