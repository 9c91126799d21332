from flask import Flask, request
from lxml import etree

app = Flask(__name__)
tree = etree.parse("users.xml")


@app.route("/user")
def user():
    name = request.args["name"]
    # ruleid: xpath-injection.web
    # flow: xpath-injection
    found = tree.xpath("//user[@name='" + name + "']")
    # ok: xpath-injection
    found = tree.xpath("//user[@name=$name]", name=name)
    # ruleid: xpath-injection.web
    # flow: xpath-injection
    found = etree.XPath(f"//user[@name='{name}']")(tree)
    return str(found)


def find(root, name):
    # flow: xpath-injection
    first = root.xpath("//user[@name='%s']" % name)
    # ok: xpath-injection
    return first or root.xpath("//user[@name=$name]", name=name)
