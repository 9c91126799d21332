import hashlib
import hmac
from hashlib import md5, sha1

from Crypto.Hash import MD5
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def certificate_hash(pem: str) -> str:
    # ruleid: weak-hash.security, weak-hash.unsaid
    return hashlib.md5(pem.encode()).hexdigest()


def certificate_hash_mended(pem: str) -> str:
    # ok: weak-hash
    return hashlib.sha256(pem.encode()).hexdigest()


def is_same(cert, known):
    # ruleid: weak-hash.security, weak-hash.unsaid
    seen = hashlib.new("sha1", cert).hexdigest()
    # ok: weak-hash
    strong = hashlib.new("sha384", cert).hexdigest()
    return seen == known and strong


def issue(user, moment):
    # ruleid: weak-hash.security, weak-hash.unsaid
    reset_token = md5(f"{user}{moment}".encode()).hexdigest()
    # ruleid: weak-hash.security, weak-hash.unsaid
    user.session_key = sha1(str(moment).encode()).hexdigest()
    # ok: weak-hash
    thumbnail = md5(user.picture, usedforsecurity=False).hexdigest()
    return reset_token, thumbnail


def cached_name(url):
    # ruleid: weak-hash.unsaid
    return hashlib.sha1(url.encode()).hexdigest()


def cached_name_said(url):
    # ok: weak-hash
    return hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()


class Envelope:
    def verify_integrity(self, body):
        # ruleid: weak-hash.security, weak-hash.unsaid
        digest = MD5.new()
        digest.update(body)
        return digest.hexdigest() == self.checksum


def sign_document(key, document):
    # ruleid: weak-hash.security, weak-hash.signature, weak-hash.unsaid
    old = key.sign(document, padding.PKCS1v15(), hashes.SHA1())
    # ok: weak-hash
    new = key.sign(document, padding.PKCS1v15(), hashes.SHA256())
    return old, new


def tag(key, message):
    # ruleid: weak-hash.hmac
    old = hmac.new(key, message, hashlib.md5)
    # ok: weak-hash
    new = hmac.new(key, message, hashlib.sha256)
    return old, new


def digest_by_name(name: str, data: bytes) -> str:
    if name not in hashlib.algorithms_available:
        raise ValueError(name)
    # ruleid: weak-hash.any-algorithm
    return hashlib.new(name, data).hexdigest()


def digest_by_sound_name(name: str, data: bytes) -> str:
    if name not in hashlib.algorithms_available:
        raise ValueError(name)
    if name not in ("sha256", "sha512"):
        raise ValueError(name)
    # ok: weak-hash
    return hashlib.new(name, data).hexdigest()


def digest_by_list(name: str, data: bytes) -> str:
    if name not in {"sha256", "sha512"}:
        raise ValueError(name)
    # ok: weak-hash
    return hashlib.new(name, data).hexdigest()


def mac_by_name(key: bytes, data: bytes, kind: str) -> bytes:
    if kind in hashlib.algorithms_guaranteed:
        # ruleid: weak-hash.any-algorithm
        return hmac.new(key, data, kind).digest()
    raise ValueError(kind)


def mac_by_attribute(key: bytes, data: bytes, kind: str) -> bytes:
    if kind not in hashlib.algorithms_available:
        raise ValueError(kind)
    # ruleid: weak-hash.any-algorithm
    function = getattr(hashlib, kind)
    return hmac.new(key, data, function).digest()


def mac_refusing_broken(key: bytes, data: bytes, kind: str) -> bytes:
    if kind in {"md5", "sha1"}:
        raise ValueError(kind)
    if kind not in hashlib.algorithms_available:
        raise ValueError(kind)
    # ok: weak-hash
    return hmac.new(key, data, kind).digest()


def digest_unchecked(data, name="sha256"):
    # ruleid: weak-hash.caller-chooses
    return hashlib.new(name, data).hexdigest()
