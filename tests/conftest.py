"""Fixtures of the whole house. See tests/README.md for what each gives."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings

import retrain.clock
from retrain import jobs
from retrain.catalogue import showing
from retrain.extensions import db
from retrain.people import passwords
from tests.harness.apps import assemble, migrate, release
from tests.harness.chromium import browser, chromium
from tests.harness.client import Client
from tests.harness.databases import KINDS, Database, Run, open_database
from tests.harness.frozen import FrozenClock
from tests.harness.made import Beginnings

__all__ = ["browser", "chromium"]
OWNER = "RETRAIN_TEST_OWNER"

calm = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.register_profile("test", calm, derandomize=True, max_examples=60)
settings.register_profile("test-all", calm, max_examples=600)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
    # No setting of the person who runs the tests reaches them.
    for name in [name for name in os.environ if name.startswith("RETRAIN_") and name != OWNER]:
        del os.environ[name]
    # Passwords are hashed as they are for real, but not as slowly.
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    if not hasattr(config, "workerinput"):
        os.environ[OWNER] = str(os.getpid())


def pytest_collection_finish() -> None:
    # What is loaded by now stays to the end: looking through it again and again was an eighth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def test_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Run:
    """What the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    return Run(folder=folder, owner=int(os.environ[OWNER]), worker=worker_id)


class House:
    """One worker's databases and the app on each, made when first asked for."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.instance = folder / "instance"
        self.beginnings = Beginnings(folder)
        self._databases: dict[str, Database] = {}
        self._apps: dict[str, Flask] = {}

    def database(self, kind: str) -> Database:
        if kind not in self._databases:
            self._databases[kind] = open_database(kind, self.run, lambda url: migrate(url, self.instance))
        return self._databases[kind]

    def app(self, kind: str) -> Flask:
        if kind not in self._apps:
            self._apps[kind] = assemble(self.database(kind).url, self.instance)
        return self._apps[kind]

    def close(self) -> None:
        for app in self._apps.values():
            with app.app_context():
                release(app)
        for database in self._databases.values():
            database.close()


@pytest.fixture(scope="session")
def house(test_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """What is made once for each worker."""
    house = House(test_run, tmp_path_factory.mktemp("house"))
    yield house
    house.close()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, house: House) -> Iterator[Database]:
    """An empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    opened = house.database(request.param)
    yield opened
    opened.reset()


@pytest.fixture
def app(database: Database, house: House) -> Iterator[Flask]:
    """The assembled app on that database, its context pushed, so that services and queries can be called."""
    app = house.app(database.kind)
    kept = dict(app.config)
    with app.app_context():
        yield app
        release(app, connections=database.kind == "sqlite")
    app.config.clear()
    app.config.update(kept)
    app.extensions.pop(showing.PLANS, None)
    shutil.rmtree(house.instance)
    house.instance.mkdir()


@pytest.fixture
def make_app(database: Database, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """One more app on the same database: ``make_app(settings={"host": "::1"}, WTF_CSRF_ENABLED=True)``."""
    made: list[Flask] = []

    def make(settings: dict[str, Any] | None = None, **config: Any) -> Flask:
        made.append(assemble(database.url, tmp_path / "instance", settings=settings, **config))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            release(app)


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser of nobody in particular, without JavaScript. Forms need no CSRF token."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def db_session(app: Flask) -> Any:
    """The test's own database session; committed before each request of a client, read anew after it."""
    return db.session


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """The program's clock, standing still: ``clock.set(moment)``, ``clock.advance(days=1)``."""
    frozen = FrozenClock()
    monkeypatch.setattr(retrain.clock, "_source", frozen.now)
    return frozen


@pytest.fixture
def made_once(
    app: Flask, database: Database, house: House, request: pytest.FixtureRequest
) -> Callable[..., Any]:
    """``made_once(make, *values)``: what ``make(clock, *values)`` puts into the empty database and answers.

    It is called once and copied for each test: rows, files and the hour. Nothing may be made before it.
    *clock* stands still only if the test or its fixtures ask for it; else it is None.
    """
    clock = request.getfixturevalue("clock") if "clock" in request.fixturenames else None

    def give(make: Callable[..., Any], *values: Any) -> Any:
        name = f"{make.__module__}.{make.__qualname__}{values}{clock is None}"
        return house.beginnings.give(name, lambda: make(clock, *values), app, database, clock)

    return give


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """``run_jobs()`` does every job that is due, as a worker would; how many there were."""

    def work_off() -> int:
        with app.app_context():
            return jobs.run_waiting()

    def run() -> int:
        db.session.commit()
        try:
            return Context().run(work_off)
        finally:
            db.session.expire_all()

    return run


@pytest.fixture
def live_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the app behind a real socket, in threads of the test, with CSRF protection on."""
    from tests.harness import servers

    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with servers.in_thread(app) as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, where nobody overlooks it, what was left out for want of a browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report for report in skipped if "no Chromium is installed" in str(report.longrepr)]
    if left_out:
        terminalreporter.section("left out")
        terminalreporter.line(
            f"{len(left_out)} tests in a browser did not run, because no Chromium is installed "
            "(Debian: apt-get install chromium)."
        )
