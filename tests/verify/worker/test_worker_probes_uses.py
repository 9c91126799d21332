"""What is seen in benign runs: a check before its use, names and modes of files, TLS, and loads; each with its twin."""

from __future__ import annotations

from typing import Any

import pytest
from worker_harness import Drive, flaws

TWINS = [
    ("race-condition", """
        import os
        def target(path):
            if os.access(path, os.R_OK):
                with open(path) as file:
                    return file.read()
     """, """
        def target(path):
            try:
                with open(path) as file:
                    return file.read()
            except PermissionError:
                return None
     """),
    ("race-condition", """
        import os, tempfile
        INVOICE = os.path.join(tempfile.gettempdir(), "invoice.txt")
        def target(text):
            if not os.path.exists(INVOICE):
                with open(INVOICE, "w") as file:
                    file.write(text)
     """, """
        import os, tempfile
        INVOICE = os.path.join(tempfile.gettempdir(), "invoice.txt")
        def target(text):
            if not os.path.exists(INVOICE):
                with open(INVOICE, "x") as file:
                    file.write(text)
     """),
    ("race-condition", """
        import os, tempfile
        def target(text):
            note = os.path.join(tempfile.gettempdir(), "note.txt")
            if not os.path.exists(note):
                with open(note, "w") as file:
                    file.write(text)
     """, """
        import os
        def target(text):
            note = os.path.expanduser("~/note.txt")
            if not os.path.exists(note):
                with open(note, "w") as file:
                    file.write(text)
     """),
    ("race-condition", """
        import os, tempfile
        def target(text):
            note = os.path.join(tempfile.gettempdir(), "note.txt")
            if os.path.exists(note):
                os.remove(note)
     """, """
        import os, tempfile
        def target(path):
            note = os.path.join(tempfile.gettempdir(), "note.txt")
            if not os.path.exists(note):
                os.rename(path, note)
            if os.access(path, os.F_OK):
                os.remove(path)
     """),
    ("insecure-temp-file", """
        import os, tempfile
        def target(text):
            with open(os.path.join(tempfile.gettempdir(), "invoice.txt"), "w") as file:
                file.write(text)
     """, """
        import tempfile
        def target(text):
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(text)
     """),
    ("file-permissions", """
        import os
        def target(text):
            with open("letter.txt", "w") as file:
                file.write(text)
            os.chmod("letter.txt", 0o600)
     """, """
        import os
        def target(text):
            with os.fdopen(os.open("letter.txt", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(text)
            os.chmod("letter.txt", 0o600)
     """),
    ("file-permissions", """
        import os
        def save_secret(text):
            with os.fdopen(os.open("vault.bin", os.O_WRONLY | os.O_CREAT), "w") as file:
                file.write(text)
        target = save_secret
     """, """
        import os
        def save_secret(text):
            with os.fdopen(os.open("vault.bin", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(text)
        target = save_secret
     """),
    ("certificate-validation", """
        import ssl, urllib.request
        def target(name):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return urllib.request.urlopen("https://api.example/" + name, context=context).read()
     """, """
        import ssl, urllib.request
        def target(name):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.verify_mode = ssl.CERT_REQUIRED
            context.check_hostname = True
            return urllib.request.urlopen("https://api.example/" + name, context=context).read()
     """),
    ("certificate-validation", """
        import http.client, ssl
        def target(name):
            context = ssl.create_default_context()
            context.check_hostname = False
            connection = http.client.HTTPSConnection("api.example", context=context)
            connection.request("GET", "/" + name)
            return connection.getresponse().read()
     """, """
        import http.client
        def target(name):
            connection = http.client.HTTPSConnection("api.example")
            connection.request("GET", "/" + name)
            return connection.getresponse().read()
     """),
    ("weak-cipher", """
        from Crypto.Cipher import AES
        def target(key, text):
            return AES.new(key, AES.MODE_ECB).encrypt(text)
     """, """
        from Crypto.Cipher import AES
        def target(key, text):
            return AES.new(key, AES.MODE_GCM).encrypt(text)
     """),
    ("weak-key-size", """
        from Crypto.PublicKey import RSA
        def target():
            return RSA.generate(1024)
     """, """
        from Crypto.PublicKey import RSA
        def target():
            return RSA.generate(3072)
     """),
    ("static-iv", """
        from Crypto.Cipher import AES
        def target(key, text):
            return AES.new(key, AES.MODE_CBC, b"0123456789abcdef").encrypt(text)
     """, """
        import os
        from Crypto.Cipher import AES
        def target(key, text):
            return AES.new(key, AES.MODE_CBC, os.urandom(16)).encrypt(text)
     """),
    ("weak-cipher", """
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        def target(text: bytes):
            return Cipher(algorithms.AES(b"k" * 16), modes.ECB()).encryptor().update(text)
     """, """
        import os
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        def target(text: bytes):
            return Cipher(algorithms.AES(b"k" * 16), modes.CTR(os.urandom(16))).encryptor().update(text)
     """),
    ("static-iv", """
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        def target(text: bytes):
            return Cipher(algorithms.AES(b"k" * 16), modes.CBC(bytes(16))).encryptor().update(text)
     """, """
        import os
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        def target(text: bytes):
            return Cipher(algorithms.AES(b"k" * 16), modes.CBC(os.urandom(16))).encryptor().update(text)
     """),
    ("deserialization", """
        import marshal, types
        def target(data: bytes):
            return types.FunctionType(marshal.loads(data), {})
     """, """
        import json
        def target(data: bytes):
            return json.loads(data)
     """),
    ("deserialization", """
        import shelve
        def target(path):
            with shelve.open(path) as shelf:
                return shelf["orders"]
     """, """
        import dbm
        def target(path):
            with dbm.open(path) as shelf:
                return shelf["orders"]
     """),
]  # fmt: skip


def shown(drive: Drive, source: str, weakness: str) -> list[dict[str, Any]]:
    name = source.rpartition("target = ")[2].split()[0] if "target = " in source else "target"
    return flaws(drive(source, name, weaknesses=[weakness]), weakness)


@pytest.mark.parametrize(("weakness", "hole", "mended"), TWINS)
def test_hole_and_twin(drive: Drive, weakness: str, hole: str, mended: str) -> None:
    found = shown(drive, hole, weakness)
    small = ["weak"] if "os.chmod" in hole else ["strong"]
    assert [one["evidence"]["strength"] for one in found] == small, found
    assert shown(drive, mended, weakness) == []


UNCHECKED = """
    import ftplib, imaplib, poplib, smtplib, socket, ssl
    def target(host):
        context = ssl.create_default_context()
        {change}
        {use}
"""
USES = [
    "imaplib.IMAP4_SSL(host, ssl_context=context)",
    "poplib.POP3_SSL(host, context=context)",
    "ftplib.FTP_TLS(host, context=context)",
    "smtplib.SMTP_SSL(host, 465, context=context).login('me', host)",
    "context.wrap_socket(socket.create_connection((host, 443)), server_hostname=host)",
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("off", [True, False])
def test_contexts_of_mail_and_file_clients(drive: Drive, use: str, off: bool) -> None:
    change = "context.check_hostname, context.verify_mode = False, ssl.CERT_NONE" if off else "pass"
    assert bool(shown(drive, UNCHECKED.format(change=change, use=use), "certificate-validation")) is off


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ("re.sub(r'<script.*?>.*?</script>', '', page, flags=re.S | re.I)", False),
        ("re.sub(r'<script[^>]*>.*?</script>', '', page, flags=re.S)", False),
        ("re.sub(r'<[^>]*>', '', page)", True),
        ("html.escape(page)", True),
        ("page", True),
    ],
)
def test_a_filter_of_scripts_is_got_around(drive: Drive, body: str, holds: bool) -> None:
    source = f"""
        import html, re
        def target(page):
            return {body}
    """
    found = [one for one in shown(drive, source, "cross-site-scripting") if "takes scripts out" in one["effect"]]
    assert bool(found) is not holds
