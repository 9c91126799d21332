"""Django made ready before a module of the project is imported: the project's own settings where they load, else ours.

Either way the database is SQLite in memory with the tables of all models, caches and mails stay in memory, and what
cannot be imported of the installed applications is left out.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..canary import Canaries

_MENTION = re.compile(rb"\b(?:django|rest_framework|wagtail)\b")
_NAMED = re.compile(r"DJANGO_SETTINGS_MODULE['\"]?\s*[,=]\s*['\"]?([\w.]+)")
_MISSING = re.compile(r"^(?:Set the )?['\"]?([A-Z][A-Z0-9_]+)['\"]?(?: environment variable)?(?: not found|$| is)")
_MOST_SETTINGS = 30
_MOST_APPS = 14
_DEPTH = 4
_FILES = ("pytest.ini", "setup.cfg", "tox.ini", "pyproject.toml")
_CONTRIB = ["contenttypes", "auth", "sessions", "messages", "sites", "humanize", "staticfiles"]
_NO_APPS = {"tests", "test", "docs", "doc", "example", "examples", "build", "dist", "node_modules", "venv", "env"}
PRELOAD = {
    "django": ("django.apps", "django.db.models", "django.db.backends.sqlite3.base", "django.forms", "django.http",
               "django.template", "django.urls", "django.shortcuts", "django.views.generic",
               "django.core.handlers.wsgi", "django.utils.safestring", "django.core.mail", "django.core.paginator",
               "django.contrib.messages.storage.cookie"),
    "rest_framework": ("django.db.models", "django.views.generic"),
}  # fmt: skip
URLS = "_harness_urls"
"""The module of routes for projects that have none of their own."""


def prepare(root: str, path: str) -> None:
    """Configure Django when the module at ``path`` or the project speaks of it and it is installed."""
    managed = _manager(root)
    if managed is None and not _mentions(path):
        return
    if importlib.util.find_spec("django") is None:
        return
    from django.conf import settings  # type: ignore[import-untyped, unused-ignore]
    from django.utils.functional import empty  # type: ignore[import-untyped, unused-ignore]

    if managed is not None:
        _reach(os.path.dirname(managed))
    loaded = next((made for name in _settings_names(root, managed) if (made := _loaded(name)) is not None), None)
    settings._wrapped = empty if loaded is None else loaded
    if loaded is None:
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        settings.configure(**_own(root, path))
    _confine(settings)
    _set_up(settings)
    _forgive()
    _tables()


def _mentions(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _MENTION.search(file.read()) is not None
    except OSError:
        return False


def _manager(root: str) -> str | None:
    """The project's ``manage.py``: at its top or one folder below."""
    folders = [root]
    try:
        folders += [entry.path for entry in os.scandir(root) if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return None
    return next((file for folder in folders if os.path.isfile(file := os.path.join(folder, "manage.py"))), None)


def _settings_names(root: str, managed: str | None) -> Iterator[str]:
    """The names of settings modules that the project's files give, each once."""
    known = set()
    for file in [managed, *(os.path.join(root, name) for name in _FILES)]:
        if file is None or not os.path.isfile(file):
            continue
        with open(file, encoding="utf-8", errors="replace") as opened:
            for name in _NAMED.findall(opened.read()):
                if name not in known:
                    known.add(name)
                    yield name


def _loaded(name: str) -> Any:
    """The settings of that module, ``None`` when it cannot be imported; what the environment lacks is made up."""
    from django.conf import Settings  # type: ignore[import-untyped, unused-ignore]

    words = Canaries()
    for _ in range(_MOST_SETTINGS):
        os.environ["DJANGO_SETTINGS_MODULE"] = name
        try:
            return Settings(name)
        except (Exception, SystemExit) as error:
            missing = _MISSING.match(str(error.args[0]) if error.args else "")
            if missing is None or missing.group(1) in os.environ:
                return None
            os.environ[missing.group(1)] = words.word()
            sys.modules.pop(name, None)
    return None


def _own(root: str, path: str) -> dict[str, Any]:
    """Settings for a project that has none: an application that is to be used by others, or loose files."""
    apps = [f"django.contrib.{name}" for name in _CONTRIB]
    apps += ["rest_framework"] if importlib.util.find_spec("rest_framework") is not None else []
    sys.modules.setdefault(URLS, ModuleType(URLS)).__dict__.setdefault("urlpatterns", [])
    options = {"context_processors": ["django.template.context_processors.request",
                                      "django.contrib.auth.context_processors.auth",
                                      "django.contrib.messages.context_processors.messages"]}  # fmt: skip
    return {
        "SECRET_KEY": "harness", "USE_TZ": True, "ROOT_URLCONF": URLS, "SITE_ID": 1, "STATIC_URL": "/static/",
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField", "DATABASES": {"default": {}},
        "INSTALLED_APPS": [*apps, *_apps_of(root, path)],
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                       "OPTIONS": options}],
        "MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware",
                       "django.contrib.auth.middleware.AuthenticationMiddleware",
                       "django.contrib.messages.middleware.MessageMiddleware"],
    }  # fmt: skip


def _apps_of(root: str, path: str) -> list[str]:
    """The packages of the project that look like applications, those around the module first."""
    found = []
    for folder, below, names in os.walk(root):
        depth = os.path.relpath(folder, root).count(os.sep)
        deep = depth >= _DEPTH or "pyvenv.cfg" in names
        below[:] = [] if deep else [one for one in below if not one.startswith(".") and one not in _NO_APPS]
        parts = {"models.py", "apps.py"} & set(names) or {"models", "migrations"} & set(below)
        if parts and "__init__.py" in names:
            found.append((-len(os.path.commonpath([folder, path])), _dotted(folder), folder))
    for _, name, folder in sorted(found):
        _reach(folder[: len(folder) - len(name) - 1])
    return list(dict.fromkeys(name for _, name, _ in sorted(found)))[:_MOST_APPS]


def _dotted(folder: str) -> str:
    """The name by which a package is imported."""
    parts: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, part = os.path.split(folder)
        parts.insert(0, part)
    return ".".join(parts)


def _reach(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _confine(settings: Any) -> None:
    """What would reach out of the process, or keep requests away, is put out of action."""
    memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    given = {
        "DEBUG": False, "ALLOWED_HOSTS": ["*"], "DATABASE_ROUTERS": [], "LOGGING_CONFIG": None,
        "DATABASES": {name: dict(memory) for name in {*_keys(settings, "DATABASES"), "default"}},
        "CACHES": {name: dict(local) for name in {*_keys(settings, "CACHES"), "default"}},
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend", "SECURE_SSL_REDIRECT": False,
        "SESSION_ENGINE": "django.contrib.sessions.backends.cache", "MEDIA_ROOT": os.path.join(os.getcwd(), "media"),
        "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage", "CELERY_TASK_ALWAYS_EAGER": True,
        "SILENCED_SYSTEM_CHECKS": [], "MIGRATION_MODULES": {},
    }  # fmt: skip
    storage = "django.core.files.storage.FileSystemStorage"
    static = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if hasattr(settings, "STORAGES"):
        given["STORAGES"] = {"default": {"BACKEND": storage}, "staticfiles": {"BACKEND": static}}
    else:
        given.update(DEFAULT_FILE_STORAGE=storage, STATICFILES_STORAGE=static)
    for name, value in given.items():
        setattr(settings, name, value)


def _keys(settings: Any, name: str) -> list[str]:
    return list(getattr(settings, name, None) or {})


def _set_up(settings: Any) -> None:
    """``django.setup()``, without the applications that fail."""
    import django  # type: ignore[import-untyped, unused-ignore]
    from django.apps import AppConfig, apps  # type: ignore[import-untyped, unused-ignore]

    settings.INSTALLED_APPS = [entry for entry in settings.INSTALLED_APPS if _creates(AppConfig, entry)]
    for _ in range(len(settings.INSTALLED_APPS)):
        try:
            django.setup(set_prefix=False)
        except Exception as error:
            failed = _entry_of(error, settings.INSTALLED_APPS)
            settings.INSTALLED_APPS = [entry for entry in settings.INSTALLED_APPS if entry != failed]
            apps.app_configs.clear()
            apps.apps_ready = apps.models_ready = apps.ready = apps.loading = False
            if failed is None:
                return
        else:
            return


def _creates(config: Any, entry: str) -> bool:
    try:
        config.create(entry)
    except Exception:
        return False
    return True


def _entry_of(error: BaseException, entries: list[str]) -> str | None:
    """The application whose models or start failed: the one that ``populate`` was at."""
    trace = error.__traceback__
    failed = None
    while trace is not None:
        config = trace.tb_frame.f_locals.get("app_config")
        name = getattr(config, "name", None)
        if name is not None:
            kind = f"{type(config).__module__}.{type(config).__qualname__}"
            failed = next((entry for entry in entries if entry in (name, kind)), failed)
        trace = trace.tb_next
    return failed


def _forgive() -> None:
    """A template that is not there is an empty page, a name without a route has one, a missing table no rows."""
    from django import urls  # type: ignore[import-untyped, unused-ignore]
    from django.db.backends.sqlite3 import base  # type: ignore[import-untyped, unused-ignore]
    from django.db.utils import OperationalError  # type: ignore[import-untyped, unused-ignore]
    from django.template import Engine, Template, TemplateDoesNotExist  # type: ignore[import-untyped, unused-ignore]
    from django.utils.functional import lazy  # type: ignore[import-untyped, unused-ignore]

    find, reverse, execute = Engine.find_template, urls.reverse, base.SQLiteCursorWrapper.execute
    if getattr(find, "_is_ours", False):
        return

    def find_template(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return find(self, *args, **kwargs)
        except TemplateDoesNotExist:
            return Template("", engine=self), None

    def reversed_or_not(viewname: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return reverse(viewname, *args, **kwargs)
        except urls.NoReverseMatch:
            if not isinstance(viewname, str) or not re.fullmatch(r"[\w:-]+", viewname) or "zq" in viewname:
                raise
            return "/harness/"

    def executed(self: Any, query: Any, params: Any = None) -> Any:
        try:
            return execute(self, query, params)
        except (OperationalError, base.Database.OperationalError) as error:
            if "no such" not in str(error):
                raise
            return execute(self, "SELECT 1 WHERE 0", None)

    find_template._is_ours = True  # type: ignore[attr-defined]
    Engine.find_template = find_template
    base.SQLiteCursorWrapper.execute = executed
    for module in [urls, urls.base, *(sys.modules[n] for n in ("django.shortcuts",) if n in sys.modules)]:
        module.reverse = reversed_or_not
        if hasattr(module, "reverse_lazy"):
            module.reverse_lazy = lazy(reversed_or_not, str)


def _tables() -> None:
    """The tables of all models, without the project's migrations."""
    from django.apps import apps  # type: ignore[import-untyped, unused-ignore]
    from django.db import connection  # type: ignore[import-untyped, unused-ignore]

    if not apps.models_ready:
        return
    connection.disable_constraint_checking()
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and not options.swapped and not options.auto_created:
            try:
                with connection.schema_editor() as editor:
                    editor.create_model(model)
            except Exception:  # a column of another database's own: the table is missing then
                continue
