import logging
import traceback

from django.http import HttpResponse, JsonResponse
from fastapi import FastAPI, HTTPException
from flask import Flask, jsonify

app = Flask(__name__)
api = FastAPI()


@app.route("/total")
def total():
    try:
        return str(add())
    except Exception:
        # ruleid: error-exposure.traceback
        return traceback.format_exc(), 500


@app.route("/total2")
def total_mended():
    try:
        return str(add())
    except Exception:
        logging.exception("total failed")
        # ok: error-exposure
        return "Something went wrong.", 500


@app.route("/sum")
def sum_of():
    try:
        return str(add())
    except Exception as error:
        # ruleid: error-exposure.message
        return jsonify({"error": str(error)}), 500


@app.route("/number")
def number():
    try:
        return str(int("x"))
    except ValueError as error:
        # ok: error-exposure
        return jsonify({"error": str(error)}), 400


@api.get("/items")
async def items():
    try:
        return await load()
    except Exception as error:
        # ruleid: error-exposure.message
        raise HTTPException(status_code=500, detail=f"failed: {error}")


def report(request):
    try:
        return JsonResponse(load())
    except Exception:
        text = traceback.format_exc()
        logging.error(text)
        # ruleid: error-exposure.traceback
        return HttpResponse("<pre>" + text + "</pre>", status=500)


def worker():
    try:
        load()
    except Exception as error:
        # ok: error-exposure
        logging.error("failed: %s", error)
        # ok: error-exposure
        return str(error)


def report_while_developing(request):
    try:
        return JsonResponse(load())
    except Exception:
        # ok: error-exposure
        return HttpResponse(traceback.format_exc() if settings.DEBUG else "Sorry.", status=500)
