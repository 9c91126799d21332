import hashlib
import hmac


def genuine(key, body, signature):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ruleid: observable-timing.keyed-digest
    return expected == signature


def refused(key, body, signature):
    # ruleid: observable-timing.keyed-digest
    if signature != hmac.new(key, body, hashlib.sha256).hexdigest():
        raise PermissionError("forged")


def genuine_mended(key, body, signature):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    # ok: observable-timing
    return hmac.compare_digest(expected, signature)


def checksum(body, given):
    # ok: observable-timing
    return hashlib.sha256(body).hexdigest() == given


def known_answer(key):
    expected = hmac.new(key, b"", hashlib.sha256).hexdigest()
    # ok: observable-timing
    return expected == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
