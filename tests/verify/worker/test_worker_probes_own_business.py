"""What a function answers for although it was handed the value whole, beside its twin that does not."""

from __future__ import annotations

from typing import Any

import pytest
from worker_harness import Drive

STRONG = [
    ("code-injection", """
        def target(formula):
            return eval(formula)
     """),
    ("code-injection", """
        def target(formula):
            return eval(formula, {"__builtins__": {}}, {})
     """),
    ("deserialization", """
        import pickle
        def target(path):
            with open(path, "rb") as file:
                return pickle.loads(file.read())
     """),
    ("archive-extraction", """
        import tarfile
        def target(path):
            with tarfile.open(path) as archive:
                archive.extractall("unpacked", filter="fully_trusted")
     """),
    ("resource-exhaustion", """
        def target(stream, path):
            with open(path, "wb") as file:
                while True:
                    chunk = stream.read(65536)
                    if not chunk:
                        return
                    file.write(chunk)
     """),
    ("open-redirect", """
        from urllib.parse import urljoin
        def redirect_after_login(site, place):
            return urljoin(site, place)
        target = redirect_after_login
     """),
    ("ssrf", """
        from urllib.parse import urljoin
        def image_url(site, folder, name):
            return urljoin(site, f"/{folder}/{name}")
        target = image_url
     """),
    ("ssrf", """
        def shop_url(shop, domain):
            return f"https://{shop}.{domain}/"
        target = shop_url
     """),
    ("path-traversal", """
        import os
        def target(letter_name, folder):
            with open(os.path.join(folder, letter_name)) as file:
                return file.read()
     """),
    ("header-injection", """
        def put_language_header(language, headers: dict):
            headers["Content-Language"] = language
            return headers
        target = put_language_header
     """),
    ("regex-dos", """
        import re
        def target(address):
            return re.match(r"^[a-z0-9-]+-[a-z0-9]+(?:-[a-z0-9]+)*$", address) is not None
     """),
]  # fmt: skip
NOT_STRONG = [
    ("code-injection", """
        def target(source, namespace):
            exec(source, namespace)
     """),
    ("code-injection", """
        def target(formula):
            if not set(formula) <= set("0123456789+-*/(). "):
                raise ValueError(formula)
            return eval(formula)
     """),
    ("deserialization", """
        import json
        def target(path):
            with open(path, "rb") as file:
                return json.loads(file.read())
     """),
    ("archive-extraction", """
        import tarfile
        def target(path):
            with tarfile.open(path) as archive:
                archive.extractall("unpacked", filter="data")
     """),
    ("resource-exhaustion", """
        def target(stream, path):
            taken = 0
            with open(path, "wb") as file:
                while True:
                    chunk = stream.read(65536)
                    taken += len(chunk)
                    if not chunk or taken > 50_000_000:
                        return
                    file.write(chunk)
     """),
    ("open-redirect", """
        from urllib.parse import urljoin, urlsplit
        def redirect_after_login(site, place):
            address = urljoin(site, place)
            if urlsplit(address).netloc != urlsplit(site).netloc:
                raise ValueError(place)
            return address
        target = redirect_after_login
     """),
    ("ssrf", """
        from urllib.parse import urljoin
        def image_url(site, path):
            return urljoin(site, path)
        target = image_url
     """),
    ("ssrf", """
        def shop_url(shop, domain):
            if not shop.isalnum():
                raise ValueError(shop)
            return f"https://{shop}.{domain}/"
        target = shop_url
     """),
    ("ssrf", """
        def site_url(scheme, host, path):
            return f"{scheme}://{host}/{path}"
        target = site_url
     """),
    ("path-traversal", """
        import os
        def target(letter_name, folder):
            path = os.path.abspath(os.path.join(folder, letter_name))
            if not path.startswith(os.path.abspath(folder)):
                raise ValueError(letter_name)
            with open(path) as file:
                return file.read()
     """),
    ("path-traversal", """
        import os
        def target(source, target):
            with open(os.path.join(source, target)) as file:
                return file.read()
     """),
    ("header-injection", """
        def put_language_header(language, headers: dict):
            headers["Content-Language"] = language.replace("\\r", "").replace("\\n", "")
            return headers
        target = put_language_header
     """),
    ("header-injection", """
        def token_headers(token):
            return {"X-Token": token}
        target = token_headers
     """),
    ("regex-dos", """
        import re
        def target(text):
            return re.match(r"^(.+?)\\[(.+)\\]$", text) is not None
     """),
    ("regex-dos", """
        import re
        def target(text):
            return re.search(r"\\s+$", text) is not None
     """),
    ("regex-dos", """
        import re
        def target(address):
            return re.match(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", address) is not None
     """),
]  # fmt: skip


def strong(drive: Drive, source: str, weakness: str) -> list[dict[str, Any]]:
    name = source.rpartition("target = ")[2].split()[0] if "target = " in source else "target"
    found = drive(source, name, weaknesses=[weakness])
    return [
        one for one in found if one["ending"] in ("proven", "likely") and one["evidence"].get("strength") == "strong"
    ]


@pytest.mark.parametrize(("weakness", "source"), STRONG)
def test_function_answers_for_it(drive: Drive, weakness: str, source: str) -> None:
    assert strong(drive, source, weakness), drive(source, weaknesses=[weakness])


@pytest.mark.parametrize(("weakness", "source"), NOT_STRONG)
def test_it_is_its_callers_business_or_guarded(drive: Drive, weakness: str, source: str) -> None:
    assert not strong(drive, source, weakness)
