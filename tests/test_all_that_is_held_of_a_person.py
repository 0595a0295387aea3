"""Two rows of one person made one, a copy of one's data, and erasure, through every stage of the flow."""

from datetime import UTC, date, datetime, timedelta

import pytest

from retrain.attendance import service as attendance
from retrain.attendance.models import Mark, Register
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.catalogue import service as catalogue
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import OrderKind, Source
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people import holdings, privacy
from retrain.people import service as people
from retrain.people.models import Person, Teacher
from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Refused
from retrain.timetable import service as timetable
from retrain.timetable.models import ClassSession, Occupancy
from retrain.timetable.states import Resource
from tests import scenario

MONDAY = date(2026, 9, 14)


@pytest.fixture
def administrator(app):
    office = scenario.organisation("ADM", OrganisationKind.MINISTRY, "Vazirlik")
    return scenario.role(scenario.person("Boshqaruvchi"), RoleKind.ADMINISTRATOR, office)


@pytest.fixture
def country(app, clock):
    """Three teachers in a group whose first register is signed under a registered order."""
    found = scenario.country(MONDAY)
    meeting = found.timetable(*scenario.days(MONDAY, 4))[0]
    found.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    clock.set(datetime(2026, 9, 14, 9, tzinfo=UTC))
    attendance.save_marks(
        found.coordinator, meeting.id, [Marked(row.id, MarkKind.PRESENT) for row in found.enrolments]
    )
    attendance.sign(found.coordinator, meeting.id)
    return found


def test_every_column_that_points_at_a_person_is_spoken_for(app):
    pointing = {
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("person", "teacher")
    }
    spoken = [holdings.BELONGS.keys(), holdings.DID, holdings.APART]
    assert pointing == set().union(*spoken)
    assert len(pointing) == sum(map(len, spoken))


def test_what_was_earned_under_the_second_row_stays_with_the_first(country, administrator):
    gone = country.teachers[0]
    kept = scenario.teacher(50, country.college, "Karimova")
    people.merge(administrator, kept.id, gone.id, why="ikki marta kiritilgan")
    row = db.session.get(Enrolment, country.enrolments[0].id)
    assert row.teacher_id == kept.id
    copy = privacy.export_of(scenario.Actor(kept.person_id))
    assert [each["id"] for each in copy["enrolment"]] == [row.id]
    assert [each["kind"] for each in copy["mark"]] == ["present"]
    assert {each["person_id"] for each in copy["message"]} == {kept.person_id}
    assert not db.session.scalar(db.select(Message).where(Message.person_id == gone.person_id))


def test_who_did_something_then_is_not_rewritten(country, administrator):
    officer = scenario.teacher(50, country.college)
    kept = scenario.teacher(51, country.college)
    register = db.session.scalar(db.select(Register))
    signer = register.signed_by_id
    register.signed_by_id = officer.person_id
    db.session.commit()
    people.merge(administrator, kept.id, officer.id)
    assert db.session.get(Register, register.id).signed_by_id == officer.person_id != signer


def test_two_places_on_one_run_are_not_made_one(country, administrator):
    with pytest.raises(Refused) as refused:
        people.merge(administrator, country.teachers[0].id, country.teachers[1].id)
    assert [(why.code, why.facts["run"]) for why in refused.value.why] == [
        ("both-on-one-run", country.run.code)
    ]
    assert db.session.get(Person, country.teachers[1].person_id).merged_into_id is None
    assert {row.teacher_id for row in db.session.scalars(db.select(Enrolment))} == {
        each.id for each in country.teachers
    }


def test_places_on_two_runs_at_once_are_not_made_one(country, administrator, app, clock):
    clock.set(datetime(2026, 9, 7, 5, tzinfo=UTC))
    course = catalogue.quick_course(country.coordinator, country.provider.id, scenario.course_plan(), "SVA")
    plan = scenario.run_plan(MONDAY + timedelta(days=1))
    other = catalogue.open_run(country.coordinator, course.code, plan, publish=True)
    busy = scenario.teacher(50, country.college)
    enrolment.enrol(country.coordinator, other.code, busy.id, source=Source.COORDINATOR)
    page = scenario.signed_in(app, administrator).post(
        f"/staff/{country.teachers[0].id}/merge/{busy.id}?lang=en",
        data={"kept": str(country.teachers[0].id), "why": "x"},
    )
    assert page.status_code == 422
    assert f"One is on {country.run.code} and the other on {other.code}" in page.text


def lecturing(country, number: int) -> Teacher:
    """A teacher who lectures too: the third class of the week is theirs."""
    someone = scenario.teacher(number, country.college)
    timetable.add_lecturer(country.coordinator, country.provider.id, someone.person_id)
    meeting = classes()[2]
    for row in db.session.scalars(
        db.select(Occupancy).where(Occupancy.session_id == meeting.id, Occupancy.resource_kind == "lecturer")
    ):
        row.resource_id = someone.person_id
    meeting.lecturer_id = someone.person_id
    db.session.commit()
    return someone


def classes() -> list[ClassSession]:
    return list(db.session.scalars(db.select(ClassSession).order_by(ClassSession.starts_at)))


def test_a_lecturer_keeps_classes_and_hours(country, administrator):
    gone, kept = lecturing(country, 60), scenario.teacher(61, country.college)
    before = occupied(gone.person_id)
    people.merge(administrator, kept.id, gone.id)
    assert classes()[2].lecturer_id == kept.person_id
    assert occupied(kept.person_id) == before != set()
    assert occupied(gone.person_id) == set()


def test_two_classes_at_once_stop_the_merge(country, administrator):
    gone, kept = lecturing(country, 60), scenario.teacher(61, country.college)
    db.session.add_all(
        Occupancy(
            resource_kind=Resource.LECTURER, resource_id=kept.person_id, slot=slot, session_id=classes()[3].id
        )
        for slot in occupied(gone.person_id)
    )
    db.session.commit()
    with pytest.raises(Refused) as refused:
        people.merge(administrator, kept.id, gone.id)
    assert [why.code for why in refused.value.why] == ["both-teach-at-once"]


def occupied(person_id: int) -> set[int]:
    query = db.select(Occupancy.slot).where(
        Occupancy.resource_kind == "lecturer", Occupancy.resource_id == person_id
    )
    return set(db.session.scalars(query))


def test_what_the_law_keeps_is_said_before_and_after(country, administrator):
    gone = country.teachers[0]
    assert privacy.what_is_kept(gone.person_id) == ["attendance", "enrolments", "orders"]
    family = gone.person.family
    assert privacy.erase(administrator, gone.person_id) == ["attendance", "enrolments", "orders"]
    assert db.session.get(Person, gone.person_id).family == family


def test_messages_go_with_who_is_erased(country, administrator):
    gone = country.teachers[0]
    mine = db.select(db.func.count(Message.id)).where(Message.person_id == gone.person_id)
    assert db.session.scalar(mine) > 0
    privacy.erase(administrator, gone.person_id)
    assert db.session.scalar(mine) == 0


def test_who_only_works_somewhere_is_forgotten_whole(country, administrator):
    idle = scenario.teacher(70, country.college, "Unutilgan")
    assert privacy.erase(administrator, idle.person_id) == []
    assert "Unutilgan" not in db.session.get(Person, idle.person_id).full_name


def test_a_lecturer_stays_in_the_registers(country):
    assert privacy.what_is_kept(country.lecturer.person_id) == ["teaching"]


def test_marks_are_in_the_copy(country):
    copy = privacy.export_of(scenario.Actor(country.teachers[1].person_id))
    assert [mark["id"] for mark in copy["mark"]] == [
        db.session.scalar(db.select(Mark.id).where(Mark.enrolment_id == country.enrolments[1].id))
    ]
    assert [row["run_id"] for row in copy["enrolment"]] == [country.run.id]
