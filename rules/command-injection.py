import asyncio
import os
import shlex
import subprocess
import sys
from subprocess import Popen, check_output

from flask import Flask, request

app = Flask(__name__)
TOOLS = {"ping": "/bin/ping", "host": "/usr/bin/host"}


@app.route("/ping")
def ping():
    host = request.args.get("host")
    # ruleid: command-injection.web
    os.system("ping -c1 " + host)
    # ruleid: command-injection.web
    out = check_output(f"ping -c1 {host}", shell=True)
    # ok: command-injection
    out = check_output(["ping", "-c1", "--", host])
    # ok: command-injection
    os.system("ping -c1 " + shlex.quote(host))
    # ruleid: command-injection.web
    subprocess.run(["bash", "-c", "ping " + host])
    # ok: command-injection
    os.system("ping -c%d localhost" % int(request.args["count"]))
    return out


@app.post("/tool/<name>")
def tool(name):
    # ruleid: command-injection.program
    subprocess.run([name, "localhost"])
    # ok: command-injection
    subprocess.run([TOOLS[name], "localhost"])
    # ruleid: command-injection.program
    Popen(request.form["command"].split())
    # ok: command-injection
    subprocess.Popen(["host", name])
    if name not in TOOLS:
        return "unknown", 404
    # ok: command-injection
    os.system(name + " localhost")


@app.get("/log")
async def log(request):
    words = ["grep"]
    words.append(request.query["word"])
    # ruleid: command-injection.web
    process = await asyncio.create_subprocess_shell(" ".join(words))
    # ok: command-injection
    process = await asyncio.create_subprocess_exec("grep", "-e", request.query["word"], "log")
    return process


def convert(source, target):
    # ruleid: command-injection.composed, command-injection.input
    subprocess.call("convert %s %s" % (source, target), shell=True)
    # ok: command-injection
    subprocess.call(["convert", source, target])
    command = "convert {} {}".format(source, target)
    # ruleid: command-injection.composed, command-injection.input
    os.popen(command)
    # ok: command-injection
    subprocess.call("convert %s %s" % (shlex.quote(source), shlex.quote(target)), shell=True)


def resize(path: str, width: int):
    # ok: command-injection
    os.system(f"mogrify -resize {width} picture.png")
    # ruleid: command-injection.input
    return os.system(path)


class Switch:
    def drop(self, name):
        # ruleid: command-injection.runner
        self._run_ssh("remove -f %s" % name)
        # ok: command-injection
        self._run_ssh(["remove", "-f", name])


def main():
    # ruleid: command-injection.input
    os.system("ls " + sys.argv[1])
    # ok: command-injection
    subprocess.run(["ls", "--", sys.argv[1]])
