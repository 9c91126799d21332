"""What stands in for things that are not here: missing modules, unknown callees, databases, directories, services."""
