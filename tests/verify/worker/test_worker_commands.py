"""Programs are started with command lines that their own parsers describe; whose business an argument is decides."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

ARGPARSE = """
import argparse, json, os, pickle, subprocess, sys

def build():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--mode", choices=["quick", "slow"])
    parser.add_argument("path")
    return parser

def main(argv=None):
    args = build().parse_args(argv)
    if args.mode == "slow":
        os.system("ping -c %d %s" % (args.count, args.host))
    with open(args.path, "rb") as file:
        return pickle.load(file)

def mended(argv=None):
    args = build().parse_args(argv)
    if args.mode == "slow":
        subprocess.run(["ping", "-c", str(args.count), "--", args.host])
    with open(args.path, "rb") as file:
        return json.load(file)

def several():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add = commands.add_parser("add")
    add.add_argument("name")
    add.set_defaults(func=added)
    commands.add_parser("show").set_defaults(func=showed)
    args = parser.parse_args()
    args.func(args)

def added(args):
    os.system("touch /srv/" + args.name)

def showed(args):
    print(eval(sys.stdin.read()))

def whole():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    os.system(parser.parse_args().command)
"""
BY_HAND = """
import os, sys

def main():
    if len(sys.argv) != 3:
        sys.exit("usage")
    if sys.argv[1] == "list":
        os.system("ls " + sys.argv[2])
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "trust", "slot"),
    [
        ("main", "command-injection", "proven", "composed", "option '--host'"),
        ("main", "deserialization", "likely", "outside", "content of the file named by argument 'path'"),
        ("mended", "argument-injection", "neutralised", "whole", "option '--host'"),
        ("several", "command-injection", "proven", "composed", "argument 'name'"),
        ("added", "command-injection", "proven", "composed", "argument 'name'"),
        ("showed", "code-injection", "proven", "outside", "standard input"),
        ("whole", "command-injection", "likely", "whole", "argument 'command'"),
    ],
)
def test_argparse(drive: Drive, function: str, weakness: str, ending: str, trust: str, slot: str) -> None:
    outcome = only(drive(ARGPARSE, function), weakness)
    assert (outcome["ending"], outcome["trust"], outcome["slot"]) == (ending, trust, slot), outcome


def test_argument_of_a_tool_with_rights_of_its_own_comes_from_outside(drive: Drive) -> None:
    source = ARGPARSE + "\ndef drop():\n    os.setuid(65534)\n"
    outcome = only(drive(source, "whole"), "command-injection")
    assert (outcome["ending"], outcome["trust"]) == ("proven", "outside")


def test_words_are_counted_by_the_program_itself(drive: Drive) -> None:
    outcome = only(drive(BY_HAND, "main", entry={"framework": "main"}), "command-injection")
    assert (outcome["ending"], outcome["slot"], outcome["trust"]) == ("proven", "argument 2", "composed"), outcome
    assert "argument 1='list'" in outcome["call"]


CLICK = """
import json, pickle, subprocess
import click

@click.group()
@click.option("--base", default="/srv")
@click.pass_context
def cli(ctx, base):
    ctx.obj = {"base": base}

@cli.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(["text", "binary"]), default="text")
@click.option("--count", type=int)
@click.pass_context
def show(ctx, name, kind, count):
    if kind == "binary":
        print(open("/srv/data/" + name, "rb").read(count))

@cli.command()
@click.argument("source", type=click.Path(exists=True))
def load(source):
    with open(source, "rb") as file:
        pickle.load(file)

@click.command()
@click.argument("source", type=click.File("rb"))
def load_safe(source):
    return json.load(source)

@click.command()
@click.argument("name")
@click.option("--here", is_flag=True)
def count(name, here):
    if here:
        subprocess.run("wc -l /srv/data/" + name, shell=True)
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending", "trust", "strength", "slot"),
    [
        # Who types the name can read the file without the program.
        ("show", "path-traversal", "proven", "composed", "weak", "argument 'name'"),
        # Who names a file to be loaded trusts who wrote it, perhaps wrongly.
        ("load", "deserialization", "likely", "outside", "strong", "content of the file named by argument 'source'"),
        ("count", "command-injection", "proven", "composed", "strong", "argument 'name'"),
    ],
)
def test_click(drive: Drive, function: str, weakness: str, ending: str, trust: str, strength: str, slot: str) -> None:
    pytest.importorskip("click")
    outcome = only(drive(CLICK, function), weakness)
    told = (outcome["ending"], outcome["trust"], outcome["evidence"]["strength"], outcome["slot"])
    assert told == (ending, trust, strength, slot), outcome


def test_mended_click_command_shows_nothing(drive: Drive) -> None:
    pytest.importorskip("click")
    assert not [o for o in drive(CLICK, "load_safe") if o["ending"] in ("proven", "likely")]
