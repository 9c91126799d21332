ASKED = []


def listen(event, args):
    if event == "urllib.Request":
        ASKED.append(str(args[0]))


def nowhere(host, *args, **kwargs):
    """No name has an address here: who was asked for is all that matters."""
    import socket

    ASKED.append(host.decode() if isinstance(host, bytes) else str(host))
    raise socket.gaierror("no such host")


def check(folder):
    import socket

    LISTENERS.append(listen)
    before, socket.getaddrinfo = socket.getaddrinfo, nowhere
    try:
        call(ATTACK)
    finally:
        socket.getaddrinfo = before
    there = [host for host in ASKED if re.match(r"(\w+://)?([^/?#]*@)?[\w.-]*" + MARK, host)]
    assert not there, "the server turns to %s, which the input chose" % there[0]
