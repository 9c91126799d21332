"""Each form of a shipped constitution on a case that it means, and on the twin that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluehook.detect import Settings, load
from bluehook.detect.constitutions import detector
from bluehook.detect.constitutions.forms import forms
from bluehook.findings import Detection, Says, SourceFile
from bluehook.knowledge import Constitution
from bluehook.knowledge import load as library
from bluehook.parse import ParsedFile, parse

CASES: dict[str, tuple[str, str]] = {
    "code-injection.eval-without-builtins": (
        "def f(text):\n    return eval(text, {'__builtins__': {}})\n",
        "def f(text):\n    return eval('1 + 1', {'__builtins__': {}})\n",
    ),
    "command-injection.list-that-nobody-asks": (
        "import subprocess\nALLOWED_COMMANDS = ['ls', 'df']\ndef f(name):\n    subprocess.run([name])\n",
        "import subprocess\nALLOWED_COMMANDS = ['ls', 'df']\n"
        "def f(name):\n    if name in ALLOWED_COMMANDS:\n        subprocess.run([name])\n",
    ),
    "command-injection.quoted-inside-quotes": (
        "from shlex import quote\nfrom os import system\ndef f(name):\n    system(f\"ls '{quote(name)}'\")\n",
        'from shlex import quote\nfrom os import system\ndef f(name):\n    system(f"ls {quote(name)}")\n',
    ),
    "command-injection.shell-characters-listed": (
        "import os\ndef f(name):\n    if ';' in name or '&' in name:\n        raise ValueError\n"
        "    os.system('ls ' + name)\n",
        "import os, shlex\ndef f(name):\n    if ';' in name:\n        raise ValueError\n"
        "    os.system('ls ' + shlex.quote(name))\n",
    ),
    "command-injection.text-for-a-remote-shell": (
        "def f(self, volume):\n    self._run_ssh('remove -force %s' % volume)\n",
        "def f(self, volume):\n    self._run_ssh(['remove', '-force', volume])\n",
    ),
    "argument-injection.quoted-in-a-list": (
        "import shlex, subprocess\ndef f(name):\n    subprocess.run([shlex.quote(name), 'x'])\n",
        "import shlex, subprocess\ndef f(name):\n    subprocess.run(['ls', '--', name])\n",
    ),
    "cross-site-scripting.escaped-in-script": (
        "from html import escape\ndef f(name):\n    return f\"<script>greet('{escape(name)}')</script>\"\n",
        'from html import escape\ndef f(name):\n    return f"<script>greet()</script><p>{escape(name)}</p>"\n',
    ),
    "cross-site-scripting.script-tag-removed": (
        "def f(text):\n    return text.replace('<script>', '')\n",
        "def f(text):\n    return text.replace('<b>', '')\n",
    ),
    "cross-site-scripting.markdown-left-as-it-is": (
        "import markdown\ndef f(post):\n    return markdown.markdown(post.text)\n",
        "import bleach, markdown\ndef f(post):\n    return bleach.clean(markdown.markdown(post.text))\n",
    ),
    "cross-site-scripting.templates-without-escaping": (
        "from jinja2 import Environment, FileSystemLoader\nENV = Environment(loader=FileSystemLoader('pages'))\n",
        "from jinja2 import Environment, FileSystemLoader\n"
        "ENV = Environment(loader=FileSystemLoader('pages'), autoescape=True)\n",
    ),
    "csv-injection.one-formula-sign": (
        "def f(out, cell):\n    if cell.startswith('='):\n        cell = ' ' + cell\n    out.writerow([cell])\n",
        "def f(out, cell):\n    if cell.startswith('=') or cell[0] in '@+-':\n"
        "        cell = ' ' + cell\n    out.writerow([cell])\n",
    ),
    "cleartext-transmission.encryption-that-may-fail": (
        "def f(server):\n    try:\n        server.starttls()\n    except Exception:\n        pass\n",
        "def f(server):\n    try:\n        server.starttls()\n    except Exception:\n        raise\n",
    ),
    "debug-mode.text-taken-for-truth": (
        "import os\nDEBUG = bool(os.environ.get('SHOP_DEBUG', 'False'))\n",
        "import os\nDEBUG = bool(os.environ.get('SHOP_DEBUG', ''))\n",
    ),
    "deserialization.type-checked-after-loading": (
        "import pickle\ndef f(data):\n    cart = pickle.loads(data)\n"
        "    if not isinstance(cart, list):\n        return None\n",
        "import json\ndef f(data):\n    cart = json.loads(data)\n"
        "    if not isinstance(cart, list):\n        return None\n",
    ),
    "excessive-privilege.identity-can-be-taken-back": (
        "import os\ndef f():\n    os.seteuid(33)\n    os.seteuid(0)\n",
        "import os\ndef f():\n    os.setgid(33)\n    os.setuid(33)\n",
    ),
    "input-validation.decoded-after-check": (
        "from urllib.parse import unquote\ndef f(name):\n    if '/' in name:\n        raise ValueError\n"
        "    name = unquote(name)\n    return name\n",
        "from urllib.parse import unquote\ndef f(name):\n    name = unquote(name)\n    if '/' in name:\n"
        "        raise ValueError\n    return name\n",
    ),
    "input-validation.dot-for-any-character": (
        "import re\ndef f(host):\n    return re.match(r'[a-z]+.example.org$', host)\n",
        "import re\ndef f(host):\n    return re.fullmatch(r'[a-z]+\\.example\\.org', host)\n",
    ),
    "jwt-verification.algorithm-from-token": (
        "import jwt\ndef f(token, key):\n    head = jwt.get_unverified_header(token)\n"
        "    return jwt.decode(token, key, algorithms=[head['alg']])\n",
        "import jwt\ndef f(token, key):\n    head = jwt.get_unverified_header(token)\n"
        "    return jwt.decode(token, KEYS[head['kid']], algorithms=['RS256'])\n",
    ),
    "jwt-verification.digest-compared-byte-by-byte": (
        "import hmac\ndef f(key, data, given):\n    return hmac.new(key, data, 'sha256').hexdigest() == given\n",
        "import hmac\ndef f(key, data, given):\n"
        "    return hmac.compare_digest(hmac.new(key, data, 'sha256').hexdigest(), given)\n",
    ),
    "jwt-verification.kept-digest-compared-byte-by-byte": (
        "import hmac\ndef f(key, data, given):\n    own = hmac.new(key, data, 'sha256').hexdigest()\n"
        "    if own != given:\n        raise ValueError\n",
        "import hmac\ndef f(key, data, given):\n    own = hmac.new(key, data, 'sha256').hexdigest()\n"
        "    if not hmac.compare_digest(own, given):\n        raise ValueError\n",
    ),
    "jwt-verification.failed-verification-ignored": (
        "def f(key, signature, data):\n    try:\n        key.verify(signature, data)\n"
        "    except ValueError:\n        pass\n",
        "def f(key, signature, data):\n    try:\n        key.verify(signature, data)\n    except ValueError:\n"
        "        return False\n",
    ),
    "log-injection.one-line-break-removed": (
        "def f(log, user):\n    user = user.replace('\\n', '')\n    log.info('login %s', user)\n",
        "def f(log, user):\n    user = user.replace('\\n', '').replace('\\r', '')\n    log.info('login %s', user)\n",
    ),
    "mass-assignment.hasattr-as-guard": (
        "def f(user, given):\n    for key, value in given.items():\n        if hasattr(user, key):\n"
        "            setattr(user, key, value)\n",
        "def f(user, given):\n    for key, value in given.items():\n        if key in FIELDS:\n"
        "            setattr(user, key, value)\n",
    ),
    "missing-authorization.asserted-permission": (
        "def f(user):\n    assert user.is_admin\n    drop()\n",
        "def f(user):\n    assert user.name\n    drop()\n",
    ),
    "missing-authorization.text-for-a-list-of-roles": (
        "def f(user):\n    return user.role in ('admin')\n",
        "def f(user):\n    return user.role in ('admin',)\n",
    ),
    "missing-authorization.or-with-a-text": (
        "def f(user):\n    return user.role == 'admin' or 'editor'\n",
        "def f(user):\n    return user.role == 'admin' or user.role == 'editor'\n",
    ),
    "missing-authorization.answer-not-looked-at": (
        "def f(user):\n    user.has_perm('shop.drop')\n    drop()\n",
        "def f(user):\n    if user.has_perm('shop.drop'):\n        drop()\n",
    ),
    "missing-authorization.check-above-the-route": (
        "from flask_login import login_required\n@login_required\n@app.route('/drop')\ndef f():\n    drop()\n",
        "from flask_login import login_required\n@app.route('/drop')\n@login_required\ndef f():\n    drop()\n",
    ),
    "open-redirect.list-that-nobody-asks": (
        "from urllib.parse import urljoin\nALLOWED_HOSTS = ['a.example']\n"
        "def f(base, target):\n    return urljoin(base, target)\n",
        "from urllib.parse import urljoin, urlparse\nALLOWED_HOSTS = ['a.example']\ndef f(base, target):\n"
        "    found = urljoin(base, target)\n    return found if urlparse(found).hostname in ALLOWED_HOSTS else base\n",
    ),
    "open-redirect.single-slash-prefix": (
        "from flask import redirect\ndef f(target):\n    if target.startswith('/'):\n        return redirect(target)\n",
        "from flask import redirect\ndef f(target):\n    if target.startswith('/') and not target.startswith('//'):\n"
        "        return redirect(target)\n",
    ),
    "path-traversal.prefix-without-separator": (
        "import os\ndef f(name):\n    path = os.path.realpath(os.path.join(BASE, name))\n"
        "    if not path.startswith(BASE):\n        raise ValueError\n    return open(path).read()\n",
        "import os\ndef f(name):\n    path = os.path.realpath(os.path.join(BASE, name))\n"
        "    if not path.startswith(BASE + os.sep):\n        raise ValueError\n    return open(path).read()\n",
    ),
    "path-traversal.dots-removed-once": (
        "def f(name):\n    name = name.replace('../', '')\n    return open(BASE + name).read()\n",
        "import os\ndef f(name):\n    name = name.replace('../', '')\n"
        "    return open(BASE + os.path.basename(name)).read()\n",
    ),
    "path-traversal.leading-slash-removed": (
        "def f(base, name):\n    return os.path.join(base, name.lstrip('/'))\n",
        "def f(base, name):\n    path = os.path.realpath(os.path.join(base, name.lstrip('/')))\n"
        "    return checked(path)\n",
    ),
    "path-traversal.dots-between-slashes": (
        "def f(name):\n    if '/../' in name:\n        raise ValueError\n    return load(name)\n",
        "import os\ndef f(name):\n    if '/../' in name or os.path.commonpath([BASE, name]) != BASE:\n"
        "        raise ValueError\n    return load(name)\n",
    ),
    "resource-exhaustion.expanded-without-bound": (
        "import zlib\ndef f(request):\n    return zlib.decompress(request.body)\n",
        "import zlib\ndef f(request):\n    return zlib.decompressobj().decompress(request.body, 1000)\n",
    ),
    "sql-injection.quotes-doubled-by-hand": (
        'def f(db, name):\n    name = name.replace("\'", "\'\'")\n'
        "    db.execute('SELECT 1 FROM m WHERE n = ' + name)\n",
        "def f(db, name):\n    name = name.replace('x', 'y')\n    db.execute('SELECT 1 FROM m WHERE n = ' + name)\n",
    ),
    "sql-injection.escaped-for-another-language": (
        "from html import escape\ndef f(name):\n    return run(f\"SELECT id FROM m WHERE n = '{escape(name)}'\")\n",
        "def f(name):\n    return run(f'SELECT id FROM {TABLE} WHERE n = ?', escape(name))\n",
    ),
    "sql-injection.quotes-around-a-placeholder": (
        "def f(store, name):\n    store.ask(\"SELECT id FROM m WHERE n = '%s'\" % name)\n",
        'def f(store, name):\n    store.ask("SELECT id FROM m WHERE n = %s", name)\n',
    ),
    "ssrf.list-that-nobody-asks": (
        "import requests\nTRUSTED_HOSTS = {'a.example'}\ndef f(url):\n    return requests.get(url)\n",
        "import requests\nTRUSTED_HOSTS = {'a.example'}\n"
        "def f(host):\n    return requests.get(f'https://{host}') if host in TRUSTED_HOSTS else None\n",
    ),
    "ssrf.prefix-without-slash": (
        "import requests\ndef f(url):\n    if url.startswith('https://a.example'):\n        return requests.get(url)\n",
        "import requests\ndef f(url):\n    if url.startswith('https://a.example/'):\n"
        "        return requests.get(url)\n",
    ),
    "ssrf.name-inside-address": (
        "from urllib.parse import urlsplit\ndef f(url):\n    parts = urlsplit(url)\n"
        "    return parts.hostname.endswith('example.org')\n",
        "from urllib.parse import urlsplit\ndef f(url):\n    parts = urlsplit(url)\n"
        "    return parts.hostname.endswith('.example.org')\n",
    ),
    "template-injection.braces-removed": (
        "from flask import render_template_string\ndef f(text):\n    text = text.replace('{{', '')\n"
        "    return render_template_string(text)\n",
        "from flask import render_template_string\ndef f(text):\n    text = text.replace('{{', '')\n"
        "    return render_template_string(PAGE, text=1)\n",
    ),
    "unrestricted-upload.list-that-nobody-asks": (
        "ALLOWED_EXTENSIONS = {'png'}\ndef f(file):\n    file.save('/srv/' + file.filename)\n",
        "ALLOWED_EXTENSIONS = {'png'}\ndef f(file):\n    if ending(file) in ALLOWED_EXTENSIONS:\n"
        "        file.save('/srv/' + file.filename)\n",
    ),
    "unrestricted-upload.type-as-the-client-says": (
        "def f(file):\n    if file.content_type == 'image/png':\n        file.save(target)\n        keep(file)\n"
        "        shutil.copyfileobj(file, out)\n",
        "def f(file):\n    if file.content_type == 'image/png' and file.filename.endswith('.png'):\n"
        "        shutil.copyfileobj(file, out)\n",
    ),
    "weak-hash.broken-digest-compared": (
        "import hashlib\ndef f(data, known):\n    return hashlib.md5(data).hexdigest() == known\n",
        "import hashlib\ndef f(data, known):\n    return hashlib.sha256(data).hexdigest() == known\n",
    ),
    "weak-hash.key-before-message": (
        "import hashlib\ndef f(secret, data):\n    return hashlib.sha256(secret + data).hexdigest()\n",
        "import hashlib, hmac\ndef f(secret, data):\n    return hmac.new(secret, data, 'sha256').hexdigest()\n",
    ),
}


def parsed(text: str) -> ParsedFile:
    return parse(SourceFile(path="app.py", data=text.encode()))


def found(text: str, settings: Settings | None = None) -> list[Detection]:
    report = detector.run([parsed(text)], settings or Settings())
    assert report.problems == []
    return report.detections


def rules(text: str) -> list[str]:
    return [each.evidence.rule for each in found(text)]


def test_every_form_has_its_case() -> None:
    assert set(CASES) == {f"{each.id}.{form.name}" for each in library().constitutions for form in each.check}


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_form_means_its_case_and_not_the_twin(rule: str) -> None:
    case, twin = CASES[rule]
    assert rule in rules(case)
    assert rule not in rules(twin)


def shipped() -> list[Constitution]:
    return [each for each in library().constitutions if each.task in ("vuln-code", "bias-code")]


@pytest.mark.parametrize("each", shipped(), ids=lambda each: each.id)
def test_examples_parse(each: Constitution) -> None:
    for text in (each.example_unsafe, each.example_safe):
        assert not parsed(text).problems
        compile(text, each.id, "exec")


def test_where_a_form_stands_and_what_it_says() -> None:
    text = "import hmac\n\n\ndef check(key, data, given):\n    return hmac.new(key, data).digest() == given\n"
    (only,) = found(text)
    assert (only.weakness, only.location.line, only.location.column) == ("jwt-verification", 5, 12)
    assert only.evidence.engine == "constitutions"
    assert only.evidence.says is Says.SUSPECTS
    assert only.evidence.details == {"constitution": "jwt-verification", "origin": "package"}


def test_a_name_that_the_file_binds_is_not_the_library_s() -> None:
    text = (
        "def new(*args):\n    return Thing()\ndef f(hmac, key, data, given):\n    return new(key).digest() == given\n"
    )
    assert rules(text) == []


OWN = """\
id: own-door
task: vuln-code
weakness: [path-traversal]
principle: The door stays shut.
unsafe: [An open one.]
example-unsafe: open_door(x)
example-safe: shut_door(x)
check:
  - name: open-door
    says: shows
    message: the door is open
    words: [open_door]
    query: "(call function: (identifier) @callee (#eq? @callee \\"open_door\\")) @place"
"""


def test_a_project_s_form_suspects_at_most(tmp_path: Path) -> None:
    (tmp_path / "own-door.yaml").write_text(OWN)
    settings = Settings(constitutions=tmp_path)
    (only,) = found("def f(x):\n    open_door(x)\n", settings)
    assert only.evidence.says is Says.SUSPECTS
    assert only.evidence.details["origin"] == "project"
    assert found("def f(x):\n    open_door(x)\n") == []


def test_the_version_follows_the_project_s_files(tmp_path: Path) -> None:
    settings = Settings(constitutions=tmp_path)
    before = detector.version(settings)
    (tmp_path / "own-door.yaml").write_text(OWN)
    after = detector.version(settings)
    assert before != after
    (tmp_path / "own-door.yaml").write_text(OWN.replace("An open one.", "A wide one."))
    assert detector.version(settings) not in (before, after)
    assert detector.version(Settings(constitutions=tmp_path / "none")) == detector.version(Settings())


def test_compiled_forms_are_the_same(tmp_path: Path) -> None:
    text = CASES["weak-hash.broken-digest-compared"][0]
    first = forms(None, tmp_path).detections(parsed(text), 5.0)
    assert list(tmp_path.glob("forms-*.json"))
    from bluehook.detect.constitutions import forms as constitution_forms

    constitution_forms._shipped.cache_clear()
    assert forms(None, tmp_path).detections(parsed(text), 5.0) == first


def test_time_that_ends_is_told() -> None:
    report = detector.run([parsed(CASES["weak-hash.broken-digest-compared"][0])], Settings(timeout=1e-9))
    assert [problem.path for problem in report.problems] == ["app.py"]
    assert report.problems[0].incomplete


@pytest.mark.parametrize("text", ["", "(" * 20_000, "startswith(" * 3000, "def f(:\n  md5\n", "x = '\0SELECT'\n"])
def test_hostile_files_are_only_text(text: str) -> None:
    found(text)


def test_it_is_found_by_its_name() -> None:
    assert load("constitutions") is detector
    assert detector.unavailable() is None
