def check(folder):
    from urllib.parse import urlsplit

    answer = call(ATTACK)
    if not hasattr(answer, "status") or not 300 <= answer.status < 400:
        return
    # Browsers take a backslash for a slash, and any number of them for two.
    there = re.sub(r"^(\w+:)?[/\\]{2,}", r"\1//", answer.header("location"))
    assert urlsplit(there).hostname in (None, "localhost"), "the browser is sent to %s" % there
