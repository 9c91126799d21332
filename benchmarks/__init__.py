"""Measurements: how long bluehook takes beside its peers, how much memory, and how it scores on labelled corpora."""
