"""Two rows of one person made one, a copy of one's data, and erasure, through every stage of the flow."""

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import retrain
from retrain import files
from retrain.attendance import service as attendance
from retrain.attendance.models import Mark, MarkChange, Register
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.audit import SYSTEM
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.enrolment import letters
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people import holdings, privacy, privacy_wording
from retrain.people import service as people
from retrain.people.handlers import tidy_up
from retrain.people.models import Person, RosterBatch, Setting, Teacher
from retrain.people.privacy_erasing import erase
from retrain.people.privacy_keeping import what_is_kept
from retrain.people.privacy_rules import Kept
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


def signed_register(clock):
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


@pytest.fixture
def country(made_once, clock):
    return made_once(signed_register)


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


def test_every_row_that_hangs_on_what_is_a_persons_own_is_spoken_for(app):
    own = {link.table for link in holdings.BELONGS if holdings.is_plain(link)}
    pointing: set = set()
    while True:
        found = {
            column
            for table in db.metadata.sorted_tables
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table in own
        }
        if found == pointing:
            break
        pointing = found
        own |= {column.table for column in found}
    assert pointing - holdings.APART == holdings.HANGS.keys() | holdings.BESIDE
    assert not holdings.HANGS.keys() & holdings.BESIDE


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
    before = what_is_kept(gone.person_id)
    assert [(each.code, each.until, each.named) for each in before] == [
        ("attendance", date(2031, 9, 14), True),
        ("enrolments", date(2101, 9, 7), False),
        ("orders", date(2101, 9, 7), False),
        ("place", country.run.ends_on, True),
    ]
    assert erase(administrator, gone.person_id) == [each.code for each in before]
    logged = Kept("audit")  # that they were erased, and by whom
    assert what_is_kept(gone.person_id) == sorted([logged, *before], key=lambda each: each.code)


def test_the_name_stays_as_long_as_a_register_needs_it_and_nothing_else_does(country, administrator, clock):
    gone = country.teachers[0]
    person, family = gone.person, gone.person.family
    erase(administrator, person.id)
    assert (person.family, person.email, person.contact_phone) == (family, None, None)
    row = db.session.get(Teacher, gone.id)
    assert (row.pinfl, row.birth_date, row.document_number) == (None, None, f"erased-{gone.id}")
    assert row.employments == []
    assert row.specialities == []
    clock.set(datetime(2031, 9, 14, 9, tzinfo=UTC))
    country_closes(country)
    tidy_up()
    assert db.session.get(Person, person.id).family == family
    clock.advance(days=1)
    tidy_up()
    assert family not in db.session.get(Person, person.id).full_name
    assert db.session.get(Person, person.id).search_key == ""
    order = db.session.scalars(db.select(OfficialOrder)).one()
    assert family in str(order.facts)
    assert [each.code for each in what_is_kept(person.id)] == ["audit", "enrolments", "orders"]


def country_closes(country) -> None:
    """The group is over: nobody has a place that is still to be decided on."""
    for row in db.session.scalars(db.select(Enrolment)):
        row.state, row.until = State.WITHDRAWN, country.run.ends_on
    db.session.commit()


def test_an_application_that_came_to_no_order_goes_and_its_place_passes_on(country, administrator, clock):
    clock.set(datetime(2026, 9, 7, 5, tzinfo=UTC))
    course = catalogue.quick_course(country.coordinator, country.provider.id, scenario.course_plan(), "SVA")
    plan = scenario.run_plan(MONDAY + timedelta(days=60), places=1)
    other = catalogue.open_run(country.coordinator, course.code, plan, publish=True)
    first, second, third = (scenario.teacher(80 + number, country.college) for number in range(3))
    rows = [
        enrolment.enrol(country.coordinator, other.code, each.id, source=Source.COORDINATOR)
        for each in (first, second, third)
    ]
    numbers = [row.id for row in rows]
    assert [row.state for row in rows] == [State.ENROLLED, State.WAITLISTED, State.WAITLISTED]
    assert erase(administrator, second.person_id) == []
    assert db.session.get(Enrolment, numbers[1]) is None
    erase(administrator, first.person_id)
    assert db.session.get(Enrolment, numbers[0]) is None
    # The run offers freed places, as runs do where nobody said otherwise; the offer holds the place.
    assert db.session.get(Enrolment, numbers[2]).state is State.OFFERED
    assert db.session.get(Run, other.id).taken == 1


def test_rosters_lose_the_line_of_who_is_erased(country, administrator):
    gone = country.teachers[0]
    text = f"JSHSHIR;F.I.Sh.;Texnikum\n{gone.pinfl};{gone.person.full_name};{country.college.code}\n"
    text += f"1;{gone.person.full_name};X\n2;Boshqa Odam;X\n"
    batch = people.apply_roster(SYSTEM, text.encode(), "royxat.csv")
    place = files.path(batch.stored_file_id)
    os.utime(place, (0, 0))  # bytes that only just came are left for whoever is about to name them
    assert [row["name"] for row in batch.refused] == [gone.person.full_name, "Boshqa Odam"]
    erase(administrator, gone.person_id)
    batch = db.session.get(RosterBatch, batch.id)
    assert [row["name"] for row in batch.refused] == ["", "Boshqa Odam"]
    assert [row["why"] for row in batch.refused] != [[], []]
    assert batch.stored_file_id is None
    assert not place.exists()


def test_long_work_is_forgotten_with_who_wanted_it_and_after_a_while(country, administrator, clock):
    def job(actor) -> int:
        row = Job(
            kind="roster.apply", payload={"batch": 1}, state=JobState.DONE, wanted_by_id=actor.person_id, actor={},
            not_before=clock.moment, created_at=clock.moment, finished_at=clock.moment,
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
        return row.id

    mine, other = job(country.college_hr), job(country.coordinator)
    erase(administrator, country.college_hr.person_id)
    assert (db.session.get(Job, mine), db.session.get(Job, other) is None) == (None, False)
    clock.advance(days=179)
    tidy_up()
    assert db.session.get(Job, other) is not None
    clock.advance(days=2)
    tidy_up()
    db.session.expire_all()
    assert db.session.get(Job, other) is None


def test_an_entry_merged_into_who_is_erased_goes_with_them(country, administrator):
    gone, kept = scenario.teacher(90, country.college, "Eskiyeva"), country.teachers[0]
    people.merge(administrator, kept.id, gone.id)
    erase(administrator, kept.person_id)
    assert "Eskiyeva" not in db.session.get(Person, gone.person_id).full_name


def test_who_signed_an_order_is_nameless_but_in_the_order(country, administrator):
    order = db.session.scalars(db.select(OfficialOrder)).one()
    rector = scenario.person("Rahimov", "Akmal")
    order.signer_id = rector.id
    db.session.commit()
    assert [(each.code, each.named) for each in what_is_kept(rector.id)] == [("orders", False)]
    erase(administrator, rector.id)
    assert "Rahimov" not in db.session.get(Person, rector.id).full_name
    assert "Rahimov" in db.session.get(OfficialOrder, order.id).signer_name


def test_messages_go_with_who_is_erased(country, administrator):
    gone = country.teachers[0]
    mine = db.select(db.func.count(Message.id)).where(Message.person_id == gone.person_id)
    assert db.session.scalar(mine) > 0
    erase(administrator, gone.person_id)
    assert db.session.scalar(mine) == 0


def test_the_name_in_messages_to_others_goes_with_the_messages(country, administrator, clock):
    writer, deputy = country.coordinator, scenario.person("O‘rinbosar", email="deputy@example.uz")
    people_of = [each.person_id for each in country.teachers]
    letters.write(writer, country.run.code, people_of, "Ertaga", "Soat to‘qqizda", "one")
    people.delegate_role(writer, writer.role_id, deputy.email, clock.moment.date(), clock.moment.date())
    name = db.session.get(Person, writer.person_id).family
    told = [row.kind for row in db.session.scalars(db.select(Message)) if name in str(row.facts)]
    assert set(told) == {"message.written", "people.role_delegated"}
    assert Kept("messages", date(2028, 9, 13)) in what_is_kept(writer.person_id)
    assert "messages" in erase(administrator, writer.person_id)
    clock.advance(days=731)
    for row in db.session.scalars(db.select(Message)):
        row.expanded_at = clock.moment
    db.session.commit()
    tidy_up()
    assert [row for row in db.session.scalars(db.select(Message)) if name in str(row.facts)] == []
    assert "messages" not in {each.code for each in what_is_kept(writer.person_id)}


def test_a_mark_stays_without_the_reason_beside_it(country, administrator):
    gone, stays = country.enrolments[:2]
    meeting = db.session.scalars(db.select(ClassSession).order_by(ClassSession.starts_at)).first()
    for row in (gone, stays):
        excused = Marked(row.id, MarkKind.EXCUSED, 0, "tibbiy ma’lumotnoma 14")
        attendance.correct(country.coordinator, meeting.id, excused, "Onasi ma’lumotnoma olib keldi")
    erase(administrator, country.teachers[0].person_id)
    marks = {row.enrolment_id: row for row in db.session.scalars(db.select(Mark))}
    assert (marks[gone.id].kind, marks[gone.id].reason) == (MarkKind.EXCUSED, "—")
    assert marks[stays.id].reason == "tibbiy ma’lumotnoma 14"
    whys = db.session.execute(db.select(MarkChange.mark_id, MarkChange.why)).all()
    assert dict(whys) == {marks[gone.id].id: "—", marks[stays.id].id: "Onasi ma’lumotnoma olib keldi"}


def test_who_signs_for_an_organisation_stays_among_its_signatories(country, administrator):
    rector, other = scenario.person("Rahimov", "Akmal"), scenario.person("Rahimov", "Bek")
    scenario.role(rector, RoleKind.SIGNATORY, country.provider)
    assert [each.code for each in what_is_kept(rector.id)] == ["signatory"]
    assert what_is_kept(other.id) == [], "a name alone makes nobody a signatory"
    assert erase(administrator, rector.id) == ["signatory"]
    assert "Rahimov" not in db.session.get(Person, rector.id).full_name
    setting = db.session.scalars(db.select(Setting).where(Setting.key == "signatories")).one()
    assert setting.value[0]["name"] == "A. Rahimov"


def test_all_that_may_stay_has_words():
    codes = set()
    for room in Path(retrain.__file__).parent.glob("*/**/*.py"):
        codes.update(re.findall(r"Kept\(\s*\"([a-z]+)\"", room.read_text()))
    assert codes <= set(privacy_wording.KEPT)


def test_who_only_works_somewhere_is_forgotten_whole(country, administrator):
    idle = scenario.teacher(70, country.college, "Unutilgan")
    erase(administrator, idle.person_id)
    assert "Unutilgan" not in db.session.get(Person, idle.person_id).full_name


def test_a_lecturer_stays_in_the_registers(country):
    kept = {each.code: each for each in what_is_kept(country.lecturer.person_id)}
    assert kept["teaching"].named
    assert kept["teaching"].until == date(2031, 9, 17)


def test_marks_are_in_the_copy(country):
    copy = privacy.export_of(scenario.Actor(country.teachers[1].person_id))
    assert [mark["id"] for mark in copy["mark"]] == [
        db.session.scalar(db.select(Mark.id).where(Mark.enrolment_id == country.enrolments[1].id))
    ]
    assert [row["run_id"] for row in copy["enrolment"]] == [country.run.id]


def test_what_hangs_on_ones_own_rows_is_in_the_copy_and_nobody_elses(country):
    copy = privacy.export_of(scenario.Actor(country.teachers[1].person_id))
    mine = country.enrolments[1].id
    assert {link.table.name for link in holdings.HANGS} <= copy.keys()
    assert {row["enrolment_id"] for row in copy["mark"]} == {mine}
    assert {row["message_id"] for row in copy["delivery"]} <= {row["id"] for row in copy["message"]}
    (order,) = copy["official_order"]
    assert [line["enrolment"] for line in order["lines"]] == [mine]
