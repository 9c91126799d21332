from __future__ import annotations

from bluehook.knowledge import Span, load


def test_the_shipped_set_is_in_order_and_speaks_of_a_span() -> None:
    library = load()
    assert {each.origin for each in library.constitutions} == {"package"}
    found = library.retrieve(Span("def report(name):\n    return open(os.path.join(BASE, name)).read()\n"))
    assert found[0].constitution.id == "path-traversal"
