import ast
import importlib
import sys

from flask import Flask, request

app = Flask(__name__)
ACTIONS = {"start": start, "stop": stop}


@app.route("/calc")
def calc():
    text = request.args.get("expression", "")
    # ruleid: code-injection.web
    # flow: code-injection
    result = eval(text)
    # ruleid: code-injection.web
    # flow: code-injection
    exec(f"result = {text}")
    # ok: code-injection
    result = ast.literal_eval(text)
    # ok: code-injection
    result = ACTIONS[text]()
    # ruleid: code-injection.web
    # flow: code-injection
    importlib.import_module("plugins." + text)
    # ok: code-injection
    importlib.import_module("plugins.basic")
    return str(result)


def evaluate(expression: str):
    # flow: code-injection
    return eval(expression)


def evaluate_number(expression: str):
    if not expression.isdigit():
        raise ValueError(expression)
    # ok: code-injection
    return eval(expression)


def main():
    # todoruleid: code-injection
    exec(sys.argv[1])
    # ok: code-injection
    exec("print(1)")
