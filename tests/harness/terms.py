"""The biggest university's term with a timetable that everybody sees, for whatever is measured on busy weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from retrain import clock
from retrain.audit import Actor
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.database.dialect import count_anew
from retrain.database.use_case import use_case
from retrain.demo import big_term
from retrain.demo.country import moment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Funding, Source, State
from retrain.extensions import db
from retrain.language.keys import search_key, sort_key
from retrain.people import pinfl
from retrain.people.models import Organisation, Person, Teacher
from retrain.people.states import RoleKind
from retrain.timetable import facts as stands
from retrain.timetable import occupying, terms
from retrain.timetable.fitting import Need, room_refusals
from retrain.timetable.items import Item, items_of
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Keep, SessionState
from retrain.timetable.terms import Ask, Facts
from tests import scenario

TODAY = date(2026, 8, 10)
PAIRS_A_DAY, PAIRS_A_WEEK = 3, 16


@dataclass(frozen=True)
class Busy:
    """What was made, and who keeps it."""

    provider_id: int
    run_ids: list[int]
    coordinator: Actor
    first: date
    last: date
    classes: int


def published() -> Busy:
    """The whole term, about twelve thousand public classes, a month before it begins."""
    with clock.at(moment(TODAY, 9)):
        term = big_term.add()
        provider = db.session.get_one(Organisation, term.provider_id)
        coordinator = scenario.role(scenario.person("Rahimov", "Aziz"), RoleKind.COORDINATOR, provider)
        _groups(provider)
        ask = Ask(term.provider_id, term.first, term.last, tuple(term.run_ids), Keep.PINNED, TODAY)
        count = _show(ask)
        count_anew(db.session())
        return Busy(term.provider_id, term.run_ids, coordinator, term.first, term.last, count)


@use_case
def _groups(provider: Organisation) -> None:
    """As many people have a place on each run as the run says."""
    runs = list(db.session.scalars(select(Run).where(Run.provider_id == provider.id).order_by(Run.id)))
    now, number = clock.now(), 0
    for run in runs:
        for _place in range(run.taken):
            number += 1
            name, born = f"Tinglovchi{number:05d} Aziza", date(1960, 1, 1) + timedelta(days=number)
            family, given = name.split()
            listener = Teacher(
                pinfl=pinfl.make(born, pinfl.Sex.FEMALE, 123, number % 1000), birth_date=born, created_at=now,
                person=Person(
                    family=family, given=given, sort_key=sort_key(name), search_key=search_key(name),
                    created_at=now, activated_at=now,
                ),
            )  # fmt: skip
            db.session.add(listener)
            db.session.flush()
            enrolment = Enrolment(
                run_id=run.id, teacher_id=listener.id, organisation_id=provider.id, state=State.ENROLLED,
                source=Source.SELF, requested_at=now, changed_at=now, since=TODAY, funding=Funding.BUDGET,
            )  # fmt: skip
            db.session.add(enrolment)


@use_case
def _show(ask: Ask) -> int:
    facts = terms.read(ask)
    made = _Table(facts).fill()
    db.session.add_all(made)
    db.session.flush()
    occupying.take(made, list)
    return len(made)


class _Table:
    """Run by run, each class at the earliest place at which group, lecturer and a room that suits are free."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.taken: set[tuple[str, int, date, int]] = set()
        self.load: dict[tuple[int, str, date], int] = {}

    def fill(self) -> list[ClassSession]:
        """The classes that found a place."""
        one_by_one = [item for item in items_of(self.facts) if not item.kept for _ in range(item.count)]
        found = [self._place(item) for item in one_by_one]
        return [meeting for meeting in found if meeting is not None]

    def _place(self, item: Item) -> ClassSession | None:
        run, rooms = self.facts.runs[item.run_id], self._rooms(item)
        day = run.starts_on
        while day <= run.ends_on:
            today, week = (run.id, "day", day), (run.id, "week", monday_of(day))
            if self.load.get(today, 0) < PAIRS_A_DAY and self.load.get(week, 0) < PAIRS_A_WEEK:
                for pair in self.facts.calendar.bells.get(day, ()):
                    mine = [(half.value, run.id, day, pair.number) for half in item.part.halves]
                    mine += [("lecturer", item.lecturer_id or 0, day, pair.number)]
                    room = next(
                        (each for each in rooms if ("room", each, day, pair.number) not in self.taken), 0
                    )
                    if room and not self.taken.intersection(mine):
                        self.taken.update(mine, [("room", room, day, pair.number)])
                        for key in (today, week):
                            self.load[key] = self.load.get(key, 0) + 1
                        return self._made(item, day, pair.number, room)
            day += timedelta(days=1)
        return None

    def _rooms(self, item: Item) -> list[int]:
        need = self.facts.needs.get((item.module_id or 0, item.kind), Need())
        come = item.part.share_of(self.facts.runs[item.run_id].taken)
        return [
            room.id
            for room in self.facts.rooms
            if not room_refusals(stands.room(room), need, come, self.facts.ask.first)
        ]

    def _made(self, item: Item, day: date, number: int, room_id: int) -> ClassSession:
        starts, ends = self.facts.calendar.bells[day].interval(number, day, self.facts.calendar.zone)
        module = next(
            each
            for each in self.facts.modules[self.facts.runs[item.run_id].course_version_id]
            if each.id == item.module_id
        )
        topic = next(each for each in module.topics if each.kind is item.kind)
        return ClassSession(
            run_id=item.run_id, module_id=item.module_id, topic_id=topic.id, kind=item.kind, part=item.part,
            room_id=room_id, lecturer_id=item.lecturer_id, on_date=day, pair=number, starts_at=starts,
            ends_at=ends, minutes=item.minutes, state=SessionState.PUBLISHED,
        )  # fmt: skip
