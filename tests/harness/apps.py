"""The program's app as tests and benchmarks need it: settings given, not read from the environment."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from retrain import create_app
from retrain.config import Settings
from retrain.database import schema
from retrain.extensions import db
from tests.harness.client import Client


def assemble(
    url: str,
    instance: Path,
    /,
    settings: dict[str, Any] | None = None,
    *,
    durable: bool = False,
    **config: Any,
) -> Flask:
    """An app on the database at *url*; *settings* are those of the environment, *config* is Flask's.

    A commit waits for the disk, as it does for those who use the program, only when *durable*.
    """
    instance.mkdir(parents=True, exist_ok=True)
    plain: dict[str, Any] = {
        "instance": instance,
        "database_url": url,
        "public_url": "http://localhost",
        "host": "127.0.0.1",
        "port": 8000,
        "mail_url": None,
        "trusted_proxies": 0,
        "secret_key": "not a secret: it is written in the tests" * 2,
    }
    app = create_app(
        {
            "RETRAIN": Settings(**(plain | (settings or {}))),
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "PERMANENT_SESSION_LIFETIME": timedelta(weeks=4),
            **config,
        }
    )
    app.test_client_class = Client
    with app.app_context():
        if db.engine.dialect.name == "sqlite" and not durable:
            # No test is about a power cut, and waiting for the disk at each commit is most of the time.
            event.listen(db.engine, "connect", _hurry)
    return app


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def migrate(url: str, instance: Path) -> None:
    """Bring the database at *url* to the newest schema by the program's own migrations."""
    app = assemble(url, instance)
    with app.app_context():
        try:
            schema.upgrade()
        finally:
            release(app)


def release(app: Flask, *, connections: bool = True) -> None:
    """End the session of *app*, whose context is pushed, and close its *connections*."""
    db.session.remove()
    if connections:
        db.engine.dispose()
