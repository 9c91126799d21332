"""bluehook: a hook for Python repositories that blocks a commit only for what it can show."""

__version__ = "0.1.0"
