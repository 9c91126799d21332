from urllib.parse import urljoin, urlparse

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from flask import Flask, redirect, request, url_for

app = Flask(__name__)
api = FastAPI()


@app.route("/go")
def go():
    target = request.args.get("next")
    if request.args.get("home"):
        # ok: open-redirect
        return redirect(url_for("home", next=target))
    if request.args.get("item"):
        # ok: open-redirect
        return redirect("/items/" + request.args["item"])
    # ruleid: open-redirect.web
    # flow: open-redirect
    return redirect(target or "/")


@app.route("/checked")
def checked():
    target = request.args.get("next", "/")
    parts = urlparse(target)
    if parts.netloc or parts.scheme:
        return "no", 400
    # Three slashes have neither netloc nor scheme, and a browser reads them as two
    # flow: open-redirect
    return redirect(target)


def login(request):
    target = request.GET.get("next", "/")
    if request.GET.get("fast"):
        # ruleid: open-redirect.web
        # flow: open-redirect
        return HttpResponseRedirect(target)
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: open-redirect
    return HttpResponseRedirect(target)


@api.get("/leave")
async def leave(to: str):
    # flow: open-redirect
    return RedirectResponse(url=to)


def redirect_uri(base, path):
    # todoruleid: open-redirect
    return urljoin(base, path)


def redirect_uri_checked(base, path):
    result = urlparse(urljoin(base, path))
    if result.netloc != urlparse(base).netloc:
        raise ValueError(path)
    # ok: open-redirect
    return result.geturl()


def redirect_link(base, path, allowed):
    link = urljoin(base, path)
    target = urlparse(link)
    host = target.netloc
    if host in allowed:
        # ok: open-redirect
        return link
    raise ValueError(path)


def go(address):
    # ruleid: open-redirect.ignored-check
    is_our_own(address)
    return redirect(address)


def go_on(address, log):
    # ruleid: open-redirect.unread-check
    known = is_our_own(address)
    log.append(address)
    return redirect(address)


def go_checked(address):
    # ok: open-redirect
    known = is_our_own(address)
    if not known:
        address = "/"
    return redirect(address)


def go_checked_at_once(address):
    # ok: open-redirect
    if not is_our_own(address):
        raise ValueError(address)
    return redirect(address)


def go_told(address, log):
    # ok: open-redirect
    known = is_our_own(address)
    log.debug("known: %s", known)
    return redirect(address)
