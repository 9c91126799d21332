import builtins
import sqlite3

STATEMENTS = []
SAID = []
CONNECT, OPEN = sqlite3.connect, builtins.open


class Cursor(sqlite3.Cursor):
    def execute(self, statement, *values):
        STATEMENTS.append(statement)
        return known(super().execute, statement, *values)

    def executemany(self, statement, *values):
        STATEMENTS.append(statement)
        return known(super().executemany, statement, *values)

    def executescript(self, script):
        STATEMENTS.append(script)
        return known(super().executescript, script)


def known(execute, *args):
    """Run a statement as if its tables were there: what the code does first must not hide what it does then."""
    try:
        return execute(*args)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        return execute("SELECT 1 WHERE 0")


class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def execute(self, *arguments):
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments):
        return self.cursor().executemany(*arguments)

    def executescript(self, script):
        return self.cursor().executescript(script)


def connection(*args, **kwargs):
    """An empty database in memory that notes its statements."""
    return CONNECT(":memory:", factory=Connection)


def opening(file, mode="r", *args, **kwargs):
    """Open a file; one that is written below the temporary directory gets its folder first."""
    if any(letter in mode for letter in "wax") and isinstance(file, (str, os.PathLike)):
        place = os.path.dirname(os.path.abspath(os.fspath(file)))
        if place.startswith(os.getcwd() + os.sep):
            os.makedirs(place, exist_ok=True)
    return OPEN(file, mode, *args, **kwargs)
