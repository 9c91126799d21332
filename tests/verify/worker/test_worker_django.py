"""Django views with real requests: loose ones with settings of the harness, a project with its own settings."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from worker_harness import Drive, Worker, only

pytest.importorskip("django")

VIEWS = """
import json, os
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import connection
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.html import escape
from django.views import View
from django.views.decorators.http import require_POST
from django.views.generic import FormView, ListView

def hello(request):
    return HttpResponse("<p>" + request.GET.get("name", "") + "</p>")

def greet(request):
    return HttpResponse("<p>" + escape(request.GET.get("name", "")) + "</p>")

@require_POST
def run(request):
    if request.POST["mode"] == "thorough":
        os.system("ls " + request.META["HTTP_X_OPTIONS"])
    return HttpResponse()

@login_required
def who(request, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM auth_user WHERE username = '%s'" % name)
        return HttpResponse(cursor.fetchone())

@login_required
def who_safe(request, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM auth_user WHERE username = %s", [name])
        return HttpResponse(cursor.fetchone())

def after_look_up(request):
    user = get_object_or_404(User, username=request.GET["user"])
    os.system("finger " + str(user.pk) + request.COOKIES["flags"])
    return HttpResponse()

def evaluated(request):
    return HttpResponse(str(eval(json.loads(request.body)["term"])))

def download(request, place):
    return FileResponse(open(os.path.join("/srv/media", place), "rb"))

class Wanted(forms.Form):
    mail = forms.EmailField()
    count = forms.IntegerField(max_value=10)
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "Large")])
    then = forms.CharField()

class Order(FormView):
    form_class = Wanted
    template_name = "no such template.html"

    def form_valid(self, form):
        return HttpResponseRedirect(form.cleaned_data["then"])

class Card(View):
    def get(self, request, title):
        return HttpResponse("<b>%s</b>" % title)

class Found(ListView):
    model = User

    def get_queryset(self):
        return User.objects.extra(where=["username = '%s'" % self.kwargs["word"]])

urlpatterns = [
    path("down/<path:place>", download), path("who/<name>/", who), path("who/safe/<name>/", who_safe),
    path("found/<str:word>", Found.as_view()),
]
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "slot"),
    [
        ("hello", "cross-site-scripting", "proven", "query parameter 'name'"),
        ("greet", "cross-site-scripting", "neutralised", "query parameter 'name'"),
        ("run", "command-injection", "proven", "header 'X-Options'"),
        ("who", "sql-injection", "proven", "path parameter 'name'"),
        ("who_safe", "sql-injection", "neutralised", "path parameter 'name'"),
        ("after_look_up", "command-injection", "proven", "cookie 'flags'"),
        ("evaluated", "code-injection", "proven", "request body JSON['term']"),
        ("download", "path-traversal", "proven", "path parameter 'place'"),
        ("Order.form_valid", "open-redirect", "proven", "form field 'then'"),
        ("Found.get_queryset", "sql-injection", "proven", "path parameter 'word'"),
    ],
)
def test_view(drive: Drive, function: str, weakness: str, ending: str, slot: str) -> None:
    outcome = only(drive(VIEWS, function), weakness)
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == (ending, slot, "outside"), outcome


def test_parameter_of_a_view_without_a_route_counts_as_far_as_the_code_composes_it(drive: Drive) -> None:
    outcome = only(drive(VIEWS, "Card.get"), "cross-site-scripting")
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == ("proven", "path parameter 'title'", "composed")


PROJECT = {
    "manage.py": """
        import os
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")
    """,
    "conf/__init__.py": "",
    "conf/settings.py": """
        import os
        import missing_database_helper
        SECRET_KEY = os.environ["SHOP_SECRET"]
        INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "not_installed", "shop"]
        DATABASES = {"default": missing_database_helper.config()}
        ROOT_URLCONF = "conf.urls"
        INVOICES = "/srv/invoices"
    """,
    "conf/urls.py": """
        from django.urls import include, path
        urlpatterns = [path("shop/", include("shop.urls", namespace="shop"))]
    """,
    "shop/__init__.py": "",
    "shop/models.py": """
        from django.conf import settings
        from django.db import models

        class Order(models.Model):
            title = models.CharField(max_length=100)
            owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    """,
    "shop/urls.py": """
        from django.urls import path, re_path
        from . import views
        app_name = "shop"
        urlpatterns = [
            re_path(r"^order/(?P<pk>\\d+)/(?P<name>[\\w./-]+)$", views.invoice),
            path("new/", views.Create.as_view()),
        ]
    """,
    "shop/views.py": """
        import os
        from django.conf import settings
        from django.contrib.auth.mixins import LoginRequiredMixin
        from django.http import HttpResponse
        from django.shortcuts import get_object_or_404
        from django.views.generic import CreateView
        from .models import Order

        def invoice(request, pk, name):
            get_object_or_404(Order, pk=pk, owner=request.user)
            return HttpResponse(open(os.path.join(settings.INVOICES, name)).read(), content_type="text/plain")

        class Create(LoginRequiredMixin, CreateView):
            model = Order
            fields = ["title", "owner"]

            def form_valid(self, form):
                os.system("notify " + form.cleaned_data["title"])
                return super().form_valid(form)
    """,
}


@pytest.mark.parametrize(
    ("function", "weakness", "call"),
    [
        ("invoice", "path-traversal", "GET /shop/order/<pk>/<name> with path parameter 'name'="),
        ("Create.form_valid", "command-injection", "POST /shop/new/ with form field 'title'="),
    ],
)
def test_project_with_settings_that_need_help(worker: Worker, function: str, weakness: str, call: str) -> None:
    root = Path(worker.directory) / "sites" / "shop"
    for name, source in PROJECT.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(source), encoding="utf-8")
    reply = worker.ask(id=function, root=str(root), file="shop/views.py", function=function, budget=6)
    outcome = only(reply["outcomes"], weakness)
    assert (outcome["ending"], outcome["trust"]) == ("proven", "outside"), outcome
    assert outcome["call"].startswith(call), outcome


UNPROTECTED = """
import sqlite3
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def target(request):
    sqlite3.connect("members.db").execute("UPDATE members SET mail = ?", (request.POST["mail"],))
    return HttpResponse("ok")
"""
SIGNED = UNPROTECTED.replace(
    "def target(request):\n",
    'def target(request):\n    if not request.headers["X-Signature"]:\n        return HttpResponse()\n',
)


def test_view_without_protection_changes_something(drive: Drive) -> None:
    found = only(drive(UNPROTECTED, weaknesses=["csrf"]), "csrf")
    assert (found["ending"], found["sink_line"]) == ("likely", 8), found


@pytest.mark.parametrize(
    "source",
    [UNPROTECTED.replace("@csrf_exempt\n", ""), SIGNED, UNPROTECTED.replace("UPDATE members SET mail =", "SELECT")],
)
def test_protected_signed_and_harmless_views_are_left_alone(drive: Drive, source: str) -> None:
    assert only(drive(source, weaknesses=["csrf"]), "csrf")["ending"] == "unreached"
