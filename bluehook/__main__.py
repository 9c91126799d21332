"""``python -m bluehook``."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # ``-m`` looks for modules in the current folder first, which holds the code that is to be looked at.
    if sys.path[0] == str(Path.cwd()) != str(Path(__file__).parents[1]):
        del sys.path[0]
    from bluehook.cli import main

    main()
