"""The attacks on a sandbox: each a function that runs inside and tries to break one guarantee.

A function returns what it broke, or nothing when all was refused; some never return and must be ended. It is told
facts: what the host holds ready to be found (``conformance.World.facts``). What an attack says of itself counts only
together with what the host sees afterwards. Standard library only and Python 3.9: the interpreter is the project's own.
"""

from __future__ import annotations

import json
import os
import sys

from . import bounds, files, network, privileges, processes
from .registry import ATTACKS, Attack

__all__ = ["ATTACKS", "Attack", "bounds", "files", "main", "network", "privileges", "processes"]


def main() -> None:
    """Run the attack ``sys.argv[2]`` with the facts of ``sys.argv[3]`` (JSON); say on standard output what it broke."""
    broken = ATTACKS[sys.argv[2]].function(json.loads(sys.argv[3]))
    os.write(1, json.dumps({"broken": broken}).encode() + b"\n")
