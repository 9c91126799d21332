def call(given):
    """Call the function; what it returns, or what it raises, which may be its way to refuse."""
    import asyncio
    import inspect

    module = importlib.import_module(MODULE)
    try:
        result = called(module, given)
        if inspect.iscoroutine(result):
            return asyncio.run(result)
        return list(result) if inspect.isgenerator(result) else result
    except (Exception, SystemExit) as error:
        return error


def made(owner, needed):
    """An instance: as it is made, else without being made."""
    try:
        return owner(**{name: StandIn() for name in needed})
    except Exception:
        return object.__new__(owner)
