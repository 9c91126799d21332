"""Pages that templates make: Markdown, JSON in scripts, tags that write for themselves; each with its mended twin."""

from __future__ import annotations

import textwrap

import pytest

from bluehook.detect import Settings
from bluehook.detect.flow import detector
from bluehook.findings import Says, SourceFile
from bluehook.parse import parse

PAIRS = {
    "quotes left inside an attribute": (
        """
        import html
        from flask import Flask, request
        app = Flask(__name__)
        @app.get("/find")
        def find():
            return '<form><input name="q" value="%s"></form>' % html.escape(request.args["q"], quote=False)
        """,
        """
        import html
        from flask import Flask, request
        app = Flask(__name__)
        @app.get("/find")
        def find():
            return '<form title="Find"><input name="q"><p>%s</p></form>' % html.escape(request.args["q"], quote=False)
        """,
    ),
    "an escape for XML inside an attribute": (
        """
        from xml.sax.saxutils import escape
        from flask import Flask, request
        app = Flask(__name__)
        @app.get("/find")
        def find():
            return f"<form><input name='q' value='{escape(request.args['q'])}'></form>"
        """,
        """
        from xml.sax.saxutils import escape
        from flask import Flask, request
        app = Flask(__name__)
        @app.get("/find")
        def find():
            return f"<form><input name='q' value='{escape(request.args['q'], {chr(39): '&#39;'})}'></form>"
        """,
    ),
    "markdown in a view's context": (
        """
        import markdown
        from django.views.generic import DetailView
        class Recipe(DetailView):
            def get_context_data(self, **kwargs):
                context = super().get_context_data(**kwargs)
                context["steps"] = markdown.markdown(self.object.steps, extensions=["tables"])
                return context
        """,
        """
        import bleach, markdown
        from django.views.generic import DetailView
        class Recipe(DetailView):
            def get_context_data(self, **kwargs):
                context = super().get_context_data(**kwargs)
                context["steps"] = bleach.clean(markdown.markdown(self.object.steps), tags=["p"])
                return context
        """,
    ),
    "markdown from the request": (
        """
        import markdown
        from flask import Flask, render_template, request
        app = Flask(__name__)
        @app.route("/preview", methods=["POST"])
        def preview():
            return render_template("preview.html", body=markdown.markdown(request.form["body"]))
        """,
        """
        import html, markdown
        from flask import Flask, render_template, request
        app = Flask(__name__)
        @app.route("/preview", methods=["POST"])
        def preview():
            return render_template("preview.html", body=markdown.markdown(html.escape(request.form["body"])))
        """,
    ),
    "markdown by a property": (
        """
        class Letter:
            @property
            def body_html(self):
                return markdown(self.body)
        """,
        """
        class Letter:
            @property
            def body_html(self):
                return markdown(escape(self.body))
        """,
    ),
    "JSON marked as safe": (
        """
        import json
        from django import template
        from django.utils.safestring import mark_safe
        register = template.Library()
        @register.filter
        def as_script(value, indent=None):
            return mark_safe(json.dumps(value, indent=indent))
        """,
        """
        import json
        from django import template
        from django.utils.safestring import mark_safe
        register = template.Library()
        _escapes = {ord("<"): "\\\\u003C", ord(">"): "\\\\u003E", ord("&"): "\\\\u0026"}
        @register.filter
        def as_script(value, indent=None):
            return mark_safe(json.dumps(value, indent=indent).translate(_escapes))
        """,
    ),
    "JSON in a template that escapes nothing": (
        """
        import json
        def board(request):
            tiles = [tile.as_dict() for tile in load_tiles(request.user)]
            return render("board.mako", request, {"tiles_json": json.dumps(tiles), "wide_json": json.dumps(True)})
        """,
        """
        import json
        def board(request):
            tiles = [tile.as_dict() for tile in load_tiles(request.user)]
            can_edit = json.dumps(request.user is None or request.user.can_edit(tiles))
            return render("board.mako", request, {
                "tiles_json": json.dumps(tiles, cls=HtmlSafeEncoder), "edit_json": can_edit})
        """,
    ),
    "errors of a form": (
        """
        from django.http import HttpResponseBadRequest
        def save(request):
            form = Order(request.POST)
            if not form.is_valid():
                return HttpResponseBadRequest(form.errors.as_json())
        """,
        """
        from django.http import HttpResponseBadRequest
        def save(request):
            form = Order(request.POST)
            if not form.is_valid():
                return HttpResponseBadRequest(form.errors.as_json(escape_html=True))
        """,
    ),
    "a tag that writes for itself": (
        """
        from django import template
        register = template.Library()
        @register.tag
        @blocktag
        def badge(context, member, size=12):
            return '<b class="badge" title="%s" style="width:%s">' % (member.motto, size)
        """,
        """
        from django import template
        from django.utils.html import format_html
        register = template.Library()
        @register.tag
        @blocktag
        def badge(context, member, size=12):
            return format_html('<b class="badge" title="{}" style="width:{}">', member.motto, size)
        """,
    ),
    "a node of a template": (
        """
        from django import template
        class Crumb(template.Node):
            def render(self, context):
                return '<li><a href="/">%s</a></li>' % context["title"]
        """,
        """
        from django import template
        from django.utils.html import escape
        class Crumb(template.Node):
            def render(self, context):
                return '<li><a href="/">%s</a></li>' % escape(context["title"])
        """,
    ),
    "a page filled from local variables": (
        """
        def dialog(request):
            title = request.values.get("title", "")
            request.write('''<html><body><input name="title" value="%(title)s"></body></html>''' % locals())
        """,
        """
        from werkzeug.utils import escape
        import html
        def dialog(request):
            title = html.escape(request.values.get("title", ""))
            request.write('''<html><body><input name="title" value="%(title)s"></body></html>''' % locals())
        """,
    ),
    "a traceback in a page": (
        """
        import traceback
        class Failing:
            def page(self, error):
                return '''<html><body><h1>Sorry</h1><pre>%s</pre></body></html>''' % traceback.format_exc()
        """,
        """
        import html, traceback
        class Failing:
            def page(self, error):
                return '''<html><body><h1>Sorry</h1><pre>%s</pre></body></html>''' % html.escape(traceback.format_exc())
        """,
    ),
}


def claims(code: str) -> set[Says]:
    source = SourceFile(path="a.py", data=textwrap.dedent(code).encode())
    found = detector.run([parse(source)], Settings()).detections
    return {one.evidence.says for one in found if one.weakness == "cross-site-scripting"}


@pytest.mark.parametrize("name", PAIRS)
def test_hole_and_twin(name: str) -> None:
    hole, twin = PAIRS[name]
    assert claims(hole) == {Says.SHOWS}
    assert claims(twin) & {Says.SHOWS} == set()


@pytest.mark.parametrize(
    "code",
    [
        "def show(text):\n    return markdown.markdown(text)",
        "def show(text):\n    return mark_safe(markdown.markdown(text))",
        "def board(request):\n    return render('board.html', request, {'tiles_json': json.dumps(tiles())})",
        "def save(form):\n    log(form.errors.as_json())",
        "def fail():\n    log.error('<b>%s</b>', traceback.format_exc())",
    ],
)
def test_what_its_caller_knows_is_not_shown(code: str) -> None:
    assert claims("import json, markdown, traceback\nfrom django.utils.safestring import mark_safe\n" + code) <= {
        Says.SUSPECTS
    }
