"""The Flask applications of a project: those made while it was loaded, those that its factories make, and one of the
harness for blueprints that no application took.

A factory is tried before a bare application, since handlers need its configuration (``current_app.config``) to get
as far as their sinks.
"""

from __future__ import annotations

import os
from types import CodeType
from typing import Any

from ..inputs.slots import Inputs
from ..observe.apps import APPS
from . import apps
from .apps import code_of
from .load import Target


def fresh(flask: Any) -> Any:
    """An application of the harness, with nothing in it."""
    return flask.Flask("harness", root_path=os.getcwd(), instance_path=os.getcwd())


def rule_of(flask: Any, target: Target, inputs: Inputs) -> tuple[Any, Any] | None:
    """An application and its rule that leads to the function under attack; ``None`` when there is none."""
    code = code_of(target)
    if code is None:
        return None
    if target.kind == "factory":
        _call(flask, target.function, inputs)
    for make in (_nothing, _from_makers, _from_blueprints, _from_fitters, _from_classes):
        made = make(flask, target, inputs)
        found = _rule(made or APPS, code)
        if found is not None:
            return found
    return None


def _rule(made: list[Any], code: CodeType) -> tuple[Any, Any] | None:
    for app in made:
        for rule in app.url_map.iter_rules():
            if code in apps.codes(app.view_functions.get(rule.endpoint)):
                return app, rule
    return None


def _nothing(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    return []


def _from_makers(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Applications from ``create_app``-like functions: of the module itself, and of the project's others."""
    before = len(APPS)
    for module in (target.module, *apps.others(target.module)):
        for function in apps.own(module, apps.MAKERS):
            _call(flask, function, inputs)
    return APPS[before:]


def _from_blueprints(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """A bare application with the module's blueprints."""
    app = fresh(flask)
    for blueprint in apps.objects(target.module, flask.Blueprint):
        try:
            app.register_blueprint(blueprint)
        except Exception:
            continue
    return [app]


def _from_fitters(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Applications that functions of the module were given to add their routes to."""
    before = len(APPS)
    for function in apps.own(target.module, apps.FITTERS):
        _call(flask, function, inputs)
    return APPS[before:]


def _from_classes(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """A bare application with the view class under attack, which nobody gave a route that is known here."""
    owner: Any = target.owner
    if owner is None or not issubclass(owner, flask.views.View):
        return []
    app = fresh(flask)
    methods = None if issubclass(owner, flask.views.MethodView) else owner.methods or ["GET", "POST"]
    app.add_url_rule("/harness", view_func=owner.as_view("harness"), methods=methods)
    return [app]


def _call(flask: Any, factory: Any, inputs: Inputs) -> None:
    apps.called(factory, inputs, lambda: fresh(flask))
