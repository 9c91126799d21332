import os
from pathlib import Path


def by_rights(path):
    # ruleid: race-condition.access
    if os.access(path, os.R_OK):
        with open(path) as file:
            return file.read()
    return None


def by_rights_mended(path):
    # ok: race-condition
    try:
        with open(path) as file:
            return file.read()
    except PermissionError:
        return None


def create(path):
    # ruleid: race-condition.create
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write("first")


def create_as_path(path: Path):
    # ruleid: race-condition.create
    if not path.exists():
        with path.open("w") as file:
            file.write("first")


def refuse(path, text):
    # ruleid: race-condition.refused
    if os.path.exists(path):
        raise FileExistsError(path)
    name = str(text)
    with open(path, "w") as file:
        file.write(name)


def refuse_as_path(path: Path):
    # ruleid: race-condition.refused
    if path.exists():
        raise FileExistsError(path)
    path.write_text("first")


def refuse_another(path, other):
    # ok: race-condition.refused
    if os.path.exists(path):
        raise FileExistsError(path)
    with open(other, "w") as file:
        file.write("first")


def create_mended(path):
    # ok: race-condition
    with open(path, "x") as file:
        file.write("first")


def read(path):
    # ruleid: race-condition.read
    if os.path.exists(path):
        with open(path) as file:
            return file.read()
    return ""


def remove(path):
    # ruleid: race-condition.remove
    if os.path.exists(path):
        os.remove(path)
    # ok: race-condition
    if os.path.exists(path):
        print("still there")


def keep(path, secret):
    # ruleid: race-condition.chmod-after
    with open(path, "w") as file:
        file.write(secret)
    os.chmod(path, 0o600)
