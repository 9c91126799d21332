import crypt
import getpass
import hashlib
import os
from hashlib import sha256

import argon2
import bcrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from flask import request
from passlib.hash import md5_crypt, pbkdf2_sha256
from werkzeug.security import generate_password_hash

PASSWORD_HASHERS_IN_USE = 2
ROUNDS = 1000


def register(name, password):
    # ruleid: weak-password-hash.fast
    digest = hashlib.md5(password.encode()).hexdigest()
    # ok: weak-password-hash
    digest = argon2.PasswordHasher().hash(password)
    return name, digest


def register_with_salt(name, password):
    salt = os.urandom(16)
    # ruleid: weak-password-hash.fast
    digest = sha256(salt + password.encode("utf-8")).digest()
    return name, salt, digest


def sign_up():
    secret = request.form["password"]
    hasher = hashlib.sha512()
    # ruleid: weak-password-hash.fast
    hasher.update(secret.encode())
    return hasher.hexdigest()


def log_in():
    typed = getpass.getpass("Password: ")
    # ruleid: weak-password-hash.fast
    return hashlib.new("sha1", typed.encode()).hexdigest()


def log_in_mended(stored):
    typed = getpass.getpass("Password: ")
    # ok: weak-password-hash
    return bcrypt.checkpw(typed.encode(), stored)


def long_passwords(password):
    # ok: weak-password-hash
    return bcrypt.hashpw(sha256(password.encode()).hexdigest().encode(), bcrypt.gensalt())


def was_leaked(password):
    # ok: weak-password-hash
    digest = hashlib.sha1(password.encode()).hexdigest()
    return digest[:5], digest[5:]


def mail_link(password_reset_token):
    # ok: weak-password-hash
    return hashlib.sha256(password_reset_token.encode()).hexdigest()


def hash_password(value, salt):
    # ruleid: weak-password-hash.named
    return hashlib.sha256(salt + value).hexdigest()


def old_scheme(algorithm, password):
    # ruleid: weak-password-hash.by-name
    return hashlib.new(algorithm, password.encode()).hexdigest()


class Account:
    def check_password(self, given):
        # ruleid: weak-password-hash.named
        return self.digest == hashlib.sha1(given.encode()).hexdigest()

    def picture(self):
        # ok: weak-password-hash
        return hashlib.sha256(self.email.encode()).hexdigest()


def derive(password, salt):
    # ruleid: weak-password-hash.few-rounds
    old = hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
    # ruleid: weak-password-hash.few-rounds
    named = hashlib.pbkdf2_hmac("sha256", password, salt, iterations=ROUNDS)
    # ruleid: weak-password-hash.rather-few-rounds
    dated = hashlib.pbkdf2_hmac("sha256", password, salt, 50_000)
    # ok: weak-password-hash
    good = hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
    # ruleid: weak-password-hash.few-rounds
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=4096)
    # ok: weak-password-hash
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=480_000)
    return old, named, dated, good, kdf


def costs(password, salt):
    # ruleid: weak-password-hash.cheap-settings
    quick = bcrypt.hashpw(password, bcrypt.gensalt(4))
    # ok: weak-password-hash
    slow = bcrypt.hashpw(password, bcrypt.gensalt(12))
    # ruleid: weak-password-hash.cheap-settings
    light = hashlib.scrypt(password, salt=salt, n=1024, r=8, p=1)
    # ok: weak-password-hash
    heavy = hashlib.scrypt(password, salt=salt, n=2**15, r=8, p=1)
    return quick, slow, light, heavy


def schemes(password):
    # ruleid: weak-password-hash.scheme
    plain = generate_password_hash(password, method="plain")
    # ok: weak-password-hash
    good = generate_password_hash(password)
    # ok: weak-password-hash
    also = generate_password_hash(password, method="scrypt")
    # ruleid: weak-password-hash.scheme
    old = md5_crypt.hash(password)
    # ok: weak-password-hash
    new = pbkdf2_sha256.hash(password)
    # ruleid: weak-password-hash.scheme
    unix = crypt.crypt(password, crypt.METHOD_MD5)
    # ok: weak-password-hash
    modern = crypt.crypt(password, crypt.METHOD_SHA512)
    return plain, good, also, old, new, unix, modern


# ruleid: weak-password-hash.django-default
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


class Hasher:
    rounds = 2000

    def encode(self, password, salt):
        # ruleid: weak-password-hash.few-rounds-elsewhere
        return hashlib.pbkdf2_hmac("sha256", password, salt, self.rounds)


class SlowHasher:
    rounds: int = 600_000

    def encode(self, password, salt):
        # ok: weak-password-hash
        return hashlib.pbkdf2_hmac("sha256", password, salt, self.rounds)

    def verify(self, password, salt, rounds):
        # ok: weak-password-hash
        return hashlib.pbkdf2_hmac("sha256", password, salt, int(rounds))


def stretch(password, salt, count=1500):
    # ruleid: weak-password-hash.few-rounds-elsewhere
    return hashlib.pbkdf2_hmac("sha512", password, salt, iterations=count)


def stretch_typed(password: bytes, salt: bytes, count: int = 1500):
    # ruleid: weak-password-hash.few-rounds-elsewhere
    return hashlib.pbkdf2_hmac("sha512", password, salt, count)


def stretch_long(password, salt, count=700_000):
    # ok: weak-password-hash
    return hashlib.pbkdf2_hmac("sha512", password, salt, count)


def stretch_as_told(password, salt, count=None, length=32):
    # ok: weak-password-hash
    return hashlib.pbkdf2_hmac("sha512", password, salt, count, length)
