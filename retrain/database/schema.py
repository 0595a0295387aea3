"""At which migration the database is, and how it gets to another."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from retrain.extensions import db


def revision() -> str | None:
    """The migration the database is at; None for one without tables."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The migration this version of the program works with."""
    return ScriptDirectory(_folder()).get_current_head()


def knows(wanted: str) -> bool:
    """Whether this version of the program has the migration *wanted*."""
    return wanted in {script.revision for script in ScriptDirectory(_folder()).walk_revisions()}


def upgrade(to: str = "head") -> None:
    """Run the migrations up to *to*."""
    import flask_migrate

    with _quiet():
        flask_migrate.upgrade(revision=to)


def downgrade(to: str) -> None:
    """Run the migrations back to *to*."""
    import flask_migrate

    with _quiet():
        flask_migrate.downgrade(revision=to)


def _folder() -> str:
    return str(Path(current_app.extensions["migrate"].directory))


@contextmanager
def _quiet() -> Iterator[None]:
    """Alembic tells each step only to those who asked for it."""
    logger = logging.getLogger("alembic")
    before = logger.level
    logger.setLevel(logging.WARNING)
    db.session.remove()
    try:
        yield
    finally:
        logger.setLevel(before)
