"""One labelled text."""

from __future__ import annotations

from typing import NamedTuple


class Instance(NamedTuple):
    """``task`` is the weakness that it is unsafe for, or would be (``malicious-instruction``).

    ``style`` is the way in which it is said (``open``, ``stub``, ``role-play``): training holds out whole styles.
    ``family`` is the policy that it comes from.
    """

    task: str
    unsafe: bool
    text: str
    style: str
    family: str
