import os

from Crypto.Cipher import AES
from Cryptodome.Random import get_random_bytes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIXED = b"0123456789abcdef"


def zeros(key, text):
    iv = b"\x00" * 16
    # ruleid: static-iv.constant
    cipher = AES.new(key, AES.MODE_CBC, iv)
    return cipher.encrypt(text)


def fresh(key, text):
    iv = os.urandom(AES.block_size)
    # ok: static-iv
    cipher = AES.new(key, AES.MODE_CBC, iv)
    return iv + cipher.encrypt(text)


def block_of_letters(key):
    vector = b"v" * AES.block_size
    # ruleid: static-iv.constant
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def null_bytes(key, data):
    # ruleid: static-iv.constant
    return AESGCM(key).encrypt(bytes(12), data, None)


def fresh_nonce(key, data):
    nonce = get_random_bytes(12)
    # ok: static-iv
    return nonce + AESGCM(key).encrypt(nonce, data, None)


def module_constant(key):
    # ruleid: static-iv.constant, static-iv.literal
    return AES.new(key, AES.MODE_CBC, FIXED)


def named_argument(key):
    # ruleid: static-iv.constant, static-iv.literal
    return AES.new(key, AES.MODE_GCM, nonce=b"unique-nonce")


def from_hexadecimal(key):
    # ruleid: static-iv.literal
    return Cipher(algorithms.AES(key), modes.CBC(bytes.fromhex("00112233445566778899aabbccddeeff")))


def received(key, message):
    iv = message[:16]
    # ok: static-iv
    return AES.new(key, AES.MODE_CBC, iv).decrypt(message[16:])


def from_record(key, record):
    # ok: static-iv
    return AES.new(key, AES.MODE_CBC, record["iv"]).decrypt(record["body"])


def key_is_iv(key, text):
    # ruleid: static-iv.key
    return AES.new(key, AES.MODE_CBC, key[:16]).encrypt(text)


class Vault:
    def seal(self, data):
        box = AESGCM(self.key)
        # ruleid: static-iv.constant
        return box.encrypt(b"000000000000", data, None)

    def seal_mended(self, data):
        box = AESGCM(self.key)
        nonce = os.urandom(12)
        # ok: static-iv
        return nonce + box.encrypt(nonce, data, None)


def from_store(key, store):
    iv = store.fetch("iv")
    # ok: static-iv
    return AES.new(key, AES.MODE_CBC, iv)


def encoded_text(key):
    iv = "0123456789abcdef".encode("utf-8")
    # ruleid: static-iv.constant
    return AES.new(key, AES.MODE_CBC, iv)
