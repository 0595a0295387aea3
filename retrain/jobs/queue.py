"""The queue that wakes the worker: Huey on a SQLite file of the instance folder, or in the PostgreSQL database.

A task carries only a job's id. The queue may lose it: the sweep finds the job again by its row.
"""

from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import make_url

from retrain.jobs.states import Lane

log = structlog.get_logger()
FILE = "queue.sqlite"


def init_app(app: Flask) -> None:
    """Tests run jobs by hand: there nothing is put on a queue unless they ask for it."""
    app.config.setdefault("JOBS_QUEUED", not app.testing)


def put(job_id: int, lane: Lane) -> None:
    """Wake a worker of *lane*. Never fails: what does not get onto the queue is found by the sweep."""
    if not current_app.config["JOBS_QUEUED"]:
        return
    try:
        of(current_app._get_current_object(), lane).retrain_run(job_id)  # type: ignore[attr-defined]
    except Exception:
        log.warning("not queued, the sweep will find it", job=job_id, exc_info=True)


def of(app: Flask, lane: Lane) -> Any:
    """The Huey queue of *lane*, made once for each app."""
    queues = app.extensions.setdefault("retrain.queues", {})
    if lane not in queues:
        queues[lane] = _make(app, lane)
    return queues[lane]


def _make(app: Flask, lane: Lane) -> Any:
    from huey import PostgresHuey, SqliteHuey
    from huey.serializer import SignedSerializer

    # What is read from the queue is unpickled: only what this program signed.
    common = {"results": False, "serializer": SignedSerializer(secret=app.config["SECRET_KEY"], salt="queue")}
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    name = f"retrain-{lane}"
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        huey: Any = PostgresHuey(name, dsn=dsn, **common)
    else:
        path = Path(app.config["RETRAIN"].instance) / FILE
        huey = SqliteHuey(name, filename=str(path), fsync=False, **common)

    @huey.task(name="run")  # type: ignore[untyped-decorator]
    def run(job_id: int) -> None:
        from retrain.jobs import runner

        with app.app_context():
            runner.run(job_id)

    huey.retrain_run = run
    return huey


def forget(app: Flask) -> None:
    """Close what a process inherited when it was forked, so that it opens its own."""
    for huey in app.extensions.pop("retrain.queues", {}).values():
        huey.storage.close()
