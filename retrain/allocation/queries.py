"""What pages and use cases read of rounds, each with a bounded number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from retrain import clock, jobs
from retrain.allocation.models import AllocationRound, RoundOutcome, RoundRun, Wish
from retrain.allocation.reading import Candidacy, candidacies
from retrain.allocation.round_rules import RoundFacts, RunForRound
from retrain.allocation.states import RoundState
from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import RunState
from retrain.database import hot
from retrain.enrolment.models import Enrolment, Terms
from retrain.enrolment.queries import employed
from retrain.enrolment.states import Consent, State
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.models import Employment, Person, Teacher
from retrain.refusal import NotThere

OPEN_STATES = (RoundState.DRAFT, RoundState.PUBLISHED)


def allocation_round(code: str, *, lock: bool = False, share: bool = False) -> AllocationRound:
    """The round, or NotThere; with *lock* nobody else changes it meanwhile, with *share* others may only read it too."""
    query = select(AllocationRound).where(AllocationRound.code == code)
    if lock or share:
        query = query.with_for_update(read=share).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotThere
    return found


def facts(found: AllocationRound) -> RoundFacts:
    """The round as its rules see it, its moments on the provider's clocks."""
    zone = people.zone_of(found.provider_id)
    return RoundFacts(
        found.code, found.state, found.opens_at.astimezone(zone), found.closes_at.astimezone(zone)
    )


def told(found: AllocationRound) -> dict[str, Any]:
    """What every message about the round says."""
    return {
        "round": found.code,
        "title": found.titles,
        "closes": found.closes_at.isoformat(),
        "zone": people.zone_of(found.provider_id).key,
    }


def is_in_open_round(run_id: int) -> bool:
    """Whether places of the run wait for a round, so that nobody takes one at once."""
    found = (
        select(RoundRun.run_id)
        .join(AllocationRound, AllocationRound.id == RoundRun.round_id)
        .where(RoundRun.run_id == run_id, AllocationRound.state.in_(OPEN_STATES))
    )
    return db.session.scalar(found) is not None


def round_of_run(run_id: int) -> AllocationRound | None:
    """The round that gives places of the run, as long as it is not over."""
    number = hot.execute(_round_of_run(), {"run": run_id}).scalar()
    return db.session.get(AllocationRound, number) if number else None


@hot.kept
def _round_of_run() -> Select[Any]:
    """Only its number: most runs are in no round, and everybody's page of a run asks."""
    return (
        select(AllocationRound.id)
        .join(RoundRun, RoundRun.round_id == AllocationRound.id)
        .where(RoundRun.run_id == bindparam("run"), AllocationRound.state.in_(OPEN_STATES))
    )


def runs_for_round(
    found: AllocationRound, *, in_it: bool = False, codes: Iterable[str] = ()
) -> list[RunForRound]:
    """Runs as they stand before the round: those in it, or those with the *codes*."""
    waits = (
        select(Enrolment.id)
        .where(
            Enrolment.run_id == Run.id,
            Enrolment.state.in_((State.REQUESTED, State.WAITLISTED, State.OFFERED)),
        )
        .exists()
    )
    other = (
        select(AllocationRound.code)
        .join(RoundRun, RoundRun.round_id == AllocationRound.id)
        .where(RoundRun.run_id == Run.id)
        .scalar_subquery()
    )
    columns = (
        Run.code, Run.state, Run.provider_id, Run.enrolment_opens, Run.enrolment_closes, Run.starts_on,
        Terms.consent, waits.label("waits"), other.label("other"),
    )  # fmt: skip
    query = select(*columns).outerjoin(Terms, Terms.run_id == Run.id).order_by(Run.code)
    if in_it:
        query = query.join(RoundRun, RoundRun.run_id == Run.id).where(RoundRun.round_id == found.id)
    else:
        query = query.where(Run.code.in_(list(codes)))
    zone = people.zone_of(found.provider_id)
    return [
        RunForRound(
            code=row.code, state=row.state.value, same_provider=row.provider_id == found.provider_id,
            in_round=row.other if row.other != found.code else None,
            asks_consent=row.consent in (Consent.COLLEGE, Consent.BOTH), people_wait=row.waits,
            opens=row.enrolment_opens.astimezone(zone), closes=row.enrolment_closes.astimezone(zone),
            starts_on=row.starts_on,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class RunShown:
    """A run of a round in a list."""

    id: int
    code: str
    titles: dict[str, str]
    starts_on: date
    ends_on: date
    free: int
    state: RunState
    region: str
    place_text: str
    wished: int = 0
    first: int = 0


def shown_runs(round_id: int) -> list[RunShown]:
    """The runs in a round with how many want each, and want it most; in the order of their first day."""
    wished, first = Counter[int](), Counter[int]()
    counts = (
        select(Wish.run_id, Wish.number, func.count())
        .where(Wish.round_id == round_id)
        .group_by(Wish.run_id, Wish.number)
    )
    for run_id, number, how_many in db.session.execute(counts).tuples():
        wished[run_id] += how_many
        first[run_id] += how_many if number == 1 else 0
    query = _shown().join(RoundRun, RoundRun.run_id == Run.id).where(RoundRun.round_id == round_id)
    return [_as_shown(row, wished[row.id], first[row.id]) for row in db.session.execute(query)]


def runs_to_choose(found: AllocationRound, limit: int = 500) -> list[RunShown]:
    """The provider's runs that are in no round and not over, for which enrolment is still open at its close."""
    in_one = select(RoundRun.run_id)
    query = _shown().where(
        Run.provider_id == found.provider_id,
        Run.state.in_((RunState.DRAFT, RunState.PUBLISHED, RunState.CONFIRMED)),
        Run.enrolment_closes > found.closes_at,
        Run.enrolment_opens <= found.closes_at,
        Run.id.not_in(in_one),
    )
    return [_as_shown(row) for row in db.session.execute(query.limit(limit))]


def shown_by_code(codes: Iterable[str]) -> dict[str, RunShown]:
    """Runs by their codes, for lists in which they are named."""
    rows = db.session.execute(_shown().where(Run.code.in_(list(codes))))
    return {row.code: _as_shown(row) for row in rows}


def _shown() -> Select[Any]:
    columns = (
        Run.id, Run.code, Run.starts_on, Run.ends_on, Run.places, Run.taken, Run.state, Run.region, Run.place_text,
        CourseVersion.titles,
    )  # fmt: skip
    return (
        select(*columns)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .order_by(Run.starts_on, Run.code)
    )


def _as_shown(row: Any, wished: int = 0, first: int = 0) -> RunShown:
    return RunShown(
        row.id, row.code, row.titles, row.starts_on, row.ends_on, row.places - row.taken, row.state, row.region,
        row.place_text, wished, first,
    )  # fmt: skip


@dataclass(frozen=True)
class RoundShown:
    """A round in a list, with how many runs and teachers are in it."""

    row: AllocationRound
    runs: int
    teachers: int


def rounds(provider_id: int | None) -> list[RoundShown]:
    """The rounds of a provider, or of all, the latest first."""
    runs = select(func.count()).where(RoundRun.round_id == AllocationRound.id).scalar_subquery()
    teachers = (
        select(func.count(Wish.teacher_id.distinct()))
        .where(Wish.round_id == AllocationRound.id)
        .scalar_subquery()
    )
    query = select(AllocationRound, runs, teachers).order_by(AllocationRound.closes_at.desc())
    if provider_id is not None:
        query = query.where(AllocationRound.provider_id == provider_id)
    return [RoundShown(*row) for row in db.session.execute(query.limit(200)).tuples()]


def open_now(now: datetime) -> list[AllocationRound]:
    """The rounds in which teachers rank runs now, the one that closes first first."""
    query = select(AllocationRound).where(
        AllocationRound.state == RoundState.PUBLISHED,
        AllocationRound.opens_at <= now,
        AllocationRound.closes_at > now,
    )
    return list(db.session.scalars(query.order_by(AllocationRound.closes_at, AllocationRound.id)))


def opening_later(now: datetime) -> list[AllocationRound]:
    """The rounds that are published and open later."""
    query = select(AllocationRound).where(
        AllocationRound.state == RoundState.PUBLISHED, AllocationRound.opens_at > now
    )
    return list(db.session.scalars(query.order_by(AllocationRound.opens_at, AllocationRound.id)))


def closed_unconfirmed(now: datetime, provider_id: int | None = None) -> list[AllocationRound]:
    """The rounds whose wishes are in and whose outcome waits to be confirmed."""
    query = select(AllocationRound).where(
        AllocationRound.state == RoundState.PUBLISHED, AllocationRound.closes_at <= now
    )
    if provider_id is not None:
        query = query.where(AllocationRound.provider_id == provider_id)
    return list(db.session.scalars(query.order_by(AllocationRound.closes_at)))


def candidacy(person_id: int, day: date) -> Candidacy | None:
    """The person as a teacher in rounds; None for one who is none."""
    number = db.session.scalar(select(Teacher.id).where(Teacher.person_id == person_id))
    if number is None:
        return None
    return candidacies(select(Teacher.id).where(Teacher.id == number), day)[number]


def wishes_of(round_id: int, teacher_id: int) -> list[tuple[Wish, str]]:
    """A teacher's wishes in a round with the codes of the runs, best first."""
    query = (
        select(Wish, Run.code)
        .join(Run, Run.id == Wish.run_id)
        .where(Wish.round_id == round_id, Wish.teacher_id == teacher_id)
        .order_by(Wish.number)
    )
    return list(db.session.execute(query).tuples())


def number_of_wishes(person_id: int, round_ids: Iterable[int]) -> dict[int, int]:
    """round id → how many runs the person has ranked in it."""
    query = (
        select(Wish.round_id, func.count())
        .join(Teacher, Teacher.id == Wish.teacher_id)
        .where(Teacher.person_id == person_id, Wish.round_id.in_(list(round_ids)))
        .group_by(Wish.round_id)
    )
    return dict(db.session.execute(query).tuples().all())


def took_part_in(person_id: int) -> list[AllocationRound]:
    """The rounds in which the person ranked runs, the latest first."""
    query = (
        select(AllocationRound)
        .where(
            AllocationRound.id.in_(
                select(Wish.round_id)
                .join(Teacher, Teacher.id == Wish.teacher_id)
                .where(Teacher.person_id == person_id)
            )
        )
        .order_by(AllocationRound.closes_at.desc())
    )
    return list(db.session.scalars(query))


def outcome(round_id: int, teacher_id: int) -> RoundOutcome | None:
    """What became of a teacher's wishes in a round that is done."""
    return db.session.scalar(
        select(RoundOutcome).where(RoundOutcome.round_id == round_id, RoundOutcome.teacher_id == teacher_id)
    )


def who_ranked(round_id: int, run_id: int | None = None) -> list[int]:
    """The persons who ranked runs in the round, or who ranked one run of it."""
    query = (
        select(Teacher.person_id)
        .join(Wish, Wish.teacher_id == Teacher.id)
        .where(Wish.round_id == round_id)
        .order_by(Teacher.person_id)
        .distinct()
    )
    if run_id is not None:
        query = query.where(Wish.run_id == run_id)
    return list(db.session.scalars(query))


def colleges_of(round_id: int, day: date) -> dict[int, int]:
    """teacher id → the college where they work on that day, of all who ranked runs in the round."""
    query = (
        select(Employment.teacher_id, Employment.organisation_id)
        .where(
            Employment.teacher_id.in_(select(Wish.teacher_id).where(Wish.round_id == round_id)), employed(day)
        )
        .order_by(Employment.since)
    )
    # On the day of a change of college both hold; the later one is where they work now.
    return dict(db.session.execute(query).tuples().all())


@dataclass(frozen=True)
class Own:
    """One of a college's teachers who wants a run."""

    teacher_id: int
    name: str
    post: str
    number: int
    rank: int | None


def own_wishes(round_id: int, college_id: int, day: date) -> dict[str, list[Own]]:
    """run code → the college's teachers who want it: as the college ranked them, the others by name."""
    query = (
        select(Run.code, Wish, Person, Employment.post)
        .join(Wish, Wish.run_id == Run.id)
        .join(RoundRun, (RoundRun.run_id == Run.id) & (RoundRun.round_id == round_id))
        .join(Teacher, Teacher.id == Wish.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .join(Employment, (Employment.teacher_id == Teacher.id) & employed(day))
        .where(Wish.round_id == round_id, Employment.organisation_id == college_id)
        .order_by(Run.starts_on, Run.code, func.coalesce(Wish.college_rank, 10**6), Person.sort_key)
    )
    found: dict[str, list[Own]] = defaultdict(list)
    for code, wish, person, post in db.session.execute(query).tuples().all():
        found[code].append(
            Own(wish.teacher_id, shown_names.of_person(person), post or "", wish.number, wish.college_rank)
        )
    return found


def colleges_to_rank(college_id: int, round_ids: Sequence[int], day: date) -> dict[int, int]:
    """round id → how many wishes of the college's teachers it has not ranked, where it has two or more for a run."""
    query = (
        select(Wish.round_id, Wish.run_id, func.count(), func.count(Wish.college_rank))
        .join(Employment, (Employment.teacher_id == Wish.teacher_id) & employed(day))
        .where(Wish.round_id.in_(list(round_ids)), Employment.organisation_id == college_id)
        .group_by(Wish.round_id, Wish.run_id)
        .having(func.count() > 1)
    )
    found: dict[int, int] = defaultdict(int)
    for round_id, _run_id, _all, ranked in db.session.execute(query).tuples():
        found[round_id] += 1 if ranked == 0 else 0
    return {number: runs for number, runs in found.items() if runs}


TRIAL, CLOSED, DO = "allocation.trial", "allocation.closed", "allocation.do"


def jobs_of(round_id: int, *kinds: str) -> list[Job]:
    """The long work on a round of these kinds, the latest first."""
    query = select(Job).where(Job.kind.in_(kinds), Job.key.startswith(f"round:{round_id}:", autoescape=True))
    return list(db.session.scalars(query.order_by(Job.id.desc())))


def last_trial(round_id: int) -> Job | None:
    """The latest outcome that was reckoned and not given: of a trial, or of the close."""
    done = (job for job in jobs_of(round_id, TRIAL, CLOSED) if job.state is jobs.JobState.DONE)
    return next((job for job in done if job.result), None)


def names_of(teacher_ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """teacher id → full name and college id, for a page of a list."""
    query = (
        select(Teacher.id, Person, Employment.organisation_id)
        .join(Person, Person.id == Teacher.person_id)
        .outerjoin(Employment, (Employment.teacher_id == Teacher.id) & employed(clock.today()))
        .where(Teacher.id.in_(list(teacher_ids)))
        .order_by(Employment.since)
    )
    return {
        number: (shown_names.of_person(person), college)
        for number, person, college in db.session.execute(query).tuples().all()
    }


def outcomes(round_id: int) -> list[RoundOutcome]:
    """What everybody got in a round that is done, in the order of the teachers' numbers."""
    query = select(RoundOutcome).where(RoundOutcome.round_id == round_id)
    return list(db.session.scalars(query.order_by(RoundOutcome.teacher_id)))
