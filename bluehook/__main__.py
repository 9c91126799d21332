"""``python -m bluehook``."""

from bluehook.cli import main

if __name__ == "__main__":
    main()
