from html.parser import HTMLParser


class Seeker(HTMLParser):
    """Looks for the attack's name among tags, attributes and script addresses."""

    seen = ""

    def handle_starttag(self, tag, attrs):
        if tag == MARK:
            self.seen = "a tag"
        for name, value in attrs:
            if name == MARK:
                self.seen = "an attribute"
            elif name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:" + MARK):
                self.seen = "a script address"


def check(folder):
    answer = call(ATTACK)
    if not hasattr(answer, "text") or "html" not in answer.header("content-type"):
        return
    seeker = Seeker()
    seeker.feed(answer.text)
    assert not seeker.seen, "%s of the input's own stands in the page" % seeker.seen
