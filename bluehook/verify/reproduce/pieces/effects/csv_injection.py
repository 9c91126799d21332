def check(folder):
    import csv

    answer = call(ATTACK)
    texts = [answer.text if hasattr(answer, "text") else str(answer)]
    texts += [path.read_text(errors="replace") for path in Path(folder).rglob("*") if path.is_file()]
    cells = [cell for text in texts for row in csv.reader(io.StringIO(text)) for cell in row if MARK in cell]
    formulas = [cell for cell in cells if cell.lstrip()[:1] in "=+-@"]
    assert not formulas, "the cell %r is a formula" % formulas[0]
