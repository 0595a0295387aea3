"""What many tests begin with, made by the use cases once for each worker and database, and copied for each test.

A closed run costs two hundred milliseconds of services; putting its rows back costs ten.
"""

import io
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state as object_state

from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people.models import Person
from tests.harness.apps import release
from tests.harness.client import Client
from tests.harness.databases import Database
from tests.harness.frozen import FrozenClock


@dataclass
class Beginning:
    """What was made: what the test is given, its files, and how late it was then."""

    value: bytes
    files: Path
    moment: datetime | None


class Beginnings:
    """What one worker has made so far on each of its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, int, str], Beginning] = {}

    def give(
        self, name: str, make: Callable[[], Any], app: Flask, database: Database, clock: FrozenClock | None
    ) -> Any:
        """What *make* puts into the empty database and answers; it is called once for each *name*."""
        key = (database.kind, database.era, name)
        instance = Path(app.config["RETRAIN"].instance)
        if key not in self._kept:
            assert _is_empty(), f"{name} does not come first: what was made before it would be lost"
            made = make()
            db.session.commit()
            files, moment = self._folder / f"{len(self._kept)}", clock.moment if clock else None
            self._kept[key] = Beginning(_written(made), files, moment)
            release(app)
            database.note(self._kept[key].files.name)
            shutil.copytree(instance, self._kept[key].files)
        else:
            release(app)
            database.recall(self._kept[key].files.name)
            shutil.copytree(self._kept[key].files, instance, dirs_exist_ok=True)
        # The first test is given what the others are: a copy.
        if clock and (moment := self._kept[key].moment):
            clock.moment = moment
        return _Reader(app, self._kept[key].value).load()


def _is_empty() -> bool:
    db.session.commit()
    return not any(db.session.scalar(select(table.id).limit(1)) for table in (Person, AuditEntry))


def _written(value: Any) -> bytes:
    file = io.BytesIO()
    _Writer(file).dump(value)
    return file.getvalue()


class _Writer(pickle.Pickler):
    """Writes of a row which it is, and of a browser who is signed in with it."""

    def persistent_id(self, value: Any) -> Any:
        if isinstance(value, db.Model):
            state = object_state(value)
            assert state.identity is not None, f"{value} is in no database"
            return "row", type(value), state.identity
        if isinstance(value, Client):
            cookie = value.get_cookie("session")
            return "browser", cookie.value if cookie else None
        return None


class _Reader(pickle.Unpickler):
    def __init__(self, app: Flask, written: bytes) -> None:
        super().__init__(io.BytesIO(written))
        self._app = app

    def persistent_load(self, kept: Any) -> Any:
        if kept[0] == "row":
            return _row(*kept[1:])
        browser = self._app.test_client()
        if kept[1]:
            browser.set_cookie("session", kept[1])
        return browser


def _row(model: type[Any], identity: tuple[Any, ...]) -> Any:
    """The row as an object of the test's session, read when somebody looks at it."""
    mapper = inspect(model)
    known = db.session.identity_map.get(mapper.identity_key_from_primary_key(identity))
    if known is not None:
        return known
    row = model(
        **{
            mapper.get_property_by_column(column).key: each
            for column, each in zip(mapper.primary_key, identity, strict=True)
        }
    )
    make_transient_to_detached(row)
    db.session.add(row)
    return row
