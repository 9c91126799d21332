"""Code (CWE-94), objects (CWE-502) and templates (CWE-1336) made from a value."""

from __future__ import annotations

from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form
from bluehook.parse import Class
from bluehook.parse.yaml_loaders import builds_objects

_EXECUTED = "is executed as code"
_LOADED = "is deserialised into objects"
_COMPILED = "is compiled as a template"
_WHOLE = Grades(SHOWS, SUSPECTS, SUSPECTS)
_MODULE = Grades(SHOWS, HINTS, HINTS)


def _in_code(form: Form, index: int) -> Grades | None:
    """Configuration that is code, and what is typed at a prompt, is meant to be run."""
    return Grades(SHOWS, HINTS, SUSPECTS)


def _eval(site: Site) -> None:
    flow(site, "code-injection", site.arg(0, "source", "expression"), _in_code, _EXECUTED)


def _module(site: Site) -> None:
    """A module chosen from outside runs what its top level says."""
    flow(site, "code-injection", site.arg(0, "name"), _chosen, "chooses which module is imported")


def _chosen(form: Form, index: int) -> Grades | None:
    return _MODULE if index == 0 else Grades(SUSPECTS)


def _load(site: Site) -> None:
    flow(site, "deserialization", site.arg(0, "data", "string", "str", "file", "f"), anywhere(_WHOLE), _LOADED)


def _yaml(site: Site) -> None:
    if _is_tame(site):
        return
    flow(site, "deserialization", site.arg(0, "stream"), anywhere(_WHOLE), _LOADED)


def _is_tame(site: Site) -> bool:
    """Whether the loader builds plain data, itself or by what it inherits from."""
    loader = site.arg(1, "Loader")
    if loader is None:
        return False
    if any(word in site.machine.text(site.call.at) for word in ("SafeLoader", "BaseLoader", "CSafeLoader")):
        return True
    if loader.local is None or not isinstance(loader.local.what, Class):
        return False
    own = loader.local.what
    return builds_objects(site.machine.program.home(own).file, own.qualname) is False


def _torch(site: Site) -> None:
    only = site.keywords.get("weights_only")
    if only is None or only.const is not True:
        flow(site, "deserialization", site.arg(0, "f"), anywhere(Grades(SHOWS, SUSPECTS, HINTS)), _LOADED)


def _template(site: Site) -> None:
    if "SandboxedEnvironment" in site.name:  # made to compile what others wrote
        return
    flow(site, "template-injection", site.arg(0, "source", "template_string"), _in_template, _COMPILED)


def _in_template(form: Form, index: int) -> Grades | None:
    return Grades(SHOWS, SUSPECTS, HINTS) if len(form) == 1 else Grades(SHOWS, SUSPECTS, SUSPECTS)


_LOADERS = """pickle.loads pickle.load cPickle.loads cPickle.load _pickle.loads dill.loads dill.load marshal.loads
    marshal.load jsonpickle.decode jsonpickle.loads shelve.open cloudpickle.loads cloudpickle.load pickle.Unpickler
    pandas.read_pickle joblib.load yaml.unsafe_load yaml.full_load yaml.unsafe_load_all numpy.loads"""
_TEMPLATES = """flask.render_template_string quart.render_template_string render_template_string jinja2.Template
    mako.template.Template jinja2.Environment().from_string django.template.Template .from_string bottle.template
    tornado.template.Template"""
SINKS = {
    **dict.fromkeys(
        ["eval", "exec", "execfile", "compile", "code.InteractiveInterpreter().runsource", "runpy.run_module"], _eval
    ),
    **dict.fromkeys(["__import__", "importlib.import_module", "importlib.__import__"], _module),
    **dict.fromkeys(_LOADERS.split(), _load),
    **dict.fromkeys(["yaml.load", "yaml.load_all"], _yaml),
    **dict.fromkeys(["torch.load"], _torch),
    **dict.fromkeys(_TEMPLATES.split(), _template),
}
