class User:
    """Somebody who is logged in and may do everything: what lies behind is what is looked at."""

    is_authenticated = is_active = is_staff = is_superuser = True
    is_anonymous = False
    id = pk = 1
    username = "somebody"

    def has_perm(self, *args):
        return True

    has_perms = has_module_perms = has_perm


def settings():
    """The project's settings where they can be told, else the least that views need."""
    import django
    from django.conf import settings

    script = next((path for path in (ROOT, *ROOT.parents) if (path / "manage.py").is_file()), None)
    text = (script / "manage.py").read_text() if script else ""
    found = re.search(r"DJANGO_SETTINGS_MODULE['\"], *['\"]([\w.]+)", text)
    if found and "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = found[1]
        sys.path.insert(0, str(script))
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        base = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        settings.configure(
            ALLOWED_HOSTS=["*"],
            SECRET_KEY="reproduction",
            TEMPLATES=[engine],
            DATABASES=base,
            USE_TZ=True,
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        )
    django.setup()


def call(given):
    """Call the view with the request; the answer, or what was raised."""
    settings()
    from django.test import RequestFactory

    view = importlib.import_module(MODULE)
    for part in given["route"].split("."):
        view = getattr(view, part)
    view = view.as_view() if isinstance(view, type) else view
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in given["headers"]}
    kind = headers.pop("HTTP_CONTENT_TYPE", "text/html")
    request = RequestFactory().generic(given["method"], given["target"], given["body"], kind, **headers)
    request._dont_enforce_csrf_checks = True
    request.user = User()
    request.session = {}
    try:
        sent = view(request, *given["arguments"], **given["named"])
        sent = sent.render() if hasattr(sent, "render") and not getattr(sent, "is_rendered", True) else sent
        body = b"".join(sent) if getattr(sent, "streaming", False) else sent.content
    except Exception as error:
        return error
    return Answer(sent.status_code, list(sent.items()), body)
