"""Free names of a fragment: what stands for each, told by the name itself and by what the code does with it."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import symtable
import typing
from typing import Any

from ..inputs import hints
from ..inputs.errors import is_error_name, unknown_error
from ..inputs.slots import Inputs
from ..inputs.standin import Standin, standin
from . import legacy

STANDARD = {
    "os", "sys", "re", "json", "time", "random", "hashlib", "logging", "subprocess", "sqlite3", "pickle", "base64",
    "urllib", "shutil", "tempfile", "math", "string", "itertools", "functools", "collections", "io", "socket", "ssl",
    "datetime", "uuid", "hmac", "secrets", "zipfile", "tarfile", "csv", "html", "shlex", "glob", "copy", "traceback",
    "threading", "struct", "types", "platform", "getpass", "stat", "errno", "signal", "operator", "contextlib",
    "argparse", "configparser", "pathlib", "marshal", "ast", "asyncio", "inspect", "codecs", "fnmatch", "textwrap",
    "posixpath", "ntpath", "mimetypes", "calendar", "decimal", "enum", "gzip", "bz2", "zlib", "queue", "warnings",
    "binascii", "unicodedata", "ipaddress", "pprint", "difflib", "email", "smtplib", "ftplib", "telnetlib", "cgi",
    "pipes", "optparse", "locale", "gettext", "heapq", "bisect", "weakref", "select", "pwd", "grp", "shelve",
    "statistics", "dataclasses", "xml", "http", "webbrowser", "importlib", "concurrent", "multiprocessing",
}  # fmt: skip
_TYPING = {"Any", "Dict", "List", "Optional", "Tuple", "Union", "Callable", "Set", "Iterable", "Iterator", "Sequence",
           "Mapping", "Type", "IO", "BinaryIO", "TextIO", "Generator"}  # fmt: skip
_MEMBERS = {
    "subprocess": "Popen PIPE STDOUT DEVNULL check_output check_call CalledProcessError TimeoutExpired getoutput "
                  "getstatusoutput",
    "urllib.parse": "urlparse urlsplit urljoin quote quote_plus unquote unquote_plus urlencode parse_qs parse_qsl "
                    "urlunparse urlunsplit",
    "urllib.request": "urlopen urlretrieve Request",
    "os.path": "abspath realpath basename dirname normpath isfile isdir expanduser splitext relpath commonprefix",
    "os": "listdir makedirs getcwd chdir environ getenv",
    "pathlib": "Path PurePath PosixPath",
    "io": "BytesIO StringIO",
    "shutil": "rmtree copyfile copyfileobj copytree",
    "tempfile": "NamedTemporaryFile mkdtemp mkstemp TemporaryDirectory",
    "base64": "b64encode b64decode urlsafe_b64decode urlsafe_b64encode",
    "hashlib": "md5 sha1 sha256 sha512",
    "datetime": "timedelta timezone",
    "collections": "OrderedDict defaultdict namedtuple Counter deque",
    "functools": "partial wraps lru_cache reduce",
    "itertools": "chain islice groupby",
    "contextlib": "contextmanager closing suppress",
    "random": "randint randrange choice shuffle",
    "zipfile": "ZipFile", "uuid": "uuid4 uuid1", "decimal": "Decimal", "enum": "Enum", "threading": "Thread Lock",
    "http.server": "BaseHTTPRequestHandler HTTPServer", "json": "loads dumps", "copy": "deepcopy",
    "xml.sax.handler": "feature_external_ges feature_external_pes feature_namespaces ContentHandler",
    "argparse": "ArgumentParser", "xml.dom.minidom": "parseString", "time": "sleep", "math": "ceil floor sqrt",
}  # fmt: skip
"""Names that are usually imported from a module of the standard library and mean nothing else."""
_FROM = {name: module for module, names in _MEMBERS.items() for name in names.split()}
_ALIASES = {"ET": "xml.etree.ElementTree", "etree": "xml.etree.ElementTree", "minidom": "xml.dom.minidom",
            "osp": "os.path", "path": "os.path", "parse": "urllib.parse", "dt": "datetime"}  # fmt: skip
_TRANSLATORS = {"_", "gettext", "ugettext", "lazy_gettext", "gettext_lazy", "ugettext_lazy", "_LE", "_LI", "_LW",
                "_LC", "N_", "ngettext", "ungettext", "translate", "tr"}  # fmt: skip
_OUTSIDE = {"request", "flask_request", "req"}
_KNOWN = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "__package__", "__builtins__"}


def needed(tree: ast.Module, source: str) -> set[str]:
    """The names that the code reads from its module and that the module does not bind."""
    read: set[str] = set()
    bound: set[str] = set()

    def visit(table: symtable.SymbolTable) -> None:
        for symbol in table.get_symbols():
            at_top = table.get_type() == "module"
            if at_top and (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()):
                bound.add(symbol.get_name())
            if symbol.is_referenced() and (at_top or symbol.is_global()):
                read.add(symbol.get_name())
        for child in table.get_children():
            visit(child)

    try:
        visit(symtable.symtable(source, "fragment", "exec"))
    except (SyntaxError, ValueError):
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return read - bound - _KNOWN


def fill(space: dict[str, Any], tree: ast.Module, source: str, inputs: Inputs) -> None:
    """Put something that stands for it under each name that the code reads and nobody binds."""
    missing = sorted(needed(tree, source) - set(space))
    found = hints.uses(tree, set(missing))
    for name in missing:
        space[name] = meaning(name, found[name], inputs)
        if type(space[name]) is Standin and not name.isupper():
            inputs.renewed.append(functools.partial(_renewed, space, name, inputs, space[name]._slot.trust))
    if _calls_bare_super(tree):
        space["super"] = lambda *args: standin(inputs, "super()", "assumed")


def _renewed(space: dict[str, Any], name: str, inputs: Inputs, trust: str) -> None:
    """Give a name that nobody binds this run's value. One in capitals is a constant: nobody sends those."""
    space[name] = standin(inputs, name, trust)


def meaning(name: str, use: hints.Use, inputs: Inputs) -> Any:
    """What stands for one name: the standard library's own object where the name says so, else an unknown object."""
    found = _of_library(name, use)
    if found is not None:
        return found
    if name in _TRANSLATORS and not use.attributes:
        return _translated
    if name in _TYPING:
        return getattr(typing, name)
    old = legacy.names()
    if name in old:
        return old[name]
    if is_error_name(name) or name in inputs.errors:
        return unknown_error(name)
    return standin(inputs, name, "outside" if name in _OUTSIDE else "assumed")


def _of_library(name: str, use: hints.Use) -> Any:
    """The module or the member of one that the name means, by what is done with it."""
    place = name if name in STANDARD else _ALIASES.get(name, "")
    if place:
        try:
            module = importlib.import_module(place)
        except ImportError:
            return legacy.module(place)
        if all(hasattr(module, attribute) for attribute in use.attributes) and not use.called:
            return module
        member = getattr(module, name, None)
        if member is not None and (use.called or any(hasattr(member, each) for each in use.attributes)):
            return member
        return module if name in STANDARD and not use.called else None
    if name in _FROM and not (name == "path" and use.called):
        return getattr(importlib.import_module(_FROM[name]), name, None)
    return legacy.module(name)


def _translated(*args: Any, **kwargs: Any) -> Any:
    """What ``gettext`` does where there is no catalogue: the text as it is."""
    return args[0] if args else next(iter(kwargs.values()), "")


def _calls_bare_super(tree: ast.Module) -> bool:
    """Whether a function that stands outside of any class calls ``super()``: it was cut out of one."""
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super" and not node.args
        for statement in tree.body
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(statement)
    )


def errors(tree: ast.AST) -> set[str]:
    """The names under which the code catches exceptions: unknown ones have to be classes."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            found |= {getattr(kind, "attr", getattr(kind, "id", "")) for kind in kinds}
    return found - {""}
