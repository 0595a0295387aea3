"""A run as the desk sees it: what stands in the way of a place there, in one question.

Everybody asks this in the same minute: the statements are made once, for putting one together takes longer than the
database's answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, has_request_context
from sqlalchemy import Select, bindparam, select

from retrain.catalogue.models import CourseVersion, Run
from retrain.database import hot
from retrain.enrolment import conditions, queries, terms
from retrain.enrolment.eligibility import Conditions
from retrain.enrolment.models import Quota, Terms
from retrain.enrolment.quota_rules import PlacesFacts, QuotaFacts
from retrain.enrolment.rules import RunFacts
from retrain.enrolment.states import Way
from retrain.enrolment.terms import TermsFacts
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Organisation
from retrain.refusal import NotThere


@dataclass
class RunAtDesk:
    """A run as its row said when it was locked; the use case that holds the lock keeps the counts current."""

    id: int
    provider_id: int
    curator_id: int | None
    titles: dict[str, str]
    place_text: str
    facts: RunFacts
    form: str
    terms: TermsFacts
    conditions: Conditions
    quotas: tuple[QuotaFacts, ...] = ()
    waiting: int = 0
    lock: int = 0
    """Rises with each change of what the run says."""

    @property
    def free(self) -> int:
        return self.facts.places - self.facts.taken

    @property
    def places(self) -> PlacesFacts:
        """The places with their quotas, as ``quota_rules`` takes them."""
        return PlacesFacts(self.facts.code, self.facts.places, self.facts.taken, self.quotas)


def run_at_desk(code: str, *, lock: bool = False) -> RunAtDesk:
    """The run *code* with what the rules need; with *lock*, nobody else changes its places meanwhile."""
    row = hot.execute(_run_at_desk(lock), {"code": code}).first()
    if row is None:
        raise NotThere
    return desk_from(row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row))


def runs_at_desk(codes: Iterable[str]) -> list[RunAtDesk]:
    """Several runs, by number; whoever changes their places has locked them."""
    found = of_a_run(select(*run_columns())).where(Run.code.in_(list(codes))).order_by(Run.id)
    return [
        desk_from(row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row))
        for row in hot.execute(found)
    ]


@hot.kept
def _run_at_desk(lock: bool) -> Select[Any]:
    found = of_a_run(select(*run_columns())).where(Run.code == bindparam("code"))
    return found.with_for_update(of=Run, key_share=True) if lock else found


@cache
def run_columns() -> tuple[Any, ...]:
    return (
        Run.id, Run.code, Run.provider_id, Run.curator_id, Run.place_text, Run.state, Run.starts_on, Run.ends_on,
        Run.enrolment_opens, Run.enrolment_closes, Run.places, Run.taken, Run.form, Run.language, Run.policy, Run.lock,
        CourseVersion.course_id, CourseVersion.titles, CourseVersion.audience, Organisation.timezone,
        *(getattr(Terms, name) for name in terms.FIELDS),
    )  # fmt: skip


def of_a_run(found: Select[Any]) -> Select[Any]:
    return (
        found.join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .join(Organisation, Organisation.id == Run.provider_id)
        .outerjoin(Terms, Terms.run_id == Run.id)
    )


def desk_of(run: Run) -> RunAtDesk:
    """The same for a run already read with its version."""
    return desks_of([run])[run.id]


def desks_of(runs: Sequence[Run]) -> dict[int, RunAtDesk]:
    """The same for several runs, by their numbers, in one query."""
    read = {row.id: row for row in hot.execute(_agreed(), {"runs": [run.id for run in runs]})}
    return {run.id: desk_beside(run, read[run.id]) for run in runs}


def desk_beside(run: Run, read: Sequence[Any]) -> RunAtDesk:
    """The same for a run with its version, out of a row that ends with its ``agreed_columns``."""
    version, columns = run.version, agreed_columns()
    said = zip((column.key for column in columns), read[-len(columns) :], strict=True)
    row = SimpleNamespace(**dict(said))  # the row itself may have other columns of the same names
    people.note_zones({run.provider_id: row.timezone})
    return desk_from(run, version.course_id, version.titles, version.audience, row.timezone, terms.of(row))


@hot.kept
def _agreed() -> Select[Any]:
    return agreed(select(Run.id, *agreed_columns())).where(Run.id.in_(bindparam("runs", expanding=True)))


@cache
def agreed_columns() -> tuple[Any, ...]:
    """What is read beside runs for ``desk_beside``, by a statement that ``agreed`` completes."""
    return (Organisation.timezone, *(getattr(Terms, name) for name in terms.FIELDS))


def agreed(found: Select[Any]) -> Select[Any]:
    return found.join(Organisation, Organisation.id == Run.provider_id).outerjoin(
        Terms, Terms.run_id == Run.id
    )


def gives_by_round(run_id: int) -> bool:
    """Whether the run's places go by a round, which whatever saw the run in this request has learnt already."""
    noted: dict[int, bool] = g.get("by_round", {}) if has_request_context() else {}
    if run_id not in noted:
        way = select(Terms.way).where(Terms.run_id == run_id)
        return db.session.scalar(way) is Way.ROUND
    return noted[run_id]


def desk_from(
    run: Any, course_id: int, titles: dict[str, str], audience: list[str], timezone: str, agreed: TermsFacts
) -> RunAtDesk:
    zone = ZoneInfo(timezone)
    facts = RunFacts(
        code=run.code, course_id=course_id, state=run.state.value, starts_on=run.starts_on,
        ends_on=run.ends_on, opens=run.enrolment_opens.astimezone(zone),
        closes=run.enrolment_closes.astimezone(zone), places=run.places, taken=run.taken, timezone=timezone,
        by_round=agreed.way is Way.ROUND,
    )  # fmt: skip
    if has_request_context():
        g.setdefault("by_round", {})[run.id] = facts.by_round
    asked = conditions.read(run.policy, audience, run.language)
    return RunAtDesk(
        run.id, run.provider_id, run.curator_id, titles, run.place_text, facts, run.form.value, agreed, asked,
        lock=run.lock,
    )  # fmt: skip


def quotas_of(run_id: int) -> tuple[QuotaFacts, ...]:
    """The quotas of a run, in the order in which they are locked."""
    return tuple(
        QuotaFacts(row.id, row.sort, row.of, row.places, row.taken, row.releases_at)
        for row in hot.execute(_quotas(), {"run": run_id})
    )


def quotas_by_run(run_ids: Iterable[int]) -> dict[int, tuple[QuotaFacts, ...]]:
    """run id → its quotas, in the order in which they are locked."""
    columns = (Quota.run_id, Quota.id, Quota.sort, Quota.of, Quota.places, Quota.taken, Quota.releases_at)
    query = select(*columns).where(Quota.run_id.in_(list(run_ids))).order_by(Quota.id)
    found: dict[int, list[QuotaFacts]] = defaultdict(list)
    for run_id, *facts in hot.execute(query):
        found[run_id].append(QuotaFacts(*facts))
    return {run_id: tuple(quotas) for run_id, quotas in found.items()}


@hot.kept
def _quotas() -> Select[Any]:
    columns = (Quota.id, Quota.sort, Quota.of, Quota.places, Quota.taken, Quota.releases_at)
    return select(*columns).where(Quota.run_id == bindparam("run")).order_by(Quota.id)


def count(run: RunAtDesk) -> None:
    """Fill in how many wait for the run, and its quotas."""
    run.waiting, run.quotas = queries.waiting_counts([run.id]).get(run.id, 0), quotas_of(run.id)
