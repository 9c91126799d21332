"""Driving: load the project's module, call the function as its world would, once for each assignment of its slots."""
