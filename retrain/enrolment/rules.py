"""Who may have a place, leave it, be promoted. Plain values in, why out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from retrain.enrolment.states import HOLDS_PLACE, LIVING, OPEN, Side, Source, State
from retrain.record.rules import add_months
from retrain.refusal import Refusal

SAME_COURSE_AGAIN_AFTER = timedelta(days=3 * 365)
"""One cycle of advanced training: a course completed within it is not taken again."""


@dataclass(frozen=True)
class RunFacts:
    """What the rules look at in a run. *state* is the run's state as the catalogue writes it."""

    code: str
    course_id: int
    state: str
    starts_on: date
    ends_on: date
    opens: datetime
    closes: datetime
    places: int
    taken: int
    timezone: str
    by_round: bool = False
    retry_months: int | None = None
    """How long after the end of an attempt that failed another may begin; read only for who had one."""

    def day(self, now: datetime) -> date:
        """The calendar day it is where the run is given."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def has_started(self, now: datetime) -> bool:
        return self.day(now) >= self.starts_on or self.state not in ("draft", "published", "confirmed")

    def is_on_offer(self) -> bool:
        return self.state in ("published", "confirmed", "running")


@dataclass(frozen=True)
class Standing:
    """One enrolment the teacher has or had, with what matters of its run."""

    enrolment_id: int
    run_code: str
    course_id: int
    starts_on: date
    ends_on: date
    state: State
    attempt: int = 1

    def overlaps(self, run: RunFacts) -> bool:
        return self.starts_on <= run.ends_on and run.starts_on <= self.ends_on


@dataclass(frozen=True)
class TeacherFacts:
    """What the rules look at in a teacher: employed on the day, and where they stand with runs."""

    college_id: int | None
    account_closed: bool = False
    standings: Sequence[Standing] = ()

    def on(self, run: RunFacts) -> Standing | None:
        """Their living enrolment on *run*."""
        return next((at for at in self.standings if at.run_code == run.code and at.state in LIVING), None)


def refusals(run: RunFacts, teacher: TeacherFacts, now: datetime, by: Source = Source.SELF) -> list[Refusal]:
    """Why *teacher* may not come onto *run* at *now*, every reason; an empty list means they may."""
    return [*run_refusals(run, now, by), *teacher_refusals(run, teacher)]


def missing_consents(
    wanted: Collection[Side], said: Mapping[Side, bool | None], implied: Collection[Side] = ()
) -> list[Side] | list[Refusal]:
    """Whose consent is still missing; or, where one side said no, that. *implied*: who puts the person forward."""
    against = [side for side in sorted(wanted) if said.get(side) is False and side not in implied]
    if against:
        return [Refusal.of(f"{side}-refused") for side in against]
    return [side for side in sorted(wanted) if side not in implied and not said.get(side)]


OWN_HOURS = frozenset({Source.ROUND, Source.TRANSFER, Source.SUBSTITUTION})
"""Ways in with hours of their own: the enrolment window is not theirs."""
TURNED_AWAY_BY_ROUND = frozenset({Source.SELF, Source.NOMINATION, Source.IMPORT})


def run_refusals(run: RunFacts, now: datetime, by: Source = Source.SELF) -> list[Refusal]:
    """What stops everybody alike who comes *by* this way."""
    match run.state:
        case "draft":
            return [Refusal.of("run-not-published", run=run.code)]
        case "cancelled":
            return [Refusal.of("run-cancelled", run=run.code)]
        case "finished" | "archived":
            return [Refusal.of("run-over", run=run.code)]
    if run.by_round and by in TURNED_AWAY_BY_ROUND:
        return [Refusal.of("run-in-round", run=run.code)]
    if now < run.opens and by not in OWN_HOURS:
        return [Refusal.of("enrolment-not-open", opens=run.opens)]
    if now >= run.closes and by not in OWN_HOURS:
        return [Refusal.of("enrolment-closed", closes=run.closes)]
    if run.day(now) > run.ends_on:
        return [Refusal.of("run-over", run=run.code)]
    return []


ALREADY = {
    State.WAITLISTED: "already-waiting",
    State.REQUESTED: "already-asked",
    State.OFFERED: "already-offered",
}


def teacher_refusals(run: RunFacts, teacher: TeacherFacts) -> list[Refusal]:
    """What stops this person."""
    found = []
    if teacher.account_closed:
        found.append(Refusal.of("account-closed"))
    if teacher.college_id is None:
        found.append(Refusal.of("not-employed"))
    if at := teacher.on(run):
        found.append(Refusal.of(ALREADY.get(at.state, "already-on-run"), run=run.code))
    # Waiting counts as busy: else a promotion could put one person in two places at once.
    found += [
        Refusal.of("overlaps", run=other.run_code, starts=other.starts_on, ends=other.ends_on)
        for other in teacher.standings
        if other.run_code != run.code and other.state in OPEN and other.overlaps(run)
    ]
    before = repeat_of(run, teacher)
    if before and (by := again_by(before.ends_on, run.retry_months)) and run.starts_on > by:
        found.append(Refusal.of("second-attempt-too-late", run=before.run_code, by=by))
    if done := _completed_lately(run, teacher):
        found.append(Refusal.of("course-completed", run=done.run_code, ended=done.ends_on))
    return found


def _completed_lately(run: RunFacts, teacher: TeacherFacts) -> Standing | None:
    return next(
        (
            other
            for other in teacher.standings
            if other.course_id == run.course_id
            and other.state is State.COMPLETED
            and run.starts_on - other.ends_on < SAME_COURSE_AGAIN_AFTER
        ),
        None,
    )


def repeat_of(run: RunFacts, teacher: TeacherFacts) -> Standing | None:
    """The attempt at the same course that this one repeats: the last one not completed, if none was since."""
    before = [
        at
        for at in teacher.standings
        if at.course_id == run.course_id and at.state in (State.COMPLETED, State.NOT_COMPLETED)
    ]
    last = max(before, key=lambda at: (at.ends_on, at.enrolment_id), default=None)
    return last if last and last.state is State.NOT_COMPLETED else None


def again_by(ended: date, months: int | None) -> date | None:
    """The last day on which another attempt at a course that was not completed may begin; None: any day."""
    return add_months(ended, months) if months else None


def list_moves(run: RunFacts, now: datetime) -> bool:
    """Whether a freed place passes on by itself: not after the deadline, not after the start."""
    return run.is_on_offer() and now < run.closes and not run.has_started(now)


def promotion_refusals(run: RunFacts, teacher: TeacherFacts) -> list[Refusal]:
    """Why a waiting person can't have the free place; dates that moved may have made two runs overlap."""
    found = [Refusal.of("account-closed")] if teacher.account_closed else []
    if teacher.college_id is None:
        found.append(Refusal.of("not-employed"))
    found += [
        Refusal.of("overlaps", run=other.run_code, starts=other.starts_on, ends=other.ends_on)
        for other in teacher.standings
        if other.run_code != run.code and other.state in HOLDS_PLACE & OPEN and other.overlaps(run)
    ]
    return found


def withdrawal_refusals(run: RunFacts, state: State, now: datetime, cut_off_days: int = 0) -> list[Refusal]:
    """Why a person may not give up their place or their spot on the list: from *cut_off_days* before the start on."""
    if state not in OPEN:
        return [Refusal.of("not-on-run", run=run.code)]
    # Whoever only waits may stop waiting at any time.
    if state is State.ENROLLED and run.has_started(now):
        return [Refusal.of("run-started", run=run.code, starts=run.starts_on)]
    last = run.starts_on - timedelta(days=cut_off_days)
    if state is State.ENROLLED and run.day(now) > last:
        return [Refusal.of("withdraw-too-late", run=run.code, last=last)]
    return []


def offer_refusals(
    run: RunFacts, teacher: TeacherFacts, state: State, expires: datetime | None, now: datetime
) -> list[Refusal]:
    """Why an offer can't be accepted at *now*."""
    if state is not State.OFFERED or expires is None or now >= expires:
        return [Refusal.of("offer-over", run=run.code)]
    return promotion_refusals(run, teacher)


def places_refusals(run: RunFacts, places: int) -> list[Refusal]:
    """Why a run can't have this many places."""
    if places < 1:
        return [Refusal.of("places-too-few", field="places")]
    if places < run.taken:
        return [Refusal.of("places-fewer-than-taken", field="places", wanted=places, taken=run.taken)]
    return []
