import urllib.request
from urllib.parse import urlparse

import aiohttp
import httpx
import requests
from fastapi import FastAPI, Request
from flask import Flask, abort, request

app = Flask(__name__)
api = FastAPI()
HOSTS = {"images.example.org"}
API_URL = "https://api.example.org"


@app.route("/proxy")
def proxy():
    url = request.args["url"]
    # ruleid: ssrf.web
    # flow: ssrf
    answer = requests.get(url, timeout=5)
    # ruleid: ssrf.web
    # flow: ssrf
    urllib.request.urlopen("https://" + request.args["host"] + "/status")
    # flow: ssrf
    httpx.request("GET", url=f"http://{request.args['host']}/")
    # ok: ssrf
    requests.get("https://api.example.org/search", params={"q": request.args["q"]}, timeout=5)
    # ok: ssrf
    requests.get(f"https://api.example.org/items/{request.args['id']}", timeout=5)
    # ok: ssrf
    requests.get(f"{API_URL}/items/{request.args['id']}", timeout=5)
    return answer.text


@app.route("/image")
def image():
    url = request.args["url"]
    parsed = urlparse(url)
    if parsed.scheme != "https" or parsed.hostname not in HOSTS:
        abort(400)
    # ok: ssrf
    return requests.get(url, timeout=5).content


@api.get("/preview")
async def preview(link: str):
    async with aiohttp.ClientSession() as session:
        # flow: ssrf
        async with session.get(link) as answer:
            return await answer.text()


@api.get("/thumbnail")
async def thumbnail(link: str, request: Request):
    # flow: ssrf
    async with request.app.state.session.get(link, timeout=5) as answer:
        return await answer.read()


@api.get("/stored")
async def stored(key: str, request: Request):
    # ok: ssrf
    return request.session.get(key, "nothing")


def fetch(url):
    # todoruleid: ssrf
    first = requests.get(url, timeout=5)
    if urlparse(url).netloc not in HOSTS:
        raise ValueError(url)
    # ok: ssrf
    return first, requests.get(url, timeout=5)
