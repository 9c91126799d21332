"""The sinks: one row an API with the weakness that it leads to, when a call of it is a candidate, and what that says.

A row *hints* where only a later stage can tell (``open(path)``), so that it never reaches the user alone, and
*suspects* where the call itself is suspicious (``eval(text)``, ``pickle.loads(data)``). Adding an API is adding its
name to a group here. Weaknesses are keys of ``weaknesses.TABLE``.
"""

from __future__ import annotations

from typing import NamedTuple

from bluehook.detect.sinks.conditions import (
    ANY,
    HASH,
    LOADER,
    NO_SHELL,
    NOT_VERIFIED,
    OPEN_TO_ALL,
    SHELL,
    When,
    built,
    dynamic,
    given,
    lacking,
    query,
    without,
)
from bluehook.findings import Says

HINTS, SUSPECTS = Says.HINTS, Says.SUSPECTS


class Sink(NamedTuple):
    """One row. ``name`` as :attr:`bluehook.parse.Call.name`; one that begins with a dot is a method of any object."""

    name: str
    weakness: str
    when: When
    says: Says


_GROUPS: list[tuple[str, Says, When, str]] = [
    # Files.
    ("path-traversal", HINTS, dynamic(0, "file", "path", "name"), """
        open io.open codecs.open os.open file gzip.open bz2.open lzma.open tarfile.open zipfile.ZipFile
        os.remove os.unlink os.rmdir os.removedirs os.mkdir os.makedirs os.listdir os.scandir os.walk
        os.truncate os.chown os.readlink os.mkfifo shutil.rmtree shutil.copy shutil.copyfile
        shutil.copy2 shutil.copytree shutil.move os.rename os.replace os.renames os.link os.symlink
        linecache.getlines linecache.getline fileinput.input glob.glob glob.iglob aiofiles.open
        aiofiles.os.remove anyio.open_file flask.send_file fastapi.responses.FileResponse
        starlette.responses.FileResponse aiohttp.web.FileResponse django.views.static.serve numpy.load
        numpy.fromfile numpy.loadtxt pandas.read_csv pandas.read_excel pandas.read_json cv2.imread
        PIL.Image.open sqlite3.connect configparser.ConfigParser().read logging.FileHandler
        mimetypes.read_mime_types runpy.run_path zipfile.Path bottle.static_file
        werkzeug.utils.send_file quart.send_file tornado.web.StaticFileHandler
    """),
    ("path-traversal", HINTS, dynamic(1, "path", "dst", "filename", "target"), """
        os.path.join shutil.copy shutil.copyfile shutil.copy2 shutil.copytree shutil.move os.rename
        os.replace os.link os.symlink flask.send_from_directory quart.send_from_directory
        urllib.request.urlretrieve bottle.static_file
    """),
    ("path-traversal", HINTS, dynamic(0), """
        pathlib.Path().open .joinpath pathlib.Path pathlib.PurePath .symlink_to .hardlink_to .rename
    """),
    ("unrestricted-upload", HINTS, dynamic(0, "dst"), """
        .save .save_as django.core.files.storage.default_storage.save
    """),
    ("archive-extraction", SUSPECTS, lacking("filter", "'data'"), """
        tarfile.open().extractall tarfile.TarFile().extractall
    """),
    ("archive-extraction", HINTS, lacking("filter", "'data'"), ".extractall"),
    ("archive-extraction", HINTS, dynamic(0), ".extract shutil.unpack_archive patoolib.extract_archive"),
    ("file-permissions", SUSPECTS, given("mode", OPEN_TO_ALL, "'f', 0o777", "'f', 0o600", at=1), """
        os.chmod os.fchmod os.lchmod
    """),
    ("file-permissions", HINTS, given("mode", OPEN_TO_ALL, "'f', 0o777", "'f', 0o700", at=1), """
        os.mkdir os.makedirs os.mkfifo
    """),
    ("file-permissions", SUSPECTS, given("mode", OPEN_TO_ALL, "0o777", "0o600", at=0), ".chmod"),
    ("file-permissions", SUSPECTS, given("mask", "0|0o0+", "0", "0o077", at=0), "os.umask"),
    ("insecure-temp-file", SUSPECTS, ANY, "tempfile.mktemp os.tempnam os.tmpnam"),
    ("race-condition", HINTS, dynamic(0), "os.path.exists os.path.isfile os.path.islink os.access os.stat os.lstat"),
    # Processes and code.
    ("command-injection", SUSPECTS, dynamic(0, "command", "cmd"), """
        os.system os.popen os.popen2 os.popen3 os.popen4 commands.getoutput commands.getstatusoutput
        popen2.popen2 popen2.popen3 popen2.popen4 subprocess.getoutput subprocess.getstatusoutput
        asyncio.create_subprocess_shell asyncio.subprocess.create_subprocess_shell pexpect.run
        pexpect.runu invoke.run fabric.api.run fabric.api.local fabric.api.sudo invoke.Context().run
        fabric.Connection().run fabric.Connection().sudo plumbum.local
    """),
    ("command-injection", SUSPECTS, SHELL, """
        subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen
    """),
    ("command-injection", HINTS, SHELL, ".run .call .Popen .check_output .check_call"),
    ("command-injection", HINTS, built(0), ".exec_command .run_command .getoutput"),
    ("argument-injection", HINTS, NO_SHELL, """
        subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen
        asyncio.create_subprocess_exec asyncio.subprocess.create_subprocess_exec pexpect.spawn pty.spawn
        sh.Command os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe
        os.posix_spawn os.posix_spawnp os.startfile
    """),
    ("argument-injection", HINTS, dynamic(1), """
        os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe
    """),
    ("code-injection", SUSPECTS, dynamic(0, "source"), """
        eval exec execfile builtins.eval builtins.exec code.InteractiveInterpreter().runsource
        code.interact numexpr.evaluate asteval.Interpreter().eval simpleeval.simple_eval
    """),
    ("code-injection", HINTS, dynamic(0, "source"), """
        compile types.FunctionType types.CodeType timeit.timeit cProfile.run pdb.run sympy.sympify
        pandas.eval .runsource sympy.parsing.sympy_parser.parse_expr .eval
    """),
    ("code-injection", HINTS, dynamic(0), ".runcode logging.config.listen"),
    ("untrusted-include", HINTS, dynamic(0, "name"), """
        __import__ importlib.import_module importlib.__import__ imp.load_module imp.load_source
        imp.find_module pkgutil.resolve_name runpy.run_module zipimport.zipimporter ctypes.CDLL
        ctypes.cdll.LoadLibrary ctypes.PyDLL django.utils.module_loading.import_string
        werkzeug.utils.import_string torch.hub.load site.addsitedir
    """),
    ("untrusted-include", HINTS, dynamic(1), "importlib.util.spec_from_file_location sys.path.insert"),
    # Objects from data.
    ("deserialization", SUSPECTS, dynamic(0, "file", "data", "string"), """
        pickle.loads pickle.load pickle.Unpickler cPickle.loads cPickle.load _pickle.loads _pickle.load
        dill.loads dill.load cloudpickle.loads cloudpickle.load marshal.loads marshal.load
        jsonpickle.decode jsonpickle.loads joblib.load pandas.read_pickle yaml.unsafe_load
        yaml.full_load yaml.unsafe_load_all yaml.full_load_all shelve.open pickle5.loads skops.io.load
        sklearn.externals.joblib.load celery.utils.serialization.pickle.loads
    """),
    ("deserialization", SUSPECTS, LOADER, "yaml.load yaml.load_all"),
    ("deserialization", SUSPECTS, without("weights_only", "value, weights_only=True"), "torch.load"),
    ("deserialization", SUSPECTS, given("allow_pickle", "True", "'f', allow_pickle=True", "'f'"), "numpy.load"),
    ("deserialization", HINTS, dynamic(0), """
        keras.models.load_model tensorflow.keras.models.load_model mlflow.pyfunc.load_model
    """),
    # Databases.
    ("sql-injection", SUSPECTS, query(0, "sql", "query", "statement", "operation"), """
        .execute .executemany .executescript .exec_driver_sql sqlalchemy.text sqlalchemy.sql.text .raw
        .read_sql django.db.models.expressions.RawSQL django.db.connection.cursor().execute
        sqlite3.connect().execute sqlite3.connect().executescript
    """),
    ("sql-injection", HINTS, dynamic(0, "sql", "query", "statement", "operation", "query_string"), """
        .execute .executemany .executescript .exec_driver_sql sqlalchemy.text sqlalchemy.sql.text .raw
        .mogrify .callproc django.db.models.expressions.RawSQL django.db.models.RawSQL pandas.read_sql
        pandas.read_sql_query .fetchrow .fetchval .execute_sql .run_query .query pandas.io.sql.read_sql
        sqlalchemy.literal_column sqlalchemy.DDL psycopg2.sql.SQL psycopg.sql.SQL peewee.SQL
        peewee.RawQuery
    """),
    ("sql-injection", HINTS, dynamic(0, "select", "where"), ".extra .order_by .having .from_statement .text"),
    ("nosql-injection", HINTS, dynamic(0, "filter", "query"), """
        .find .find_one .find_one_and_update .find_one_and_delete .find_one_and_replace .delete_one
        .delete_many .update_one .update_many .replace_one .count_documents .distinct .aggregate
        .map_reduce
    """),
    ("nosql-injection", SUSPECTS,
     given("filter", r"(?s)\{\s*['\"]\$where['\"].*[\w)]\s*\}", "{'$where': value}", "{'a': 1}", at=0), """
        .find .find_one .count_documents .delete_many
    """),
    ("ldap-injection", HINTS, dynamic(2, "filterstr", "filter"), ".search_s .search_st .search_ext .search_ext_s"),
    ("ldap-injection", SUSPECTS, built(2, "filterstr", "filter"), ".search_s .search_st .search_ext .search_ext_s"),
    ("ldap-injection", HINTS, dynamic(1, "search_filter"), "ldap3.Connection().search .paged_search .search"),
    ("ldap-injection", SUSPECTS, built(1, "search_filter"), "ldap3.Connection().search .paged_search"),
    # Markup.
    ("xpath-injection", SUSPECTS, built(0, "path", "_path"), ".xpath lxml.etree.XPath lxml.etree.ETXPath"),
    ("xpath-injection", HINTS, dynamic(0, "path", "_path"), """
        .xpath lxml.etree.XPath lxml.etree.ETXPath elementpath.select
    """),
    ("xpath-injection", SUSPECTS, built(0, "path", "match"), ".findtext .iterfind"),
    ("xxe", HINTS, dynamic(0, "source", "text"), """
        lxml.etree.parse lxml.etree.fromstring lxml.etree.XML lxml.etree.iterparse
        lxml.objectify.fromstring lxml.objectify.parse xml.sax.parse xml.sax.parseString
        xml.dom.pulldom.parse xml.dom.pulldom.parseString xml.dom.expatbuilder.parse
        xml.dom.expatbuilder.parseString xmltodict.parse
    """),
    ("xxe", SUSPECTS, given("resolve_entities", "True", "resolve_entities=True", "resolve_entities=False"), """
        lxml.etree.XMLParser lxml.etree.iterparse
    """),
    ("xxe", SUSPECTS, given("no_network", "False", "no_network=False", "no_network=True"), "lxml.etree.XMLParser"),
    ("xml-bomb", HINTS, dynamic(0, "source", "text"), """
        xml.etree.ElementTree.parse xml.etree.ElementTree.fromstring xml.etree.ElementTree.XML
        xml.etree.ElementTree.iterparse xml.etree.cElementTree.parse xml.etree.cElementTree.fromstring
        xml.dom.minidom.parse xml.dom.minidom.parseString xmlrpc.client.loads
    """),
    ("xml-bomb", SUSPECTS, given("huge_tree", "True", "huge_tree=True", "huge_tree=False"), "lxml.etree.XMLParser"),
    ("xml-injection", HINTS, built(0), """
        xml.etree.ElementTree.fromstring lxml.etree.fromstring xml.dom.minidom.parseString
    """),
    ("template-injection", SUSPECTS, dynamic(0, "source"), """
        flask.render_template_string jinja2.Template jinja2.Environment().from_string
        mako.template.Template django.template.Template bottle.template tornado.template.Template
        quart.render_template_string chevron.render pystache.render
    """),
    ("template-injection", HINTS, dynamic(0, "source"), """
        .from_string string.Formatter().format flask.render_template
    """),
    ("cross-site-scripting", SUSPECTS, dynamic(0, "s", "content"), """
        markupsafe.Markup flask.Markup jinja2.Markup jinja2.utils.markupsafe.Markup
        django.utils.safestring.SafeString django.utils.safestring.SafeText
    """),
    ("cross-site-scripting", HINTS, dynamic(0, "s"), "django.utils.safestring.mark_safe .write flask.Response"),
    ("cross-site-scripting", SUSPECTS, built(0, "s", "content", "response", "body"), """
        django.utils.safestring.mark_safe django.http.HttpResponse flask.make_response flask.Response
        fastapi.responses.HTMLResponse starlette.responses.HTMLResponse
    """),
    ("cross-site-scripting", HINTS, dynamic(0, "content", "response", "body"), """
        django.http.HttpResponse flask.make_response fastapi.responses.HTMLResponse
        starlette.responses.HTMLResponse aiohttp.web.Response django.utils.html.format_html
    """),
    ("cross-site-scripting", HINTS, given("autoescape", "False", "autoescape=False", "autoescape=True"), """
        jinja2.Environment
    """),
    # The web.
    ("ssrf", HINTS, dynamic(0, "url", "fullurl", "host", "address"), """
        requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.options requests.Session().get requests.Session().post requests.Session().put
        requests.session().get httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.head
        httpx.stream httpx.Client().get httpx.Client().post httpx.AsyncClient().get
        httpx.AsyncClient().post aiohttp.ClientSession().get aiohttp.ClientSession().post
        urllib.request.urlopen urllib.request.Request urllib.request.urlretrieve urllib2.urlopen
        urllib.urlopen urllib2.Request six.moves.urllib.request.urlopen http.client.HTTPConnection
        http.client.HTTPSConnection socket.create_connection .urlopen pycurl.Curl().setopt
        websocket.create_connection websockets.connect paramiko.SSHClient().connect ftplib.FTP
        smtplib.SMTP telnetlib.Telnet xmlrpc.client.ServerProxy feedparser.parse treq.get
        tornado.httpclient.AsyncHTTPClient().fetch asyncio.open_connection
    """),
    ("ssrf", HINTS, dynamic(1, "url"), """
        requests.request requests.Session().request httpx.request httpx.Client().request
        urllib3.PoolManager().request aiohttp.ClientSession().request httpx.AsyncClient().request
        urllib3.request
    """),
    ("open-redirect", SUSPECTS, dynamic(0, "location", "url", "redirect_to"), """
        flask.redirect werkzeug.utils.redirect fastapi.responses.RedirectResponse
        starlette.responses.RedirectResponse aiohttp.web.HTTPFound aiohttp.web.HTTPSeeOther
        aiohttp.web.HTTPMovedPermanently quart.redirect bottle.redirect
    """),
    ("open-redirect", HINTS, dynamic(0, "redirect_to", "to"), """
        django.shortcuts.redirect django.http.HttpResponseRedirect
        django.http.HttpResponsePermanentRedirect .redirect
    """),
    ("insecure-cookie", HINTS, lacking("secure", "True"), ".set_cookie"),
    ("insecure-cookie", HINTS, lacking("httponly", "True"), ".set_cookie .set_signed_cookie"),
    ("header-injection", HINTS, dynamic(1, "value"), """
        .add_header .set_header .putheader .send_header email.message.EmailMessage().add_header
    """),
    ("header-injection", HINTS, dynamic(0, "subject"), """
        django.core.mail.send_mail django.core.mail.EmailMessage flask_mail.Message
    """),
    ("header-injection", HINTS, built(2, "msg"), ".sendmail"),
    ("csrf", SUSPECTS, ANY, "django.views.decorators.csrf.csrf_exempt .csrf_exempt"),
    ("debug-mode", HINTS, given("debug", "True", "debug=True", "debug=False"), """
        flask.Flask().run .run fastapi.FastAPI starlette.applications.Starlette tornado.web.Application
        aiohttp_debugtoolbar.setup
    """),
    ("bind-all-interfaces", HINTS,
     given("host", r"['\"](?:0\.0\.0\.0|::)?['\"]", "host='0.0.0.0'", "host='127.0.0.1'"), """
        flask.Flask().run uvicorn.run .run aiohttp.web.run_app asyncio.start_server .create_server
        waitress.serve hypercorn.run
    """),
    ("bind-all-interfaces", HINTS,
     given("address", r"(?s)\(\s*['\"](?:0\.0\.0\.0|::)?['\"].*", "('0.0.0.0', 80)", "('127.0.0.1', 80)", at=0), """
        .bind socket.create_server http.server.HTTPServer socketserver.TCPServer
        http.server.ThreadingHTTPServer
    """),
    ("mass-assignment", HINTS, dynamic(1, "name"), "setattr builtins.setattr"),
    ("mass-assignment", HINTS, given("**", r"(?s).*", "**value", "a=1"), ".create .objects.create .update_or_create"),
    ("mass-assignment", HINTS, dynamic(0), ".__dict__.update"),
    ("error-exposure", HINTS, ANY, """
        traceback.format_exc traceback.format_exception traceback.print_exc cgitb.enable
    """),
    # Transport.
    ("certificate-validation", SUSPECTS, NOT_VERIFIED, """
        requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.options requests.request requests.Session().get requests.Session().post
        requests.Session().request httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.head
        httpx.request httpx.stream httpx.Client httpx.AsyncClient
    """),
    ("certificate-validation", SUSPECTS, given("ssl", "False", "'u', ssl=False", "'u', ssl=True"), """
        aiohttp.ClientSession().get aiohttp.ClientSession().post aiohttp.TCPConnector
    """),
    ("certificate-validation", SUSPECTS,
     given("cert_reqs", r"(?:ssl\.)?CERT_NONE|['\"]CERT_NONE['\"]",
           "cert_reqs='CERT_NONE'", "cert_reqs='CERT_REQUIRED'"), """
        urllib3.PoolManager ssl.wrap_socket urllib3.HTTPSConnectionPool urllib3.ProxyManager
    """),
    ("certificate-validation", SUSPECTS, ANY, "ssl._create_unverified_context"),
    ("certificate-validation", SUSPECTS,
     given("policy", r".*(?:AutoAddPolicy|WarningPolicy).*",
           "paramiko.AutoAddPolicy()", "paramiko.RejectPolicy()", at=0), """
        .set_missing_host_key_policy
    """),
    ("cleartext-transmission", HINTS, ANY, """
        ftplib.FTP telnetlib.Telnet smtplib.SMTP poplib.POP3 imaplib.IMAP4 nntplib.NNTP
    """),
    ("cleartext-transmission", HINTS,
     given("url", r"['\"]http://(?!localhost|127\.).*", "'http://a.example/'", "'https://a.example/'", at=0), """
        requests.get requests.post requests.put httpx.get httpx.post urllib.request.urlopen
    """),
    # Cryptography.
    ("weak-hash", HINTS, HASH, "hashlib.md5 hashlib.sha1"),
    ("weak-hash", HINTS, ANY, """
        Crypto.Hash.MD5.new Crypto.Hash.MD4.new Crypto.Hash.MD2.new Crypto.Hash.SHA.new
        Crypto.Hash.SHA1.new md5.new sha.new Cryptodome.Hash.MD5.new Cryptodome.Hash.SHA1.new
        cryptography.hazmat.primitives.hashes.MD5 cryptography.hazmat.primitives.hashes.SHA1
    """),
    ("weak-hash", HINTS, given("name", r"['\"](?i:md4|md5|sha1|sha-1)['\"]", "'md5'", "'sha256'", at=0), """
        hashlib.new
    """),
    ("observable-timing", HINTS, ANY, "hmac.new hmac.digest"),
    ("weak-cipher", SUSPECTS, ANY, """
        Crypto.Cipher.DES.new Crypto.Cipher.DES3.new Crypto.Cipher.ARC2.new Crypto.Cipher.ARC4.new
        Crypto.Cipher.Blowfish.new Crypto.Cipher.CAST.new Crypto.Cipher.XOR.new
        Cryptodome.Cipher.DES.new Cryptodome.Cipher.DES3.new Cryptodome.Cipher.ARC4.new
        Cryptodome.Cipher.Blowfish.new cryptography.hazmat.primitives.ciphers.algorithms.ARC4
        cryptography.hazmat.primitives.ciphers.algorithms.Blowfish
        cryptography.hazmat.primitives.ciphers.algorithms.IDEA
        cryptography.hazmat.primitives.ciphers.algorithms.CAST5
        cryptography.hazmat.primitives.ciphers.algorithms.TripleDES
        cryptography.hazmat.primitives.ciphers.modes.ECB
    """),
    ("weak-cipher", SUSPECTS, given("mode", r".*\bMODE_ECB", "'k', AES.MODE_ECB", "'k', AES.MODE_GCM", at=1), """
        Crypto.Cipher.AES.new Cryptodome.Cipher.AES.new
    """),
    ("weak-cipher", SUSPECTS,
     given("ssl_version", r".*PROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)",
           "ssl.PROTOCOL_TLSv1", "ssl.PROTOCOL_TLS_CLIENT", at=0), """
        ssl.SSLContext
    """),
    ("static-iv", HINTS,
     given("iv", r"(?s)b?['\"].*|b?['\"].*['\"]\s*\*\s*\d+",
           "'k', 2, b'0123456789abcdef'", "'k', 2, os.urandom(16)", at=2), """
        Crypto.Cipher.AES.new Cryptodome.Cipher.AES.new
    """),
    ("static-iv", HINTS,
     given("initialization_vector", r"(?s)b?['\"].*", "b'0123456789abcdef'", "os.urandom(16)", at=0), """
        cryptography.hazmat.primitives.ciphers.modes.CBC
        cryptography.hazmat.primitives.ciphers.modes.CTR
        cryptography.hazmat.primitives.ciphers.modes.GCM
        cryptography.hazmat.primitives.ciphers.modes.CFB
        cryptography.hazmat.primitives.ciphers.modes.OFB
    """),
    ("predictable-salt", HINTS,
     given("salt", r"(?s)b?['\"].*", "'sha256', b'p', b'salt'", "'sha256', b'p', os.urandom(16)", at=2), """
        hashlib.pbkdf2_hmac
    """),
    ("predictable-salt", HINTS,
     given("salt", r"(?s)b?['\"].*", "b'p', salt=b'salt'", "b'p', salt=os.urandom(16)", at=1), """
        hashlib.scrypt crypt.crypt bcrypt.hashpw Crypto.Protocol.KDF.PBKDF2 Crypto.Protocol.KDF.scrypt
    """),
    ("weak-key-size", HINTS, given("bits", r"\d{1,3}|1\d{3}|20[0-3]\d|204[0-7]", "1024", "2048", at=0), """
        Crypto.PublicKey.RSA.generate Crypto.PublicKey.DSA.generate Cryptodome.PublicKey.RSA.generate
        rsa.newkeys paramiko.RSAKey.generate
    """),
    ("weak-key-size", HINTS,
     given("key_size", r"\d{1,3}|1\d{3}|20[0-3]\d|204[0-7]", "65537, 1024", "65537, 2048", at=1), """
        cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key
    """),
    ("weak-password-hash", HINTS, dynamic(0), """
        hashlib.md5 hashlib.sha1 hashlib.sha224 hashlib.sha256 hashlib.sha384 hashlib.sha512
        passlib.hash.md5_crypt.hash passlib.hash.des_crypt.hash crypt.crypt
    """),
    ("weak-random", HINTS, ANY, """
        random.random random.randint random.randrange random.choice random.choices random.uniform
        random.getrandbits random.sample random.shuffle random.randbytes random.triangular random.Random
        numpy.random.rand numpy.random.randint numpy.random.choice uuid.uuid1
    """),
    ("weak-random", HINTS, given("a", r"[\d.]+|['\"].*", "42", "", at=0), "random.seed numpy.random.seed"),
    ("jwt-verification", SUSPECTS,
     given("verify", "False|0", "'t', 'k', verify=False", "'t', 'k', verify=True", at=2), """
        jwt.decode jose.jwt.decode
    """),
    ("jwt-verification", SUSPECTS,
     given("options", r"(?s).*['\"]verify_signature['\"]\s*:\s*False.*",
           "'t', options={'verify_signature': False}", "'t', options={'verify_exp': True}"), """
        jwt.decode jose.jwt.decode
    """),
    ("jwt-verification", SUSPECTS,
     given("algorithms", r"(?is).*['\"]none['\"].*",
           "'t', 'k', algorithms=['none']", "'t', 'k', algorithms=['HS256']", at=2), """
        jwt.decode jose.jwt.decode
    """),
    ("jwt-verification", SUSPECTS, ANY, "jose.jwt.get_unverified_claims jwt.get_unverified_claims"),
    # Time, space, logs, tables.
    ("regex-dos", HINTS, dynamic(0, "pattern"), """
        re.compile re.match re.search re.fullmatch re.findall re.finditer re.split re.sub re.subn
        regex.compile regex.match regex.search
    """),
    ("resource-exhaustion", HINTS, lacking("timeout", "5"), """
        requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.request
    """),
    ("resource-exhaustion", HINTS, dynamic(0), """
        time.sleep asyncio.sleep range zlib.decompress gzip.decompress bz2.decompress
    """),
    ("log-injection", HINTS, built(0, "msg"), """
        logging.debug logging.info logging.warning logging.error logging.critical logging.exception
        logging.getLogger().debug logging.getLogger().info logging.getLogger().warning
        logging.getLogger().error logging.getLogger().critical logging.getLogger().exception
        .logger.info .logger.warning .logger.error
    """),
    ("information-exposure", HINTS,
     given("msg", r"(?is).*\b\w*(?:password|passwd|secret|token|api_?key)\w*\b.*", "password", "'hello'", at=0), """
        print logging.info logging.debug logging.warning logging.error logging.getLogger().info
        logging.getLogger().debug logging.getLogger().warning logging.getLogger().error
    """),
    ("csv-injection", HINTS, dynamic(0, "row", "rowdict"), """
        .writerow .writerows csv.writer().writerow csv.DictWriter().writerow csv.writer().writerows
        openpyxl.Workbook().append .to_csv
    """),
    ("plaintext-password", HINTS, given("password", r"['\"].+['\"]", "password='x'", "password=value"), """
        psycopg2.connect pymysql.connect MySQLdb.connect mysql.connector.connect
        paramiko.SSHClient().connect .login
    """),
    ("hard-coded-credential", HINTS, given("password", r"b?['\"].+['\"]", "password='x'", "password=value"), """
        psycopg2.connect pymysql.connect MySQLdb.connect mysql.connector.connect asyncpg.connect
        redis.Redis paramiko.SSHClient().connect pymongo.MongoClient
    """),
    ("hard-coded-credential", HINTS, given("key", r"b?['\"].+['\"]", "{}, 'k'", "{}, value", at=1), """
        jwt.encode jose.jwt.encode
    """),
    ("hard-coded-credential", HINTS, given("key", r"b['\"].+['\"]", "b'0123456789abcdef'", "value", at=0), """
        Crypto.Cipher.AES.new Cryptodome.Cipher.AES.new cryptography.fernet.Fernet hmac.new
    """),
    ("input-validation", HINTS, dynamic(0), "ipaddress.ip_address urllib.parse.urlparse"),
]  # fmt: skip

SINKS: tuple[Sink, ...] = tuple(
    Sink(name, weakness, when, says) for weakness, says, when, names in _GROUPS for name in names.split()
)
"""Every row."""
