"""A program of its own beside the package: standard library only, started by ``process`` and inside other sandboxes."""
