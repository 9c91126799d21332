import html

from django.http import HttpResponse, JsonResponse
from django.utils.safestring import mark_safe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from flask import Flask, Response, jsonify, make_response, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)
api = FastAPI()


@app.route("/hello/<name>")
def hello(name):
    if request.args.get("json"):
        # ok: cross-site-scripting
        return jsonify(name=name)
    if request.args.get("page"):
        # ok: cross-site-scripting
        return render_template("hello.html", name=name)
    if request.args.get("safe"):
        # ok: cross-site-scripting
        return f"<p>Hello {escape(name)}</p>"
    # ruleid: cross-site-scripting.web
    # flow: cross-site-scripting
    answer = make_response("<p>Hello " + request.cookies["nick"] + "</p>")
    # todook: cross-site-scripting
    answer = Response(request.args["text"], mimetype="text/plain")
    # flow: cross-site-scripting
    return f"<p>Hello {name}</p>"


def greet(request):
    # ruleid: cross-site-scripting.web
    # flow: cross-site-scripting
    first = mark_safe("<b>%s</b>" % request.GET.get("name", ""))
    # ok: cross-site-scripting
    second = JsonResponse({"name": request.GET["name"]})
    # ok: cross-site-scripting
    third = HttpResponse(html.escape(request.GET["name"]))
    # ruleid: cross-site-scripting.web
    # flow: cross-site-scripting
    return HttpResponse("<p>" + request.GET["name"] + "</p>", first, second, third)


@api.get("/page", response_class=HTMLResponse)
async def page(title: str, number: int):
    # ok: cross-site-scripting
    first = HTMLResponse(f"<h1>{number}</h1>")
    # flow: cross-site-scripting
    second = HTMLResponse(content=f"<h1>{title}</h1>")
    return first or second


def badge(label):
    # flow: cross-site-scripting
    return "<span>{}</span>".format(label)


def card(title, text):
    # flow: cross-site-scripting
    return f"<h2>{title}</h2><p>{html.escape(text)}</p>"


def safe_card(title, text):
    # ok: cross-site-scripting
    return f"<h2>{html.escape(title)}</h2><p>{html.escape(text)}</p>"


def safe_list(items):
    rows = [html.escape(item) for item in items]
    # ok: cross-site-scripting
    return "<ul>{}</ul>".format("".join(rows))


def plain(title):
    # ok: cross-site-scripting
    return Markup("<h2>{}</h2>").format("title"), f"{title}: 1"
