"""The places of a run, each taken or given back by one conditional UPDATE, so with any number of writers."""

from typing import Any

from sqlalchemy import bindparam, update

from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.refusal import NotThere

_PLACES = update(Run).where(Run.id == bindparam("number")).execution_options(synchronize_session=False)
_TAKE = _PLACES.where(Run.taken < Run.places).values(taken=Run.taken + 1)
_TAKE_MANY = _PLACES.where(Run.taken + bindparam("by") <= Run.places).values(
    taken=Run.taken + bindparam("by")
)
_RELEASE = _PLACES.where(Run.taken > 0).values(taken=Run.taken - 1)
_NEXT = _PLACES.values(waiting_seq=Run.waiting_seq + 1).returning(Run.waiting_seq)


@use_case
def take_place(run_id: int) -> bool:
    """Take one place of the run; False when none is free."""
    return _changed(run_id, _TAKE)


@use_case
def take_places(run_id: int, how_many: int) -> bool:
    """Take so many places of the run, or none: False when fewer are free."""
    taken = hot.execute(_TAKE_MANY, {"number": run_id, "by": how_many}).rowcount == 1
    _forget(run_id)
    return taken


@use_case
def release_place(run_id: int) -> bool:
    """Give one place of the run back; False when none was taken."""
    return _changed(run_id, _RELEASE)


@use_case
def next_waiting(run_id: int) -> int:
    """The next number on the run's waiting list; every caller gets another one."""
    number = hot.execute(_NEXT, {"number": run_id}).scalar()
    if number is None:
        raise NotThere
    _forget(run_id)
    return number


def _changed(run_id: int, statement: Any) -> bool:
    result = hot.execute(statement, {"number": run_id})
    _forget(run_id)
    return result.rowcount == 1


def _forget(run_id: int) -> None:
    """Have the run's counters read anew, if it is loaded: the UPDATE went past the session."""
    run = db.session.identity_map.get(db.session.identity_key(Run, run_id))
    if run is not None:
        db.session.expire(run, ["taken", "waiting_seq"])
