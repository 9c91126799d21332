"""Files (CWE-22): a value that chooses a file, alone or joined below a base directory."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, WHOLE, Grades, Where, flow, marked
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form, Value

_WORDS = "chooses which file is used"
_BELOW_LITERAL = Grades(SHOWS, SUSPECTS, SHOWS)
_BELOW_BASE = Grades(SHOWS, SUSPECTS, SUSPECTS)
_BELOW_UNKNOWN = Grades(SHOWS, SUSPECTS, HINTS)


def below(form: Form, index: int) -> Grades | None:
    """A value joined below a base; only behind a separator, since a name's ending leads nowhere else."""
    if len(form) == 1:
        return WHOLE
    before = form[index - 1] if index else ""
    if isinstance(before, str):
        base = "".join(piece for piece in form[:index] if isinstance(piece, str))
        if before.endswith(("/", "\\")):
            if isinstance(form[0], str) and base.startswith(("/", "C:")):
                return _BELOW_LITERAL
            return _BELOW_BASE if index > 1 else _BELOW_UNKNOWN
        if index == 0:
            return _BELOW_UNKNOWN
        return Grades(SUSPECTS if before else SHOWS, HINTS, HINTS)
    return _BELOW_UNKNOWN


def _checked(site: Site, where: Where) -> Where:
    """No ``..`` and no leading slash, or a beginning of the code's own, leave nothing to climb with."""

    def position(form: Form, index: int) -> Grades | None:
        hole = form[index]
        alone = Value(forms=((hole,),))
        before = form[index - 1] if index else ""
        begun = isinstance(before, str) and before and not before.endswith(("/", "\\"))
        if marked(site.state, alone, "no-dotdot") and (begun or marked(site.state, alone, "no-absolute")):
            return None
        return where(form, index)

    return position


def _file(*positions: int) -> Callable[[Site], None]:
    def sink(site: Site) -> None:
        for at in positions:
            value = site.arg(
                at, *(("file", "path", "filename", "path_or_file", "name", "src", "fp") if at == 0 else ("dst",))
            )
            flow(site, "path-traversal", value, _checked(site, below), _WORDS)

    return sink


def _method(site: Site) -> None:
    """A method of a path object that touches the file."""
    receiver = site.receiver
    if receiver is not None and receiver.kind in ("path", "resolved"):
        flow(site, "path-traversal", receiver, _checked(site, below), _WORDS)


def _asked(site: Site) -> None:
    """Whether a file is there tells something too, where the base is the code's own."""
    receiver = site.receiver
    if receiver is not None and receiver.kind in ("path", "resolved"):
        flow(site, "path-traversal", receiver, _checked(site, _below_literal), _WORDS)


def _below_literal(form: Form, index: int) -> Grades | None:
    return _BELOW_LITERAL if below(form, index) is _BELOW_LITERAL else None


def _directory(site: Site) -> None:
    """``send_from_directory(directory, name)`` confines the name, not the directory."""
    flow(site, "path-traversal", site.arg(0, "directory"), below, "chooses the directory that files are served from")


def _static_file(site: Site) -> None:
    flow(site, "path-traversal", site.arg(1, "root"), below, "chooses the directory that files are served from")


def _upload(site: Site) -> None:
    value = site.arg(0, "dst", "destination", "path")
    if value is None or site.receiver is None:
        return
    if "file" in site.machine.text(site.call.at).partition("(")[0].lower() or any(site.receiver.taints()):
        flow(site, "path-traversal", value, _checked(site, below), "chooses where the upload is written")


_ONE = """open io.open codecs.open os.open file gzip.open bz2.open lzma.open tarfile.open zipfile.ZipFile os.remove
    os.unlink os.rmdir os.removedirs os.mkdir os.makedirs os.listdir os.scandir os.walk os.truncate os.chown os.chmod
    os.readlink shutil.rmtree linecache.getlines fileinput.input glob.glob aiofiles.open anyio.open_file
    flask.send_file fastapi.responses.FileResponse starlette.responses.FileResponse aiohttp.web.FileResponse
    django.http.FileResponse numpy.load pandas.read_csv pandas.read_excel pandas.read_json PIL.Image.open
    runpy.run_path werkzeug.utils.send_file quart.send_file cherrypy.lib.static.serve_file send_file
    logging.FileHandler sqlite3.connect"""
_TWO = """shutil.copy shutil.copyfile shutil.copy2 shutil.copytree shutil.move os.rename os.replace os.renames os.link
    os.symlink"""
_METHODS = """.open .read_text .read_bytes .write_text .write_bytes .unlink .rmdir .mkdir .touch .iterdir .rename
    .symlink_to .replace"""
SINKS = {
    **dict.fromkeys(_ONE.split(), _file(0)),
    **dict.fromkeys(_TWO.split(), _file(0, 1)),
    **dict.fromkeys(_METHODS.split(), _method),
    **dict.fromkeys([".exists", ".is_file"], _asked),
    "urllib.request.urlretrieve": _file(1),
    "flask.send_from_directory": _directory,
    "quart.send_from_directory": _directory,
    "send_from_directory": _directory,
    "bottle.static_file": _static_file,
    ".save": _upload,
}
