"""The least a Flask app can do for one enrolment: a page with a button, one row written, a page that says so.

A measure of the machine, not of a rival's features: the same server, processes, connections, sessions, CSRF check and
load generator as Retrain, but one table, no quota, no list, no audit, no message, no menu, no language. What Retrain
costs beyond it is what its rules and pages cost; what both lose on a slow host is the host's.

    python tests/benchmarks/bare_flask.py PORT FOLDER
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from flask import Flask, g, redirect, render_template, session, url_for
from flask_wtf import CSRFProtect
from jinja2 import DictLoader

PAGE = """<!doctype html><title>{{ code }}</title><h1>Run {{ code }}</h1><p>{{ taken }} of {{ places }} taken.</p>
<form method="post" action="{{ url_for('enrol', code=code) }}">
<input name="csrf_token" type="hidden" value="{{ csrf_token() }}"><button>Enrol</button></form>"""
MINE = "<!doctype html><title>Mine</title><ul>{% for code, _ in rows %}<li>{{ code }}</li>{% endfor %}</ul>"
PLACES = 30


def make(folder: Path, secret: str) -> Flask:
    """The app on its own SQLite file."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secret, WTF_CSRF_TIME_LIMIT=None)
    app.jinja_env.loader = DictLoader({"run.html": PAGE, "mine.html": MINE})
    CSRFProtect(app)

    def database() -> sqlite3.Connection:
        if "line" not in g:
            g.line = sqlite3.connect(folder / "bare.sqlite", isolation_level=None, timeout=30)
            g.line.execute("PRAGMA synchronous = NORMAL")
        return g.line  # type: ignore[no-any-return]

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if "line" in g:
            g.line.close()

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.get("/runs/<code>")
    def run(code: str) -> str:
        (taken,) = database().execute("SELECT count(*) FROM enrolment WHERE code = ?", (code,)).fetchone()
        return render_template("run.html", code=code, taken=taken, places=PLACES)

    @app.post("/runs/<code>/enrol")
    def enrol(code: str) -> Any:
        line = database()
        line.execute("BEGIN IMMEDIATE")
        line.execute("INSERT INTO enrolment (person, code) VALUES (?, ?)", (session["_user_id"], code))
        line.execute("COMMIT")
        return redirect(url_for("mine"), 303)

    @app.get("/mine")
    def mine() -> str:
        rows = (
            database()
            .execute("SELECT code, id FROM enrolment WHERE person = ?", (session["_user_id"],))
            .fetchall()
        )
        return render_template("mine.html", rows=rows)

    return app


def prepare(folder: Path) -> None:
    """Its one table."""
    with sqlite3.connect(folder / "bare.sqlite") as line:
        line.execute("PRAGMA journal_mode = WAL")
        line.execute(
            "CREATE TABLE enrolment (id INTEGER PRIMARY KEY, person TEXT NOT NULL, code TEXT NOT NULL)"
        )
        line.execute("CREATE INDEX by_person ON enrolment (person)")
        line.execute("CREATE INDEX by_code ON enrolment (code)")
    line.close()


def serve(port: int, folder: Path) -> None:
    """By the server and with the settings of ``retrain serve``."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    from retrain.cli.serve import CONNECTIONS, THREADS

    app = make(folder, os.environ["RETRAIN_SECRET_KEY"])
    Server(
        "bare", "127.0.0.1", port, interface=Interfaces.WSGI, http=HTTPModes.http1, websockets=False, workers=2,
        blocking_threads=THREADS, backpressure=CONNECTIONS, http1_settings=HTTP1Settings(keep_alive=False),
        log_level=LogLevels.warning,
    ).serve(target_loader=lambda: app, wrap_loader=False)  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve(int(sys.argv[1]), Path(sys.argv[2]))
