import hashlib
import os
import random
import secrets
import string
import time
import uuid
from random import choice as pick

import numpy as np


def log_in(user):
    # ruleid: weak-random.target
    session_id = random.getrandbits(64)
    # ok: weak-random
    session_id = secrets.token_urlsafe(32)
    # ruleid: weak-random.string, weak-random.target
    user.reset_token = "".join(random.choice("abcdef0123456789") for _ in range(20))
    # ok: weak-random
    user.reset_token = secrets.token_hex(20)
    return session_id


def mail_code(user):
    # ruleid: weak-random.target
    otp = random.randint(100000, 999999)
    # ok: weak-random
    otp = secrets.randbelow(900000) + 100000
    # ok: weak-random
    colour = random.choice(["red", "green"])
    # ruleid: weak-random.target
    user["api_key"] = str(random.random())
    return otp, colour


def keyword(db):
    # ruleid: weak-random.target
    db.add(name="x", access_token=random.getrandbits(128))
    # ok: weak-random
    db.add(name="x", weight=random.getrandbits(128))
    # ruleid: weak-random.string, weak-random.target
    return {"name": "x", "password": "".join(random.sample(string.ascii_letters, 8))}


def generate_token(length):
    letters = string.ascii_letters + string.digits
    # ruleid: weak-random.function, weak-random.string
    return "".join(random.choices(letters, k=length))


def generate_token_mended(length):
    letters = string.ascii_letters + string.digits
    # ok: weak-random
    return "".join(secrets.choice(letters) for _ in range(length))


def make_password():
    # ruleid: weak-random.function, weak-random.string
    return "".join(pick(string.ascii_letters) for _ in range(12))


def generatePassword():
    source = random.SystemRandom()
    # ok: weak-random
    return "".join(source.choice(string.ascii_letters) for _ in range(12))


def create_aes_key():
    # ruleid: weak-random.function
    return bytes(random.randrange(256) for _ in range(32))


def make_nonce():
    # ruleid: weak-random.function
    return np.random.bytes(12)


def tokenize_sample(text):
    # ok: weak-random
    return random.sample(text.split(), 3)


def fetch_token(client):
    # ok: weak-random
    time.sleep(random.random())
    return client.token()


def unique_id():
    # ruleid: weak-random.identifier, weak-random.string
    return "".join(random.choices(string.hexdigits, k=16))


def unique_id_mended():
    # ok: weak-random
    return uuid.uuid4().hex


def suffix():
    # ruleid: weak-random.string
    return "".join(random.choice(string.ascii_lowercase) for _ in range(8))


def forgot(user):
    # ruleid: weak-random.clock
    token = hashlib.sha256(f"{user.id}{time.time()}".encode()).hexdigest()
    # ruleid: weak-random.clock
    reset_token = str(uuid.uuid1())
    # ok: weak-random
    reset_token = str(uuid.uuid4())
    # ok: weak-random
    etag = hashlib.sha256(str(time.time()).encode()).hexdigest()
    return token, reset_token, etag


def make_session_key():
    # ruleid: weak-random.seed
    random.seed(os.getpid())
    # ruleid: weak-random.function
    return random.getrandbits(128)


def shuffle_cards(cards):
    # ok: weak-random
    random.seed(7)
    random.shuffle(cards)
    return cards
