"""Runs migrations on the app's own database, SQLite or PostgreSQL, each revision in one transaction."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from retrain.database import UtcDateTime
from retrain.extensions import db


def run() -> None:
    """Bring the database to the revision that was asked for."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_on_sqlite(connection)
        else:
            _migrate(connection)
            connection.commit()


def _run_on_sqlite(connection: Connection) -> None:
    """Batch mode copies and drops tables; with foreign keys on, that would cascade to their children.

    The switch works only outside a transaction, so it is thrown on the driver's connection.
    """
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        _migrate(connection)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration would leave {len(broken)} rows without what they refer to")
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transactional_ddl=True,
        render_item=_plainly,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plainly(kind: str, item: object, _autogen: object) -> str | bool:
    """A revision is frozen: it names no type of the program that may change under it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


run()
