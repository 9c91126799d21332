OPENED = []


def listen(event, args):
    touching = event in ("open", "os.listdir", "os.scandir", "os.remove", "os.mkdir", "shutil.rmtree")
    if touching and args and isinstance(args[0], (str, bytes)):
        OPENED.append(os.path.abspath(os.fsdecode(args[0])))


def opened(given, mark):
    """The files that a call opens, of those whose name carries the mark."""
    del OPENED[:]
    call(given)
    return [path for path in OPENED if mark in path]


def check(folder):
    LISTENERS.append(listen)
    allowed = [os.path.dirname(path) + os.sep for path in opened(BENIGN, WORD)]
    outside = [path for path in opened(ATTACK, MARK) if not path.startswith(tuple(allowed))]
    assert not outside, "%s was opened, which is not below %s" % (outside[0], " or ".join(allowed) or "any base")
