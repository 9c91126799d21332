"""Statements given to databases. ``sqlite3`` is real, through subclasses that its factory hands out; what the schema
lacks is answered by an empty result rather than an error, because no project's tables exist here; nor is one that an
earlier run made. What finds nothing may be given a row by the harness.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from .patch import later, wrap
from .record import RECORDER

_CONNECT = sqlite3.connect
_NO_MORE = (None,) * 6
"""What SQLite says of a column beside its name."""


class Rows:
    """What the harness finds for a query that found nothing: a row, or ``None``.

    It is told the statement, its parameters and the names of the columns, which ``named`` reads in a statement where
    no table tells them; none where that is not known either.
    """

    def __init__(self) -> None:
        self.named: Callable[[Any], list[str]] = lambda statement: []
        self.found: Callable[[Any, Any, Sequence[str]], Any] = lambda statement, parameters, names: None


ROWS = Rows()


class Cursor(sqlite3.Cursor):
    """A cursor that tells its statements and knows every table."""

    _named: Sequence[str] = ()
    _asked: tuple[Any, ...] | None = None
    """The query that has found nothing so far."""

    def execute(self, statement: Any, *parameters: Any) -> Any:
        """As of ``sqlite3.Cursor``; a missing table or column gives no rows."""
        RECORDER.emit("sql", statement, parameters=parameters, dialect="sqlite")
        self._named = []
        if not _lenient(self, super().execute, statement, *parameters):
            self._named = ROWS.named(statement)
        names = [column[0] for column in super().description or ()]
        self._asked = (statement, parameters, self._named if names == ["1"] else names)
        return self

    @property
    def description(self) -> Any:
        """As of ``sqlite3.Cursor``; of a missing table, the columns that were asked for."""
        return tuple((name, *_NO_MORE) for name in self._named) or super().description

    def fetchone(self) -> Any:
        """As of ``sqlite3.Cursor``."""
        row = super().fetchone()
        return self._found() if row is None else self._seen(row)

    def fetchall(self) -> Any:
        """As of ``sqlite3.Cursor``."""
        return self._more(super().fetchall())

    def fetchmany(self, *size: Any, **named: Any) -> Any:
        """As of ``sqlite3.Cursor``."""
        return self._more(super().fetchmany(*size, **named))

    def __next__(self) -> Any:
        try:
            return self._seen(super().__next__())
        except StopIteration:
            row = self._found()
            if row is None:
                raise
            return row

    def _more(self, rows: list[Any]) -> list[Any]:
        if rows:
            return list(map(self._seen, rows))
        row = self._found()
        return rows if row is None else [row]

    def _seen(self, row: Any) -> Any:
        self._asked = None
        return row

    def _found(self) -> Any:
        """A row of the harness's, once for each query."""
        asked, self._asked = self._asked, None
        return None if asked is None else ROWS.found(*asked)

    def executemany(self, statement: Any, parameters: Any) -> Any:
        """As of ``sqlite3.Cursor``; a missing table or column gives no rows."""
        RECORDER.emit("sql", statement, parameters=parameters, dialect="sqlite")
        _lenient(self, super().executemany, statement, parameters)
        return self

    def executescript(self, script: Any) -> Any:
        """As of ``sqlite3.Cursor``; a missing table or column gives no rows."""
        RECORDER.emit("sql", script, parameters=(), dialect="sqlite")
        _lenient(self, super().executescript, script)
        return self


class Connection(sqlite3.Connection):
    """A connection whose cursors tell their statements."""

    def cursor(self, factory: Any = Cursor) -> Any:
        """A telling cursor, whatever factory is the default."""
        return super().cursor(factory)

    def execute(self, statement: Any, *parameters: Any) -> Any:
        """Through a cursor, as the library does."""
        return self.cursor().execute(statement, *parameters)

    def executemany(self, statement: Any, parameters: Any) -> Any:
        """Through a cursor, as the library does."""
        return self.cursor().executemany(statement, parameters)

    def executescript(self, script: Any) -> Any:
        """Through a cursor, as the library does."""
        return self.cursor().executescript(script)


def _lenient(cursor: sqlite3.Cursor, run: Any, *args: Any) -> bool:
    """Run a statement; whether the schema knows what it asks for."""
    try:
        run(*args)
        return True
    except sqlite3.OperationalError as error:
        if "no such" not in str(error) and "already exists" not in str(error):
            raise  # what exists already was made by another run
        sqlite3.Cursor.execute(cursor, "SELECT 1 WHERE 0")
        return False


def _connect(database: Any, *args: Any, **kwargs: Any) -> Any:
    kwargs.setdefault("factory", Connection)
    try:
        return _CONNECT(database, *args, **kwargs)
    except (sqlite3.OperationalError, TypeError):
        return _CONNECT(":memory:", factory=Connection)


def _sqlalchemy_text(text: Any, *rest: Any, **more: Any) -> None:
    RECORDER.emit("sql", text, parameters=(), dialect="sqlalchemy")


def _install_sqlalchemy() -> None:
    wrap("sqlalchemy", "text", _sqlalchemy_text)
    wrap("sqlalchemy.sql.expression", "text", _sqlalchemy_text)


def _django(cursor: Any, statement: Any, parameters: Any = None, *rest: Any) -> None:
    RECORDER.emit("sql", statement, parameters=(parameters,) if parameters else (), dialect="sqlite")


def _django_extra(query: Any, select: Any = None, where: Any = None, params: Any = None, *rest: Any,
                  select_params: Any = None, **more: Any) -> None:  # fmt: skip
    for text in [*(select or {}).values(), *(where or [])]:
        RECORDER.emit("sql", text, parameters=tuple(params or select_params or ()), dialect="sqlite")


def _django_text(holder: Any, sql: Any = "", params: Any = (), *rest: Any, **more: Any) -> None:
    RECORDER.emit("sql", sql, parameters=(params,) if params else (), dialect="sqlite")


def _install_django_queries() -> None:
    """SQL text that the project gives to queries, which may run later and where nobody sees whose they are."""
    wrap("django.db.models.query", "QuerySet.extra", _django_extra)
    wrap("django.db.models.expressions", "RawSQL.__init__", _django_text)


def _install_django() -> None:
    for name in ("execute", "executemany"):
        wrap("django.db.backends.utils", "CursorWrapper." + name, _django)


def install() -> None:
    """Replace the factory of ``sqlite3``; wrap SQLAlchemy's literal text and Django's cursors when they are there."""
    sqlite3.connect = sqlite3.dbapi2.connect = _connect
    later("django.db.backends.utils", _install_django)
    later("django.db.models.query", _install_django_queries)
    later("sqlalchemy", _install_sqlalchemy)
