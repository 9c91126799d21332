OPENED = []


def listen(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        OPENED.append(os.fsdecode(args[0]))


def check(folder):
    with Outside() as there:
        secret = there / MARK
        with secret.open("x") as file:
            file.write("secret-" + MARK)
        LISTENERS.append(listen)
        answer = call(ATTACK)
    text = answer.text if hasattr(answer, "text") else str(answer)
    assert str(secret) not in OPENED, "the parser opened the file that the document names"
    assert "secret-" + MARK not in text, "the document's entity was replaced by the file that it names"
