"""The places of a run, each taken or given back by one conditional UPDATE, so with any number of writers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, case, update

from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.refusal import NotThere

_PLACES = update(Run).where(Run.id == bindparam("number")).execution_options(synchronize_session=False)
_TAKE = _PLACES.where(Run.taken < Run.places).values(taken=Run.taken + 1)
_RELEASE = _PLACES.where(Run.taken > 0).values(taken=Run.taken - 1)
_NEXT = _PLACES.values(waiting_seq=Run.waiting_seq + 1).returning(Run.waiting_seq)


@use_case
def take_place(run_id: int) -> bool:
    """Take one place of the run; False when none is free."""
    return _changed(run_id, _TAKE)


@use_case
def take_places(wanted: Mapping[int, int]) -> set[int]:
    """Take so many places of each of these runs, and of one that has fewer none: the runs that gave them."""
    if not wanted:
        return set()
    by = case(wanted, value=Run.id)
    taken = (
        update(Run)
        .where(Run.id.in_(wanted), Run.taken + by <= Run.places)
        .values(taken=Run.taken + by)
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    )
    gave = set(hot.execute(taken).scalars())
    for number in gave:
        _forget(number)
    return gave


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
