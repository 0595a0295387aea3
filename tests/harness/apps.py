"""The program's app as tests and benchmarks need it: settings given, not read from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from retrain import create_app
from retrain.config import Settings
from retrain.database import schema
from retrain.extensions import db
from tests.harness.client import Client


def assemble(url: str, instance: Path, /, settings: dict[str, Any] | None = None, **config: Any) -> Flask:
    """An app on the database at *url*; *settings* are those of the environment, *config* is Flask's."""
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
    return app


def migrate(url: str, instance: Path) -> None:
    """Bring the database at *url* to the newest schema by the program's own migrations."""
    app = assemble(url, instance)
    with app.app_context():
        try:
            schema.upgrade()
        finally:
            release(app)


def release(app: Flask) -> None:
    """Close every connection of *app*, whose context is pushed."""
    db.session.remove()
    db.engine.dispose()
