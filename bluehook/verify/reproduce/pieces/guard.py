LISTENERS = []
PLACES = []
"""The folders that may be written to; none while no test runs."""
MOST_SECONDS = 60
TOUCHED = {
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.setxattr": (0,),
    "os.removexattr": (0,),
    "os.chdir": (0,),
    "shutil.rmtree": (0,),
    "shutil.move": (0, 1),
}
STARTED_BY = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.kill", "os.killpg")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def watch(event, args):
    """Tell the test what the code does, and keep all of it within the temporary directory and this machine."""
    if not PLACES:
        return
    for listen in LISTENERS:
        listen(event, args)
    paths = [args[number] for number in TOUCHED.get(event, ()) if number < len(args)]
    if event == "open" and isinstance(args[2], int) and args[2] & WRITES:
        paths = [args[0]]
    for path in paths:
        refuse(not within(path), "write to %r" % (path,))
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        refuse(not near(args[1]), "connect to %r" % (args[1],))
    elif event == "socket.getaddrinfo":
        refuse(not near((args[0],)), "look up %r" % (args[0],))
    elif event in STARTED_BY:
        refuse(not shell(event, args), "start or end a program")


def refuse(wrong, what):
    if wrong:
        raise PermissionError("the test keeps the code from this: " + what)


def within(path):
    """Whether a path is one that may be written to; descriptors are those of files that were opened before."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return True
    real = os.path.realpath(os.fsdecode(path))
    return real == os.devnull or any(real == place or real.startswith(place + os.sep) for place in PLACES)


def near(address):
    """Whether an address is one of this machine's own loopback, or a socket in the temporary directory."""
    if isinstance(address, (str, bytes)):
        return within(address)
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    return host in (None, "", "localhost", "::1") or str(host).startswith("127.")


def shell(event, args):
    """Whether a shell is started that finds no program: what a test of shells needs, and no other does."""
    if "SHELLS" not in globals() or event not in ("subprocess.Popen", "os.system", "os.posix_spawn"):
        return False
    if event == "os.system":
        return True
    program = os.fsdecode(args[0] or "")
    paths = (args[3] or {}).get("PATH", os.environ["PATH"]) if event == "subprocess.Popen" else os.environ["PATH"]
    named = os.path.basename(program) in SHELLS or not os.path.isabs(program)
    return named and paths == os.environ["PATH"] == PLACES[0]


class TooLong(BaseException):
    """No error of the code's, which may catch its own."""


def too_long(*signal):
    raise TooLong("the test ends after %d s" % MOST_SECONDS)


class Outside:
    """The folder that attacks name which need one outside of the temporary directory: theirs as long as they run."""

    def __enter__(self):
        self.folder = Path("/tmp/outside")
        PLACES.append(os.path.realpath(str(self.folder)))
        self.made = not self.folder.exists()
        self.folder.mkdir(exist_ok=True)
        return self.folder

    def __exit__(self, *details):
        for left in self.folder.glob("*" + MARK + "*"):
            left.unlink()
        if self.made:
            self.folder.rmdir()


class Guarded:
    """A temporary directory as the current one and as home, out of which the code cannot act, for a limited time."""

    def __enter__(self):
        import signal
        import threading

        sys.addaudithook(watch)
        self.before = os.getcwd(), dict(os.environ), tempfile.tempdir, sys.dont_write_bytecode
        self.folder = tempfile.TemporaryDirectory()
        place = os.path.realpath(self.folder.name)
        os.chdir(place)
        os.environ.update(SETTINGS, HOME=place, USERPROFILE=place, TMPDIR=place)
        tempfile.tempdir, sys.dont_write_bytecode = place, True
        sqlite3.connect, builtins.open = connection, opening
        self.alarm = None
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self.alarm = signal.signal(signal.SIGALRM, too_long)
            signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS, 1)
        PLACES.append(place)
        return place

    def __exit__(self, *details):
        import signal

        del PLACES[:], LISTENERS[:]
        if self.alarm is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.alarm)
        sqlite3.connect, builtins.open = CONNECT, OPEN
        os.chdir(self.before[0])
        os.environ.clear()
        os.environ.update(self.before[1])
        tempfile.tempdir, sys.dont_write_bytecode = self.before[2:]
        self.folder.cleanup()
