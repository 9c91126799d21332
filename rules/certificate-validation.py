import ssl

import aiohttp
import asyncssh
import httpx
import paramiko
import requests
import urllib3
from OpenSSL import SSL
from paramiko import AutoAddPolicy
from requests import Session, get

# ruleid: certificate-validation.warnings
urllib3.disable_warnings()


def fetch(url):
    # ruleid: certificate-validation.http
    requests.get(url, verify=False, timeout=5)
    # ok: certificate-validation
    requests.get(url, timeout=5)
    # ok: certificate-validation
    requests.get(url, verify="private-ca.pem", timeout=5)
    # ruleid: certificate-validation.http
    get(url, verify=False)
    # ruleid: certificate-validation.http
    return httpx.Client(verify=False)


def fetch_in_session(url):
    session = Session()
    # ruleid: certificate-validation.http
    session.verify = False
    # ok: certificate-validation
    session.verify = True
    # ruleid: certificate-validation.http
    return session.post(url, verify=False)


def fetch_in_block(url):
    with requests.Session() as one:
        # ruleid: certificate-validation.http
        one.verify = False
        # ok: certificate-validation
        return one.get(url)


class Api:
    def __init__(self):
        self.session = requests.Session()
        # ruleid: certificate-validation.http
        self.session.verify = False

    def read(self, url):
        # ruleid: certificate-validation.http
        return self.session.get(url, verify=False)

    def check(self, form):
        # ok: certificate-validation
        return form.check(verify=False)


async def fetch_async(url):
    async with aiohttp.ClientSession() as session:
        # ruleid: certificate-validation.http
        async with session.get(url, ssl=False) as answer:
            return await answer.text()


async def fetch_async_with_connector():
    # ruleid: certificate-validation.http
    bad = aiohttp.TCPConnector(ssl=False)
    # ok: certificate-validation
    good = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    return bad, good


def pools():
    # ruleid: certificate-validation.http
    bad = urllib3.PoolManager(cert_reqs="CERT_NONE")
    # ok: certificate-validation
    good = urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    return bad, good


def contexts():
    # ruleid: certificate-validation.context
    one = ssl._create_unverified_context()
    two = ssl.create_default_context()
    # ruleid: certificate-validation.context
    two.check_hostname = False
    # ruleid: certificate-validation.context
    two.verify_mode = ssl.CERT_NONE
    # ok: certificate-validation
    three = ssl.create_default_context(cafile="private-ca.pem")
    # ok: certificate-validation
    three.verify_mode = ssl.CERT_REQUIRED
    return one, two, three


# ruleid: certificate-validation.context
ssl._create_default_https_context = ssl._create_unverified_context


def by_choice(insecure):
    context = ssl.create_default_context()
    if insecure:
        # ruleid: certificate-validation.optional
        context.check_hostname = False
        # ruleid: certificate-validation.optional
        context.verify_mode = ssl.CERT_NONE
    return context


def without_authority(cafile):
    context = ssl.create_default_context(cafile=cafile)
    if cafile is None:
        # ruleid: certificate-validation.no-authority, certificate-validation.optional
        context.check_hostname = False
        # ruleid: certificate-validation.no-authority, certificate-validation.optional
        context.verify_mode = ssl.CERT_NONE
    return context


class Link:
    def context(self, client_cert):
        context = ssl.create_default_context()
        if self.ca_bundle:
            context.load_verify_locations(self.ca_bundle)
        else:
            # ruleid: certificate-validation.optional
            context.check_hostname = False
            # ruleid: certificate-validation.no-authority, certificate-validation.optional
            context.verify_mode = ssl.CERT_NONE
        if self.cafile is None:
            # ok: certificate-validation
            context.verify_mode = ssl.CERT_REQUIRED
        if not client_cert:
            # ruleid: certificate-validation.optional
            context.check_hostname = False
        return context


def server_side():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    # ok: certificate-validation
    context.verify_mode = ssl.CERT_NONE
    return context


def open_ssl():
    # ruleid: certificate-validation.pyopenssl
    bare = SSL.Context(SSL.TLS_METHOD)
    return bare


def open_ssl_verified(callback):
    # ok: certificate-validation
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_verify(SSL.VERIFY_PEER, callback)
    return context


def shells(host):
    client = paramiko.SSHClient()
    # ruleid: certificate-validation.ssh
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: certificate-validation.ssh
    client.set_missing_host_key_policy(AutoAddPolicy())
    # ok: certificate-validation
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: certificate-validation
    client.load_system_host_keys()
    return client


async def shells_async(host):
    # ruleid: certificate-validation.ssh
    async with asyncssh.connect(host, known_hosts=None) as one:
        await one.run("true")
    # ok: certificate-validation
    async with asyncssh.connect(host) as two:
        await two.run("true")
