from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop


@app.post("/login")
def login():
    sent = request.get_json()
    # ruleid: nosql-injection.web
    # flow: nosql-injection
    user = db.users.find_one({"name": sent["name"], "password": sent["password"]})
    # ok: nosql-injection
    user = db.users.find_one({"name": str(sent["name"])})
    # ruleid: nosql-injection.web
    db.users.delete_many(request.json)
    # ok: nosql-injection
    db.users.delete_many({"name": "guest"})
    return str(user)


def cheaper(limit):
    # todoruleid: nosql-injection
    query = {"$where": "this.price < " + limit}
    # ok: nosql-injection
    return query, {"price": {"$lt": limit}}
