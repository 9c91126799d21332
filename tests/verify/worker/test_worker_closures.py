"""Functions that other functions make are driven through those; what has to be entered is entered."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

MADE = {
    "returned": (
        "target.<locals>.inner",
        """
        import os
        def target(options):
            def inner(folder):
                os.system("ls " + options + " " + folder)
            return inner
        """,
    ),
    "a decorator's wrapper": (
        "target.<locals>.wrapper",
        """
        import functools, os
        def target(function):
            @functools.wraps(function)
            def wrapper(folder):
                os.system("ls -l " + folder)
                return function(folder)
            return wrapper
        """,
    ),
    "two functions deep": (
        "target.<locals>.middle.<locals>.inner",
        """
        import os
        def target(options):
            def middle(function):
                def inner(folder, depth=2):
                    os.system("ls " + options + " " + folder)
                return inner
            return middle
        """,
    ),
    "a method of a class": (
        "target.<locals>.Lister.show",
        """
        import os
        def target(options):
            class Lister:
                def __init__(self, more):
                    self.more = more
                def show(self, folder):
                    os.system("ls " + options + " " + folder)
            return Lister
        """,
    ),
    "registered, before the function around fails": (
        "target.<locals>.inner",
        """
        import os, parcel_hooks
        def target(hooks, count):
            @parcel_hooks.on("list")
            def inner(folder):
                os.system("ls -l " + folder)
            hooks["list"] = inner
            raise RuntimeError("no server")
        """,
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_a_function_that_another_one_makes_is_called(drive: Drive, name: str) -> None:
    function, source = MADE[name]
    outcome = only(drive(source, function), "command-injection")
    assert (outcome["ending"], outcome["trust"], outcome["slot"]) == ("proven", "composed", "parameter 'folder'")
    assert "made by another" in outcome["evidence"]["unrepeatable"]


def test_what_the_function_around_was_given_is_assumed(drive: Drive) -> None:
    source = """
    import os
    def target(options):
        def inner():
            os.system("ls " + options)
        return inner
    """
    outcome = only(drive(source, "target.<locals>.inner"), "command-injection")
    assert (outcome["ending"], outcome["trust"]) == ("likely", "assumed")
    assert outcome["slot"] == "parameter 'options' of target()"


def test_what_is_only_handed_on_gets_its_input_from_the_function_around(drive: Drive) -> None:
    source = """
    import os, threading
    def target(folder):
        def inner(kind):
            os.system("ls -" + kind + " " + folder)
        threading.Thread(target=inner, args=("l",))
    """
    outcome = only(drive(source, "target.<locals>.inner"), "command-injection")
    assert (outcome["ending"], outcome["slot"]) == ("proven", "parameter 'folder' of target()")


def test_a_helper_that_only_the_function_around_calls_gets_what_that_gives(drive: Drive) -> None:
    source = """
    import os
    def target(folder):
        def inner(kind):
            os.system("ls -" + kind)
        inner("l")
        inner("a")
    """
    found = [one for one in drive(source, "target.<locals>.inner") if one["weakness"] == "command-injection"]
    assert not any(one["ending"] in ("proven", "likely") for one in found)


def test_a_context_manager_that_comes_back_is_entered(drive: Drive) -> None:
    source = """
    import os
    class Mounted:
        def __init__(self, device):
            self.device = device
        def __enter__(self):
            os.system("mount /dev/" + self.device)
        def __exit__(self, *details):
            return None
    def target(device):
        return Mounted(device)
    """
    outcome = only(drive(source), "command-injection")
    assert outcome["ending"] == "proven" or outcome["evidence"]["strength"] == "strong"
    assert outcome["slot"] == "parameter 'device'"


def test_a_tls_context_that_comes_back_shakes_hands(drive: Drive) -> None:
    source = """
    import ssl
    def target():
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    def asked(verify=True):
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
    def mended():
        return ssl.create_default_context()
    """
    assert only(drive(source), "certificate-validation")["ending"] == "likely"
    for function in ("asked", "mended"):
        assert not [one for one in drive(source, function) if one["weakness"] == "certificate-validation"]
