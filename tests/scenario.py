"""A small country for tests of the later stages: one provider, one college, a run with a group.

Made through the use cases where they exist, so that what the tests stand on is what the program makes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue import defaults
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.states import CourseKind, HourKind, StudyForm
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.language.keys import fold_key, search_key, sort_key
from retrain.orders import service as order_service
from retrain.orders.registering import Registration
from retrain.orders.states import OrderKind
from retrain.people import accounts, pinfl
from retrain.people.models import Employment, Organisation, OrganisationName, Person, Role, Setting, Teacher
from retrain.people.states import OrganisationKind, RoleKind
from retrain.timetable import queries as timetable_queries
from retrain.timetable import service as timetable
from retrain.timetable.models import ClassSession, Room
from retrain.timetable.service import Place
from tests.harness.frozen import FrozenClock

LONG_AGO = date(2020, 1, 1)


def organisation(code: str, kind: OrganisationKind, name: str, *, region: str = "UZ-TK") -> Organisation:
    """An organisation with one name."""
    provider = kind in (OrganisationKind.UNIVERSITY, OrganisationKind.REGIONAL_CENTRE)
    row = Organisation(code=code, kind=kind, region=region, is_provider=provider, created_at=clock.now())
    names = {"uz": name}
    row.names = [
        OrganisationName(
            valid_from=LONG_AGO,
            names=names,
            search_key=f"|{search_key(name)}|",
            fold_key=f"|{fold_key(name)}|",
            sort_key=sort_key(name),
        )
    ]
    db.session.add(row)
    db.session.commit()
    return row


def person(family: str, given: str = "Aziza", email: str | None = None, **values: Any) -> Person:
    """Somebody with a name, and an e-mail to sign in with when one is given."""
    name = f"{family} {given}"
    row = Person(
        family=family, given=given, email=email, sort_key=sort_key(name), search_key=search_key(name),
        created_at=clock.now(), activated_at=clock.now(), **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def role(of: Person, kind: RoleKind, at: Organisation) -> Actor:
    """Gives a person a role; the actor they are in it."""
    row = Role(person_id=of.id, kind=kind, organisation_id=at.id, since=LONG_AGO)
    db.session.add(row)
    db.session.commit()
    return Actor(of.id, kind.value, at.id, row.id, region=at.region)


def teacher(number: int, college: Organisation, family: str | None = None) -> Teacher:
    """A teacher employed by the college, with a valid invented PINFL."""
    born = date(1980, 1, 1) + timedelta(days=number)
    row = Teacher(
        person_id=person(family or f"Karimova{number:03d}").id,
        pinfl=pinfl.make(born, pinfl.Sex.FEMALE, 123, number % 1000),
        birth_date=born,
        created_at=clock.now(),
    )
    row.employments = [Employment(organisation_id=college.id, post="o‘qituvchi", since=LONG_AGO)]
    db.session.add(row)
    db.session.commit()
    return row


@dataclass
class Country:
    """What the tests act on."""

    provider: Organisation
    college: Organisation
    coordinator: Actor
    lecturer: Actor
    hr_officer: Actor
    college_hr: Actor
    run: Run
    rooms: list[Room] = field(default_factory=list)
    sessions: list[ClassSession] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)

    @property
    def topics(self) -> list[int]:
        """Topic ids of the plan: a lecture and a practical."""
        return [topic.id for module in timetable_queries.modules(self.run) for topic in module.topics]

    def place(self, on: date, pair: int = 1, topic: int = 0, room: int | None = 0, hours: float = 2) -> Place:
        """A place in the week for the run's lecturer."""
        room_id = self.rooms[room].id if room is not None else None
        return Place(self.topics[topic], on, pair, room_id, self.lecturer.person_id, hours)

    def timetable(self, *days: date) -> list[ClassSession]:
        """Classes on the first pair of each day, lectures first, published."""
        found = [
            timetable.add_session(self.coordinator, self.run.code, self.place(day, topic=min(number // 2, 1)))
            for number, day in enumerate(days)
        ]
        timetable.publish_timetable(self.coordinator, self.run.code)
        return found

    def register_order(self, kind: OrderKind, number: str, on: date) -> None:
        """An order drafted, registered today and effective from a day."""
        order_service.draft_order(self.coordinator, self.run.code, kind)
        typed = Registration(number, clock.today(), on, signer_name="A. Rahimov", signer_post="rektor")
        order_service.register_order(self.coordinator, self.run.code, kind, typed)


def course_plan() -> CoursePlan:
    """Eight hours: four of lectures, four of practicals."""
    kind = CourseKind.ADVANCED_TRAINING
    topics = (
        TopicPlan({"uz": "Kirish"}, HourKind.LECTURE, 4),
        TopicPlan({"uz": "Amaliy ish"}, HourKind.PRACTICAL, 4),
    )
    return CoursePlan(
        kind=kind,
        titles={"uz": "Payvandlash asoslari", "en": "Welding basics"},
        languages=("uz",),
        form=StudyForm.IN_PERSON,
        document_type=defaults.document(kind),
        policy=defaults.policy(kind) | {"max_unexcused_hours": 4},
        modules=(ModulePlan({"uz": "Birinchi modul"}, {}, topics),),
    )


def run_plan(starts: date, places: int = 10, **values: Any) -> RunPlan:
    """A run of one week from *starts*, open for enrolment now."""
    plain: dict[str, Any] = {
        "starts_on": starts, "ends_on": starts + timedelta(days=5), "places": places,
        "enrolment_opens": clock.now() - timedelta(days=1),
        "enrolment_closes": datetime.combine(starts, datetime.min.time(), UTC) - timedelta(hours=12),
        "language": "uz", "form": StudyForm.IN_PERSON, "region": "UZ-TK", "group_name": "P-1",
    }  # fmt: skip
    return RunPlan(**(plain | values))


def country(starts: date, people: int = 3, places: int = 10) -> Country:
    """A provider with a published run starting on *starts*, and a college whose teachers have places on it."""
    provider = organisation("TDTU", OrganisationKind.UNIVERSITY, "Texnika universiteti")
    college = organisation("TK-01", OrganisationKind.COLLEGE, "Toshkent texnikumi")
    coordinator = role(person("Rahimov", "Aziz"), RoleKind.COORDINATOR, provider)
    lecturer = role(person("Nodirov", "Bek"), RoleKind.LECTURER, provider)
    found = Country(
        provider=provider,
        college=college,
        coordinator=coordinator,
        lecturer=lecturer,
        hr_officer=role(person("Olimova", "Nargiza"), RoleKind.HR_OFFICER, provider),
        college_hr=role(person("Saidov", "Olim"), RoleKind.COLLEGE_HR, college),
        run=_open_run(coordinator, provider, starts, places),
    )
    db.session.add(
        Setting(
            organisation_id=provider.id, key="signatories", valid_from=LONG_AGO,
            value=[{"post": "Rektor", "name": "A. Rahimov"}], created_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    timetable.add_lecturer(coordinator, provider.id, lecturer.person_id or 0)
    found.rooms = [timetable.add_room(coordinator, provider.id, f"{name}", 30) for name in (101, 102)]
    found.teachers = [teacher(number, college) for number in range(1, people + 1)]
    found.enrolments = [
        enrolment.enrol(coordinator, found.run.code, one.id, source=Source.COORDINATOR)
        for one in found.teachers
    ]
    return found


def beginning(_clock: object, starts: date, people: int = 3, places: int = 10) -> Country:
    """The country as ``made_once`` asks for it."""
    return country(starts, people, places)


def first_week(clock: FrozenClock, starts: date) -> Country:
    """The country with a week of classes, on the morning of its first day."""
    found = country(starts)
    found.sessions = found.timetable(*days(starts, 4))
    clock.set(datetime.combine(starts, time(5), UTC))
    return found


def _open_run(coordinator: Actor, provider: Organisation, starts: date, places: int) -> Run:
    course = catalogue.quick_course(coordinator, provider.id, course_plan(), "PAY")
    return catalogue.open_run(coordinator, course.code, run_plan(starts, places), publish=True)


def signed_in(app: Flask, actor: Actor) -> Any:
    """A test client that this actor's person is signed in with."""
    token = accounts.open_session(actor.person_id or 0, accounts.Browser("127.0.0.1"))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def days(first: date, count: int) -> Sequence[date]:
    """*count* days in a row."""
    return [first + timedelta(days=number) for number in range(count)]
