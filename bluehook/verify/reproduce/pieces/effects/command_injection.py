SHELLS = ("sh", "bash", "dash", "cmd.exe")


def check(folder):
    import time

    # Whatever program the code means to start, none is found: only the shell itself runs.
    os.environ["PATH"] = folder
    os.environ["TMPDIR"] = folder
    os.symlink("/bin/sh", os.path.join(folder, "sh"))
    os.symlink("/bin/sh", os.path.join(folder, "bash"))
    marker = os.path.join(folder, MARK)
    call(ATTACK)
    for _ in range(20):
        if os.path.exists(marker):
            break
        time.sleep(0.05)
    assert not os.path.exists(marker), "the shell ran the injected command and created the marker file"
