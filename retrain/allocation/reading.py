"""What goes into a round, read in a bounded number of queries however many teachers and runs there are."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from retrain.allocation.models import AllocationRound, RoundRun, Wish
from retrain.allocation.pools import Pool
from retrain.allocation.quotas import pools
from retrain.allocation.reckoning import Entrant, Outcome, Ranked, reckon
from retrain.catalogue.models import CourseVersion, Run
from retrain.enrolment import classifying, conditions, quota_rules, rules
from retrain.enrolment.eligibility import Candidate, Conditions, judge
from retrain.enrolment.match import Classifier, Diploma, Grade, match
from retrain.enrolment.models import Quota
from retrain.enrolment.queries import employed
from retrain.enrolment.quota_rules import Group, PlacesFacts, QuotaFacts
from retrain.enrolment.reading_people import standings_of
from retrain.enrolment.rules import RunFacts, TeacherFacts
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.people.models import Employment, Organisation, Person, Teacher
from retrain.record import queries as record
from retrain.refusal import Refusal


@dataclass(frozen=True)
class RunInRound:
    """A run of the round as reckoning and ranking see it."""

    id: int
    facts: RunFacts
    titles: dict[str, str]
    place_text: str
    region: str
    form: str
    language: str
    asked: Conditions
    quotas: tuple[QuotaFacts, ...] = ()

    @property
    def places(self) -> PlacesFacts:
        return PlacesFacts(self.facts.code, self.facts.places, self.facts.taken, self.quotas)


@dataclass
class Candidacy:
    """A teacher as rounds see them."""

    teacher_id: int
    person_id: int
    college_id: int | None
    groups: frozenset[Group]
    candidate: Candidate


@dataclass
class Judge:
    """Says for a run and a teacher why not, and how well the speciality fits; the same pair of texts once only."""

    now: datetime
    _grades: dict[Any, Grade] = field(default_factory=dict)
    _against: dict[str, list[Refusal]] = field(default_factory=dict)

    def __call__(self, run: RunInRound, who: Candidate) -> tuple[list[Refusal], Grade]:
        if _asks_more(run.asked):
            found = judge(run.asked, run.facts, run.form, who, self.now, by=Source.ROUND)
            return found.refusals, found.match
        code = run.facts.code
        if code not in self._against:
            self._against[code] = rules.run_refusals(run.facts, self.now, Source.ROUND)
        return [*self._against[code], *rules.teacher_refusals(run.facts, who.standing)], self._grade(run, who)

    def _grade(self, run: RunInRound, who: Candidate) -> Grade:
        """The best of the grades of each speciality and diploma alone, which is what ``match`` gives for all."""
        audience = run.asked.audience
        if not audience:
            return Grade.EXACT
        by = run.asked.classifier
        alone = [self._alone(by, audience, (speciality,), ()) for speciality in who.specialities]
        alone += [self._alone(by, audience, (), (diploma,)) for diploma in who.diplomas]
        return min(alone, default=Grade.NONE)

    def _alone(
        self,
        classifier: Classifier,
        audience: Sequence[str],
        mine: Sequence[str],
        diplomas: Sequence[Diploma],
    ) -> Grade:
        asked = (tuple(audience), mine, diplomas)
        if asked not in self._grades:
            self._grades[asked] = match(audience, mine, diplomas, classifier).grade
        return self._grades[asked]


def _asks_more(asked: Conditions) -> bool:
    """Whether the run looks at more in a teacher than work, runs and, for the priority, speciality."""
    return conditions.asks_anything(asked)


def runs_of(round_id: int) -> list[RunInRound]:
    """The runs in the round with their quotas, by code."""
    quotas = defaultdict(list)
    kept = select(Quota).join(RoundRun, RoundRun.run_id == Quota.run_id).where(RoundRun.round_id == round_id)
    for row in db.session.scalars(kept.order_by(Quota.id)):
        quotas[row.run_id].append(
            QuotaFacts(row.id, row.sort, row.of, row.places, row.taken, row.releases_at)
        )
    classifier = classifying.current()
    return [_run(row, tuple(quotas[row.id]), classifier) for row in db.session.execute(_runs(round_id))]


def _runs(round_id: int) -> Select[Any]:
    columns = (
        Run.id, Run.code, Run.state, Run.starts_on, Run.ends_on, Run.places, Run.taken, Run.place_text, Run.region,
        Run.form, Run.language, Run.policy, Run.enrolment_opens, Run.enrolment_closes, CourseVersion.course_id,
        CourseVersion.titles, CourseVersion.audience, Organisation.timezone,
    )  # fmt: skip
    return (
        select(*columns)
        .join(RoundRun, RoundRun.run_id == Run.id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .join(Organisation, Organisation.id == Run.provider_id)
        .where(RoundRun.round_id == round_id)
        .order_by(Run.code)
    )


def _run(row: Any, quotas: tuple[QuotaFacts, ...], classifier: Classifier) -> RunInRound:
    facts = RunFacts(
        code=row.code, course_id=row.course_id, state=row.state.value, starts_on=row.starts_on,
        ends_on=row.ends_on, opens=row.enrolment_opens, closes=row.enrolment_closes, places=row.places,
        taken=row.taken, timezone=row.timezone,
    )  # fmt: skip
    return RunInRound(
        row.id, facts, row.titles, row.place_text, row.region, row.form.value, row.language,
        conditions.read(row.policy, row.audience, row.language, classifier), quotas,
    )  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """All that the outcome of a round follows from: of two that are equal the same comes out."""

    places: Sequence[PlacesFacts]
    pools: Sequence[tuple[Pool, ...]]
    entrants: Sequence[Entrant]
    seed: str


@dataclass(frozen=True)
class Reckoned:
    """An outcome, and from what it was reckoned."""

    ground: Ground
    outcome: Outcome


def outcome_of(found: AllocationRound, day: date, now: datetime, ahead: Reckoned | None = None) -> Outcome:
    """What would come out of the round now; what was reckoned *ahead* stands where nothing has changed since."""
    return reckoned(found, day, now, ahead).outcome


def reckoned(found: AllocationRound, day: date, now: datetime, ahead: Reckoned | None = None) -> Reckoned:
    """The same with what it was reckoned from."""
    with collector_at_rest():
        runs = runs_of(found.id)
        places = [run.places for run in runs]
        open_now = [pools(each, now) for each in places]
        ground = Ground(places, open_now, entrants_of(found, runs, day, now), found.seed)
        if ahead is not None and ahead.ground == ground:
            return ahead
        return Reckoned(ground, reckon(places, ground.entrants, found.seed, now))


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """A million new values without a cycle among them: to look through them again and again took half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def entrants_of(
    found: AllocationRound, runs: Sequence[RunInRound], day: date, now: datetime
) -> list[Entrant]:
    """All who ranked runs in the round, each wish judged as things stand now."""
    judged, by_code = Judge(now), {run.facts.code: run for run in runs}
    theirs = select(Wish.teacher_id).where(Wish.round_id == found.id)
    people = candidacies(theirs, day)
    wishes = defaultdict(list)
    rows = (
        select(Wish.teacher_id, Wish.number, Wish.college_rank, Run.code)
        .join(Run, Run.id == Wish.run_id)
        .where(Wish.round_id == found.id)
        .order_by(Wish.teacher_id, Wish.number)
    )
    for teacher_id, number, college_rank, code in db.session.execute(rows).tuples():
        why: list[Refusal] = []
        grade = Grade.EXACT
        if run := by_code.get(code):
            why, grade = judged(run, people[teacher_id].candidate)
        wishes[teacher_id].append(Ranked(number, code, int(grade), college_rank, tuple(why)))
    return [
        Entrant(number, people[number].candidate.due, people[number].groups, tuple(ranked))
        for number, ranked in wishes.items()
    ]


def candidacies(theirs: Select[tuple[int]], day: date) -> dict[int, Candidacy]:
    """The teachers that the statement selects the numbers of, with all that rounds look at, on a day."""
    rows, standings = db.session.execute(_teachers(theirs, day)).all(), standings_of(theirs)
    ids = list({row.id for row in rows})
    due, diplomas = record.due_dates(ids), record.specialities_of(ids)
    people: dict[int, Candidacy] = {}
    for row in rows:
        closed = any((row.disabled_at, row.erased_at, row.merged_into_id))
        college = row.organisation_id
        facts = TeacherFacts(college, closed, standings.get(row.id, ()))
        reserved = ["rural"] if row.rural else []
        groups = quota_rules.groups(row.region, college, row.kind.value, reserved) if college else frozenset()
        # On the day of a change of college both hold; the later one is where they work now.
        people[row.id] = Candidacy(
            row.id,
            row.person_id,
            college,
            groups,
            _candidate(row, facts, due.get(row.id), diplomas.get(row.id, ())),
        )
    return people


def _candidate(
    row: Any, facts: TeacherFacts, due: date | None, diplomas: Sequence[tuple[str, str]]
) -> Candidate:
    return Candidate(
        standing=facts, staff_kind=row.staff_kind.value, category=row.category, working_since=row.teaching_since,
        due=due, languages=None if row.languages is None else frozenset(row.languages),
        specialities=tuple(row.specialities), diplomas=tuple(Diploma(*each) for each in diplomas), birth_date=row.birth_date,
        sex=row.sex.value if row.sex else None, youngest_child_born=row.youngest_child_born,
        disability=row.disability,
    )  # fmt: skip


def _teachers(theirs: Select[tuple[int]], day: date) -> Select[Any]:
    columns = (
        Teacher.id, Teacher.person_id, Teacher.staff_kind, Teacher.category, Teacher.specialities,
        Teacher.teaching_since, Teacher.languages, Teacher.birth_date, Teacher.sex, Teacher.youngest_child_born,
        Teacher.disability, Person.disabled_at, Person.erased_at, Person.merged_into_id,
        Employment.organisation_id, Organisation.region, Organisation.kind, Organisation.rural,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Person, Person.id == Teacher.person_id)
        .outerjoin(Employment, (Employment.teacher_id == Teacher.id) & employed(day))
        .outerjoin(Organisation, Organisation.id == Employment.organisation_id)
        .where(Teacher.id.in_(theirs))
        .order_by(Teacher.id, Employment.since)
    )


def against(
    runs: Iterable[RunInRound], who: Candidate, now: datetime
) -> dict[str, tuple[list[Refusal], Grade]]:
    """For each run why the teacher may not have it, and how well their speciality fits."""
    judged = Judge(now)
    return {run.facts.code: judged(run, who) for run in runs}
