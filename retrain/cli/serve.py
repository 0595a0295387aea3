"""``retrain serve``: the web server."""

import gc
import os
import socket
import threading
from contextlib import suppress

import click
from flask import Flask

from retrain.cli.group import WRONG_USE, stop

MOST_ON_SQLITE = 3
"""More processes than this only wait for one another's writing."""

CONNECTIONS = 500
"""In each process at a time: whoever sends slowly holds one of these, and no thread."""

WARM_AFTER = 10.0
"""Seconds until a process gets ready for its first printing: whoever waits for the first pages goes before."""

THREADS = 2
"""In each process: one works on a page while the other waits for the database."""


@click.command()
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Web processes [default: by the number of processors]."
)
@click.option("--upgrade", is_flag=True, help="First bring the tables up to date.")
def serve(workers: int | None, upgrade: bool) -> None:
    """Serve the pages on RETRAIN_HOST:PORT until stopped."""
    from retrain import create_app
    from retrain.cli.app import is_on_sqlite

    app = create_app()
    settings = app.config["RETRAIN"]
    with app.app_context():
        require_tables(upgrade=upgrade)
        if settings.public_place and _has_demo_accounts():
            stop(
                "There are demo accounts here, whose passwords anybody can read, and others reach"
                f" {settings.public_place}. Serve on 127.0.0.1, or start with an empty database.",
                WRONG_USE,
            )
    _require_port(settings.host, settings.port)
    most = MOST_ON_SQLITE if is_on_sqlite(app) else 64
    count = min(workers or os.cpu_count() or 1, most)
    click.echo(f"Serving {settings.public_url} (listening on {settings.host}:{settings.port}).", err=True)
    _run(app, settings.host, settings.port, count)


def require_tables(*, upgrade: bool = False) -> None:
    """Make the tables in an empty database. One at another version is brought to ours if told to *upgrade*."""
    from retrain.database import schema

    now = schema.revision()
    if now == schema.newest():
        return
    if now is None or (upgrade and schema.knows(now)):
        schema.upgrade()
    else:
        stop("The database is of another version than the program. Run: retrain db upgrade", WRONG_USE)


def _has_demo_accounts() -> bool:
    from sqlalchemy import select

    from retrain.extensions import db
    from retrain.people.models import Person

    found = db.session.scalar(select(Person.id).where(Person.is_demo).limit(1)) is not None
    db.session.rollback()
    return found


def _require_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = f"Can't listen on {host}:{port}: {error.strerror}. Choose another port with PORT=…"
            stop(sentence, WRONG_USE)


def _run(app: Flask, host: str, port: int, workers: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    from retrain.extensions import db

    server = Server(
        "retrain",
        host,
        port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        # Whoever comes is given to a process as they connect: kept-alive connections pile up at one of them while
        # another has nothing to do. Keeping connections open to people far away is the proxy's work.
        http1_settings=HTTP1Settings(keep_alive=False),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    with app.app_context():
        db.engine.dispose()
    _made.append(app)
    # What the program is made of stays to the end: no process looks through it again, or copies it by doing so.
    gc.collect()
    gc.freeze()
    server.serve(target_loader=_ready, wrap_loader=False)


_made: list[Flask] = []


def _ready() -> Flask:
    """The app in a web process of its own: the one that was made before it, or, where processes inherit nothing, anew."""
    from retrain import create_app
    from retrain.extensions import db
    from retrain.jobs import queue

    gc.set_threshold(10_000, 20, 20)
    if not _made:
        return create_app()
    (app,) = _made
    with app.app_context():
        db.engine.dispose(close=False)
    queue.forget(app)
    _warm_later(app)
    return app


def _warm_later(app: Flask) -> None:
    """Whoever prints first shall not wait longer than those after them."""

    def warm() -> None:
        from retrain.certificates import warming

        with suppress(OSError):  # not every system counts threads apart
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        with app.app_context():
            warming.make_ready()

    timer = threading.Timer(WARM_AFTER, warm)
    timer.daemon = True
    timer.start()
