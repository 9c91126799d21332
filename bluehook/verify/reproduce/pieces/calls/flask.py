def application():
    """The application that has the route: one that stands beside it, that a factory makes, or its blueprints."""
    import flask

    parts = MODULE.split(".")
    modules = [importlib.import_module(".".join(parts[:n])) for n in range(len(parts), 0, -1)]
    named = [pair for module in modules for pair in vars(module).items()]
    # Not isinstance: it would ask flask.request, which answers inside of a request only.
    apps = [value for _, value in named if issubclass(type(value), flask.Flask)]
    apps += [value() for name, value in named if name in ("create_app", "make_app", "build_app", "app_factory")]
    for app in apps:
        if any(rule.rule == ATTACK["route"] for rule in app.url_map.iter_rules()):
            return app
    app = flask.Flask("reproduction")
    for value in vars(modules[0]).values():
        if issubclass(type(value), flask.Blueprint):
            app.register_blueprint(value)
    return app


def call(given):
    """Send the request; the answer, or what was raised."""
    app = application()
    app.testing = True
    app.secret_key = app.secret_key or "reproduction"
    app.config.update(WTF_CSRF_ENABLED=False, LOGIN_DISABLED=True)
    client = app.test_client(use_cookies=False)
    try:
        sent = client.open(given["target"], method=given["method"], headers=given["headers"], data=given["body"])
    except Exception as error:
        return error
    return Answer(sent.status_code, list(sent.headers.items()), sent.get_data())
