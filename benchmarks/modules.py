"""Modules such as a commit brings, made on the spot: web views, repositories, clients, importers, commands, services.

The text is made for this purpose, from the templates below and a list of words, and is the same for the same number.
Most of it is sound; the views of every fifth module hold one hole, so that engines have something to tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

_ENTITIES = (
    "account", "address", "booking", "catalogue", "contract", "course", "customer", "delivery", "device", "document",
    "employee", "invoice", "ledger", "machine", "member", "message", "order", "parcel", "payment", "permit", "product",
    "project", "receipt", "recipe", "rental", "report", "reservation", "route", "schedule", "shipment", "ticket",
    "tenant",
)  # fmt: skip
_FIELDS = (
    "amount",
    "author",
    "city",
    "code",
    "country",
    "label",
    "language",
    "level",
    "note",
    "owner",
    "status",
    "unit",
)

_VIEWS = '''
@blueprint.route("/{entity}s")
def list_{entity}s():
    """All {entity}s with a given {field}, a page at a time."""
    page = max(1, request.args.get("page", 1, type=int))
    {field} = request.args.get("{field}", "")
    rows = current_app.{entity}s.find({field}={field}, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return render_template("{entity}s/list.html", rows=rows, page=page, {field}={field})


@blueprint.route("/{entity}s/<int:{entity}_id>", methods=["GET", "POST"])
@login_required
def edit_{entity}({entity}_id):
    """Show one {entity} and save what the form changes."""
    {entity} = current_app.{entity}s.get({entity}_id)
    if {entity} is None or {entity}.owner_id != current_user.id:
        abort(404)
    form = {Entity}Form(request.form, obj={entity})
    if request.method == "POST" and form.validate():
        form.populate_obj({entity})
        current_app.{entity}s.save({entity})
        flash("The {entity} was saved.")
        return redirect(url_for(".edit_{entity}", {entity}_id={entity}.id))
    return render_template("{entity}s/edit.html", form=form, {entity}={entity})
'''

_HOLE = '''
@blueprint.route("/{entity}s/search")
def search_{entity}s():
    """Search by {field}, newest first."""
    wanted = request.args["{field}"]
    with closing(connection()) as db:
        rows = db.execute("SELECT id, {field} FROM {entity}s WHERE {field} LIKE '%" + wanted + "%' ORDER BY id DESC")
        return jsonify([dict(row) for row in rows])
'''

_REPOSITORY = '''
@dataclass
class {Entity}:
    """One {entity} as it is stored."""

    id: int
    owner_id: int
    {field}: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    tags: list[str] = field(default_factory=list)

    def matches(self, word: str) -> bool:
        """Whether a word of the search stands in the text of the {entity}."""
        return word.casefold() in self.{field}.casefold() or word in self.tags


class {Entity}s:
    """The table of {entity}s."""

    columns = ("id", "owner_id", "{field}", "created")

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[int, {Entity}] = {{}}

    def get(self, {entity}_id: int) -> {Entity} | None:
        if {entity}_id in self._known:
            return self._known[{entity}_id]
        row = self._db.execute("SELECT * FROM {entity}s WHERE id = ?", ({entity}_id,)).fetchone()
        if row is None:
            return None
        self._known[{entity}_id] = {entity} = {Entity}(**{{name: row[name] for name in self.columns}})
        return {entity}

    def find(self, {field}: str, limit: int = 50, offset: int = 0) -> list[{Entity}]:
        query = "SELECT * FROM {entity}s WHERE {field} = ? ORDER BY created DESC LIMIT ? OFFSET ?"
        return [{Entity}(**dict(row)) for row in self._db.execute(query, ({field}, limit, offset))]

    def save(self, {entity}: {Entity}) -> None:
        with self._db:
            self._db.execute("UPDATE {entity}s SET {field} = ? WHERE id = ?", ({entity}.{field}, {entity}.id))
        self._known.pop({entity}.id, None)
'''

_CLIENT = '''
class {Entity}Client:
    """Talks to the service that keeps the {entity}s."""

    def __init__(self, base: str, token: str, timeout: float = 10.0) -> None:
        self._base = base.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {{token}}"
        self._timeout = timeout

    def fetch(self, {entity}_id: int) -> dict:
        for attempt in range(1, RETRIES + 1):
            try:
                answer = self._session.get(f"{{self._base}}/{entity}s/{{int({entity}_id)}}", timeout=self._timeout)
                answer.raise_for_status()
                return answer.json()
            except requests.ConnectionError as error:
                log.warning("attempt %d for {entity} %r failed: %s", attempt, {entity}_id, error)
                time.sleep(2**attempt * 0.1)
        raise LookupError(f"no answer about {entity} {{{entity}_id}}")

    def verify(self, body: bytes, signature: str) -> bool:
        expected = hmac.new(self._secret(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, signature)

    def _secret(self) -> bytes:
        return os.environ["{ENTITY}_SECRET"].encode()
'''

_IMPORTER = '''
def read_{entity}s(path: Path) -> Iterator[dict[str, str]]:
    """The {entity}s of a file, CSV or JSON by its ending."""
    if path.suffix == ".json":
        for entry in json.loads(path.read_text(encoding="utf-8")):
            yield {{"{field}": str(entry.get("{field}", "")), "id": str(entry["id"])}}
        return
    with path.open(newline="", encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                yield {{"{field}": row["{field}"].strip(), "id": row["id"]}}
            except KeyError as error:
                raise ValueError(f"{{path}}, line {{number}}: column {{error}} is missing") from error


def store_{entity}_upload(upload, folder: Path) -> Path:
    """Keep an uploaded file of {entity}s under a name of our own."""
    if Path(upload.filename).suffix.lower() not in {{".csv", ".json"}}:
        raise ValueError("only CSV and JSON")
    target = folder / f"{{uuid.uuid4().hex}}{{Path(upload.filename).suffix.lower()}}"
    upload.save(target)
    return target


def summary_of_{entity}s(rows: Iterable[dict[str, str]]) -> dict[str, int]:
    """How many {entity}s there are for each {field}."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["{field}"] or "none"] += 1
    return dict(counts.most_common())
'''

_COMMAND = '''
def export_{entity}s(arguments: argparse.Namespace) -> int:
    """Write the {entity}s into an archive and hand it to the printer's spooler."""
    target = arguments.folder / "{entity}s.txt"
    lines = [f"{{row['id']:>8}}  {{row['{field}']}}" for row in read(arguments.source, "{entity}")]
    target.write_text("\\n".join(lines) + "\\n", encoding="utf-8")
    ended = subprocess.run(["lp", "-d", arguments.printer, "--", str(target)], capture_output=True, text=True)
    if ended.returncode != 0:
        print(f"the spooler refused: {{ended.stderr.strip()}}", file=sys.stderr)
        return 1
    print(f"{{len(lines)}} {entity}s sent to {{arguments.printer}}")
    return 0


def prune_{entity}s(arguments: argparse.Namespace) -> int:
    """Remove exports of {entity}s that are older than the given days."""
    oldest = time.time() - arguments.days * 86_400
    removed = 0
    for path in arguments.folder.glob("{entity}s-*.txt"):
        if path.stat().st_mtime < oldest:
            path.unlink()
            removed += 1
    log.info("removed %d of the {entity}s' files", removed)
    return 0
'''

_KINDS = {
    "views": (
        "from contextlib import closing\n\n"
        "from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for\n"
        "from flask_login import current_user, login_required\n\n"
        "from .database import connection\nfrom .forms import *\n\n"
        'blueprint = Blueprint("shop", __name__)\nPAGE_SIZE = 25\n',
        _VIEWS,
    ),
    "repository": (
        "from __future__ import annotations\n\nimport sqlite3\nfrom dataclasses import dataclass, field\n"
        "from datetime import datetime, timezone\n",
        _REPOSITORY,
    ),
    "client": (
        "import hashlib\nimport hmac\nimport logging\nimport os\nimport time\n\nimport requests\n\n"
        "log = logging.getLogger(__name__)\nRETRIES = 4\n",
        _CLIENT,
    ),
    "importer": (
        "import csv\nimport json\nimport uuid\nfrom collections import Counter\n"
        "from collections.abc import Iterable, Iterator\nfrom pathlib import Path\n",
        _IMPORTER,
    ),
    "command": (
        "import argparse\nimport logging\nimport subprocess\nimport sys\nimport time\n\nfrom .importer import read\n\n"
        "log = logging.getLogger(__name__)\n",
        _COMMAND,
    ),
}


def module(number: int, sections: int = 5) -> str:
    """The text of a module: its kind goes round by number, its words are drawn by it."""
    draw = random.Random(number)
    kind = list(_KINDS)[number % len(_KINDS)]
    head, template = _KINDS[kind]
    entities = draw.sample(_ENTITIES, sections)
    parts = [f'"""{kind.capitalize()} for {", ".join(entities)}."""\n\n{head}']
    parts += [_filled(template, entity, draw.choice(_FIELDS)) for entity in entities]
    if kind == "views":
        parts.append(_filled(_HOLE, entities[0], draw.choice(_FIELDS)))
    return "\n".join(parts)


def _filled(template: str, entity: str, field: str) -> str:
    return template.format(entity=entity, Entity=entity.capitalize(), ENTITY=entity.upper(), field=field)


def write(folder: Path, count: int, first: int = 0) -> Iterator[Path]:
    """Write so many modules into a folder; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        path = folder / f"{list(_KINDS)[number % len(_KINDS)]}_{number}.py"
        path.write_text(module(number), encoding="utf-8")
        yield path
