"""The part of verification that runs inside the sandbox, on the project's own interpreter (3.9 to 3.14).

It imports the standard library only and nothing of bluehook outside this folder, reads one JSON request a line and
answers one JSON reply a line (:mod:`.protocol`). A request names a function; the worker drives it with benign inputs
until it reaches its sinks, then attacks each input that it saw arriving there, and tells by the *effects* whether the
attack worked. Scanned code runs here: start it in a sandbox only.
"""
