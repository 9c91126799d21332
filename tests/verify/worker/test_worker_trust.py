"""Whose hand an input comes from: what names, types, classes and the wire say of it."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

LOGS = """
    import logging
    def target(request):
        logging.getLogger(__name__).warning("refused %s", request.{part})
"""


@pytest.mark.parametrize(
    ("part", "ending"),
    [("path", "proven"), ("method", "unreached"), ("META['HTTP_REFERER']", "unreached"), ("GET['q']", "proven")],
)
def test_a_request_carries_only_what_the_wire_does(drive: Drive, part: str, ending: str) -> None:
    outcomes = drive(LOGS.format(part=part), weaknesses=["log-injection"])
    assert only(outcomes, "log-injection")["ending"] == ending


@pytest.mark.parametrize(
    ("head", "annotation", "trust"),
    [
        ("", "", "outside"),
        ("from django.http import HttpRequest", ": HttpRequest", "outside"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crawler.http import Request",
         ": 'Request'", "assumed"),
        ("class Request:\n    path = ''", ": Request", "assumed"),
        ("from starlette.requests import Request as Base\nclass Request(Base):\n    pass", ": Request", "outside"),
    ],
)  # fmt: skip
def test_a_request_that_is_sent_is_no_input(drive: Drive, head: str, annotation: str, trust: str) -> None:
    body = f"def target(request{annotation}):\n    return open('/srv/' + request.path).read()\n"
    assert only(drive(head + "\n" + body, weaknesses=["path-traversal"]), "path-traversal")["trust"] == trust


@pytest.mark.parametrize(
    ("source", "function", "weakness", "ending", "strength"),
    [
        ("import pickle\ndef restore(data):\n    return pickle.loads(data)\n",
         "restore", "deserialization", "likely", "strong"),
        ("import pickle\nclass Pickles:\n    def loads(self, data):\n        return pickle.loads(data)\n",
         "Pickles.loads", "deserialization", "likely", "weak"),
        ("class Tool:\n    def add_arguments(self, parser):\n        pass\n    def handle(self, name):\n"
         "        return open('/srv/' + name).read()\n", "Tool.handle", "path-traversal", "likely", "weak"),
        ("class Tool:\n    def handle(self, name):\n        return open('/srv/' + name).read()\n",
         "Tool.handle", "path-traversal", "proven", "strong"),
        ("from flask import Response\ndef page(name):\n    return Response('<p>' + name + '</p>')\n",
         "page", "cross-site-scripting", "likely", "strong"),
        ("def keep(name):\n    return open('/srv/report_' + name).read()\n",
         "keep", "path-traversal", "likely", "weak"),
        ("import re\ndef seek(name, text):\n    return re.search('^lib' + name + '$', text)\n",
         "seek", "regex-dos", "likely", "weak"),
        ("import os\ndef start(program, name):\n    os.system('%s %s' % (program, name))\n",
         "start", "command-injection", "likely", "strong"),
        ("import os\ndef start(program, args):\n    os.system('%s %s' % (program, args))\n",
         "start", "command-injection", "likely", "weak"),
        ("def clear(db, name):\n    db.execute('DROP TABLE ' + name)\n",
         "clear", "sql-injection", "likely", "weak"),
        # Who chose the program did not choose its arguments.
        ("import os\ndef call(program, place):\n    os.system(program + ' ' + place)\n",
         "call", "command-injection", "likely", "strong"),
        ("import os\ndef call(line):\n    os.system(line)\n", "call", "command-injection", "likely", "weak"),
        ("import os\ndef call(program):\n    os.system('cd /srv && ' + program + ' --all > out.txt')\n",
         "call", "command-injection", "likely", "weak"),
        ("import os\ndef call(program):\n    os.system('\"' + program + '\" --version')\n",
         "call", "command-injection", "likely", "weak"),
        ("import os\ndef call(text):\n    os.system('show \"no |%s| found\"' % text)\n",
         "call", "command-injection", "proven", "strong"),
        ("import os\ndef call(place):\n    os.system('LANG=C du -s ' + place + ' > out.txt')\n",
         "call", "command-injection", "proven", "strong"),
        # With an ending of the code's own only files of one sort are reached, behind a random part only a new one.
        ("def show(name):\n    return open('/srv/notes/' + name + '.mo').read()\n",
         "show", "path-traversal", "likely", "strong"),
        ("import tempfile\ndef make(name):\n    return tempfile.mkstemp(prefix=name, dir='/srv/notes')\n",
         "make", "path-traversal", "likely", "strong"),
        ("def show(request):\n    return open('/srv/notes/' + request.args['name'] + '.mo').read()\n",
         "show", "path-traversal", "proven", "strong"),
        # A message that is handed over brings its headers with it.
        ("import smtplib\ndef send(text):\n    smtplib.SMTP('mx').sendmail('a@b.c', ['d@e.f'], 'X: y\\n' + text)\n",
         "send", "header-injection", "likely", "weak"),
        ("import smtplib\ndef send(to):\n    smtplib.SMTP('mx').sendmail('a@b.c', [to], 'To: ' + to + '\\n\\nHi')\n",
         "send", "header-injection", "proven", "strong"),
        # What an absent module holds is more of the program's own code; what its functions return may be anything.
        ("import absent\ndef work(n):\n    return eval(absent.RULES[n])\n", "work", "code-injection", "likely", "weak"),
        ("import absent\ndef work(n):\n    return eval(absent.ask(n))\n", "work", "code-injection", "likely", "strong"),
        ("import argparse, pickle\ndef main():\n    parser = argparse.ArgumentParser()\n"
         "    parser.add_argument('--file')\n    with open(parser.parse_args().file, 'rb') as file:\n"
         "        return pickle.load(file)\n",
         "main", "deserialization", "likely", "strong"),
        # The operating system tells the address of the other end.
        ("import os\ndef refuse(peer):\n    os.system('block ' + peer[0])\n",
         "refuse", "command-injection", "unreached", None),
        ("import os\ndef refuse(peer):\n    os.system('block ' + peer[1])\n",
         "refuse", "command-injection", "proven", "strong"),
        # What a name of the code's own begins is the rest of that name.
        ("def rows(self):\n    return self.db.execute('SELECT id FROM shop_%s' % self.kind)\n",
         "rows", "sql-injection", "likely", "weak"),
        ("def rows(self):\n    return self.db.execute('SELECT id FROM shop WHERE kind = %s' % self.kind)\n",
         "rows", "sql-injection", "likely", "strong"),
        # What is written for who looks for a fault is hardly ever written at all.
        ("import logging\ndef show(request):\n    logging.debug('asked for %s', request.args['n'])\n",
         "show", "log-injection", "proven", "weak"),
        ("import logging\ndef show(request):\n    logging.warning('asked for %s', request.args['n'])\n",
         "show", "log-injection", "proven", "strong"),
        ("def show(request, logger):\n    logger.debug('asked for %s' % request.args['n'])\n",
         "show", "log-injection", "likely", "weak"),
        # A constant that only other code knows is one of the code's own all the same.
        ("import os\ndef call(place):\n    os.system(TOOL + ' ' + place)\n",
         "call", "command-injection", "proven", "strong"),
        ("import os\ndef show(name):\n    return open(os.path.join(NOTES, name)).read()\n",
         "show", "path-traversal", "proven", "strong"),
        ("import os\ndef show(name):\n    return open(os.path.join(notes, name)).read()\n",
         "show", "path-traversal", "likely", "weak"),
        ("import os, settings\ndef drop(request):\n    os.remove(settings.notes_dir + request.form['name'])\n",
         "drop", "path-traversal", "proven", "strong"),
        ("import os, settings\ndef drop(request):\n"
         "    os.remove(settings.notes_dir + os.path.basename(request.form['name']))\n",
         "drop", "path-traversal", "neutralised", None),
        # A key is data, a file's name may be the programmer's; whatever takes what was joined takes a path.
        ("import os\ndef fetch(self, key):\n    return self.store.get(os.path.join(self.prefix, key))\n",
         "fetch", "path-traversal", "likely", "strong"),
        ("import os\ndef fetch(self, key):\n    return self.store.get(os.path.join(self.prefix, str(key)))\n",
         "fetch", "path-traversal", "likely", "weak"),
        # Copying all of a stream is what such a function is for.
        ("def take(source, into):\n    while block := source.read(65536):\n        into.write(block)\n",
         "take", "resource-exhaustion", "likely", "strong"),
        ("def copy_to(source, into):\n    while block := source.read(65536):\n        into.write(block)\n",
         "copy_to", "resource-exhaustion", "likely", "weak"),
        ("import os\ndef fetch(self, filename):\n    return open(os.path.join(self.root, filename)).read()\n",
         "fetch", "path-traversal", "likely", "weak"),
        ("import os\ndef fetch(file_name, out_dir, store):\n"
         "    store.read_to_filename(os.path.join(out_dir, file_name))\n",
         "fetch", "path-traversal", "likely", "strong"),
    ],
)  # fmt: skip
def test_what_a_function_is_for(
    drive: Drive, source: str, function: str, weakness: str, ending: str, strength: str
) -> None:
    outcome = only(drive(source, function, weaknesses=[weakness]), weakness)
    assert (outcome["ending"], outcome["evidence"].get("strength")) == (ending, strength)


@pytest.mark.parametrize(
    ("body", "weakness"),
    [
        ("import os\ndef target(a):\n    mask = os.umask(0)\n    os.umask(mask)\n", "file-permissions"),
        ("import hashlib, os\ndef new_token(a):\n    return hashlib.sha1(os.urandom(9)).hexdigest()\n", "weak-hash"),
        ("import hashlib, hmac\ndef new_token(a):\n    return hmac.new(b'k', a.encode(), hashlib.sha1).hexdigest()\n",
         "weak-hash"),
        ("import hashlib, hmac\ndef sign(a, salt):\n    hasher = getattr(hashlib, 'sha1')\n"
         "    return hmac.new(hasher(salt.encode() + b'key').digest(), a.encode(), hasher).hexdigest()\n", "weak-hash"),
        ("from flask import Response\ndef target(a):\n    answer = Response('x')\n"
         "    answer.set_cookie('csrftoken', a)\n    return answer\n", "insecure-cookie"),
        ("def target(engine, a):\n    engine.exec_driver_sql('purge ' + a)\n", "command-injection"),
        ("import os, shutil, tempfile\ndef target(a):\n    place = tempfile.mkdtemp()\n"
         "    if os.path.exists(place):\n        shutil.rmtree(place)\n", "race-condition"),
        ("import os\ndef target(number: int):\n    os.umask(number)\n", "file-permissions"),
        ("import os, shutil, tempfile\nPLACE = tempfile.mkdtemp(dir='/tmp')\ndef target(a):\n"
         "    if os.path.exists(PLACE):\n        shutil.rmtree(PLACE)\n", "race-condition"),
        ("import os, shutil, uuid\nPLACE = '/tmp/' + uuid.uuid4().hex\ndef target(a):\n"
         "    if os.path.exists(PLACE + '/a'):\n        shutil.rmtree(PLACE + '/a')\n", "race-condition"),
        ("SAID = 'Copy it failed: '\ndef target(client, path, a):\n    if path == SAID:\n"
         "        client.list_blobs(path + '/' + a)\n", "sql-injection"),
        ("def target(schema_editor, a):\n    schema_editor.execute(str(a) + ' NOT VALID')\n", "command-injection"),
        ("def target(editor, a):\n    editor.execute(str(a) + ' NOT VALID', params=None)\n", "command-injection"),
        ("import os, shutil, tempfile\ndef keep_session(a):\n    os.close(os.open('kept', os.O_WRONLY | os.O_CREAT))\n"
         "    made, name = tempfile.mkstemp(dir='.')\n    os.close(made)\n    shutil.move(name, 'kept')\n",
         "file-permissions"),
        ("import tempfile\ndef target(a):\n    return tempfile.mktemp(dir=tempfile.mkdtemp())\n", "insecure-temp-file"),
        ("import tempfile\ndef target(a):\n    return tempfile.mktemp(prefix=r'\\\\.\\pipe\\app-')\n",
         "insecure-temp-file"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_weak_use(drive: Drive, body: str, weakness: str) -> None:
    function = next((name for name in ("new_token", "keep_session", "sign") if name in body), "target")
    endings = {each["ending"] for each in drive(body, function, weaknesses=[weakness])}
    assert not endings & {"proven", "likely"}


@pytest.mark.parametrize(
    ("part", "ending", "strength"),
    [
        ("get_full_path()", "neutralised", None),
        ("GET['next']", "proven", "strong"),
        # Hardly a route lets a path in that begins with two slashes: a warning.
        ("path", "proven", "weak"),
    ],
)
def test_the_address_of_a_request_stays_on_its_host(drive: Drive, part: str, ending: str, strength: str | None) -> None:
    head = "from django.http import HttpResponseRedirect\ndef target(db, request):\n"
    source = head + f"    return HttpResponseRedirect(request.{part})\n"
    outcome = only(drive(source, weaknesses=["open-redirect"]), "open-redirect")
    assert (outcome["ending"], outcome["evidence"].get("strength")) == (ending, strength)


@pytest.mark.parametrize(("name", "strength"), [("session_id", "strong"), ("theme", "weak")])
def test_cookie_without_flags_counts_by_what_its_name_says(drive: Drive, name: str, strength: str) -> None:
    body = (
        f"from flask import Response\ndef target(a):\n    answer = Response('x')\n    answer.set_cookie({name!r}, a)\n"
    )
    outcome = only(drive(body + "    return answer\n", "target", weaknesses=["insecure-cookie"]), "insecure-cookie")
    assert (outcome["ending"], outcome["evidence"]["strength"]) == ("likely", strength)


@pytest.mark.parametrize(("name", "trust"), [("self.request", "outside"), ("getattr(self, part)", "assumed")])
def test_self_has_a_request_only_where_its_class_asks_for_one(drive: Drive, name: str, trust: str) -> None:
    source = (
        "import os\nclass Page:\n    def show(self):\n"
        f"        part = 'request'\n        os.system('show ' + {name}.args['q'])\n"
    )
    outcome = only(drive(source, "Page.show", weaknesses=["command-injection"]), "command-injection")
    assert outcome["trust"] == trust


@pytest.mark.parametrize(("part", "ending"), [("url.path", "neutralised"), ("query_params['path']", "proven")])
def test_the_path_of_a_request_begins_with_a_slash(drive: Drive, part: str, ending: str) -> None:
    call = f"urllib.request.urlopen('https://a.example' + request.{part})"
    source = f"import urllib.request\ndef target(request):\n    {call}\n"
    assert only(drive(source, weaknesses=["ssrf"]), "ssrf")["ending"] == ending


def test_a_response_that_is_not_rendered_yet_stops_no_attack(drive: Drive) -> None:
    pytest.importorskip("django")
    source = """
        import os
        from django.template.response import SimpleTemplateResponse
        def target(name):
            os.system("show " + name)
            return SimpleTemplateResponse("page.html")
    """
    assert only(drive(source, weaknesses=["command-injection"]), "command-injection")["ending"] == "proven"


def test_what_is_looked_up_by_a_key_is_no_path(drive: Drive) -> None:
    source = "def target(self, key):\n    return self.store.get(self.prefix + '/' + key)\n"
    assert not [one for one in drive(source) if one["weakness"] == "path-traversal" and one["ending"] != "unreached"]


@pytest.mark.parametrize(
    ("use", "weakness", "strength"),
    [
        ("urllib.request.urlopen(said['next'])", "ssrf", "weak"),
        ("logging.getLogger('a').info('latest: %s', said['next'])", "log-injection", "weak"),
        ("open('/srv/kept/' + said['next'], 'w')", "path-traversal", "strong"),
    ],
)
def test_a_link_in_a_reply_is_there_to_be_followed(drive: Drive, use: str, weakness: str, strength: str) -> None:
    source = f"""
        import json, logging, urllib.request
        def target():
            said = json.load(urllib.request.urlopen("https://a.example/list"))
            {use}
    """
    # The address that the list is fetched from is a constant: nothing to say but that.
    outcome = only([one for one in drive(source, weaknesses=[weakness]) if one["ending"] != "insensitive"], weakness)
    assert (outcome["ending"], outcome["evidence"]["strength"]) == ("proven", strength)


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("reset_code", "strong"), ("new_session_id", "strong"), ("make_token", "strong"), ("authorize", "strong"),
        ("tokenize", None), ("author_colour", None), ("reset_weights", None), ("sort_key", None), ("spin", None),
        ("pin_version", None), ("new_pin", "strong"),
    ],
)  # fmt: skip
def test_not_every_word_with_a_secrets_name_in_it_is_one(drive: Drive, name: str, strength: str | None) -> None:
    outcomes = drive(f"import random\ndef {name}(a):\n    return random.random()\n", name, weaknesses=["weak-random"])
    assert only(outcomes, "weak-random")["evidence"].get("strength") == strength


@pytest.mark.parametrize(("field", "trust"), [("POST['next'].address()", "assumed"), ("POST['next']", "outside")])
def test_a_field_of_a_form_has_no_attributes(drive: Drive, field: str, trust: str) -> None:
    source = f"import os\ndef target(request):\n    os.system('show ' + request.{field})\n"
    assert only(drive(source, weaknesses=["command-injection"]), "command-injection")["trust"] == trust


@pytest.mark.parametrize(
    ("use", "weakness", "strength"),
    [("open(name)", "path-traversal", "weak"), ("os.system('wc ' + name)", "command-injection", "strong")],
)
def test_who_pipes_names_into_a_program_can_read_the_files(
    drive: Drive, use: str, weakness: str, strength: str
) -> None:
    source = f"import os, sys\ndef main():\n    for name in sys.stdin.read().splitlines():\n        {use}\n"
    outcome = only(drive(source, "main", weaknesses=[weakness], entry={"framework": "main"}), weakness)
    assert (outcome["ending"], outcome["evidence"]["strength"]) == ("proven", strength)
