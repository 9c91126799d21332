import os
import socket
import ssl

import pyDes
from Crypto.Cipher import AES, ARC4, DES, DES3
from Cryptodome.Cipher import Blowfish as Fish
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
from OpenSSL import SSL


def old_ciphers(key, text):
    # ruleid: weak-cipher.algorithm
    first = DES.new(key, DES.MODE_CBC, os.urandom(8))
    # ruleid: weak-cipher.algorithm
    second = DES3.new(key, DES3.MODE_CFB, os.urandom(8)).encrypt(text)
    # ruleid: weak-cipher.algorithm
    third = ARC4.new(key)
    # ruleid: weak-cipher.algorithm
    fourth = Fish.new(key, Fish.MODE_CBC, os.urandom(8))
    # ruleid: weak-cipher.algorithm
    fifth = pyDes.des(key)
    # ok: weak-cipher
    good = AES.new(key, AES.MODE_GCM)
    return first, second, third, fourth, fifth, good


def old_ciphers_of_cryptography(key):
    # ruleid: weak-cipher.algorithm
    stream = Cipher(algorithms.ARC4(key), mode=None)
    # ruleid: weak-cipher.algorithm, weak-cipher.unauthenticated
    triple = Cipher(TripleDES(key), modes.CBC(os.urandom(8)))
    # ok: weak-cipher
    good = Cipher(algorithms.AES(key), modes.GCM(os.urandom(12)))
    # ok: weak-cipher
    better = AESGCM(key)
    return stream, triple, good, better


def code_book(key, text):
    # ruleid: weak-cipher.ecb
    cipher = AES.new(key, AES.MODE_ECB)
    # ruleid: weak-cipher.ecb
    other = Cipher(algorithms.AES(key), modes.ECB())
    mode = AES.MODE_ECB
    # ruleid: weak-cipher.ecb
    third = AES.new(key, mode)
    # ruleid: weak-cipher.ecb
    implied = AES.new(key)
    # ok: weak-cipher
    good = AES.new(key, AES.MODE_EAX)
    return cipher.encrypt(text), other, third, implied, good


def unauthenticated(key, iv):
    # ruleid: weak-cipher.unauthenticated
    return AES.new(key, AES.MODE_CBC, iv)


def protocols(host):
    # ruleid: weak-cipher.protocol
    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    # ruleid: weak-cipher.protocol
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    # ok: weak-cipher
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # ruleid: weak-cipher.algorithm
    context.set_ciphers("RC4-SHA:AES128-SHA")
    # ok: weak-cipher
    context.set_ciphers("ECDHE+AESGCM:!aNULL:!MD5:!RC4")
    # ruleid: weak-cipher.protocol
    old = SSL.Context(SSL.SSLv3_METHOD)
    # ok: weak-cipher
    new = SSL.Context(SSL.TLS_METHOD)
    # ok: weak-cipher
    modern = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ruleid: weak-cipher.wrap-socket
    bare = ssl.wrap_socket(socket.create_connection((host, 443)))
    # ok: weak-cipher
    good = ssl.create_default_context().wrap_socket(socket.create_connection((host, 443)), server_hostname=host)
    return context, old, new, modern, bare, good
