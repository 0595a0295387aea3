"""Gathers what stands round one class that somebody wants to put somewhere, and asks the rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from retrain.calendar.bells import Pair
from retrain.calendar.hours import to_tenths
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind, StudyForm
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.models import Teacher
from retrain.refusal import Refusal, Refused
from retrain.timetable import facts, fitting, occupying, queries, rules, times
from retrain.timetable.models import ClassSession, Lecturer, Room
from retrain.timetable.states import Part, SessionState


@dataclass(frozen=True)
class Wanted:
    """A class as somebody wants it: what, for whom, when, where and by whom. *session_id* is its own number, if any."""

    run: Run
    module_id: int | None
    kind: HourKind
    part: Part
    on_date: date
    pair: Pair
    hours: float
    room_id: int | None
    lecturer_id: int | None
    session_id: int | None = None

    @property
    def provider_id(self) -> int:
        return self.run.provider_id

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.run.provider_id)

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """From when to when by the clock, in UTC."""
        return self.pair.interval(self.on_date, self.zone)

    @property
    def hour(self) -> int:
        """Minutes of the provider's academic hour that day."""
        return int(settings.get(self.run.provider_id, "academic_hour", self.on_date))

    @property
    def when(self) -> fitting.When:
        """The same by the provider's clocks."""
        return fitting.When.of(self.on_date, self.pair)

    @property
    def people(self) -> int:
        """How many come."""
        return self.part.share_of(self.run.taken)


@dataclass(frozen=True)
class Around:
    """What is round it: its room, its lecturer, what its module needs, and the week's classes of run and lecturer."""

    room: Room | None
    lecturer: Lecturer | None
    name: str
    need: fitting.Need
    week: list[ClassSession]
    said: list[fitting.Said]
    load: fitting.Load
    is_new_pair: bool


def needs_room(run: Run, kind: HourKind) -> bool:
    """Whether a class of this kind is held in a room: distance hours and days at an employer are not."""
    return kind in queries.IN_CLASS and run.form is not StudyForm.DISTANCE


def refusals(wanted: Wanted) -> list[Refusal]:
    """Every reason why the class can't stand there; raises Refused for a room or lecturer that isn't theirs."""
    around = _around(wanted)
    starts, ends = wanted.interval
    holding = occupying.held(wanted.run.id, wanted.part, wanted.room_id, wanted.lecturer_id)
    clashes = occupying.clashes(holding, starts, ends, wanted.zone, but=wanted.session_id)
    found = rules.refusals(_plain(wanted), _frame(wanted, around), [*clashes, *_own_time(wanted)])
    if around.room:
        room = facts.room(around.room)
        found += fitting.room_refusals(room, around.need, wanted.people, wanted.on_date)
    if around.lecturer:
        name, person_id = around.name, around.lecturer.person_id
        found += fitting.lecturer_refusals(name, wanted.when, around.said, around.load, around.is_new_pair)
        if around.need.teachers and person_id not in around.need.teachers:
            who = ", ".join(sorted(people.display_names(list(around.need.teachers)).values()))
            found += fitting.teacher_refusals(name, person_id, around.need, who)
    return found + _travel(wanted, around)


def advice(wanted: Wanted) -> list[Refusal]:
    """What a coordinator should know of a class that may stand there: wishes, order, norm, no room yet."""
    around = _around(wanted)
    found = []
    if around.lecturer:
        found += fitting.wish_advice(around.name, wanted.when, around.said)
        found += fitting.load_advice(around.name, around.load, wanted.hours)
    if wanted.room_id is None and needs_room(wanted.run, wanted.kind):
        found.append(Refusal.of("room-not-chosen"))
    if (
        around.room
        and wanted.part is Part.WHOLE
        and wanted.people <= around.room.capacity < wanted.run.places
    ):
        room = around.room
        found.append(
            Refusal.of("room-below-places", name=room.name, seats=room.capacity, places=wanted.run.places)
        )
    if around.need.in_halves and wanted.part is Part.WHOLE:
        found.append(Refusal.of("whole-group-in-halves"))
    return found + _order(wanted)


def of_session(meeting: ClassSession, hour: int | None = None) -> Wanted:
    """The class where it stands now, to ask what is to be said of it. Raises NoSuchPair when its bells are gone."""
    run = meeting.run
    minutes = hour or settings.get(run.provider_id, "academic_hour", meeting.on_date)
    return Wanted(
        run=run,
        module_id=meeting.module_id,
        kind=meeting.kind,
        part=meeting.part,
        on_date=meeting.on_date,
        pair=times.bells(run.provider_id, meeting.on_date).pair(meeting.pair),
        hours=to_tenths(meeting.minutes, minutes),
        room_id=meeting.room_id,
        lecturer_id=meeting.lecturer_id,
        session_id=meeting.id,
    )


def _around(wanted: Wanted) -> Around:
    room, lecturer = _own_room(wanted), _own_lecturer(wanted)
    need = fitting.Need()
    if wanted.module_id:
        need = facts.needs([wanted.run.course_version_id]).get((wanted.module_id, wanted.kind), need)
    week = _week(wanted)
    mine = [row for row in week if row.lecturer_id == wanted.lecturer_id] if lecturer else []
    pairs = {(row.on_date, row.pair) for row in mine if row.run.provider_id == wanted.provider_id}
    return Around(
        room=room,
        lecturer=lecturer,
        name=people.display_names([wanted.lecturer_id]).get(wanted.lecturer_id or 0, ""),
        need=need,
        week=week,
        said=facts.said([lecturer.id])[lecturer.id] if lecturer else [],
        load=_load(wanted, lecturer, pairs) if lecturer else fitting.Load(),
        is_new_pair=(wanted.on_date, wanted.pair.number) not in pairs,
    )


def _week(wanted: Wanted) -> list[ClassSession]:
    """The classes that run or lecturer have in the week, this one left out."""
    monday = monday_of(wanted.on_date)
    whose = ClassSession.run_id == wanted.run.id
    if wanted.lecturer_id:
        whose = or_(whose, ClassSession.lecturer_id == wanted.lecturer_id)
    return list(
        db.session.scalars(
            select(ClassSession)
            .options(joinedload(ClassSession.room), joinedload(ClassSession.run))
            .where(
                whose,
                ClassSession.on_date.between(monday, monday + timedelta(days=6)),
                ClassSession.state != SessionState.CANCELLED,
                ClassSession.id != (wanted.session_id or 0),
            )
            .order_by(ClassSession.starts_at)
        )
    )


def _load(wanted: Wanted, lecturer: Lecturer, pairs: set[tuple[date, int]]) -> fitting.Load:
    year = 0.0
    if lecturer.hours_a_year is not None:
        first = date(wanted.on_date.year, 1, 1)
        minutes = db.session.scalar(
            select(func.sum(ClassSession.minutes))
            .join(Run, Run.id == ClassSession.run_id)
            .where(
                ClassSession.lecturer_id == lecturer.person_id,
                Run.provider_id == wanted.provider_id,
                ClassSession.on_date.between(first, date(first.year, 12, 31)),
                ClassSession.state != SessionState.CANCELLED,
                ClassSession.id != (wanted.session_id or 0),
            )
        )
        year = to_tenths(minutes or 0, wanted.hour)
    return fitting.Load(
        lecturer.pairs_a_day, lecturer.pairs_a_week, lecturer.hours_a_year,
        that_day=sum(day == wanted.on_date for day, _ in pairs), that_week=len(pairs), that_year=year,
    )  # fmt: skip


def _plain(wanted: Wanted) -> rules.Wanted:
    left = None
    for need in queries.needs(wanted.run, wanted.hour, but=wanted.session_id):
        if need.module.id == wanted.module_id and need.kind == wanted.kind:
            left = need.left_for(wanted.part)
    return rules.Wanted(
        on_date=wanted.on_date, hours=wanted.hours, pair_hours=wanted.pair.hours, kind_left=left
    )


def _frame(wanted: Wanted, around: Around) -> rules.Frame:
    """Hours of the half that has most, for a day and for a week."""
    day = dict.fromkeys(wanted.part.halves, 0)
    week = dict(day)
    for row in around.week:
        if row.run_id != wanted.run.id:
            continue
        for half in row.part.halves:
            if half in week:
                week[half] += row.minutes
                day[half] += row.minutes if row.on_date == wanted.on_date else 0
    return rules.Frame(
        starts_on=wanted.run.starts_on,
        ends_on=wanted.run.ends_on,
        working=times.is_working_day(wanted.provider_id, wanted.on_date),
        hours_that_day=to_tenths(max(day.values()), wanted.hour),
        hours_that_week=to_tenths(max(week.values()), wanted.hour),
    )


def _own_room(wanted: Wanted) -> Room | None:
    room = db.session.get(Room, wanted.room_id) if wanted.room_id else None
    if wanted.room_id and (room is None or room.provider_id != wanted.provider_id):
        raise Refused(Refusal.of("room-unknown", field="room_id"))
    return room


def _own_lecturer(wanted: Wanted) -> Lecturer | None:
    found = facts.lecturer(wanted.provider_id, wanted.lecturer_id)
    if wanted.lecturer_id and found is None:
        raise Refused(Refusal.of("lecturer-unknown", field="lecturer_id"))
    return found


def _own_time(wanted: Wanted) -> list[rules.Taken]:
    """Who would have to be in two places: the lecturer learns then, or somebody of the group teaches then."""
    starts, ends = wanted.interval
    learning = select(Enrolment.run_id).join(Teacher, Teacher.id == Enrolment.teacher_id)
    learning = learning.where(Teacher.person_id == wanted.lecturer_id, Enrolment.state.in_(IN_GROUP))
    group = select(Teacher.person_id).join(Enrolment, Enrolment.teacher_id == Teacher.id)
    group = group.where(Enrolment.run_id == wanted.run.id, Enrolment.state.in_(IN_GROUP))
    around_it = timedelta(days=1)
    rows = db.session.scalars(
        select(ClassSession)
        .options(joinedload(ClassSession.run), joinedload(ClassSession.topic))
        .where(
            ClassSession.on_date.between(wanted.on_date - around_it, wanted.on_date + around_it),
            ClassSession.starts_at < ends,
            ClassSession.ends_at > starts,
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.id != (wanted.session_id or 0),
            or_(ClassSession.run_id.in_(learning), ClassSession.lecturer_id.in_(group)),
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()
    if not rows:
        return []
    names = people.display_names([wanted.lecturer_id, *(row.lecturer_id for row in rows)])
    learns = set(db.session.scalars(learning)) if wanted.lecturer_id else set()
    found = []
    for row in rows:
        if row.run_id in learns and row.run_id != wanted.run.id:
            name = names.get(wanted.lecturer_id or 0, "")
            found.append(occupying.named("lecturer-learns", name, row, wanted.zone))
        elif row.lecturer_id and row.lecturer_id != wanted.lecturer_id:
            found.append(occupying.named("learner-teaches", names.get(row.lecturer_id, ""), row, wanted.zone))
    return found


def _travel(wanted: Wanted, around: Around) -> list[Refusal]:
    """Whether lecturer and group get there from where they were, and on from there."""
    if around.room is None or not (known := facts.travel(wanted.provider_id)):
        return []
    starts, ends = wanted.interval
    here = fitting.Stay(around.room.site, starts, ends)
    that_day = [row for row in around.week if row.on_date == wanted.on_date]
    halves = set(wanted.part.halves)
    group = [row for row in that_day if row.run_id == wanted.run.id and halves & set(row.part.halves)]
    found = fitting.travel_refusals("group-on-the-way", wanted.run.code, here, _stays(group, wanted), known)
    if around.lecturer:
        teaching = [row for row in that_day if row.lecturer_id == wanted.lecturer_id]
        found += fitting.travel_refusals(
            "lecturer-on-the-way", around.name, here, _stays(teaching, wanted), known
        )
    return found


def _stays(rows: Iterable[ClassSession], wanted: Wanted) -> list[fitting.Stay]:
    """Where they are in the provider's own rooms; of the way to another provider nothing is known."""
    return [
        fitting.Stay(
            row.room.site if row.room and row.room.provider_id == wanted.provider_id else None,
            row.starts_at, row.ends_at, row.run.code,
        )
        for row in rows
    ]  # fmt: skip


def _order(wanted: Wanted) -> list[Refusal]:
    if wanted.module_id is None or wanted.kind not in queries.IN_CLASS:
        return []
    order = facts.orders([wanted.run.course_version_id])[wanted.run.course_version_id]
    starts, ends = wanted.interval
    is_lecture = wanted.kind is HourKind.LECTURE
    taught = _taught(wanted)
    return fitting.order_advice(wanted.module_id, is_lecture, starts, ends, order, taught)


def _taught(wanted: Wanted) -> list[fitting.Taught]:
    rows = db.session.execute(
        select(
            ClassSession.module_id,
            ClassSession.kind,
            func.min(ClassSession.starts_at),
            func.max(ClassSession.ends_at),
        )
        .join(Module, Module.id == ClassSession.module_id)
        .where(
            ClassSession.run_id == wanted.run.id,
            ClassSession.kind.in_(queries.IN_CLASS),
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.id != (wanted.session_id or 0),
        )
        .group_by(ClassSession.module_id, ClassSession.kind)
    )
    return [
        fitting.Taught(module_id, kind is HourKind.LECTURE, first, last)
        for module_id, kind, first, last in rows
    ]
