HITS = []


def hit(mark=""):
    """What the attack tries to call; nothing but the attack knows of it."""
    HITS.append(str(mark))
    return str(mark)


class ZqGadget:
    def __init__(self, mark=""):
        hit(mark)


def attacked():
    """What the attack's call gives, with the gadget where the attack looks for it."""
    import types

    module = types.ModuleType("zqgadgetmodule")
    module.hit = hit
    sys.modules["zqgadgetmodule"] = module
    return call(ATTACK)
