"""Counters that are taken and given back while the run's row is locked: places, quotas, asked consents."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, update

from retrain.catalogue import service as catalogue
from retrain.database import hot
from retrain.database.dialect import insert_ignoring
from retrain.enrolment import quota_rules
from retrain.enrolment.models import Approval, Quota
from retrain.enrolment.quota_rules import Taking
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import Side
from retrain.extensions import db

_COUNT = (
    update(Quota)
    .where(Quota.id.in_(bindparam("numbers", expanding=True)))
    .values(taken=Quota.taken + bindparam("by"))
    .execution_options(synchronize_session=False)
)

_COUNT_ONE = (
    update(Quota)
    .where(Quota.id == bindparam("number"))
    .values(taken=Quota.taken + bindparam("by"))
    .execution_options(synchronize_session=False)
)


def take(run: RunAtDesk, taking: Taking) -> bool:
    """Take one place, in the run and in every quota it is counted in; False when the run has none."""
    if not catalogue.take_place(run.id):
        return False
    _count(run, taking, 1)
    return True


def give_back(run: RunAtDesk, taking: Taking) -> None:
    """Give a place back where it was taken from."""
    if catalogue.release_place(run.id):
        _count(run, taking, -1)


def _count(run: RunAtDesk, taking: Taking, by: int) -> None:
    if taking.quotas:
        hot.execute(_COUNT, {"numbers": list(taking.quotas), "by": by})
    _reckon(run, taking, by)


def _reckon(run: RunAtDesk, taking: Taking, by: int) -> None:
    run.quotas = quota_rules.after(run.places, taking, by).quotas
    run.facts = replace(run.facts, taken=run.facts.taken + by)


def take_many(seated: Mapping[int, Sequence[Taking]]) -> set[int]:
    """Write down what ``seat`` found room for, run id → takings; the runs that have fewer places now."""
    wanted = {run_id: len(takings) for run_id, takings in seated.items() if takings}
    if short := set(wanted) - catalogue.take_places(wanted):
        return short
    counted = Counter(number for takings in seated.values() for taking in takings for number in taking.quotas)
    if counted:
        hot.execute(_COUNT_ONE, [{"number": each, "by": counted[each]} for each in sorted(counted)])
    return set()


def seat(run: RunAtDesk, taking: Taking) -> None:
    """Reckon one more place as taken, before anything is written."""
    _reckon(run, taking, 1)


def ask(run_id: int, teacher_id: int, sides: Collection[Side], now: datetime) -> None:
    """Note that these sides are asked for their consent; one asked before is not asked again."""
    ask_many(run_id, [teacher_id], sides, now)


def ask_many(run_id: int, teacher_ids: Iterable[int], sides: Collection[Side], now: datetime) -> None:
    """The same for several teachers and the run."""
    rows = [
        {"run_id": run_id, "teacher_id": number, "side": side, "asked_at": now}
        for number in teacher_ids
        for side in sorted(sides)
    ]
    insert_ignoring(db.session(), Approval.__table__, rows)
