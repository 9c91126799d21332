"""TLS as the code sets it up: whether it would take a peer whose certificate nobody vouches for, or another host's.

Two ends shake hands in memory, the code's own client context with a server of the harness; no network is needed.
"""

from __future__ import annotations

import contextlib
import os
import ssl
import tempfile
import weakref
from typing import Any

from .patch import later, wrap
from .record import RECORDER

HOST = "peer.invalid"
"""The host that a client asks for where the code names none; the certificate below is made out to another."""

# Signed by itself, for nobody, and known to everyone who reads this: what any stranger on the way could present.
_CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbNeabZo5xILMHPtN
X555tZXUF9NxmICxV9e9SccLFtChRANCAAQ79/p6NA6d6i7uosirunu8XXuiaGMi
7HFfeuotXSrp8fzsuwBhESvZOo11kgN3QDrCLaIMblq0IA2lM7KVPLoC
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBljCCAT2gAwIBAgIUUJOU3v2VP2DrsBBWzkW/P3pLGw4wCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVc29tZWJvZHktZWxzZS5pbnZhbGlkMCAXDTI2MTEyNjE0NTE1
OVoYDzIxMjYxMTAyMTQ1MTU5WjAgMR4wHAYDVQQDDBVzb21lYm9keS1lbHNlLmlu
dmFsaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ79/p6NA6d6i7uosirunu8
XXuiaGMi7HFfeuotXSrp8fzsuwBhESvZOo11kgN3QDrCLaIMblq0IA2lM7KVPLoC
o1MwUTAdBgNVHQ4EFgQUCoduoHFA8jJaK0XR/d/q2rWeRo8wHwYDVR0jBBgwFoAU
CoduoHFA8jJaK0XR/d/q2rWeRo8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNHADBEAiBphjVetU2nL+Xc6TJv9PEi/c3WGJqzOvDM+XrRnwxCcAIgQvXJpsNw
1MYPOs0V5bA+RwOCTrViM1f49rz4bQPPHOc=
-----END CERTIFICATE-----
"""
_KNOWN: weakref.WeakKeyDictionary[ssl.SSLContext, str] = weakref.WeakKeyDictionary()
_wrap_bio = ssl.SSLContext.wrap_bio


def accepted(context: ssl.SSLContext, host: str) -> str:
    """What the context accepts that it should not; empty when it refuses both."""
    if context not in _KNOWN:
        _KNOWN[context] = ""
        if _completes(context, host):
            _KNOWN[context] = "a certificate that nobody vouches for"
        elif context.verify_mode == ssl.CERT_REQUIRED and not context.check_hostname:
            context.load_verify_locations(cadata=_CERTIFICATE[_CERTIFICATE.index("-----BEGIN CERT") :])
            _KNOWN[context] = "the certificate of another host" if _completes(context, host) else ""
    return _KNOWN[context]


def told(context: Any, host: str) -> None:
    """Tell of a client context that is put to use, when it accepts what it should not."""
    if not RECORDER.on or not isinstance(context, ssl.SSLContext):
        return
    RECORDER.on = False
    what = taken(context, host)
    RECORDER.on = True
    if what:
        RECORDER.emit("tls", told_of(what), accepted=what)


def taken(context: ssl.SSLContext, host: str = "") -> str:
    """As :func:`accepted`; empty as well for a context that cannot be a client's."""
    try:
        return accepted(context, host)
    except (OSError, ValueError):
        return ""


def told_of(what: str) -> str:
    """The effect in a sentence."""
    return f"a handshake was completed with {what}"


def _completes(context: ssl.SSLContext, host: str) -> bool:
    """Whether a handshake of the two ends comes to its end."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = _wrap_bio(context, to_client, to_server, server_hostname=host or HOST)
    server = _wrap_bio(_server(), to_server, to_client, server_side=True)
    left = [client, server]
    for _ in range(8):
        for end in list(left):
            with contextlib.suppress(ssl.SSLWantReadError):
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    raise
                except ssl.SSLError:
                    return False
                left.remove(end)
        if client not in left:
            return True
    return False


_SERVERS: list[ssl.SSLContext] = []


def _server() -> ssl.SSLContext:
    if not _SERVERS:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        handle, name = tempfile.mkstemp(suffix=".pem")
        try:
            os.write(handle, _CERTIFICATE.encode("ascii"))
            os.close(handle)
            context.load_cert_chain(name)
        finally:
            os.unlink(name)
        _SERVERS.append(context)
    return _SERVERS[0]


def _using(name: str) -> Any:
    original = getattr(ssl.SSLContext, name)

    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on and not kwargs.get("server_side"):
            told(self, kwargs.get("server_hostname") or "")
        return original(self, *args, **kwargs)

    return wrapped


def _given(*args: Any, **kwargs: Any) -> None:
    """Tell of the context that a client of mail or files is made or secured with, before it connects."""
    for value in (*args, *kwargs.values()):
        told(value, "")


_CLIENTS = (("imaplib", "IMAP4_SSL.__init__"), ("imaplib", "IMAP4.starttls"), ("poplib", "POP3_SSL.__init__"),
            ("poplib", "POP3.stls"), ("ftplib", "FTP_TLS.__init__"))  # fmt: skip


def install() -> None:
    """Watch client contexts being put around connections."""
    for name in ("wrap_socket", "wrap_bio"):
        setattr(ssl.SSLContext, name, _using(name))
    for module, name in _CLIENTS:
        later(module, lambda module=module, name=name: wrap(module, name, _given))  # type: ignore[misc]
