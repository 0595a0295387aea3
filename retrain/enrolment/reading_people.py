"""Teachers as the desk sees them: where they work and stand, what was said of them, what conditions look at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select, true
from sqlalchemy.orm import aliased

from retrain import clock
from retrain.catalogue.models import CourseVersion, Run
from retrain.database import hot
from retrain.enrolment import classifying, conditions, queries, quota_rules, reading_runs, terms
from retrain.enrolment.eligibility import Candidate, Conditions
from retrain.enrolment.match import Diploma
from retrain.enrolment.models import Approval, Enrolment, Quota
from retrain.enrolment.quota_rules import Group, QuotaFacts
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.rules import Standing, TeacherFacts, repeat_of
from retrain.enrolment.states import Side, State
from retrain.extensions import db
from retrain.people import settings
from retrain.people.models import Employment, Organisation, Person, Teacher
from retrain.people.queries import note_zones
from retrain.record import queries as record
from retrain.refusal import NotThere


@dataclass
class TeacherAtDesk:
    """A teacher as the desk sees them."""

    id: int
    person_id: int
    name: str
    college_id: int | None
    account_closed: bool = False
    groups: frozenset[Group] = frozenset()
    standings: list[Standing] = field(default_factory=list)
    consents: dict[Side, bool | None] = field(default_factory=dict)
    candidate: Candidate | None = None

    @property
    def facts(self) -> TeacherFacts:
        return TeacherFacts(self.college_id, self.account_closed, self.standings)


def teachers_at_desk(
    numbers: Iterable[int] = (), *, persons: Iterable[int] = (), lock: bool = False
) -> list[TeacherAtDesk]:
    """The teachers with these *numbers*, or who are these *persons*, by number, so that locks never cross."""
    asked = {"today": clock.today(), "numbers": list(numbers), "persons": list(persons)}
    by = "numbers" if asked["numbers"] else "persons"
    # On the day of a change of college both hold; the later one is where they work now.
    rows = hot.execute(_teachers(by, lock), {"today": asked["today"], by: asked[by]})
    return list({row.id: _teacher(row) for row in rows}.values())


def one_at_a_run(person_id: int, code: str, *, lock: bool = False) -> tuple[TeacherAtDesk, RunAtDesk] | None:
    """A teacher and a run, in one question and with *lock* locked in this order; None for one who is no teacher.

    Both of ``teachers_at_desk`` and ``run_at_desk``, for the way that everybody goes in the opening minute.
    """
    asked = {"person": person_id, "code": code, "today": clock.today()}
    rows = hot.execute(_one_at_a_run(lock), asked).all()
    if not rows:
        if not teachers_at_desk(persons=[person_id]):
            return None
        raise NotThere
    found, names = rows[-1], [column.key for column in _teacher_columns()]
    first, run = found[: len(names)], found[len(names) :]
    row = SimpleNamespace(
        **dict(zip([column.key for column in reading_runs.run_columns()], run, strict=True))
    )
    teacher = _teacher(SimpleNamespace(**dict(zip(names, first, strict=True))))
    note_zones({row.provider_id: row.timezone})
    return teacher, reading_runs.desk_from(
        row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row)
    )


def _teacher(row: Any) -> TeacherAtDesk:
    name = " ".join(part for part in (row.family, row.given, row.patronymic) if part)
    closed = any((row.disabled_at, row.erased_at, row.merged_into_id))
    found = TeacherAtDesk(row.id, row.person_id, name, row.organisation_id, closed)
    if row.organisation_id is not None:
        reserved = ["rural"] if row.rural else []
        found.groups = quota_rules.groups(row.region, row.organisation_id, row.kind.value, reserved)
    return found


@hot.kept
def _teachers(by: str, lock: bool) -> Select[Any]:
    key = Teacher.id if by == "numbers" else Teacher.person_id
    found = _of_a_teacher(select(*_teacher_columns()))
    found = found.where(key.in_(bindparam(by, expanding=True))).order_by(Teacher.id, Employment.since)
    return found.with_for_update(of=Teacher, key_share=True) if lock else found


@hot.kept
def _one_at_a_run(lock: bool) -> Select[Any]:
    both = reading_runs.of_a_run(
        _of_a_teacher(select(*_teacher_columns(), *reading_runs.run_columns())).join(Run, true())
    )
    asked = (Teacher.person_id == bindparam("person"), Run.code == bindparam("code"))
    both = both.where(*asked).order_by(Employment.since)
    return both.with_for_update(of=(Teacher, Run), key_share=True) if lock else both


_COLLEGE = aliased(Organisation)


@cache
def _teacher_columns() -> tuple[Any, ...]:
    return (
        Teacher.id, Teacher.person_id, Person.family, Person.given, Person.patronymic, Person.disabled_at,
        Person.erased_at, Person.merged_into_id, Employment.organisation_id, Employment.since,
        _COLLEGE.region, _COLLEGE.kind, _COLLEGE.rural,
    )  # fmt: skip


def _of_a_teacher(found: Select[Any]) -> Select[Any]:
    works = (Employment.teacher_id == Teacher.id) & queries.employed(bindparam("today", type_=Date))
    return (
        found.join(Person, Person.id == Teacher.person_id)
        .outerjoin(Employment, works)
        .outerjoin(_COLLEGE, _COLLEGE.id == Employment.organisation_id)
    )


def read_standings(people: Sequence[TeacherAtDesk], run: RunAtDesk) -> None:
    """Fill in what *run* looks at in *people*: where they stand with all runs, consents, and its conditions.

    How many wait for the run comes with it.
    """
    _read_runs(people, run)
    _read_what_is_asked(people, run)


def _read_what_is_asked(people: Sequence[TeacherAtDesk], run: RunAtDesk) -> None:
    """What only some runs and some teachers need: the hour of a second attempt, consents, conditions."""
    if any(repeat_of(run.facts, person.facts) for person in people):
        months = settings.get(run.provider_id, "second_attempt_months")
        run.facts = replace(run.facts, retry_months=months)
    if run.terms.consent.sides:
        read_consents(people, run.id)
    if conditions.asks_anything(run.conditions):
        if run.conditions.audience:
            run.conditions = replace(run.conditions, classifier=classifying.current())
        read_candidates(people, run.conditions)


def read_consents(people: Sequence[TeacherAtDesk], run_id: int) -> None:
    """Fill in what both sides said of *people* and the run; None: asked and not answered."""
    by_id = {person.id: person for person in people}
    found = select(Approval.teacher_id, Approval.side, Approval.given).where(
        Approval.run_id == run_id, Approval.teacher_id.in_(by_id)
    )
    for teacher_id, side, given in db.session.execute(found).tuples():
        by_id[teacher_id].consents[side] = given


def read_candidates(people: Sequence[TeacherAtDesk], asked: Conditions) -> None:
    """Fill in what conditions look at in *people*; due dates and diplomas only where they are asked."""
    ids = [person.id for person in people]
    rows = {row.id: row for row in db.session.scalars(select(Teacher).where(Teacher.id.in_(ids)))}
    due = record.due_dates(ids) if asked.due_within_months is not None else {}
    diplomas = record.specialities_of(ids) if asked.audience else {}
    for person in people:
        row = rows[person.id]
        person.candidate = Candidate(
            standing=person.facts, staff_kind=row.staff_kind.value, category=row.category,
            working_since=row.teaching_since, due=due.get(row.id),
            languages=frozenset(row.languages) if row.languages is not None else None,
            specialities=tuple(row.specialities),
            diplomas=tuple(Diploma(*each) for each in diplomas.get(row.id, ())),
            birth_date=row.birth_date, sex=row.sex.value if row.sex else None,
            youngest_child_born=row.youngest_child_born, disability=row.disability,
        )  # fmt: skip


def _read_runs(people: Sequence[TeacherAtDesk], run: RunAtDesk) -> None:
    """Asked after the run was locked: before, a quota might come while the lock is waited for."""
    asked = {"run": run.id, "numbers": [person.id for person in people]}
    standings: dict[int, dict[int, Standing]] = defaultdict(dict)
    quotas: dict[int, QuotaFacts] = {}
    for row in hot.execute(_standings(), asked):
        run.waiting = row.waiting
        if row.quota_id is not None and row.quota_id not in quotas:
            quotas[row.quota_id] = QuotaFacts(
                row.quota_id, row.sort, row.of, row.quota_places, row.quota_taken, row.releases_at
            )
        if row.id is not None and row.id not in standings[row.teacher_id]:
            standings[row.teacher_id][row.id] = Standing(
                row.id, row.code, row.course_id, row.starts_on, row.ends_on, row.state, row.attempt
            )
    for person in people:
        person.standings = list(standings[person.id].values())
    run.quotas = tuple(quotas[number] for number in sorted(quotas))


@hot.kept
def _standings() -> Select[Any]:
    """Each enrolment of each teacher beside each quota of the run: one question, for both lists are short."""
    waiting = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.run_id == bindparam("run"), Enrolment.state == State.WAITLISTED)
        .scalar_subquery()
    )
    theirs = aliased(Enrolment)
    return (
        select(
            Teacher.id.label("teacher_id"), waiting.label("waiting"), theirs.id, theirs.state, theirs.attempt,
            Run.code, CourseVersion.course_id, Run.starts_on, Run.ends_on, Quota.id.label("quota_id"), Quota.sort,
            Quota.of, Quota.places.label("quota_places"), Quota.taken.label("quota_taken"), Quota.releases_at,
        )
        .select_from(Teacher)
        .outerjoin(theirs, theirs.teacher_id == Teacher.id)
        .outerjoin(Run, Run.id == theirs.run_id)
        .outerjoin(CourseVersion, CourseVersion.id == Run.course_version_id)
        .outerjoin(Quota, Quota.run_id == bindparam("run"))
        .where(Teacher.id.in_(bindparam("numbers", expanding=True)))
        .order_by(theirs.id)
    )  # fmt: skip


def standings_of(teachers: Select[tuple[int]] | Sequence[int]) -> dict[int, list[Standing]]:
    """teacher id → where they stand with runs, of teachers by number or of those that a statement selects."""
    columns = (
        Enrolment.teacher_id, Enrolment.id, Run.code, CourseVersion.course_id, Run.starts_on, Run.ends_on,
        Enrolment.state, Enrolment.attempt,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(Enrolment.teacher_id.in_(teachers))
        .order_by(Enrolment.id)
    )
    found: dict[int, list[Standing]] = defaultdict(list)
    for teacher_id, *rest in hot.execute(query):
        found[teacher_id].append(Standing(*rest))
    return found


def read_all(coming: Sequence[tuple[RunAtDesk, Sequence[TeacherAtDesk]]]) -> None:
    """What ``read_standings`` fills in, for many runs at once, each with its own people."""
    quotas, waiting = (
        reading_runs.quotas_by_run([run.id for run, _ in coming]),
        queries.waiting_counts([run.id for run, _ in coming]),
    )
    standings = standings_of([person.id for _, theirs in coming for person in theirs])
    for run, theirs in coming:
        run.quotas, run.waiting = quotas.get(run.id, ()), waiting.get(run.id, 0)
        for person in theirs:
            person.standings = standings.get(person.id, [])
        _read_what_is_asked(theirs, run)
