import jinja2
from flask import Flask, render_template_string, request
from jinja2.sandbox import SandboxedEnvironment

app = Flask(__name__)


@app.route("/hello/<name>")
def hello(name):
    # flow: template-injection
    page = render_template_string("<p>Hello " + name + "</p>")
    # ok: template-injection
    page += render_template_string("<p>Hello {{ name }}</p>", name=name)
    # ruleid: template-injection.web
    # flow: template-injection
    page += jinja2.Template(f"Dear {request.args['title']}").render()
    # ok: template-injection
    page += jinja2.Template("Dear {{ title }}").render(title=request.args["title"])
    # ruleid: template-injection.web
    # flow: template-injection
    page += jinja2.Environment().from_string(request.form["body"]).render()
    # ok: template-injection
    page += SandboxedEnvironment().from_string(request.form["body"]).render()
    return page


def letter(text, values):
    # todoruleid: template-injection
    first = jinja2.Template(text).render(**values)
    # ok: template-injection
    return first + SandboxedEnvironment().from_string(text).render(**values)
