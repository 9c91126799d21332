import crypt
import hashlib
import os
import secrets

import bcrypt
from Crypto.Protocol.KDF import PBKDF2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

PEPPER = b"the same for all"


def constant(password):
    salt = b"\x01" * 16
    # ruleid: predictable-salt.constant
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def written_in_place(password):
    # ruleid: predictable-salt.constant, predictable-salt.literal
    return hashlib.pbkdf2_hmac("sha256", password, b"pinch of salt", 600_000)


def of_the_module(password):
    # ruleid: predictable-salt.constant, predictable-salt.literal
    return hashlib.scrypt(password, salt=PEPPER, n=2**15, r=8, p=1)


def fresh(password):
    salt = os.urandom(16)
    # ok: predictable-salt
    return salt, hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def fresh_text(password):
    salt = secrets.token_hex(16).encode("ascii")
    # ok: predictable-salt
    return salt, hashlib.scrypt(password, salt=salt, n=2**15, r=8, p=1)


def hashed_fresh(password):
    salt = hashlib.sha256(os.urandom(60)).hexdigest().encode("ascii")
    # ok: predictable-salt
    return hashlib.pbkdf2_hmac("sha512", password, salt, 600_000)


def stored(password, row):
    # ok: predictable-salt
    return hashlib.pbkdf2_hmac("sha512", password, row["salt"], 600_000)


def split(password, value):
    kind, salt, digest = value.split("$")
    # ok: predictable-salt
    return crypt.crypt(password, salt)


def from_name(username, password):
    salt = hashlib.sha256(username.encode()).digest()
    # ruleid: predictable-salt.derived
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)


def mail_as_salt(email, password):
    # ruleid: predictable-salt.derived
    return hashlib.pbkdf2_hmac("sha256", password, email.encode(), 600_000)


def others(password):
    # ruleid: predictable-salt.constant, predictable-salt.literal
    kdf = PBKDF2HMAC(hashes.SHA256(), 32, salt=b"saltsalt", iterations=600_000)
    # ruleid: predictable-salt.constant, predictable-salt.literal
    key = PBKDF2(password, b"saltsalt", 32, count=600_000)
    # ruleid: predictable-salt.constant, predictable-salt.literal
    old = bcrypt.hashpw(password, b"$2b$12$abcdefghijklmnopqrstuu")
    # ok: predictable-salt
    new = bcrypt.hashpw(password, bcrypt.gensalt())
    return kdf, key, old, new


def encoded_text(password):
    salt = "pinch of salt".encode("utf-8")
    # ruleid: predictable-salt.constant
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def from_store(password, store):
    salt = store.fetch("salt")
    # ok: predictable-salt
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
