import ftplib
import imaplib
import os
import smtplib
import telnetlib
from ftplib import FTP, FTP_TLS

import ldap
import psycopg2
import requests


def fetch_file(host, user, password):
    ftp = ftplib.FTP(host)
    # ruleid: cleartext-transmission.ftp
    ftp.login(user, password)
    ftp.quit()
    # ruleid: cleartext-transmission.ftp
    other = FTP(host, user, password)
    with FTP(host) as third:
        # ruleid: cleartext-transmission.ftp
        third.login(user=user, passwd=password)
    return other


def fetch_file_encrypted(host, user, password):
    ftp = FTP_TLS(host)
    # ok: cleartext-transmission
    ftp.login(user, password)
    ftp.prot_p()


def fetch_public_file(host):
    ftp = FTP(host)
    # ok: cleartext-transmission
    ftp.login()
    # ok: cleartext-transmission
    ftp.login("anonymous", "me@mail")


def fetch_as_set_up(settings, host):
    ftp = FTP(host)
    # ruleid: cleartext-transmission.ftp, cleartext-transmission.ftp-password
    ftp.login(settings.user, settings.FTP_PASSWORD)
    # ruleid: cleartext-transmission.ftp, cleartext-transmission.ftp-password
    other = FTP(host, user="feeds", passwd=os.environ["FEED_PASSWORD"])
    # ok: cleartext-transmission
    return other, FTP_TLS(host, user="feeds", passwd=os.environ["FEED_PASSWORD"])


def fetch_with_address(host, address):
    ftp = FTP(host)
    # ruleid: cleartext-transmission.ftp
    ftp.login("guest", address)


def fetch_from_own_server(user, password):
    ftp = FTP("127.0.0.1")
    # ruleid: cleartext-transmission.ftp
    ftp.login(user, password)


def console(host):
    # ruleid: cleartext-transmission.telnet
    line = telnetlib.Telnet(host)
    # ok: cleartext-transmission
    own = telnetlib.Telnet("localhost", 11211)
    return line, own


def send(host, user, password, text):
    with smtplib.SMTP(host, 587) as server:
        # ruleid: cleartext-transmission.mail
        server.login(user, password)
        server.sendmail(user, user, text)


def send_encrypted(host, user, password, text):
    with smtplib.SMTP(host, 587) as server:
        server.starttls()
        # ok: cleartext-transmission
        server.login(user, password)
        server.sendmail(user, user, text)


def send_as_configured(host, user, password, encrypted):
    server = smtplib.SMTP(host)
    if encrypted:
        server.ehlo()
        server.starttls()
        server.ehlo()
    # ok: cleartext-transmission
    server.login(user, password)


def send_to_own_relay(user, password):
    server = smtplib.SMTP("localhost")
    # ok: cleartext-transmission
    server.login(user, password)


def read_mail(host, user, password):
    box = imaplib.IMAP4(host)
    # ruleid: cleartext-transmission.mail
    box.login(user, password)
    safe = imaplib.IMAP4_SSL(host)
    # ok: cleartext-transmission
    safe.login(user, password)


def call(user, password, token):
    # ruleid: cleartext-transmission.http-credentials
    requests.get("http://api.shop.com/orders", auth=(user, password), timeout=5)
    # ok: cleartext-transmission
    requests.get("https://api.shop.com/orders", auth=(user, password), timeout=5)
    # ok: cleartext-transmission
    requests.get("http://localhost:8080/orders", auth=(user, password), timeout=5)
    # ruleid: cleartext-transmission.http-credentials
    requests.post("http://api.shop.com/login", json={"user": user, "password": password}, timeout=5)
    # ruleid: cleartext-transmission.http-credentials
    requests.get("http://api.shop.com/me", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    # ok: cleartext-transmission
    requests.get("http://api.shop.com/prices", timeout=5)


def directory(user, password):
    server = ldap.initialize("ldap://directory.shop.com")
    # ruleid: cleartext-transmission.ldap
    server.simple_bind_s(user, password)


def directory_encrypted(user, password):
    server = ldap.initialize("ldaps://directory.shop.com")
    # ok: cleartext-transmission
    server.simple_bind_s(user, password)


def database(password):
    # ruleid: cleartext-transmission.database
    one = psycopg2.connect(host="db7", password=password, sslmode="disable")
    # ok: cleartext-transmission
    two = psycopg2.connect(host="db7", password=password, sslmode="verify-full")
    return one, two


LEDGER = "http://ledger.shop.com/v2"
VAULT = "https://vault.shop.com/v2"
MIRROR = "http://localhost:8080/v2"


def call_below(user, password, token):
    # ruleid: cleartext-transmission.http-credentials
    requests.post(f"{LEDGER}/login", json={"user": user, "password": password}, timeout=5)
    # ruleid: cleartext-transmission.http-credentials
    requests.get(LEDGER + "/rows", headers={"Authorization": "Bearer " + token}, timeout=5)
    # ok: cleartext-transmission
    requests.post(f"{VAULT}/login", json={"user": user, "password": password}, timeout=5)
    # ok: cleartext-transmission
    requests.get(MIRROR + "/rows", headers={"Authorization": "Bearer " + token}, timeout=5)
    # ok: cleartext-transmission
    requests.get(f"{LEDGER}/prices", timeout=5)
