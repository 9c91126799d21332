"""INI files that are not there: a parser passes over them in silence, and fails when it is asked what they hold."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ..inputs.settings import Entry, MissingFile, Table
from ..inputs.slots import Inputs
from ..observe.record import RECORDER

if TYPE_CHECKING:
    from .settings_files import Known


def install(inputs: Inputs, known: Known) -> None:
    """Let parsers which the project's code gave files that are not there hold what is taken from them."""
    module: Any = sys.modules["configparser"]
    _reads(module.RawConfigParser, inputs, known)
    _answers(module, module.RawConfigParser)
    _sections(module.RawConfigParser, module.SectionProxy)


def _reads(kind: Any, inputs: Inputs, known: Known) -> None:
    read, read_file, read_string = kind.read, kind.read_file, kind.read_string

    def files(self: Any, filenames: Any, encoding: Any = None) -> Any:
        found = read(self, filenames, encoding)
        if not found and inputs.policy.exists and RECORDER.directly(sys._getframe(1)):
            names = [filenames] if isinstance(filenames, (str, bytes, os.PathLike)) else list(filenames)
            for name in names[:1]:
                self._absent = MissingFile(inputs, os.fsdecode(name), texts=True)
                return [name] if self._absent.holds("(the file)") else found
        return found

    def file(self: Any, stream: Any, source: Any = None) -> Any:
        lines = list(stream)
        made = known.table("".join(lines)) if all(isinstance(line, str) for line in lines) else None
        if made is None:
            return read_file(self, lines, source or getattr(stream, "name", None))
        self._absent = _texts(made)
        return None

    def string(self: Any, text: Any, source: Any = "<string>") -> Any:
        made = known.table(text) if isinstance(text, str) else None
        if made is None:
            return read_string(self, text, source)
        self._absent = _texts(made)
        return None

    kind.read, kind.read_file, kind.read_string = files, file, string


def _texts(table: Table) -> MissingFile:
    return MissingFile(table._file.inputs, table._file.path, texts=True)


def _answers(module: Any, kind: Any) -> None:
    get, items, options = kind.get, kind.items, kind.options
    has_section, has_option = kind.has_section, kind.has_option
    convert = kind._convert_to_boolean
    unknown = (module.NoSectionError, module.NoOptionError)

    def value(self: Any, section: Any, option: Any, **kwargs: Any) -> Any:
        file = _absent(self)
        name = f"{section}.{option}"
        try:
            found = get(self, section, option, **kwargs)
        except unknown:
            if file is None:
                raise
            return file.value(name)
        return file.value(name) if found is None and file is not None and file.holds(name) else found

    def pairs(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return items(self, *args, **kwargs)
        except module.NoSectionError:
            if _absent(self) is None:
                raise
            return []

    def names(self: Any, section: Any) -> Any:
        try:
            return options(self, section)
        except module.NoSectionError:
            if _absent(self) is None:
                raise
            return []

    def there(self: Any, section: Any) -> Any:
        file = _absent(self)
        return has_section(self, section) or (file is not None and file.holds(str(section)))

    def set_there(self: Any, section: Any, option: Any) -> Any:
        file = _absent(self)
        return has_option(self, section, option) or (file is not None and file.holds(f"{section}.{option}"))

    def switch(self: Any, text: Any) -> Any:
        return text.is_on() if isinstance(text, Entry) else convert(self, text)

    kind.get, kind.items, kind.options, kind._convert_to_boolean = value, pairs, names, switch
    kind.has_section, kind.has_option = there, set_there


def _sections(kind: Any, proxy: Any) -> None:
    section, option = kind.__getitem__, proxy.__getitem__

    def of_parser(self: Any, key: Any) -> Any:
        try:
            return section(self, key)
        except KeyError:
            if _absent(self) is None:
                raise
            return proxy(self, key)

    def of_section(self: Any, key: Any) -> Any:
        try:
            return option(self, key)
        except KeyError:
            file = _absent(self._parser)
            if file is None:
                raise
            return file.value(f"{self._name}.{key}")

    kind.__getitem__, proxy.__getitem__ = of_parser, of_section


def _absent(parser: Any) -> MissingFile | None:
    """The missing file that the parser was given."""
    found = getattr(parser, "_absent", None)
    return found if isinstance(found, MissingFile) else None
