def check(folder):
    attacked()
    assert MARK not in HITS, "the input was run: it called a function that it has no business with"
