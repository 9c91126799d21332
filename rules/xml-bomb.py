import xml.etree.ElementTree as ET

import defusedxml.ElementTree
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.post("/order")
def order():
    # flow: xml-bomb
    first = ET.fromstring(request.data)
    # ok: xml-bomb
    second = defusedxml.ElementTree.fromstring(request.data)
    # ruleid: xml-bomb.huge-tree
    parser = etree.XMLParser(huge_tree=True)
    # ok: xml-bomb
    parser = etree.XMLParser(huge_tree=False)
    return str((first, second, parser))
