import re
from urllib.parse import urlparse, urlsplit

from flask import Flask, abort, redirect, request

app = Flask(__name__)
# ruleid: input-validation.any-host
ALLOWED_HOSTS = ["*"]
# ok: input-validation
ALLOWED_HOSTS = ["shop.com"]
TRUSTED = {"shop.com", "www.shop.com"}


def is_ours(url: str, domain: str) -> bool:
    parts = urlparse(url)
    # ruleid: input-validation.host-suffix
    return parts.netloc.endswith(domain)


def is_ours_mended(url: str, domain: str) -> bool:
    host = urlsplit(url).hostname or ""
    # ok: input-validation
    return host == domain or host.endswith("." + domain)


def is_ours_also_mended(url: str, domain: str) -> bool:
    host = urlsplit(url).hostname or ""
    # ok: input-validation
    return host == domain or host.endswith(f".{domain}")


def is_shop(url):
    host = urlsplit(url).hostname
    # ruleid: input-validation.host-part
    return "shop.com" in host


def has_domain(url, domain):
    # ruleid: input-validation.host-part
    return domain in urlparse(url).netloc


def has_port(url):
    # ok: input-validation
    return ":" in urlparse(url).netloc


def is_listed(url):
    # ok: input-validation
    return urlparse(url).netloc in TRUSTED


@app.route("/go")
def go():
    target = request.args.get("target", "")
    # ruleid: input-validation.address-part
    if "shop.com" in target:
        return redirect(target)
    # ruleid: input-validation.address-part
    if target.startswith("https://shop.com"):
        return redirect(target)
    # ok: input-validation
    if urlsplit(target).hostname in TRUSTED:
        return redirect(target)
    # ruleid: input-validation.assert-input
    assert target.startswith("/")
    # ok: input-validation
    if not target.startswith("/"):
        abort(400)
    return "no"


# ruleid: input-validation.host-pattern
OURS = re.compile("(www|beta).shop.com/")
# ok: input-validation
OURS = re.compile(r"https://(www|beta)\.shop\.com/")


def is_valid_name(name):
    # ruleid: input-validation.unanchored
    return re.match("[a-z]+", name) is not None


def is_valid_name_mended(name):
    # ok: input-validation
    return re.fullmatch("[a-z]+", name) is not None


def is_valid_name_also_mended(name):
    # ok: input-validation
    return bool(re.match(r"^[a-z]+\Z", name))


@app.route("/delete/<int:number>")
def delete(number):
    user = load_user()
    # ruleid: input-validation.assert-authority
    assert user.is_admin
    # ok: input-validation
    if not user.is_admin:
        abort(403)
    return "done"


def read_number():
    number = int(input("Number: "))
    # ruleid: input-validation.assert-input
    assert number > 0
    return number
