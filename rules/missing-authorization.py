from fastapi import Depends, FastAPI
from flask import Flask, abort, request
from flask_login import current_user, login_required

app = Flask(__name__)
api = FastAPI()
ORDERS = {}
ROLES = {}


# ruleid: missing-authorization.actor-ignored
def show_order(current_user_id, order_id):
    try:
        return ORDERS[order_id]
    except KeyError:
        return None


# ok: missing-authorization
def show_order_mended(current_user_id, order_id):
    order = ORDERS[order_id]
    if order["owner"] != current_user_id and ROLES[current_user_id] != "admin":
        raise PermissionError
    return order


class Orders:
    # ruleid: missing-authorization.actor-ignored
    def cancel(self, requester_id, order_id):
        self.orders[order_id].state = "cancelled"

    # ok: missing-authorization
    def cancel_mended(self, requester_id, order_id):
        if self.orders[order_id].owner == requester_id:
            self.orders[order_id].state = "cancelled"


# ruleid: missing-authorization.actor-ignored
def change_role(acting_user_id, target_user_id, role):
    if role:
        ROLES[target_user_id]["role"] = role
    return True


# ok: missing-authorization
def lookup(table, order_id):
    return ORDERS[order_id]


# ruleid: missing-authorization.admin-route
@app.route("/admin/users")
def users():
    return str(ROLES)


# ok: missing-authorization
@app.route("/admin/users/all")
@login_required
def all_users():
    return str(ROLES)


# ruleid: missing-authorization.route-by-id
@app.route("/order/<int:order_id>", methods=["DELETE"])
def drop(order_id):
    ORDERS.pop(order_id)
    return "done"


# ok: missing-authorization
@app.route("/order2/<int:order_id>", methods=["DELETE"])
def drop_own(order_id):
    if ORDERS[order_id].owner != current_user.id:
        abort(404)
    ORDERS.pop(order_id)
    return "done"


# ruleid: missing-authorization.route-by-id
@api.delete("/orders/{order_id}")
async def drop_order(order_id: int):
    ORDERS.pop(order_id)


# ok: missing-authorization
@api.delete("/own-orders/{order_id}")
async def drop_own_order(order_id: int, user=Depends(login_required)):
    if ORDERS[order_id].owner == user.id:
        ORDERS.pop(order_id)


# ok: missing-authorization
@app.route("/search/<name>")
def search(name):
    return str(request.args)


part = Blueprint("part", __name__)
free = Blueprint("free", __name__)


@part.get("/members")
@admin_required
def members():
    return str(ROLES)


# ruleid: missing-authorization.route-by-id, missing-authorization.unlike-siblings
@part.delete("/members/<int:member_id>")
def drop_member(member_id):
    ROLES.pop(member_id)
    return "done"


# ok: missing-authorization
@part.delete("/teams/<int:team_id>")
@admin_required
def drop_team(team_id):
    ROLES.pop(team_id)
    return "done"


# ruleid: missing-authorization.route-by-id
@free.delete("/notes/<int:note_id>")
def drop_note(note_id):
    ORDERS.pop(note_id)
    return "done"


shelf = APIRouter()


@shelf.get("/books/{book_id}")
async def read_book(book_id: int, reader: Reader, user: CurrentUser):
    book = BOOKS.get(book_id)
    if book is None or book.owner_id != user.id:
        raise HTTPException(404)
    return book


# ruleid: missing-authorization.owner-unlike-siblings
@shelf.delete("/books/{book_id}")
async def drop_book(book_id: int, user: CurrentUser):
    BOOKS.pop(book_id)


# ok: missing-authorization
@shelf.put("/books/{book_id}")
async def rename_book(book_id: int, title: str, user: CurrentUser):
    rename(book_id, title, by=user)


# ok: missing-authorization
@shelf.delete("/shelves/{shelf_id}")
async def drop_shelf(shelf_id: int, user: Annotated[Reader, Depends(librarian)]):
    SHELVES.pop(shelf_id)
