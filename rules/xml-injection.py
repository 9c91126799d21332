import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape


def order(name):
    # ruleid: xml-injection.web
    first = ET.fromstring("<order><name>%s</name></order>" % name)
    # todook: xml-injection
    second = ET.fromstring("<order><name>%s</name></order>" % escape(name))
    document = f"<order><name>{name}</name></order>"
    # ruleid: xml-injection.web
    third = ET.fromstring(document)
    # ok: xml-injection
    fourth = ET.Element("order", name=name)
    return first, second, third, fourth
