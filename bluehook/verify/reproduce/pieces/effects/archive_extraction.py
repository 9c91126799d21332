WRITTEN = []


def listen(event, args):
    if event in ("open", "os.mkdir", "os.symlink", "os.rename") and isinstance(args[0], (str, bytes)):
        WRITTEN.append(os.path.abspath(os.fsdecode(args[0])))


def check(folder):
    # Deep enough that a member that climbs out stays within the temporary directory.
    inner = os.path.join(folder, "a", "b", "c", "d")
    os.makedirs(inner)
    os.chdir(inner)
    for name in [name for name in FILES if os.path.basename(name) == name]:
        Path(name).write_bytes(FILES[name])
    LISTENERS.append(listen)
    with Outside():
        call(ATTACK)
    outside = [path for path in WRITTEN if MARK in path and not path.startswith(inner + os.sep)]
    assert not outside, "a member of the archive was written to %s" % outside[0]
