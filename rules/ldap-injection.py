import ldap
import ldap3
from flask import Flask, request
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)
BASE = "dc=example,dc=org"


@app.route("/person")
def person():
    name = request.args["name"]
    connection = ldap.initialize("ldap://localhost")
    # ruleid: ldap-injection.web
    # flow: ldap-injection
    found = connection.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=%s)" % name)
    # ok: ldap-injection
    found = connection.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=%s)" % ldap.filter.escape_filter_chars(name))
    # ruleid: ldap-injection.web
    # flow: ldap-injection
    ldap3.Connection("localhost").search(BASE, f"(uid={name})")
    # ok: ldap-injection
    ldap3.Connection("localhost").search(BASE, f"(uid={escape_filter_chars(name)})")
    return str(found)


def lookup(connection, uid):
    # flow: ldap-injection
    connection.search(BASE, "(uid=" + uid + ")")
    # ok: ldap-injection
    return connection.search(BASE, "(uid=" + escape_filter_chars(uid) + ")")
