import os
import secrets
import subprocess

import ecdsa
import paramiko
import rsa as simple_rsa
from Crypto.PublicKey import DSA, ECC, RSA
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from OpenSSL import crypto

DEFAULT_BITS = 1024


def keys_of_pycryptodome():
    # ruleid: weak-key-size.rsa-dsa
    short = RSA.generate(1024)
    # ok: weak-key-size
    long = RSA.generate(3072)
    # ruleid: weak-key-size.rsa-dsa
    signing = DSA.generate(bits=1024)
    # ok: weak-key-size
    signing = DSA.generate(bits=2048)
    # ruleid: weak-key-size.rsa-dsa
    shared = RSA.generate(DEFAULT_BITS)
    # ruleid: weak-key-size.curve
    curve = ECC.generate(curve="P-192")
    # ok: weak-key-size
    curve = ECC.generate(curve="P-256")
    return short, long, signing, shared, curve


def keys_of_cryptography(bits):
    size = 512
    # ruleid: weak-key-size.rsa-dsa
    one = rsa.generate_private_key(public_exponent=65537, key_size=size)
    # ruleid: weak-key-size.rsa-dsa
    two = generate_private_key(65537, 1024)
    # ok: weak-key-size
    three = generate_private_key(65537, 4096)
    # ok: weak-key-size
    four = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    # ruleid: weak-key-size.rsa-dsa
    five = dsa.generate_private_key(key_size=1024)
    # ruleid: weak-key-size.curve
    six = ec.generate_private_key(ec.SECP192R1())
    # ok: weak-key-size
    seven = ec.generate_private_key(ec.SECP256R1())
    return one, two, three, four, five, six, seven


def keys_of_others():
    # ruleid: weak-key-size.rsa-dsa
    host_key = paramiko.RSAKey.generate(1024)
    # ok: weak-key-size
    host_key = paramiko.RSAKey.generate(bits=3072)
    pair = crypto.PKey()
    # ruleid: weak-key-size.rsa-dsa
    pair.generate_key(crypto.TYPE_RSA, 1024)
    # ok: weak-key-size
    pair.generate_key(crypto.TYPE_RSA, 2048)
    # ruleid: weak-key-size.rsa-dsa
    public, private = simple_rsa.newkeys(512)
    # ruleid: weak-key-size.curve
    signer = ecdsa.SigningKey.generate(curve=ecdsa.NIST192p)
    # ok: weak-key-size
    signer = ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    return host_key, pair, public, private, signer


def keys_by_command():
    # ruleid: weak-key-size.command
    subprocess.run(["openssl", "genrsa", "-out", "server.key", "1024"], check=True)
    # ok: weak-key-size
    subprocess.run(["openssl", "genrsa", "-out", "server.key", "3072"], check=True)
    # ruleid: weak-key-size.command
    os.system("ssh-keygen -t rsa -b 1024 -f id_rsa -N ''")
    # ok: weak-key-size
    os.system("ssh-keygen -t ed25519 -f id_ed25519")


def random_secrets():
    # ruleid: weak-key-size.short-secret
    session_id = secrets.token_hex(4)
    # ok: weak-key-size
    session_id = secrets.token_hex(32)
    # ruleid: weak-key-size.short-secret
    aes_key = os.urandom(8)
    # ok: weak-key-size
    aes_key = os.urandom(32)
    # ok: weak-key-size
    suffix = secrets.token_hex(3)
    return session_id, aes_key, suffix
