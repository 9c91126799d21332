"""Fragments: functions that were cut out of their file are driven as far as their own body allows."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

REACHED = {
    "a method cut out of its class, with variable arguments": (
        "command-injection",
        """
        def target(self, *names, **options):
            for name in names:
                self._run_command("tar -xf " + name)
        """,
    ),
    "a method that calls super": (
        "sql-injection",
        """
        def target(self, **criteria):
            found = super().target(**criteria)
            self.db.execute("SELECT id FROM parcels WHERE owner = '%s'" % self.owner)
            return found
        """,
    ),
    "a property": (
        "sql-injection",
        """
        @property
        def target(self):
            return self.db.query("SELECT id FROM parcels WHERE owner = '%s'" % self.owner)
        """,
    ),
    "a coroutine behind a property": (
        "sql-injection",
        """
        @property
        async def target(self):
            return await self.db.query("SELECT id FROM parcels WHERE owner = '%s'" % await self.owner)
        """,
    ),
    "translated messages on the way": (
        "command-injection",
        """
        def target(self, volume):
            LOG.debug(_("attach: %(volume)s") % {"volume": volume})
            self._run_ssh("svctask attach " + volume)
        """,
    ),
    "names that are usually imported": (
        "command-injection",
        """
        def target(archive):
            stamp = datetime.now().strftime("%Y")
            Popen("tar -xf " + archive + " -C " + join(gettempdir(), stamp), shell=True, stdout=PIPE)
        """,
    ),
    "a helper that takes the cursor first": (
        "sql-injection",
        """
        def target(token):
            connection, cursor = connect()
            return fetch_one(cursor, "SELECT id FROM sessions WHERE token = '{}'".format(token))
        """,
    ),
    "a lookup method that takes a statement": (
        "sql-injection",
        """
        def target(self, token):
            return self.db.get("SELECT id FROM sessions WHERE token = '%s'" % token)
        """,
    ),
    "a function in a table": (
        "command-injection",
        """
        def target(flags=None):
            command = "df -P"
            if flags:
                command = command + " -" + flags
            return __tools__["cmd.run"](command).splitlines()[3]
        """,
    ),
    "a runner that is given the beginning of the command": (
        "command-injection",
        """
        def target(self, command):
            out, err = self._run_ssh("%s -delim !" % command)
            return out
        """,
    ),
    "parts of a text": (
        "sql-injection",
        """
        def target(db, day):
            year, month, rest = day.split("-")
            return db.exec("SELECT url FROM matches WHERE day LIKE '%{}-{}%'".format(year, month))
        """,
    ),
    "a part that is a number": (
        "sql-injection",
        """
        def target(db, verse):
            following = int(verse.split(".")[2]) + 1
            db.run("SELECT line FROM verses WHERE number = '%s'" % verse)
            return following
        """,
    ),
    "a number that was only guessed": (
        "sql-injection",
        """
        def target(self, limit=10):
            return self.cursor.execute("SELECT url FROM queue WHERE visited = 0 LIMIT {}".format(limit)).fetchall()
        """,
    ),
    "what a document holds": (
        "sql-injection",
        """
        import json
        def target(socket):
            answer = json.loads(socket.recv())
            database.run("SELECT name FROM assets WHERE aid = '" + answer["result"][0]["id"] + "'")
        """,
    ),
    "keys that have to be there": (
        "sql-injection",
        """
        def target(form):
            if "player" not in form:
                raise FormError("no player")
            database.run("INSERT INTO games(player) VALUES('%s')" % form["player"].value)
        """,
    ),
    "an attribute that is not there yet": (
        "sql-injection",
        """
        def target(self):
            if not hasattr(self, "_user"):
                self._user = self.db.get("SELECT id FROM users WHERE token = '%s'" % self.token)
            return self._user
        """,
    ),
    "an attribute that texts have as a method": (
        "sql-injection",
        """
        def target(self):
            database.run("UPDATE entries SET title = '" + self.title + "'")
        """,
    ),
    "an unknown error with arguments of its own": (
        "command-injection",
        """
        def target(self, name):
            try:
                self.check(name)
            except backend.Missing as error:
                raise errors.VolumeError(data=error.reason)
            self._run_ssh("svctask rmvolume " + name)
        """,
    ),
    "a number that is none": (
        "command-injection",
        """
        import os
        def target(line):
            try:
                return int(line)
            except ValueError:
                os.system("logger no number: " + line)
        """,
    ),
    "elements of what a mapping holds": (
        "command-injection",
        """
        def target(self, connector):
            for port in connector["ports"]:
                self._run_ssh("svcinfo lsfabric -wwpn %s -delim !" % port)
        """,
    ),
    "a name that only another function makes": (
        "command-injection",
        """
        import os
        def target():
            global word
            if clipboard.paste() != word:
                word = clipboard.paste()
                os.system('notify-send "no |%s|"' % word)
        """,
    ),
    "a folder that is listed": (
        "command-injection",
        """
        import os
        def target(self, options):
            for name in os.listdir(self.folder):
                os.system("convert " + options + " " + self.folder + "/" + name)
        """,
    ),
    "a file that is removed first": (
        "command-injection",
        """
        import os
        def target(name):
            os.unlink("/srv/cache/" + name)
            os.system("touch /srv/cache/" + name)
        """,
    ),
    "a file read while the module is loaded": (
        "xpath-injection",
        """
        import xml.etree.ElementTree as ET
        tree = ET.parse("no-such-file.xml")
        root = tree.getroot()
        def target(name):
            return root.findall("./users/user[@name='" + name + "']/place")
        """,
    ),
    "a text with a place to be filled": (
        "cross-site-scripting",
        """
        def target(name):
            page = open("page.html").read()
            return HttpResponse("<body>" + page.replace("{{ name }}", name) + "</body>")
        """,
    ),
    "names that other code of the module gives values": (
        "sql-injection",
        """
        def target():
            if sender == receiver:
                raise ValueError("both are one")
            cursor.execute("SELECT COUNT(*) FROM parcels WHERE sender = '%s'" % sender)
            if cursor.fetchone()[0]:
                raise ValueError("sent before")
        """,
    ),
    "a mapping of the module that is also written to": (
        "sql-injection",
        """
        def target(code):
            if "member" in state:
                short = code.split("-")[0] + code.split("-")[1]
                state["last"] = short
                database.run("SELECT title FROM books WHERE code = '" + short + "'")
        """,
    ),
    "unknown objects that have to be equal": (
        "sql-injection",
        """
        def target(account, event):
            seen = Contact(event.sender.number, event.sender.nick)
            if account.number != seen.number:
                return
            if account.nick != seen.nick:
                store.add(f"UPDATE contacts SET nick='{seen.nick}' WHERE number={account.number}")
        """,
    ),
    "a number that has to be a certain one": (
        "command-injection",
        """
        import os
        def target(self, kind, text):
            if 7 == kind:
                os.system('wall "%s"' % text)
        """,
    ),
    "a number that has to be small": (
        "command-injection",
        """
        import os
        def target(self, volume, text):
            if volume < 3:
                os.system("say '%s'" % text)
        """,
    ),
    "a flag that has to be down": (
        "command-injection",
        """
        import os
        def target(self, text):
            if self.muted or self.broker.is_busy():
                return
            os.system("say '%s'" % text)
        """,
    ),
    "an argument that had better be left out": (
        "command-injection",
        """
        import os
        def target(self, text, ticket=None):
            if ticket is None:
                ticket = self.next_ticket()
            else:
                raise ValueError("not yet")
            os.system("say '%s'" % text)
        """,
    ),
    "a number in a mapping": (
        "command-injection",
        """
        import os
        def target(text, choices):
            os.system("say -r %d '%s'" % (choices["rate"], text))
        """,
    ),
    "a time zone that all know": (
        "sql-injection",
        """
        def target(self, place, when):
            stamp = datetime(2024, 5, 17, tzinfo=pytz.utc).timestamp()
            self.cursor.execute("INSERT INTO visits VALUES (%s, '%s')" % (stamp + int(when), place))
        """,
    ),
    "a search by keywords in a document": (
        "command-injection",
        """
        import os
        def target(address):
            page = Soup(fetch(address))
            os.system("echo '%s'" % page.find(attrs={"id": "title"}).text)
        """,
    ),
    "an archive that another part of the module names": (
        "command-injection",
        """
        import os, zipfile
        def target():
            with zipfile.ZipFile(bundle) as archive:
                archive.extractall("unpacked")
            os.system("index unpacked/" + bundle)
        """,
    ),
    "settings in a file": (
        "command-injection",
        """
        import configparser, os
        def target(name):
            settings = configparser.ConfigParser()
            with open("site.ini") as stream:
                settings.read_file(stream)
            os.system("index /srv/" + name)
        """,
    ),
    "a folder that is there where the program runs": (
        "command-injection",
        """
        import os
        def target(name):
            with open("site/pages/list.txt", "w") as stream:
                stream.write(name)
            os.system("index site/pages/" + name)
        """,
    ),
    "work that goes on until none is left": (
        "command-injection",
        """
        def target(self, volume):
            jobs = self.pending(volume)
            while len(jobs):
                for job in jobs:
                    self._run_ssh("svc drop %s" % job)
                jobs = self.pending(volume)
        """,
    ),
    "a flag that never falls": (
        "command-injection",
        """
        import os
        def target(self, name):
            while self.running:
                self.turn()
            os.system("stop /srv/" + name)
        """,
    ),
    "pages that are counted": (
        "command-injection",
        """
        import os
        def target(index):
            titles = []
            for page in range(1, int(index.last) + 1):
                titles.append(index.read(page).title)
            os.system("echo 'titles: %s'" % titles[0])
        """,
    ),
    "parts of which there have to be four": (
        "sql-injection",
        """
        def target(feed):
            for entry in feed:
                parts = entry.link.split("/")
                if len(parts) == 4:
                    database.run("SELECT id FROM entries WHERE name = '" + parts[3] + "'")
        """,
    ),
    "a table that an earlier run made": (
        "sql-injection",
        """
        import sqlite3
        def target(title):
            cursor = sqlite3.connect("films.db").cursor()
            cursor.execute("CREATE TABLE films (title TEXT)")
            cursor.execute("INSERT INTO films VALUES ('" + title + "')")
        """,
    ),
    "a mapping that has to hold something": (
        "command-injection",
        """
        import os
        def target(self, options):
            line = "sync"
            if options:
                for key, value in options.items():
                    line += " --%s=%s" % (key, value)
                os.system(line)
        """,
    ),
    "one of many parameters that has to be a mapping": (
        "command-injection",
        """
        import os
        def target(place, first, second, third, fourth, options):
            index(place, **options)
            os.system("sync /srv/" + place)
        """,
    ),
    "objects among further arguments, and a copied list": (
        "command-injection",
        """
        import os
        def target(self, **more):
            owner = more.pop("owner")
            names = self.names[:]
            names.append(owner.account.name)
            os.system("sync /srv/" + more["place"])
        """,
    ),
    "an address that has to be one": (
        "command-injection",
        """
        import os, urllib.request
        def target(source):
            with urllib.request.urlopen(source) as answer:
                title = answer.read().decode()
            os.system("echo 'read: %s'" % title)
        """,
    ),
    "an import that fails": (
        "command-injection",
        """
        from .nowhere import Popen, settings
        def target(name):
            Popen("convert " + name + settings.flags, shell=True)
        """,
    ),
}


@pytest.mark.parametrize("what", REACHED)
def test_fragment_runs(drive: Drive, what: str) -> None:
    weakness, source = REACHED[what]
    outcomes = [one for one in drive(source) if one["weakness"] == weakness]
    assert {"proven", "likely"} & {one["ending"] for one in outcomes}, outcomes


NUMBERS = [
    'def target(db, number):\n    return db.run("SELECT name FROM users WHERE id = %d" % number)\n',
    'def target(db, number):\n    return db.run("SELECT name FROM users WHERE id = %s" % int(number))\n',
    'def target(db, number):\n    if number > 3:\n        db.run("SELECT name FROM users WHERE id = %d" % number)\n',
]


@pytest.mark.parametrize("source", NUMBERS)
def test_numbers_reach_the_sink_and_attacks_do_not(drive: Drive, source: str) -> None:
    outcome = only(drive(source), "sql-injection")
    assert outcome["ending"] == "insensitive", outcome
    assert "a check turned every attack away" in outcome["where"]


def test_guessed_number_is_no_proof(drive: Drive) -> None:
    source = 'def target(db, limit=10):\n    return db.run("SELECT url FROM queue WHERE seen = 0 LIMIT %s" % limit)\n'
    outcome = only(drive(source), "sql-injection")
    assert (outcome["ending"], outcome["trust"]) == ("likely", "assumed"), outcome


def test_what_is_logged_is_no_statement(drive: Drive) -> None:
    source = 'def target(name):\n    log.info("failed: %s", "SELECT id FROM users WHERE name = \'%s\'" % name)\n'
    assert not [one for one in drive(source) if one["weakness"] == "sql-injection"]


def test_unreached_says_what_stopped_the_run_that_got_furthest(drive: Drive) -> None:
    source = """
        def target(name, level):
            if not name:
                raise KeyError("first")
            raise LookupError("last")
    """
    outcome = only(drive(source, weaknesses=["sql-injection"]), "sql-injection")
    assert outcome["where"] == "line 5, LookupError: last"


def test_unreached_says_what_no_failure_of_the_harness_hides(drive: Drive) -> None:
    source = """
        def target(self, name):
            lines = self.load(name)
            for line in lines:
                raise LookupError("first")
            self.close(lines)
    """
    outcome = only(drive(source, weaknesses=["sql-injection"]), "sql-injection")
    assert outcome["where"] == "line 5, LookupError: first"


def test_constant_that_the_fragment_lacks_is_no_input(drive: Drive) -> None:
    source = 'def target(name):\n    Runner("%s --all" % PROGRAM, name).shell("%s --all" % PROGRAM)\n'
    assert not [one for one in drive(source) if one["ending"] in ("proven", "likely")]


def test_argument_that_holds_an_input_is_not_called_the_same_for_all(drive: Drive) -> None:
    source = "import logging\ndef target(line):\n    logging.error('no number: ' + line)\n"
    assert "insensitive" not in {one["ending"] for one in drive(source) if one["weakness"] == "log-injection"}


READER = """
import xml.sax

def target():
    reader = xml.sax.make_parser()
    reader.setContentHandler(Notes())
    reader.setFeature(feature_external_ges, True)
    reader.parse("notes/today.xml")

def mended():
    reader = xml.sax.make_parser()
    reader.setContentHandler(Notes())
    reader.setFeature(feature_external_ges, False)
    reader.parse("notes/today.xml")
"""


def test_reader_that_is_told_to_resolve_entities(drive: Drive) -> None:
    outcomes = drive(READER)
    assert only(outcomes, "xxe")["ending"] == "likely"
    assert not [one for one in outcomes if one["weakness"] == "race-condition"]
    assert only(drive(READER, "mended"), "xxe")["ending"] in ("neutralised", "insensitive")
