"""Puts the packages together into one Flask app."""

import importlib
import importlib.util
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from retrain import config as settings_of
from retrain.database import dialect
from retrain.extensions import babel, bootstrap, compress, csrf, db, login, migrate
from retrain.web import (
    addresses,
    context,
    errors,
    headers,
    icons,
    language,
    logs,
    moulds,
    pieces,
    requests,
    sessions,
    words,
    work,
)

ROOMS = (
    "models",
    "wording",
    "work",
    "handlers",
    "personal_data",
    "signing_in",
    "access",
    "views",
    "commands",
)
"""Rooms that are imported because being there is how they take part."""


def assemble(packages: Iterable[str], config: dict[str, Any]) -> Flask:
    """An app with every package's tables, words, work, pages and commands."""
    app = Flask("retrain")
    app.jinja_environment = pieces.Templates
    settings = config.pop("RETRAIN", None) or settings_of.read()
    app.config.from_mapping(settings_of.flask_config(settings) | config)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for extension in (db, csrf, login, bootstrap, compress):
        extension.init_app(app)
    migrate.init_app(app, db)
    babel.init_app(
        app, locale_selector=language.babel_locale, timezone_selector=lambda: str(language.readers_zone())
    )
    for floor in (
        logs,
        sessions,
        requests,
        language,
        addresses,
        icons,
        pieces,
        moulds,
        context,
        errors,
        headers,
    ):
        floor.init_app(app)
    for package in packages:
        for name in ROOMS:
            if (room := _room(package, name)) is not None:
                _furnish(app, name, room)
    with app.app_context():
        dialect.prepare_engine(db.engine)
        dialect.prepare_session(db.session)
    return app


def _room(package: str, name: str) -> ModuleType | None:
    full = f"retrain.{package}.{name}"
    return importlib.import_module(full) if importlib.util.find_spec(full) else None


def _furnish(app: Flask, name: str, room: ModuleType) -> None:
    if name == "work" and room is not work:  # the web floor's own is the gathering itself
        work.rooms(app).append(room)
    if name == "wording":
        words.take_in(app, room)
    if name == "views":
        app.register_blueprint(room.bp)
    if name == "commands":
        for command in room.COMMANDS:
            app.cli.add_command(command)
    if hasattr(room, "init_app"):
        room.init_app(app)
