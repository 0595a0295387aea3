"""Who waits for a consent, and who for a place that is free: what offices read on their pages and in the morning."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import ON_OFFER
from retrain.enrolment.models import Approval, Enrolment
from retrain.enrolment.queries import employed
from retrain.enrolment.states import LIVING, Side, State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Employment, Person, Teacher

MOST_SHOWN = 500


def _asked(side: Side, now: datetime) -> ColumnElement[bool]:
    """The condition that an answer of *side* is still waited for: with a request, or ahead of one."""
    theirs = aliased(Enrolment)
    same = and_(theirs.run_id == Approval.run_id, theirs.teacher_id == Approval.teacher_id)
    request = select(theirs.id).where(same, theirs.state == State.REQUESTED).exists()
    any_other = select(theirs.id).where(same).exists()
    return and_(
        Approval.side == side, Approval.given.is_(None), Run.state.in_(ON_OFFER),
        or_(request, and_(~any_other, Run.enrolment_closes > now)),
    )  # fmt: skip


def _rows(side: Side, now: datetime, today: date) -> Select[Any]:
    living = aliased(Enrolment)
    is_living = and_(
        living.run_id == Approval.run_id, living.teacher_id == Approval.teacher_id, living.state.in_(LIVING)
    )
    return (
        select(
            Approval.id, Approval.teacher_id, Approval.asked_at, Run.code, Run.provider_id, CourseVersion.titles,
            Run.starts_on, Run.ends_on, Person.family, Person.given, Person.patronymic,
            Employment.organisation_id, Employment.post, living.lapses_at,
        )
        .select_from(Approval)
        .join(Run, Run.id == Approval.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .join(Teacher, Teacher.id == Approval.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .join(Employment, (Employment.teacher_id == Teacher.id) & employed(today))
        .outerjoin(living, is_living)
        .where(_asked(side, now))
        .limit(MOST_SHOWN)
    )  # fmt: skip


def of_college(college_id: int, now: datetime, today: date) -> Sequence[Any]:
    """The own teachers who wait for their college's consent: what lapses first, first."""
    found = _rows(Side.COLLEGE, now, today).where(Employment.organisation_id == college_id)
    return db.session.execute(found.order_by(Run.starts_on, Run.code, Person.sort_key, Approval.id)).all()


def of_run(run_id: int, now: datetime, today: date) -> Sequence[Any]:
    """Who waits for the provider's consent to come to a run."""
    found = _rows(Side.PROVIDER, now, today).where(Run.id == run_id)
    return db.session.execute(found.order_by(Approval.asked_at, Approval.id)).all()


def of_provider(
    provider_id: int, now: datetime, today: date, *, run_code: str = "", name: str = "", college_id: int = 0,
) -> Select[Any]:  # fmt: skip
    """Who waits for the provider's consent on all its runs: what lapses first, first; who asked ahead comes last."""
    found = _rows(Side.PROVIDER, now, today).limit(None).where(Run.provider_id == provider_id)
    if run_code:
        found = found.where(Run.code == run_code)
    if college_id:
        found = found.where(Employment.organisation_id == college_id)
    found = found.where(*people.named(name))
    lapses = found.selected_columns.lapses_at
    return found.order_by(lapses.is_(None), lapses, Run.starts_on, Person.sort_key, Approval.id)


def chosen_of_provider(
    provider_id: int, ids: Collection[int], now: datetime, today: date
) -> dict[str, list[int]]:
    """run code → the teachers behind the chosen requests, as far as they still wait for this provider."""
    found = of_provider(provider_id, now, today).where(Approval.id.in_(ids))
    by_run: dict[str, list[int]] = defaultdict(list)
    for row in db.session.execute(found):
        by_run[row.code].append(row.teacher_id)
    return by_run


def colleges_waiting(provider_id: int, now: datetime, today: date) -> list[int]:
    """The colleges whose teachers wait for this provider's answer."""
    found = of_provider(provider_id, now, today).order_by(None)
    return list(db.session.scalars(found.with_only_columns(Employment.organisation_id).distinct()))


def count_of_college(college_id: int, now: datetime, today: date) -> int:
    """How many wait for the college's answer."""
    return counts_of_colleges(now, today, college_id).get(college_id, 0)


def counts_of_colleges(now: datetime, today: date, only: int | None = None) -> dict[int, int]:
    """How many wait for each college's answer."""
    found = (
        select(Employment.organisation_id, func.count())
        .select_from(Approval)
        .join(Run, Run.id == Approval.run_id)
        .join(Employment, (Employment.teacher_id == Approval.teacher_id) & employed(today))
        .where(_asked(Side.COLLEGE, now))
        .group_by(Employment.organisation_id)
    )
    if only is not None:
        found = found.where(Employment.organisation_id == only)
    return dict(db.session.execute(found).tuples().all())


def counts_of_runs(now: datetime, provider_id: int) -> list[tuple[str, int]]:
    """The runs of a provider with requests that wait for its answer, and how many do."""
    found = _of_runs(now, provider_id).order_by(Run.code)
    return [(code, number) for code, number in db.session.execute(found).tuples()]


def _of_runs(now: datetime, provider_id: int) -> Select[tuple[str, int]]:
    """The query of :func:`counts_of_runs`, in no order."""
    return (
        select(Run.code, func.count())
        .select_from(Approval)
        .join(Run, Run.id == Approval.run_id)
        .where(_asked(Side.PROVIDER, now), Run.provider_id == provider_id)
        .group_by(Run.code)
    )


class Unsettled(NamedTuple):
    """Runs by their codes, and how many people in each wait."""

    requests: list[tuple[str, int]]
    """For the provider's answer."""
    idle: list[tuple[str, int]]
    """For a place, although there is a free one."""


def unsettled(provider_id: int, now: datetime) -> Unsettled:
    """Where people of a provider's runs wait for somebody of the provider to do something."""
    asked = _of_runs(now, provider_id).add_columns(literal("asked"))
    idle = (
        select(Run.code, func.count(), literal("idle"))
        .join(Enrolment, (Enrolment.run_id == Run.id) & (Enrolment.state == State.WAITLISTED))
        .where(Run.provider_id == provider_id, Run.state.in_(ON_OFFER), Run.taken < Run.places)
        .group_by(Run.code)
    )
    found = Unsettled([], [])
    for code, number, why in sorted(db.session.execute(union_all(asked, idle)).tuples()):
        (found.requests if why == "asked" else found.idle).append((code, number))
    return found


def counts_of_providers(now: datetime) -> dict[int, int]:
    """How many wait for each provider's answer."""
    found = (
        select(Run.provider_id, func.count())
        .select_from(Approval)
        .join(Run, Run.id == Approval.run_id)
        .where(_asked(Side.PROVIDER, now))
        .group_by(Run.provider_id)
    )
    return dict(db.session.execute(found).tuples().all())


def college_said(run_id: int, teacher_ids: Sequence[int]) -> dict[int, bool]:
    """What colleges have answered for these teachers and a run."""
    found = select(Approval.teacher_id, Approval.given).where(
        Approval.run_id == run_id, Approval.teacher_id.in_(teacher_ids), Approval.side == Side.COLLEGE,
        Approval.given.is_not(None),
    )  # fmt: skip
    return {teacher: bool(given) for teacher, given in db.session.execute(found).tuples()}
