"""What enrolment's rules and use cases read, each with a bounded number of queries.

What stands in the way of a place is asked by everybody in the same minute: those statements are made once, for
putting one together takes longer than the database's answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Date, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from retrain import clock
from retrain.catalogue.models import CourseVersion, Run
from retrain.database import hot
from retrain.enrolment import classifying, conditions, quota_rules, terms
from retrain.enrolment.eligibility import Candidate, Conditions
from retrain.enrolment.match import Diploma
from retrain.enrolment.models import Approval, Enrolment, EnrolmentChange, Quota, Terms
from retrain.enrolment.quota_rules import Group, PlacesFacts, QuotaFacts
from retrain.enrolment.rules import RunFacts, Standing, TeacherFacts, repeat_of
from retrain.enrolment.states import IN_GROUP, LIVING, OPEN, Side, State, Way
from retrain.enrolment.stays import Stay
from retrain.enrolment.terms import TermsFacts
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.models import Employment, Organisation, Person, Teacher
from retrain.record import queries as record
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

    @property
    def free(self) -> int:
        return self.facts.places - self.facts.taken

    @property
    def places(self) -> PlacesFacts:
        """The places with their quotas, as ``quota_rules`` takes them."""
        return PlacesFacts(self.facts.code, self.facts.places, self.facts.taken, self.quotas)


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


def run_at_desk(code: str, *, lock: bool = False) -> RunAtDesk:
    """The run *code* with what the rules need; with *lock*, nobody else changes its places meanwhile."""
    row = hot.execute(_run_at_desk(lock), {"code": code}).first()
    if row is None:
        raise NotThere
    return _desk(row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row))


def runs_at_desk(codes: Iterable[str]) -> list[RunAtDesk]:
    """Several runs, by number; whoever changes their places has locked them."""
    found = _of_a_run(select(*_run_columns())).where(Run.code.in_(list(codes))).order_by(Run.id)
    return [
        _desk(row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row))
        for row in hot.execute(found)
    ]


@cache
def _run_at_desk(lock: bool) -> Select[Any]:
    found = _of_a_run(select(*_run_columns())).where(Run.code == bindparam("code"))
    return found.with_for_update(of=Run, key_share=True) if lock else found


@cache
def _run_columns() -> tuple[Any, ...]:
    return (
        Run.id, Run.code, Run.provider_id, Run.curator_id, Run.place_text, Run.state, Run.starts_on, Run.ends_on,
        Run.enrolment_opens, Run.enrolment_closes, Run.places, Run.taken, Run.form, Run.language, Run.policy,
        CourseVersion.course_id, CourseVersion.titles, CourseVersion.audience, Organisation.timezone,
        *(getattr(Terms, name) for name in terms.FIELDS),
    )  # fmt: skip


def _of_a_run(found: Select[Any]) -> Select[Any]:
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
    found = {}
    read = {row.id: row for row in hot.execute(_agreed(), {"runs": [run.id for run in runs]})}
    people.note_zones({run.provider_id: read[run.id].timezone for run in runs})
    for run in runs:
        version, row = run.version, read[run.id]
        found[run.id] = _desk(
            run, version.course_id, version.titles, version.audience, row.timezone, terms.of(row)
        )
    return found


@cache
def _agreed() -> Select[Any]:
    return (
        select(Run.id, Organisation.timezone, *(getattr(Terms, name) for name in terms.FIELDS))
        .join(Organisation, Organisation.id == Run.provider_id)
        .outerjoin(Terms, Terms.run_id == Run.id)
        .where(Run.id.in_(bindparam("runs", expanding=True)))
    )


def _desk(
    run: Any, course_id: int, titles: dict[str, str], audience: list[str], timezone: str, agreed: TermsFacts
) -> RunAtDesk:
    zone = ZoneInfo(timezone)
    facts = RunFacts(
        code=run.code, course_id=course_id, state=run.state.value, starts_on=run.starts_on,
        ends_on=run.ends_on, opens=run.enrolment_opens.astimezone(zone),
        closes=run.enrolment_closes.astimezone(zone), places=run.places, taken=run.taken, timezone=timezone,
        by_round=agreed.way is Way.ROUND,
    )  # fmt: skip
    asked = conditions.read(run.policy, audience, run.language)
    return RunAtDesk(
        run.id, run.provider_id, run.curator_id, titles, run.place_text, facts, run.form.value, agreed, asked,
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


@cache
def _quotas() -> Select[Any]:
    columns = (Quota.id, Quota.sort, Quota.of, Quota.places, Quota.taken, Quota.releases_at)
    return select(*columns).where(Quota.run_id == bindparam("run")).order_by(Quota.id)


def employed(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition that an employment holds on a day."""
    return (Employment.since <= on) & or_(Employment.until.is_(None), Employment.until >= on)


def teachers_at_desk(
    numbers: Iterable[int] = (), *, persons: Iterable[int] = (), lock: bool = False
) -> list[TeacherAtDesk]:
    """The teachers with these *numbers*, or who are these *persons*, by number, so that locks never cross."""
    asked = {"today": clock.today(), "numbers": list(numbers), "persons": list(persons)}
    by = "numbers" if asked["numbers"] else "persons"
    # On the day of a change of college both hold; the later one is where they work now.
    rows = hot.execute(_teachers(by, lock), {"today": asked["today"], by: asked[by]})
    return list({row.id: _teacher(row) for row in rows}.values())


def one_at_a_run(person_id: int, code: str) -> tuple[TeacherAtDesk, RunAtDesk] | None:
    """A teacher and a run, locked in this order in one question; None for one who is no teacher.

    Both of ``teachers_at_desk`` and ``run_at_desk``, for the way that everybody goes in the opening minute.
    """
    asked = {"person": person_id, "code": code, "today": clock.today()}
    rows = hot.execute(_one_at_a_run(), asked).all()
    if not rows:
        if not teachers_at_desk(persons=[person_id]):
            return None
        raise NotThere
    found, names = rows[-1], [column.key for column in _teacher_columns()]
    first, run = found[: len(names)], found[len(names) :]
    row = SimpleNamespace(**dict(zip([column.key for column in _run_columns()], run, strict=True)))
    teacher = _teacher(SimpleNamespace(**dict(zip(names, first, strict=True))))
    return teacher, _desk(row, row.course_id, row.titles, row.audience, row.timezone, terms.of(row))


def _teacher(row: Any) -> TeacherAtDesk:
    name = " ".join(part for part in (row.family, row.given, row.patronymic) if part)
    closed = any((row.disabled_at, row.erased_at, row.merged_into_id))
    found = TeacherAtDesk(row.id, row.person_id, name, row.organisation_id, closed)
    if row.organisation_id is not None:
        reserved = ["rural"] if row.rural else []
        found.groups = quota_rules.groups(row.region, row.organisation_id, row.kind.value, reserved)
    return found


@cache
def _teachers(by: str, lock: bool) -> Select[Any]:
    key = Teacher.id if by == "numbers" else Teacher.person_id
    found = _of_a_teacher(select(*_teacher_columns()))
    found = found.where(key.in_(bindparam(by, expanding=True))).order_by(Teacher.id, Employment.since)
    return found.with_for_update(of=Teacher, key_share=True) if lock else found


@cache
def _one_at_a_run() -> Select[Any]:
    both = _of_a_run(_of_a_teacher(select(*_teacher_columns(), *_run_columns())).join(Run, true()))
    asked = (Teacher.person_id == bindparam("person"), Run.code == bindparam("code"))
    return both.where(*asked).order_by(Employment.since).with_for_update(of=(Teacher, Run), key_share=True)


_COLLEGE = aliased(Organisation)


@cache
def _teacher_columns() -> tuple[Any, ...]:
    return (
        Teacher.id, Teacher.person_id, Person.family, Person.given, Person.patronymic, Person.disabled_at,
        Person.erased_at, Person.merged_into_id, Employment.organisation_id, Employment.since,
        _COLLEGE.region, _COLLEGE.kind, _COLLEGE.rural,
    )  # fmt: skip


def _of_a_teacher(found: Select[Any]) -> Select[Any]:
    works = (Employment.teacher_id == Teacher.id) & employed(bindparam("today", type_=Date))
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


@cache
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
        quotas_by_run([run.id for run, _ in coming]),
        waiting_counts([run.id for run, _ in coming]),
    )
    standings = standings_of([person.id for _, theirs in coming for person in theirs])
    for run, theirs in coming:
        run.quotas, run.waiting = quotas.get(run.id, ()), waiting.get(run.id, 0)
        for person in theirs:
            person.standings = standings.get(person.id, [])
        _read_what_is_asked(theirs, run)


def count(run: RunAtDesk) -> None:
    """Fill in how many wait for the run, and its quotas."""
    run.waiting, run.quotas = waiting_counts([run.id]).get(run.id, 0), quotas_of(run.id)


def waiting_in_order(run_id: int) -> list[Enrolment]:
    """Who waits for the run, first come first."""
    found = (
        select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state == State.WAITLISTED)
        .order_by(Enrolment.position)
    )
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def open_enrolments(run_id: int) -> list[Enrolment]:
    """All that is, or may still become, a place on the run."""
    found = select(Enrolment).where(Enrolment.run_id == run_id, Enrolment.state.in_(OPEN))
    return list(db.session.scalars(found.order_by(Enrolment.id).execution_options(populate_existing=True)))


def number_on_list(enrolment: Enrolment) -> int | None:
    """How many stand on the waiting list up to and with this one; None for who doesn't wait."""
    if enrolment.state is not State.WAITLISTED:
        return None
    return db.session.scalar(_number(), {"run": enrolment.run_id, "position": enrolment.position})


@cache
def _number() -> Select[Any]:
    return (
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.run_id == bindparam("run"),
            Enrolment.state == State.WAITLISTED,
            Enrolment.position <= bindparam("position"),
        )
    )


def number_expression() -> ColumnElement[int]:
    """For a list of enrolments: each one's number on its waiting list."""
    ahead = aliased(Enrolment)
    return (
        select(func.count())
        .select_from(ahead)
        .where(
            ahead.run_id == Enrolment.run_id,
            ahead.state == State.WAITLISTED,
            ahead.position <= Enrolment.position,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def enrolment(enrolment_id: int, run_code: str | None = None) -> Enrolment:
    """The enrolment as it is now; with *run_code*, only if it is that run's."""
    found = select(Enrolment).where(Enrolment.id == enrolment_id)
    if run_code is not None:
        found = found.join(Run, Run.id == Enrolment.run_id).where(Run.code == run_code)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    return row


def steps(enrolment_id: int) -> int:
    """How often the enrolment has changed: the number of its calendar entry's last wording."""
    made = select(func.count()).where(EnrolmentChange.enrolment_id == enrolment_id)
    return db.session.scalar(made) or 0


def own_enrolment(person_id: int, run_code: str) -> Enrolment | None:
    """Where a person stands with a run: the living enrolment, else the last one."""
    found = (
        select(Enrolment)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Teacher.person_id == person_id, Run.code == run_code)
        .order_by(Enrolment.id.desc())
    )
    rows = db.session.scalars(found).all()
    return next((row for row in rows if row.state in LIVING), rows[0] if rows else None)


@dataclass(frozen=True)
class Member:
    """One person of a run's group, with the days between which hours are due from them."""

    enrolment_id: int
    teacher_id: int
    person_id: int
    name: str
    sort_key: str
    organisation_id: int
    state: State
    since: date
    until: date


def group(run: Run, *, everyone: bool = False) -> list[Member]:
    """The members of the run's group in the order of the alphabet.

    With *everyone*, also who has left it after it began: their marks stay in the registers.
    """
    return [_member(run, row, person) for row, person in group_rows(run, everyone=everyone)]


def group_rows(run: Run, *, everyone: bool = False) -> list[tuple[Enrolment, Person]]:
    """The enrolments and persons that ``group`` is made of."""
    states = IN_GROUP | ({State.EXCLUDED, State.TRANSFERRED, State.SUBSTITUTED} if everyone else set())
    found = (
        select(Enrolment, Person)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run.id, Enrolment.state.in_(states), Enrolment.since.is_not(None))
        .order_by(Person.sort_key, Person.id)
    )
    return list(db.session.execute(found).tuples())


def stay_of(run: Run, row: Enrolment) -> Stay:
    """The person's place on the run, with the days of both."""
    return Stay(row.state, row.since, row.until, run.starts_on, run.ends_on)


def _member(run: Run, row: Enrolment, person: Person) -> Member:
    stay = stay_of(run, row)
    return Member(
        row.id, row.teacher_id, person.id, person.full_name, person.sort_key, row.organisation_id,
        row.state, stay.first, stay.last,
    )  # fmt: skip


def waiting_counts(run_ids: Iterable[int]) -> dict[int, int]:
    """How many wait for each run."""
    return dict(db.session.execute(_waiting(), {"runs": list(run_ids)}).tuples().all())


@cache
def _waiting() -> Select[tuple[int, int]]:
    return (
        select(Enrolment.run_id, func.count())
        .where(Enrolment.run_id.in_(bindparam("runs", expanding=True)), Enrolment.state == State.WAITLISTED)
        .group_by(Enrolment.run_id)
    )


def code_of(run_id: int) -> str:
    """The code of a run."""
    code = db.session.scalar(select(Run.code).where(Run.id == run_id))
    if code is None:
        raise NotThere
    return code
