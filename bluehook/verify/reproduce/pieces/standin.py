class StandIn:
    """An object that does nothing, and remembers the texts that it was given."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()

    def __call__(self, *args, **kwargs):
        SAID.extend(str(one) for one in args if isinstance(one, (str, bytes)))
        return StandIn()

    def __getitem__(self, key):
        return StandIn()

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None
