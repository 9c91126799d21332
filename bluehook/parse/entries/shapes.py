"""Entry points by what a function looks like or who calls it: views, handlers, programs."""

from __future__ import annotations

import re

from tree_sitter import Node

from bluehook.parse.entries.look import Entries, Look
from bluehook.parse.model import EntryPoint
from bluehook.parse.names import Names
from bluehook.parse.syntax import field

_REQUESTS = {"request", "req", "_request"}
_DJANGO_RESPONSE = re.compile(
    rb"\b(?:HttpResponse\w*|JsonResponse|render|redirect|StreamingHttpResponse|FileResponse|get_object_or_404"
    rb"|request\.(?:GET|POST|FILES|META|COOKIES|user|session))\b"
)
_ASYNC_REQUEST = re.compile(
    rb"\brequest\.(?:app|match_info|query|rel_url|post|json|text|read|form|body|query_params|path_params|cookies|headers"
    rb"|state|session)\b"
)


def django_views(look: Look) -> Entries:
    """Functions that take a request first and answer as Django's views do."""
    if "django" not in look.frameworks:
        return
    for function in look.functions:
        parameters = function.parameters
        if function.name == "<lambda>" or function.is_method or not parameters:
            continue
        first = parameters[0]
        typed = (first.annotation or "").endswith("HttpRequest")
        start, end = function.node.byte_range
        if typed or (first.name in _REQUESTS and _DJANGO_RESPONSE.search(look.source.utf8, start, end)):
            yield function, EntryPoint("django")


def async_handlers(look: Look) -> Entries:
    """Handlers by their shape, of aiohttp and Starlette: asynchronous, with nothing but the request."""
    web = [framework for framework in look.frameworks if framework in ("aiohttp", "starlette")]
    for function in look.functions if web else ():
        start, end = function.node.byte_range
        parameters = function.parameters[function.is_method :]
        if len(parameters) != 1 or not look.source.utf8.startswith(b"async", start):
            continue
        typed = (parameters[0].annotation or "").rpartition(".")[2] == "Request"
        read = parameters[0].name in _REQUESTS and _ASYNC_REQUEST.search(look.source.utf8, start, end)
        if typed or read:
            yield function, EntryPoint(web[0])


def parses_arguments(look: Look) -> Entries:
    """Functions that read the command line, and those that a parser is told to call."""
    if b"argparse" in look.source.utf8 or b"optparse" in look.source.utf8:
        for call in look.source.calls:
            if call.name.endswith((".parse_args", ".parse_known_args")) and call.enclosing is not None:
                yield call.enclosing, EntryPoint("argparse")
            elif call.name.endswith(".set_defaults"):
                for argument in call.arguments:
                    for function in look.handlers(argument, None) if argument.keyword is not None else ():
                        yield function, EntryPoint("argparse")
    for function in look.functions:
        start, end = function.node.byte_range
        if not function.is_method and re.search(rb"\bsys\.argv\b", look.source.utf8[start:end]):
            yield function, EntryPoint("main")


def called_by_main(look: Look) -> Entries:
    """Functions that a file calls when it is run."""
    for start, end in main_blocks(look.source.root, look.source.names):
        for call in look.source.calls:
            if start <= call.node.start_byte < end and "." not in call.name:
                for function in look.named(call.name, None):
                    if function.parent is None:
                        yield function, EntryPoint("main")


def main_blocks(root: Node, names: Names) -> list[tuple[int, int]]:
    """The bytes of each ``if __name__ == "__main__":`` block of a module."""
    found = []
    for node in root.named_children:
        if node.type != "if_statement":
            continue
        condition = node.child_by_field_id(field("condition"))
        if condition is not None and re.search(r"__name__.*['\"]__main__['\"]", names.text(condition)):
            found.append(node.byte_range)
    return found
