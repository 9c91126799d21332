"""Verify: attack what was flagged inside a sandbox, and say what the attack did."""
