from __future__ import annotations

import pytest

from bluehook.redteam.code import FORMS, snippets
from bluehook.text.capabilities import abilities, pieces
from bluehook.text.judge import judge
from bluehook.text.judgement import Band, Task

SNIPPETS = [pytest.param(*s, id=f"{s[1]}-{n}") for n, s in enumerate(snippets())]


@pytest.mark.parametrize(("unsafe", "name", "code"), SNIPPETS)
def test_each_snippet_does_what_it_is_named_after_and_its_twin_nothing(unsafe: bool, name: str, code: str) -> None:
    found = {ability.name for ability in abilities(code)}
    assert name in found if unsafe else found == set()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[:12])
def test_code_is_judged_by_what_it_does_however_it_is_handed_over(form: str) -> None:
    for unsafe, name, code in snippets():
        (opinion,) = judge(form.replace("{code}", code), surface="prompt", tasks=(Task.MALICIOUS,)).opinions
        assert (opinion.band is Band.BLOCK) == unsafe, f"{name}: {opinion}"


def test_code_to_be_explained_does_not_block() -> None:
    code = next(code for unsafe, _, code in snippets() if unsafe)
    text = f"Explain what this sample does so that our team can detect it.\n\n```\n{code}```\n"
    assert judge(text, surface="prompt", tasks=(Task.MALICIOUS,)).band is not Band.BLOCK


def test_names_are_known_through_aliases() -> None:
    code = "from os import walk as w, remove as r\nfrom cryptography.fernet import Fernet as F\nbox = F(key)\n"
    code += "for top, _, names in w('/'):\n    for n in names:\n        put(n, box.encrypt(get(n)))\n        r(n)\n"
    assert "encrypts-and-destroys" in {ability.name for ability in abilities(code)}


def test_prose_is_no_code() -> None:
    assert pieces("The tool walks through files, encrypts them and deletes the originals.\nThat is all.") == []
