def check(folder):
    import logging

    lines = []

    class Listener(logging.Handler):
        def emit(self, record):
            lines.append(record.getMessage())

    listener, root = Listener(), logging.getLogger()
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        answer = call(ATTACK)
    finally:
        root.removeHandler(listener)
    if hasattr(answer, "headers"):
        lines += [value for _, value in answer.headers]
    broken = [line for line in lines if re.search(r"[\r\n]" + MARK, line)]
    assert not broken, "the input began a line of its own: %r" % broken[0]
