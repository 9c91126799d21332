"""A mail server that takes every message: nothing is sent, the head of each message is told."""

from __future__ import annotations

import re
import smtplib
from typing import Any

from ..observe import handshake
from ..observe.record import RECORDER

_TAKEN = (250, b"taken")
_COMMANDS = ("helo", "ehlo", "starttls", "login", "noop", "rset", "quit", "verify", "mail", "rcpt", "docmd", "getreply")


def install() -> None:
    """Replace what would talk to a server while a run is on; connections made before are left as they are."""
    for kind in (smtplib.SMTP, smtplib.SMTP_SSL, smtplib.LMTP):
        for name in _COMMANDS:
            if name in vars(kind):
                setattr(kind, name, _command(getattr(kind, name)))
    smtplib.SMTP.connect = _connect(smtplib.SMTP.connect)  # type: ignore[method-assign]
    smtplib.LMTP.connect = smtplib.SMTP.connect  # type: ignore[method-assign]
    smtplib.SMTP_SSL.__init__ = _secured(smtplib.SMTP_SSL.__init__)  # type: ignore[method-assign]
    smtplib.SMTP.sendmail = _sendmail(smtplib.SMTP.sendmail)  # type: ignore[method-assign]


def _command(original: Any) -> Any:
    def command(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not RECORDER.on:
            return original(self, *args, **kwargs)
        handshake.told(kwargs.get("context"), "")
        return _TAKEN

    return command


def _connect(original: Any) -> Any:
    def connect(self: Any, host: Any = "localhost", port: Any = 0, *args: Any, **kwargs: Any) -> Any:
        if not RECORDER.on:
            return original(self, host, port, *args, **kwargs)
        RECORDER.emit("connect", f"//{host}:{port}", call="smtplib")
        return 220, b"ready"

    return connect


def _secured(original: Any) -> Any:
    def made(self: Any, host: Any = "", *args: Any, **kwargs: Any) -> None:
        handshake.told(kwargs.get("context"), "")
        original(self, host, *args, **kwargs)

    return made


def _sendmail(original: Any) -> Any:
    def sendmail(self: Any, from_addr: Any, to_addrs: Any, msg: Any, *args: Any, **kwargs: Any) -> Any:
        if not RECORDER.on:
            return original(self, from_addr, to_addrs, msg, *args, **kwargs)
        text = msg.decode("utf-8", "replace") if isinstance(msg, bytes) else str(msg)
        RECORDER.emit("header", re.split(r"\r?\n\r?\n", text, maxsplit=1)[0], call="smtplib")
        return {}

    return sendmail
