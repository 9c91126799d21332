import csv

from flask import Flask, request

app = Flask(__name__)


@app.post("/export")
def export():
    with open("names.csv", "w") as file:
        writer = csv.writer(file)
        # ruleid: csv-injection.web
        # flow: csv-injection
        writer.writerow([request.form["name"], 1])
        # ok: csv-injection
        writer.writerow([int(request.form["age"]), 1])
        # todook: csv-injection
        writer.writerow([request.form["name"].lstrip("=+-@\t\r"), 1])
    return "ok"
