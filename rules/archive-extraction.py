import os
import shutil
import tarfile
import zipfile
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)


def unpack(path, target):
    with tarfile.open(path) as tar:
        # ruleid: archive-extraction.tar
        tar.extractall(target)
        # ok: archive-extraction
        tar.extractall(target, filter="data")


def unzip(path, target):
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            # flow: archive-extraction
            with open(os.path.join(target, info.filename), "wb") as file:
                file.write(archive.read(info))
        # ok: archive-extraction
        archive.extractall(target)


def unzip_inside(path, target):
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        place = (Path(target) / name).resolve()
        if not place.is_relative_to(target):
            raise ValueError(name)
        # ok: archive-extraction
        place.write_bytes(archive.read(name))


@app.post("/restore")
def restore():
    # ruleid: archive-extraction.unpack
    shutil.unpack_archive(request.form["backup"], "/srv/data")
    # ok: archive-extraction
    shutil.unpack_archive("/srv/backup.zip", "/srv/data")
    return "ok"
