"""``retrain serve``: the web server."""

import os
import socket
from pathlib import Path
from typing import Any

import click
from flask import Flask

from retrain.cli.group import WRONG_USE, stop

MOST_ON_SQLITE = 3
"""SQLite's write lock is not fair: with more processes than this some starve."""


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
    count = min(workers or (os.cpu_count() or 1) + 1, most)
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
    from gunicorn.app.base import BaseApplication

    from retrain.extensions import db
    from retrain.jobs import queue

    def forget_inherited(_arbiter: Any, _worker: Any) -> None:
        with app.app_context():
            db.engine.dispose(close=False)
        queue.forget(app)

    options: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 10,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "preload_app": True,
        "post_fork": forget_inherited,
        "forwarded_allow_ips": "",  # whom to believe is RETRAIN_TRUSTED_PROXIES, and the app's matter
        "control_socket_disable": True,
        "loglevel": "warning",
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 (a heartbeat, no data)
    }

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn around the app that is made already."""

        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    with app.app_context():
        db.engine.dispose()
    Server().run()
