"""What functions of libraries do with what they are given, by name.

Names as :attr:`bluehook.parse.Call.name`; a name without a dot is a built-in.
"""

from __future__ import annotations

import re

ANY = "*"

NUMBERS = frozenset(
    ["int", "float", "bool", "len", "ord", "abs", "round", "hash", "id", "sum", "complex", "long", "uuid.UUID", "decimal.Decimal", "datetime.datetime.strptime", "datetime.strptime", "datetime.date.fromisoformat", "datetime.datetime.fromisoformat", "ipaddress.ip_address", "ipaddress.IPv4Address", "ipaddress.IPv6Address", "ipaddress.ip_network", "isinstance", "issubclass", "hasattr", "callable", "time.time", "time.monotonic", "os.getpid", "uuid.uuid4", "uuid.uuid1"]
)
"""What they return cannot hold an attack; conversions among them raise on anything else."""

CONVERSIONS = frozenset(
    ["int", "float", "uuid.UUID", "decimal.Decimal", "long", "ipaddress.ip_address", "ipaddress.IPv4Address", "ipaddress.IPv6Address"]
)
"""Those that raise, so that the value itself is checked where they returned."""

CLEAN = frozenset(
    ["os.getcwd", "os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getsize", "os.path.islink", "os.path.getmtime", "os.stat", "tempfile.mkdtemp", "tempfile.mkstemp", "tempfile.gettempdir", "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory", "tempfile.TemporaryFile", "tempfile.mktemp", "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "secrets.choice", "random.choice", "random.randint", "random.random", "flask.url_for", "django.urls.reverse", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "time.strftime", "hashlib.md5", "hashlib.sha1", "hashlib.sha224", "hashlib.sha256", "hashlib.sha384", "hashlib.sha512", "hashlib.new", "hashlib.blake2b", "hmac.new", "hmac.compare_digest", "type", "print", "logging.getLogger", "threading.Lock", "os.urandom", "range", "mimetypes.guess_type", "flask.render_template", "django.shortcuts.render", "render_template", "os.access", "getpass.getuser", "socket.gethostname", "platform.system", "shutil.which", "django.shortcuts.get_object_or_404", "get_object_or_404", "crypt.crypt", "bcrypt.hashpw", "werkzeug.security.generate_password_hash", "werkzeug.security.check_password_hash", "gettext", "ugettext", "_"]
)
"""What they return is not what they were given."""

SAME = frozenset(
    ["str", "unicode", "bytes", "bytearray", "memoryview", "repr", "ascii", "copy.copy", "copy.deepcopy", "os.path.expanduser", "os.path.expandvars", "os.path.normpath", "os.path.normcase", "os.fspath", "os.fsencode", "os.fsdecode", "io.StringIO", "io.BytesIO", "StringIO.StringIO", "StringIO", "cStringIO.StringIO", "six.text_type", "six.ensure_str", "six.ensure_text", "six.StringIO", "six.BytesIO", "django.utils.encoding.force_str", "django.utils.encoding.smart_str", "django.utils.encoding.force_text", "typing.cast", "textwrap.dedent", "sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "text", "unicodedata.normalize", "os.path.splitdrive", "inspect.cleandoc", "psycopg2.sql.SQL", "psycopg.sql.SQL"]
)
"""The composition of their first argument stays."""

DECODED = frozenset(
    ["base64.b64decode", "base64.urlsafe_b64decode", "base64.b32decode", "base64.b16decode", "base64.decodebytes", "base64.standard_b64decode", "base64.decodestring", "binascii.unhexlify", "binascii.a2b_base64", "binascii.a2b_hex", "bytes.fromhex", "bytearray.fromhex", "codecs.decode", "codecs.encode", "urllib.parse.unquote", "urllib.parse.unquote_plus", "urllib.parse.unquote_to_bytes", "urllib.unquote", "urllib.unquote_plus", "html.unescape", "HTMLParser.HTMLParser().unescape", "json.loads", "simplejson.loads", "ujson.loads", "json.load", "orjson.loads", "ast.literal_eval", "yaml.safe_load", "urllib.parse.parse_qs", "urllib.parse.parse_qsl", "cgi.parse_qs", "urlparse.parse_qs", "zlib.decompress", "gzip.decompress", "bz2.decompress", "toml.loads", "tomllib.loads", "xmltodict.parse", "csv.reader", "csv.DictReader", "list", "tuple", "set", "dict", "frozenset", "sorted", "reversed", "iter", "next", "enumerate", "zip", "filter", "map", "max", "min", "any", "all", "itertools.chain", "collections.OrderedDict", "collections.defaultdict", "collections.deque", "getattr", "vars", "json.dumps", "simplejson.dumps", "urllib.parse.parse_qsl", "shlex.split", "struct.unpack", "pprint.pformat", "email.message_from_string", "http.cookies.SimpleCookie", "Cookie.SimpleCookie"]
)
"""What they return carries what they were given, its composition is gone."""

ENCODED: dict[str, tuple[str, ...]] = {
    "base64.b64encode": (ANY,),
    "base64.urlsafe_b64encode": (ANY,),
    "base64.b32encode": (ANY,),
    "base64.b16encode": (ANY,),
    "binascii.hexlify": (ANY,),
    "html.escape": ("cross-site-scripting", "xml-injection"),
    "cgi.escape": ("cross-site-scripting",),
    "markupsafe.escape": ("cross-site-scripting",),
    "flask.escape": ("cross-site-scripting",),
    "jinja2.escape": ("cross-site-scripting",),
    "django.utils.html.escape": ("cross-site-scripting",),
    "django.utils.html.conditional_escape": ("cross-site-scripting",),
    "django.utils.html.strip_tags": ("cross-site-scripting",),
    "django.utils.html.escapejs": ("cross-site-scripting",),
    "django.utils.html.format_html": ("cross-site-scripting",),
    "django.utils.html.urlize": ("cross-site-scripting",),
    "bleach.clean": ("cross-site-scripting",),
    "bleach.linkify": ("cross-site-scripting",),
    "nh3.clean": ("cross-site-scripting",),
    "xml.sax.saxutils.escape": ("cross-site-scripting", "xml-injection"),
    "xml.sax.saxutils.quoteattr": ("cross-site-scripting", "xml-injection"),
    "tornado.escape.xhtml_escape": ("cross-site-scripting",),
    "shlex.quote": ("command-injection",),
    "pipes.quote": ("command-injection",),
    "commands.mkarg": ("command-injection",),
    "re.escape": ("regex-dos",),
    "glob.escape": (),
    "urllib.parse.quote": ("cross-site-scripting", "header-injection", "open-redirect", "log-injection", "ssrf",
                           "command-injection", "sql-injection"),
    "urllib.parse.quote_plus": ("cross-site-scripting", "header-injection", "open-redirect", "log-injection", "ssrf",
                                "command-injection", "path-traversal", "sql-injection"),
    "urllib.parse.urlencode": ("cross-site-scripting", "header-injection", "open-redirect", "ssrf", "command-injection"),
    "urllib.quote": ("cross-site-scripting", "header-injection", "open-redirect", "ssrf"),
    "urllib.quote_plus": ("cross-site-scripting", "header-injection", "open-redirect", "ssrf"),
    "urllib.urlencode": ("cross-site-scripting", "header-injection", "open-redirect", "ssrf"),
    "werkzeug.utils.secure_filename": ("path-traversal", "archive-extraction"),
    "werkzeug.secure_filename": ("path-traversal", "archive-extraction"),
    "secure_filename": ("path-traversal", "archive-extraction"),
    "werkzeug.utils.safe_join": ("path-traversal",),
    "werkzeug.security.safe_join": ("path-traversal",),
    "flask.safe_join": ("path-traversal",),
    "django.utils._os.safe_join": ("path-traversal",),
    "django.utils.text.get_valid_filename": ("path-traversal",),
    "django.utils.text.slugify": (ANY,),
    "slugify.slugify": (ANY,),
    "os.path.basename": ("path-traversal", "archive-extraction"),
    "ntpath.basename": ("path-traversal", "archive-extraction"),
    "posixpath.basename": ("path-traversal", "archive-extraction"),
    "ldap.filter.escape_filter_chars": ("ldap-injection",),
    "ldap3.utils.conv.escape_filter_chars": ("ldap-injection",),
    "ldap.dn.escape_dn_chars": ("ldap-injection",),
    "ldap3.utils.dn.escape_rdn": ("ldap-injection",),
    "pymysql.converters.escape_string": ("sql-injection",),
    "MySQLdb.escape_string": ("sql-injection",),
    "psycopg2.sql.Identifier": ("sql-injection",),
    "psycopg2.sql.Literal": ("sql-injection",),
    "psycopg2.sql.Placeholder": ("sql-injection",),
    "psycopg.sql.Identifier": ("sql-injection",),
    "psycopg.sql.Literal": ("sql-injection",),
    "bson.ObjectId": (ANY,),
    "bson.objectid.ObjectId": (ANY,),
}  # fmt: skip
"""Sanitizers: what the result can no longer cause."""

ESCAPERS = re.compile(
    r"(?i)(?:escape|quote|sanit|html_?safe|strip_tags|purif|bleach|clean|encode_for|anti_?xss|secure|slugify|safe|mogrify"
    r"|html_?enc|entit|normali[sz]e_id|parameteri[sz]e|literal|identifier|allowed|whitelist)"
)
"""Names of unknown functions whose result is taken for clean: their bodies are not in sight."""

WEAK: dict[str, str] = {
    "input": "the standard input",
    "raw_input": "the standard input",
    "sys.stdin.read": "the standard input",
    "sys.stdin.readline": "the standard input",
    "cgi.FieldStorage().getvalue": "the form field",
    "cgi.FieldStorage().getfirst": "the form field",
    "requests.get": "the reply of another host",
    "requests.post": "the reply of another host",
    "urllib.request.urlopen": "the reply of another host",
    "urllib2.urlopen": "the reply of another host",
    "httpx.get": "the reply of another host",
    "socket.socket().recv": "the network",
    "socket.socket().recvfrom": "the network",
}
"""Calls whose result comes from outside the program."""

OUTSIDE = {"cgi.FieldStorage().getvalue", "cgi.FieldStorage().getfirst", "socket.socket().recv"}
"""Those that an attacker holds."""

ABORTS = frozenset(
    ["flask.abort", "werkzeug.exceptions.abort", "quart.abort", "bottle.abort", "sys.exit", "exit", "quit", "os._exit", "os.abort", "django.core.exceptions.PermissionDenied", "aiohttp.web.HTTPForbidden", "abort", "pytest.skip", "cherrypy.HTTPError", "self.fail", "self.skipTest"]
)
"""Calls that do not come back."""

ROWS = {"fetchone", "fetchall", "fetchmany", "scalar", "scalars", "first", "one", "one_or_none", "all", "filter",
        "filter_by", "objects", "get_or_create", "query", "execute", "mappings", "aggregate", "find_one", "find",
        "order_by", "exclude", "count", "exists", "refresh_from_db", "commit", "close", "cursor"}  # fmt: skip
"""Methods of databases: what they return is the database's."""

FILTERS = {"fetchone", "fetchall", "fetchmany"}
"""Those that hand out stored rows."""
