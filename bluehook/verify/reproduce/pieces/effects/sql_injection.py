def shapes(given):
    """The statements that a call executes, without the constants in them."""
    del STATEMENTS[:], SAID[:]
    call(given)
    told = [" ".join(each.split()) for each in STATEMENTS + SAID if re.match(r"\s*\w+\s", each)]
    return [re.sub(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b|" + WORD, "?", each) for each in told]


def check(folder):
    usual = shapes(BENIGN)
    changed = [shape for shape in shapes(ATTACK) if shape not in usual]
    assert not changed, "the value changed the statement: %s" % changed[0]
