"""The program's app as tests and benchmarks need it: settings given, not read from the environment."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event

from retrain import create_app
from retrain.config import Settings
from retrain.database import schema
from retrain.extensions import db
from tests.harness.client import Client


class _Compiled(BytecodeCache):
    """Templates compiled once for all the apps of a process."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


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
    app.jinja_env.bytecode_cache = _Compiled()
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
