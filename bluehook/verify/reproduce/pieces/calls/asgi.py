def application():
    """The application that has the route: one that stands beside it, that a factory makes, or its routers."""
    parts = MODULE.split(".")
    modules = [importlib.import_module(".".join(parts[:n])) for n in range(len(parts), 0, -1)]
    named = [pair for module in modules for pair in vars(module).items()]
    from starlette.applications import Starlette

    apps = [value for _, value in named if isinstance(value, Starlette)]
    apps += [value() for name, value in named if name in ("create_app", "make_app", "build_app", "app_factory")]
    for app in apps:
        if any(getattr(route, "path", "") == ATTACK["route"] for route in app.routes):
            return app
    import fastapi

    app = fastapi.FastAPI()
    for value in vars(modules[0]).values():
        if isinstance(value, fastapi.APIRouter):
            app.include_router(value)
    return app


def call(given):
    """Send the request; the answer, or what was raised."""
    import asyncio
    from urllib.parse import unquote

    path, _, query = given["target"].partition("?")
    got = {"status": 0, "headers": [], "body": b""}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": given["method"],
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-length", str(len(given["body"])).encode())]
        + [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in given["headers"]],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "state": {},
    }
    left = [{"type": "http.request", "body": given["body"], "more_body": False}]

    async def receive():
        return left.pop() if left else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
            got["headers"] = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in message["headers"]]
        elif message["type"] == "http.response.body":
            got["body"] += message.get("body", b"")

    try:
        asyncio.run(application()(scope, receive, send))
    except Exception as error:
        return error
    return Answer(got["status"], got["headers"], got["body"])
