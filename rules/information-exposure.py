import logging

from fastapi import APIRouter
from flask import Flask, jsonify, request
from pydantic import BaseModel

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login", methods=["POST"])
def log_in():
    password = request.form["password"]
    # ruleid: information-exposure.password-logged
    logger.info("login with %s", password)
    # ruleid: information-exposure.password-logged
    logging.debug(f"login of {request.remote_addr}: {password}")
    # ruleid: information-exposure.password-logged
    app.logger.warning("login " + request.form["password"])
    # ok: information-exposure
    logger.info("login with %d characters", len(password))
    # ok: information-exposure
    logger.info("login of %s", request.remote_addr)
    # ok: information-exposure
    logger.info("password changed")
    # ruleid: information-exposure.token-logged
    logger.debug("request %s", request.form)
    # ruleid: information-exposure.password-logged
    logger.info("asking with %s", app.client_secret)
    # ok: information-exposure
    logger.info("asking as %s", app.client_id)
    access_token = issue()
    # ruleid: information-exposure.token-logged
    logger.debug("token %s", access_token)
    # ruleid: information-exposure.password-printed
    print("password:", password)
    # ok: information-exposure
    print("password changed")
    return "welcome"


@app.route("/user/<int:number>")
def show(number):
    user = find(number)
    if request.args.get("all"):
        # ruleid: information-exposure.returned
        return jsonify({"name": user.name, "password": user.password_hash})
    if request.args.get("dump"):
        # ruleid: information-exposure.whole-object
        return jsonify(user.__dict__)
    # ok: information-exposure
    return jsonify({"name": user.name})


def account(number, connection):
    statement = "SELECT * FROM account WHERE number = " + number
    try:
        return connection.run(statement)
    except OSError:
        # ruleid: information-exposure.query-logged
        logger.error(f"failed: {statement}")
        # ok: information-exposure
        logger.error("account could not be read")
        raise


def account_in_block(number, connection):
    try:
        statement = "SELECT * FROM account WHERE number = '" + number + "'"
        return connection.run(statement)
    except OSError as error:
        # ruleid: information-exposure.query-logged
        logger.error(f"failed: {statement}")
        raise error


router = APIRouter()


class StoredMember(BaseModel):
    name: str
    hashed_password: str


class PublicMember(BaseModel):
    name: str


# ruleid: information-exposure.response-model
@router.get("/members/{number}", response_model=StoredMember)
def member(number: int):
    return find(number)


# ruleid: information-exposure.response-model
@router.get("/members")
async def members() -> list[StoredMember]:
    return everybody()


# ok: information-exposure
@router.get("/public/{number}", response_model=PublicMember)
def public_member(number: int) -> StoredMember:
    return find(number)


# ok: information-exposure
@router.get("/short/{number}", response_model=StoredMember, response_model_exclude={"hashed_password"})
def short_member(number: int):
    return find(number)


# ok: information-exposure
@router.post("/members", response_model=PublicMember)
def add(given: StoredMember):
    return keep(given)
