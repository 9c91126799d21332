STARTED = []


def listen(event, args):
    if event == "subprocess.Popen":
        words = [args[1]] if isinstance(args[1], (str, bytes)) else list(args[1])
        STARTED.append([os.fsdecode(word) for word in words])


def check(folder):
    os.environ["PATH"] = folder
    LISTENERS.append(listen)
    call(ATTACK)
    for words in STARTED:
        options = words[1 : words.index("--")] if "--" in words else words[1:]
        taken = [word for word in options if word.startswith("-") and word.lstrip("-").startswith(MARK)]
        assert not taken, "%s was started with %r where it reads an option" % (words[0], taken[0])
