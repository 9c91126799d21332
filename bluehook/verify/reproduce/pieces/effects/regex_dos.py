SECONDS = 3


def check(folder):
    import resource
    import signal

    importlib.import_module(MODULE)
    child = os.fork()
    if child == 0:
        # Nobody waits for an expression that never ends: the system ends the process that tries, or that only waits.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(MOST_SECONDS // 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        try:
            call(ATTACK)
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    assert not ended, "%d characters kept the expression busy for %d s and more" % (len(PAYLOAD), SECONDS)
