from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.post("/order")
def order():
    # ruleid: xxe.entities-on
    parser = etree.XMLParser(resolve_entities=True)
    # ruleid: xxe.web
    # flow: xxe
    first = etree.fromstring(request.data)
    # ok: xxe
    second = etree.fromstring(request.data, parser=etree.XMLParser(resolve_entities=False, no_network=True))
    return str((parser, first, second))


def read(text):
    # ruleid: xxe.lxml-default
    first = etree.fromstring(text)
    # ok: xxe
    return first, etree.fromstring(text, etree.XMLParser(resolve_entities=False))
