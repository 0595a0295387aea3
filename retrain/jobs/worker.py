"""The worker: one process for each lane, forked from a parent that restarts what dies and ends all together.

The light lane's process also does the chores (sweep, sealing, deliveries), each group in a thread of its own.
"""

import logging
import multiprocessing
import os
import secrets
import signal
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

import structlog
from flask import Flask

from retrain.extensions import db
from retrain.jobs import queue, runner, service
from retrain.jobs.registry import CHORES, Chore
from retrain.jobs.states import Lane

log = structlog.get_logger()
GRACE = 10.0
"""Seconds in which jobs under way may reach their next chunk before the process ends anyway."""


def run(app: Flask, heavy: int = 1) -> None:
    """Work until SIGTERM or SIGINT, with *heavy* processes for heavy work beside the light one."""
    lanes = [Lane.LIGHT, *[Lane.HEAVY] * heavy]
    for lane in set(lanes):
        queue.of(app, lane)  # makes the tables while nobody else is about
    _Family(app, lanes).live()


class _Family:
    """The processes of one worker. The parent does nothing itself, so it may fork at any time."""

    def __init__(self, app: Flask, lanes: Sequence[Lane]) -> None:
        self._app, self._lanes = app, lanes
        self._over = threading.Event()
        self._members: dict[int, BaseProcess] = {}

    def live(self) -> None:
        with self._app.app_context():
            db.engine.dispose()
        queue.forget(self._app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while not self._over.is_set():
            for place, lane in enumerate(self._lanes):
                member = self._members.get(place)
                if member is None or not member.is_alive():
                    if member is not None:
                        log.error(
                            "a worker process died and is started again", lane=lane, exit=member.exitcode
                        )
                        self._over.wait(1)
                    self._members[place] = self._fork(lane)
            self._over.wait(0.5)
        self._farewell()

    def _fork(self, lane: Lane) -> BaseProcess:
        fork = multiprocessing.get_context("fork")
        member = fork.Process(
            target=_live_in_lane, args=(self._app, lane, os.getpid()), name=f"retrain-{lane}"
        )
        member.start()
        return member

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._over.set()

    def _farewell(self) -> None:
        for member in self._members.values():
            if member.is_alive():
                member.terminate()
        deadline = time.monotonic() + GRACE + 2
        for member in self._members.values():
            member.join(max(0.0, deadline - time.monotonic()))
            if member.is_alive():
                member.kill()


def _live_in_lane(app: Flask, lane: Lane, parent: int) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
    runner.stopping.clear()
    name = f"{lane}:{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    consumer = _consumer(app, lane)
    _thread(_end_with_parent, parent)
    if lane is Lane.LIGHT:
        _begin_chores(app, name)
    try:
        consumer.run()
    finally:
        runner.stopping.set()
        if lane is Lane.LIGHT:
            with app.app_context():
                service.leave(name)


def _consumer(app: Flask, lane: Lane) -> Any:
    from huey.consumer import Consumer

    logging.getLogger("huey").setLevel(logging.WARNING)

    class LaneConsumer(Consumer):  # type: ignore[misc]
        """Huey's consumer; any signal to end makes jobs stop at their next chunk."""

        def _set_signal_handlers(self) -> None:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, self._handle_signal)

        def _handle_signal(self, number: int, _frame: FrameType | None) -> None:
            runner.stopping.set()
            self._signum, self._restart, self._graceful = number, False, True

    workers = 2 if lane is Lane.LIGHT else 1
    return LaneConsumer(
        queue.of(app, lane), workers=workers, periodic=False, max_delay=1.0, shutdown_timeout=GRACE,
        check_worker_health=True, scheduler_interval=60,
    )  # fmt: skip


def _thread(target: Any, *arguments: Any, name: str | None = None) -> None:
    threading.Thread(target=target, args=arguments, name=name, daemon=True).start()


def _end_with_parent(parent: int) -> None:
    """A parent that was killed can't end its children: they notice and go at once; leases see to the rest."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _begin_chores(app: Flask, worker: str) -> None:
    threads: dict[str, list[Chore]] = defaultdict(list)
    for chore in CHORES.values():
        threads[chore.thread].append(chore)
    # What was wanted while no worker was there may be on no queue at all.
    _safely(app, "sweep", lambda: service.sweep(patience=timedelta(0)))
    for name, chores in threads.items():
        _thread(_do_chores, app, chores, name=name)
    _thread(_be_seen, app, worker, name="seen")


def _be_seen(app: Flask, worker: str) -> None:
    while not runner.stopping.is_set():
        _safely(app, "seen", lambda: service.seen(worker))
        runner.stopping.wait(10)


def _do_chores(app: Flask, chores: Sequence[Chore]) -> None:
    due = {chore.name: 0.0 for chore in chores}
    while not runner.stopping.is_set():
        for chore in chores:
            if time.monotonic() >= due[chore.name]:
                _safely(app, chore.name, chore.call)
                due[chore.name] = time.monotonic() + chore.interval.total_seconds()
        runner.stopping.wait(max(0.05, min(due.values()) - time.monotonic()))


def _safely(app: Flask, name: str, call: Any) -> None:
    """A chore that fails is told in the log and tried again in its turn."""
    try:
        with app.app_context():
            call()
    except Exception:
        log.exception("chore failed", chore=name)
