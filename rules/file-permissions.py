import os
import stat
import subprocess
from os import chmod
from pathlib import Path

OPEN_TO_ALL = 0o777


def publish(path: str):
    # ruleid: file-permissions.others-write
    os.chmod(path, 0o777)
    # ruleid: file-permissions.others-write
    chmod(path, 0o666)
    # ruleid: file-permissions.others-write
    Path(path).chmod(OPEN_TO_ALL)
    # ok: file-permissions
    os.chmod(path, 0o755)
    # ok: file-permissions
    os.chmod(path, 0o600)
    # ok: file-permissions
    os.chmod(path, 0o1777)
    # ruleid: file-permissions.others-write-named
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    # ok: file-permissions
    os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
    # ok: file-permissions
    os.chmod(path, os.stat(path).st_mode & ~stat.S_IWOTH)


def by_command(path):
    # ruleid: file-permissions.command
    subprocess.run(["chmod", "-R", "777", path], check=True)
    # ruleid: file-permissions.command
    os.system("chmod a+w shared.db")
    # ok: file-permissions
    subprocess.run(["chmod", "700", path], check=True)


def readable(private_key_path):
    # ruleid: file-permissions.secret-readable
    os.chmod(private_key_path, 0o644)
    # ok: file-permissions
    os.chmod(private_key_path, 0o600)
    # ok: file-permissions
    os.chmod("page.html", 0o644)


def save_credentials(path, text):
    # ruleid: file-permissions.secret-function
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    os.write(handle, text)
    # ruleid: file-permissions.secret-function
    other = os.open(path + ".bak", os.O_CREAT | os.O_WRONLY, 0o644)
    os.write(other, text)


def save_credentials_mended(path, text):
    # ok: file-permissions
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    os.write(handle, text)


def daemon():
    # ruleid: file-permissions.umask
    os.umask(0)
    # ok: file-permissions
    os.umask(0o077)
    # ok: file-permissions
    old = os.umask(0)
    os.umask(old)


def folders(path):
    # ruleid: file-permissions.created-open
    os.makedirs(path, 0o777)
    # ok: file-permissions
    os.makedirs(path, 0o700)
    # ruleid: file-permissions.created-open
    return os.open(path, os.O_CREAT, 0o666)


def keep_key(key, path):
    body = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # ruleid: file-permissions.private-key
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as stream:
        stream.write(body)
    # ruleid: file-permissions.private-key
    os.chmod(path, 0o444)
    # ok: file-permissions
    os.chmod(path, 0o400)


def keep_parts(key, path):
    (path / "key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    shown = path / "shown"
    shown.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1))
    # ok: file-permissions
    os.chmod(shown, 0o644)
