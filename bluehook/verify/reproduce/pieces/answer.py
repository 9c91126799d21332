class Answer:
    """What came back over the wire."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        """The first header of this name, empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")
