"""``retrain demo``: a country to try the program on."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect

from retrain import clock
from retrain.database import schema
from retrain.demo import making, marker
from retrain.extensions import db


@click.command()
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day it is in the country; today if left out."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another country.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds anything.")
@with_appcontext
def demo(today: datetime | None, seed: int, if_empty: bool) -> None:
    """Fill an empty database with an invented country.

    The same day and seed make the same country. A demo country that is there already is made anew; a
    database that holds anything else is left alone.
    """
    _migrate()
    found = marker.holding()
    if not found.is_empty and if_empty:
        return
    if not found.is_empty and not found.is_demo:
        others = f" ({found.others} people who are not of a demo)" if found.others else ""
        raise click.ClickException(f"The database holds data{others}. The demo needs an empty one.")
    began = perf_counter()
    accounts = making.make(today.date() if today else clock.today(), seed, _say)
    path = _write_accounts(accounts)
    _say(f"ready after {perf_counter() - began:.0f} s; sign-ins are in {path}")


def _migrate() -> None:
    """The newest schema in a database that has none."""
    if not inspect(db.engine).get_table_names():
        _say("making the tables")
        schema.upgrade()


def _write_accounts(accounts: list[dict[str, Any]]) -> Path:
    settings = current_app.config["RETRAIN"]
    path = Path(settings.instance) / "demo.json"
    text = json.dumps({"url": settings.public_url, "accounts": accounts}, ensure_ascii=False, indent=1)
    draft = path.with_name("demo.json.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    draft.replace(path)
    return path


def _say(text: str) -> None:
    click.echo(text, file=sys.stderr)


COMMANDS = [demo]
