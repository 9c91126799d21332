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
    # flow: command-injection
    os.system("ping -c1 " + host)
    # flow: command-injection
    out = check_output(f"ping -c1 {host}", shell=True)
    # ok: command-injection
    out = check_output(["ping", "-c1", "--", host])
    # ok: command-injection
    os.system("ping -c1 " + shlex.quote(host))
    # ruleid: command-injection.web
    # flow: command-injection
    subprocess.run(["bash", "-c", "ping " + host])
    # ok: command-injection
    os.system("ping -c%d localhost" % int(request.args["count"]))
    return out


@app.post("/tool/<name>")
def tool(name):
    # flow: command-injection
    subprocess.run([name, "localhost"])
    # ok: command-injection
    subprocess.run([TOOLS[name], "localhost"])
    # ruleid: command-injection.web
    # flow: command-injection
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
    # flow: command-injection
    process = await asyncio.create_subprocess_shell(" ".join(words))
    # ok: command-injection
    process = await asyncio.create_subprocess_exec("grep", "-e", request.query["word"], "log")
    return process


def convert(source, target):
    # flow: command-injection
    subprocess.call("convert %s %s" % (source, target), shell=True)
    # ok: command-injection
    subprocess.call(["convert", source, target])
    command = "convert {} {}".format(source, target)
    # flow: command-injection
    os.popen(command)
    # ok: command-injection
    subprocess.call("convert %s %s" % (shlex.quote(source), shlex.quote(target)), shell=True)


def resize(path: str, width: int):
    # ok: command-injection
    os.system(f"mogrify -resize {width} picture.png")
    # todoruleid: command-injection
    return os.system(path)


class Switch:
    def drop(self, name):
        # flow: command-injection
        self._run_ssh("remove -f %s" % name)
        # ok: command-injection
        self._run_ssh(["remove", "-f", name])


def main():
    # flow: command-injection
    os.system("ls " + sys.argv[1])
    # ok: command-injection
    subprocess.run(["ls", "--", sys.argv[1]])
