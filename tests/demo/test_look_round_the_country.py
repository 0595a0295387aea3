"""What the demo country promises is in it, and holds by the program's own rules."""

import json
import stat
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from retrain.attendance import queries as attendance
from retrain.attendance.models import Mark, Register
from retrain.attendance.rules import Membership
from retrain.attendance.states import CLOSED
from retrain.audit.verify import verify
from retrain.calendar.slots import slots
from retrain.catalogue import queries as catalogue
from retrain.catalogue import rules as catalogue_rules
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import DocumentType, RunState
from retrain.certificates import freezing
from retrain.certificates.frozen import from_dict
from retrain.certificates.models import Certificate, NumberCounter
from retrain.certificates.paper import blank_queries
from retrain.certificates.states import ActState, CertificateState
from retrain.completion import queries as completion
from retrain.completion import service as closing
from retrain.demo.country import PASSWORD
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import HOLDS_PLACE, OPEN, State, may_move
from retrain.extensions import db
from retrain.language.keys import search_key, sort_key
from retrain.orders.models import OfficialOrder
from retrain.people import pinfl, settings
from retrain.people import queries as people
from retrain.people.models import Organisation, Person, PersonName, Setting, Teacher
from retrain.people.states import OrganisationKind, RoleKind, Script
from retrain.timetable import placing, times
from retrain.timetable import queries as timetable
from retrain.timetable import rules as timetable_rules
from retrain.timetable.models import ClassSession, Lecturer, Occupancy, Room
from retrain.timetable.states import Resource, SessionState
from tests.demo.conftest import SEED, TODAY

FOUR = {"uz", "uz-Cyrl", "ru", "en"}
OVER = (RunState.FINISHED, RunState.ARCHIVED)


def runs() -> list[Run]:
    return [catalogue.run(code) for code in db.session.scalars(select(Run.code).order_by(Run.code))]


def test_it_has_what_was_promised(country: Flask) -> None:
    organisations = db.session.scalars(select(Organisation)).all()
    kinds = Counter(row.kind for row in organisations)
    assert kinds[OrganisationKind.COLLEGE] == 60
    assert {row.code for row in organisations if row.is_provider and row.code[0] == "U"} == {
        "U-TK", "U-SA", "U-BU", "U-FA", "U-NG", "U-XO"
    }  # fmt: skip
    assert kinds[OrganisationKind.REGIONAL_CENTRE] == 2
    assert len({row.region for row in organisations if row.kind is OrganisationKind.COLLEGE}) == 14
    assert db.session.scalar(select(func.count(Course.id))) == 40
    versions = db.session.scalars(select(CourseVersion)).all()
    assert {frozenset(version.titles) for version in versions} == {frozenset(FOUR)}
    assert {version.hours for version in versions} == {36, 72, 144, 288, 576}
    found = runs()
    assert len(found) == 68
    assert {run.state for run in found} == set(RunState)
    assert {run.starts_on < TODAY - timedelta(days=300) for run in found} == {True, False}
    assert db.session.scalar(select(func.count(Teacher.id))) == 3000
    assert db.session.scalar(select(func.count(Person.id)).where(Person.is_demo.is_(False))) == 0


def test_everybody_has_a_name_in_both_scripts_and_a_number_that_fits(country: Flask) -> None:
    scripts = defaultdict(set)
    for number, script in db.session.execute(select(PersonName.person_id, PersonName.script)):
        scripts[number].add(script)
    assert all(found == set(Script) for found in scripts.values())
    assert len(scripts) == db.session.scalar(select(func.count(Person.id)))
    with_number = [row for row in db.session.scalars(select(Teacher)) if row.pinfl]
    assert len(with_number) >= 2999
    for teacher in with_number:
        read = pinfl.parse(teacher.pinfl or "")
        assert (read.birth_date, read.sex) == (teacher.birth_date, teacher.sex)


def test_people_are_found_and_sorted_as_the_program_itself_would_have_them(country: Flask) -> None:
    for person in db.session.scalars(select(Person).order_by(Person.id).limit(400)):
        every = [person.full_name, *(f"{row.family} {row.given} {row.patronymic}" for row in person.names)]
        assert set(person.search_key.split(" | ")) == set(map(search_key, every))
        assert person.sort_key == sort_key(person.full_name)


def test_courses_could_be_published_as_they_are(country: Flask) -> None:
    for version in db.session.scalars(select(CourseVersion)):
        assert catalogue_rules.publishing_refusals(catalogue.plan_of(version)) == []


def test_places_taken_are_places_held(country: Flask) -> None:
    for run in runs():
        rows = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id)).all()
        assert run.taken == sum(row.state in HOLDS_PLACE for row in rows), run.code
        assert run.waiting_seq == max((row.position or 0 for row in rows), default=0), run.code
        waits = [row for row in rows if row.state is State.WAITLISTED]
        assert not waits or run.taken == run.places, run.code


def test_nobody_is_at_two_places_at_once(country: Flask) -> None:
    held = defaultdict(list)
    busy = select(Enrolment.teacher_id, Run.starts_on, Run.ends_on).join(Run, Run.id == Enrolment.run_id)
    for number, first, last in db.session.execute(busy.where(Enrolment.state.in_(OPEN))):
        held[number].append((first, last))
    clashes = [
        number
        for number, times_of in held.items()
        for one, other in combinations(times_of, 2)
        if one[0] <= other[1] and other[0] <= one[1]
    ]
    assert clashes == []


def test_states_moved_as_they_may(country: Flask) -> None:
    changes = db.session.scalars(select(EnrolmentChange)).all()
    assert changes
    assert [row.id for row in changes if not may_move(row.before, row.after)] == []


def test_what_occupies_time_is_exactly_the_classes_not_cancelled(country: Flask) -> None:
    wanted = set()
    for meeting in db.session.scalars(select(ClassSession)):
        if meeting.state is SessionState.CANCELLED:
            continue
        holders = (
            *((Resource(half.value), meeting.run_id) for half in meeting.part.halves),
            (Resource.LECTURER, meeting.lecturer_id),
            (Resource.ROOM, meeting.room_id),
        )
        wanted |= {
            (kind, number, slot, meeting.id)
            for kind, number in holders
            if number is not None
            for slot in slots(meeting.starts_at, meeting.ends_at)
        }
    columns = (Occupancy.resource_kind, Occupancy.resource_id, Occupancy.slot, Occupancy.session_id)
    assert {tuple(row) for row in db.session.execute(select(*columns))} == wanted


def test_classes_stand_where_the_rules_let_them(country: Flask) -> None:
    with country.test_request_context():  # where settings are read once
        _check_classes()


def _check_classes() -> None:
    capacities = {row.id: row.capacity for row in db.session.scalars(select(Room))}
    works, bells = cache(times.is_working_day), cache(times.bells)
    for run in runs():
        by_day: Counter[object] = Counter()
        by_week: Counter[object] = Counter()
        hour = settings.get(run.provider_id, "academic_hour")
        for meeting in timetable.sessions(run.id):
            day = meeting.on_date
            assert run.starts_on <= day <= run.ends_on, (run.code, day)
            assert works(run.provider_id, day), (run.code, day)
            interval = bells(run.provider_id, day).interval(
                meeting.pair, day, people.zone_of(run.provider_id)
            )
            assert interval == (meeting.starts_at, meeting.ends_at), (run.code, day)
            assert capacities.get(meeting.room_id, 1000) >= run.places
            by_day[day] += meeting.minutes
            by_week[day.isocalendar()[:2]] += meeting.minutes
        assert max(by_day.values(), default=0) <= timetable_rules.MOST_HOURS_A_DAY * hour, run.code
        assert max(by_week.values(), default=0) <= timetable_rules.MOST_HOURS_A_WEEK * hour, run.code
        if by_day:
            assert [need for need in timetable.needs(run, hour) if need.left] == [], run.code


def test_a_class_could_be_put_where_it_stands(country: Flask) -> None:
    rows = db.session.scalars(
        select(ClassSession).where(ClassSession.state != SessionState.CANCELLED).order_by(ClassSession.id)
    ).all()
    with country.test_request_context():
        found = {row.id: placing.refusals(placing.of_session(row)) for row in rows[::40]}
    assert {number: why for number, why in found.items() if why} == {}


def test_registers_are_whole_where_they_are_signed(country: Flask) -> None:
    marked = defaultdict(set)
    for number, enrolment in db.session.execute(select(Mark.register_id, Mark.enrolment_id)):
        marked[number].add(enrolment)
    members: dict[int, list[Membership]] = {}  # the demo splits no group
    signed = 0
    rows = select(Register, ClassSession).join(ClassSession, ClassSession.id == Register.session_id)
    for register, meeting in db.session.execute(rows):
        assert meeting.on_date < TODAY
        if register.state in CLOSED:
            signed += 1
            if meeting.run_id not in members:
                members[meeting.run_id] = attendance.memberships(meeting)
            due = {row.enrolment_id for row in members[meeting.run_id] if row.covers(meeting.on_date)}
            assert marked[register.id] == due, (meeting.run.code, meeting.on_date)
    assert signed > 1000
    over = [run for run in runs() if run.state in OVER]
    assert attendance.unsigned([run.id for run in over], TODAY) == {}


def test_decisions_come_out_the_same_when_made_again(country: Flask) -> None:
    outcomes: Counter[str] = Counter()
    for run in runs():
        if run.state not in OVER:
            assert completion.decisions(run.id) == {}
            continue
        for member, outcome, conditions in closing.preview(run):
            assert member.decision is not None, (run.code, member.name)
            assert member.decision.outcome is outcome, (run.code, member.name)
            codes = [(row["code"], row["held"]) for row in member.decision.reasons]
            assert codes == [(row.code, row.held) for row in conditions]
            outcomes[outcome] += 1
    assert outcomes["completed"] > 300
    assert outcomes["not_completed"] > 10


def test_orders_have_numbers_and_name_their_people(country: Flask) -> None:
    rows = [row for row in db.session.scalars(select(OfficialOrder)) if row.state == "registered"]
    assert len(rows) > 40
    for row in rows:
        assert row.number
        assert row.facts["members" if row.kind == "commission" else "people"], row.id
    assert [row for row in rows if row.effective_on < row.registered_on and row.kind == "enrolment"]


def test_documents_are_numbered_without_gaps_and_frozen(country: Flask) -> None:
    books = defaultdict(list)
    for row in db.session.scalars(select(Certificate)):
        books[row.provider_id, row.series, row.year].append(row.number)
        assert row.digest == freezing.digest(row.frozen)
        assert from_dict(row.frozen["document"]).number == row.number
    counters = {
        (row.provider_id, row.series, row.year): row.next_number
        for row in db.session.scalars(select(NumberCounter))
    }
    assert {book: sorted(numbers) for book, numbers in books.items()} == {
        book: list(range(1, following)) for book, following in counters.items()
    }


def test_every_sheet_of_numbered_paper_is_accounted_for(country: Flask) -> None:
    provider = people.organisation("U-TK")
    balances = blank_queries.balances(provider.id)
    assert set(balances) == set(DocumentType)
    for balance in balances.values():
        assert balance.adds_up
        assert balance.at_hand
    printed = balances[DocumentType.ADVANCED_TRAINING_CERTIFICATE]
    assert printed.used
    assert printed.spoiled == printed.lost == 2
    states = {act.state: blanks for act, blanks in blank_queries.acts(provider.id)}
    assert states == {ActState.DRAFT: 1, ActState.SIGNED: 1}


def test_every_state_of_a_document_is_found_on_the_public_page(country: Flask) -> None:
    client = country.test_client()
    for state, status in {
        CertificateState.ISSUED: "valid", CertificateState.HANDED_OVER: "valid",
        CertificateState.REPLACED: "replaced", CertificateState.REVOKED: "revoked",
    }.items():  # fmt: skip
        row = db.session.scalars(select(Certificate).where(Certificate.state == state)).first()
        assert row is not None, state
        answer = client.get(f"/verify/{row.token}.json")
        assert answer.status_code == 200
        assert answer.get_json()["status"] == status
        assert client.get(f"/verify/{row.token}").status_code == 200


def test_the_trail_is_whole(country: Flask) -> None:
    report = verify()
    assert report.problems == []
    assert report.entries > 10_000


def test_awkward_cases_are_where_they_are_said_to_be(country: Flask) -> None:
    moved = teacher("moved")
    assert [row.organisation.code for row in moved.employments] == ["BU-01", "SA-03"]
    assert {row.family for row in moved.person.names if row.script is Script.LATIN} == {
        "Karimova",
        "Rustamova",
    }
    documents = select(Certificate).join(Enrolment).where(Enrolment.teacher_id == moved.id)
    old, new = db.session.scalars(documents.order_by(Certificate.id)).all()
    assert old.replaced_by_id == new.id
    assert "Karimova" in old.frozen["public"]["name"]
    assert "Rustamova" in new.frozen["public"]["name"]
    tries = select(Enrolment).where(Enrolment.teacher_id == teacher("again").id).order_by(Enrolment.attempt)
    first, second = db.session.scalars(tries).all()
    assert (first.state, second.state) == (State.NOT_COMPLETED, State.ENROLLED)
    assert (second.attempt, second.repeat_of_id) == (2, first.id)
    assert len(teacher("long-name").person.full_name) == 120
    assert (teacher("kazakhstan").pinfl, teacher("kazakhstan").document_country) == (None, "KZ")
    shared = db.session.scalars(
        select(Person).where(Person.contact_email == "qabulxona.bu-02@example.uz")
    ).all()
    assert len(shared) == 6
    assert {row.email for row in shared} == {None}
    for row in shared:  # nobody signs in with an address that is nobody's own
        signing_in = {"login": row.contact_email, "password": PASSWORD}
        assert country.test_client().post("/sign-in", data=signing_in).status_code != 303
    two = select(Lecturer.provider_id).join(Person, Person.id == Lecturer.person_id)
    assert len(db.session.scalars(two.where(Person.email == "lecturer2.u-tk@example.uz")).all()) == 2
    saturdays = select(ClassSession.id).join(Run).where(Run.code == "AV-003")
    worked = [
        day
        for day in db.session.scalars(saturdays.with_only_columns(ClassSession.on_date))
        if day.weekday() == 5
    ]
    assert worked


def test_a_college_has_another_name_since_half_a_year(country: Flask) -> None:
    renamed = db.session.scalars(select(Organisation).where(Organisation.code == "NG-29")).one()
    before, now = renamed.names
    assert before.valid_from < now.valid_from < TODAY
    assert people.organisation_name(renamed.id, before.valid_from, "uz") == before.names["uz"]
    assert people.organisation_name(renamed.id, TODAY, "uz") == now.names["uz"] != before.names["uz"]


def test_one_order_came_when_the_classes_had_begun(country: Flask) -> None:
    late = select(OfficialOrder, Run).join(Run, Run.id == OfficialOrder.run_id)
    order, run = db.session.execute(
        late.where(OfficialOrder.kind == "enrolment", OfficialOrder.registered_on > Run.starts_on)
    ).one()
    assert (run.state, order.effective_on) == (RunState.RUNNING, run.starts_on)


def teacher(login: str) -> Teacher:
    found = select(Teacher).join(Person, Person.id == Teacher.person_id)
    return db.session.scalars(found.where(Person.email == f"{login}@example.uz")).one()


def test_sign_ins_are_written_where_only_the_owner_reads_them(
    country: Flask, accounts: dict[str, dict[str, str]]
) -> None:
    path = Path(country.config["RETRAIN"].instance) / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["url"] == country.config["RETRAIN"].public_url
    assert accounts.keys() == set(RoleKind)
    marked = db.session.scalar(select(Setting.value).where(Setting.key == "demo"))
    assert marked == {"today": TODAY.isoformat(), "seed": SEED}


@pytest.mark.parametrize("role", [*RoleKind])
def test_each_account_signs_in(country: Flask, accounts: dict[str, dict[str, str]], role: str) -> None:
    client = country.test_client()
    sign_in = {"login": accounts[role]["email"], "password": accounts[role]["password"]}
    assert client.post("/sign-in", data=sign_in).status_code == 303
    assert client.get("/", follow_redirects=True).status_code == 200
