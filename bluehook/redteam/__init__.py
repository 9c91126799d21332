"""Instances of what the blue team must tell apart: unsafe ones and their harmless twins, one strategy a file.

Nothing is taken from a public corpus. A strategy has ``instances(seed)``, which gives the same list for the same seed.
"""
