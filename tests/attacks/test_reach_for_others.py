"""Numbers and codes of others, typed where one's own belong: in addresses, in forms, in lists, in nested ones.

Each is tried by somebody who holds the very role for it elsewhere. Nothing may change and nobody be named.
"""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from retrain import files, jobs
from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.completion import service as completion
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.messages import service as messages
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people.models import AccountSession, Role, Setting
from retrain.people.states import OrganisationKind, RoleKind
from retrain.timetable import service as timetable
from tests import scenario

MONDAY = date(2026, 9, 14)


def first_week(clock):
    """A run in its first week with an order, registers and an assessment."""
    country = scenario.country(MONDAY)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    country.final = completion.add_assessment(
        country.coordinator, country.run.code, {"uz": "Sinov"}, AssessmentKind.FINAL, 56
    )
    country.order = db.session.scalars(db.select(OfficialOrder)).one()
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    return country


@pytest.fixture
def theirs(made_once, clock):
    return made_once(first_week)


@pytest.fixture
def ours(theirs, clock):
    """Another university with a run of its own, and another college."""
    provider = scenario.organisation(
        "SDU", OrganisationKind.UNIVERSITY, "Samarqand universiteti", region="UZ-SA"
    )
    college = scenario.organisation("SA-09", OrganisationKind.COLLEGE, "Samarqand texnikumi", region="UZ-SA")
    roles = {
        kind: scenario.role(scenario.person(f"Begona{number}"), kind, provider)
        for number, kind in enumerate((RoleKind.COORDINATOR, RoleKind.HR_OFFICER, RoleKind.SIGNATORY))
    }
    roles[RoleKind.COLLEGE_HR] = scenario.role(scenario.person("Begona9"), RoleKind.COLLEGE_HR, college)
    coordinator = roles[RoleKind.COORDINATOR]
    course = catalogue.quick_course(coordinator, provider.id, scenario.course_plan(), "SAM")
    run = catalogue.open_run(coordinator, course.code, scenario.run_plan(date(2026, 10, 5)), publish=True)
    lecturer = scenario.person("Begona8")
    timetable.add_lecturer(coordinator, provider.id, lecturer.id)
    room = timetable.add_room(coordinator, provider.id, "1", 30)
    found = scenario.Country(
        provider, college, coordinator, scenario.Actor(lecturer.id), roles[RoleKind.HR_OFFICER],
        roles[RoleKind.COLLEGE_HR], run, rooms=[room], teachers=[scenario.teacher(77, college, "Begona7")],
    )  # fmt: skip
    found.sessions = [timetable.add_session(coordinator, run.code, found.place(date(2026, 10, 5)))]
    found.signatory = roles[RoleKind.SIGNATORY]
    return found


@pytest.fixture
def tries(app, theirs):
    """``tries(actor, [(address, form), …])``: each is refused, writes nothing and names nobody of theirs."""

    def written():
        return db.session.scalar(db.select(db.func.count(AuditEntry.id)))

    def tried(actor, attempts):
        for address, form in attempts:
            browser, before = scenario.signed_in(app, actor), written()
            answer = browser.post(address, data=form) if form is not None else browser.get(address)
            assert written() == before, address
            assert "Karimova" not in answer.text, address
            if answer.status_code == 303 and form is not None:
                answer = browser.get("/account")
                assert 'class="alert' in answer.text or "problem" in answer.text, address
            else:
                assert answer.status_code in (200, 400, 403, 404, 422), (address, answer.status_code)

    return tried


def class_of(place, **values):
    return {
        "topic_id": place.topic_id, "on_date": place.on_date, "pair": place.pair, "room_id": place.room_id,
        "lecturer_id": place.lecturer_id, "hours": 2, "lock": 0,
    } | values  # fmt: skip


def test_things_of_another_run_under_the_address_of_ones_own(tries, ours, theirs):
    here, meeting, person = f"/manage/runs/{ours.run.code}", theirs.sessions[0], theirs.enrolments[0]
    own_class = f"{here}/timetable/{ours.sessions[0].id}"
    place = ours.place(date(2026, 10, 6))
    tries(ours.coordinator, [
        (f"{here}/timetable/{meeting.id}", None),
        (f"{here}/timetable/{meeting.id}", class_of(place)),
        (f"{here}/timetable/{meeting.id}/cancel", {"reason": "x"}),
        (f"{here}/timetable", class_of(place, topic_id=theirs.topics[0])),
        (f"{here}/timetable", class_of(place, room_id=theirs.rooms[0].id)),
        (f"{here}/timetable", class_of(place, lecturer_id=theirs.lecturer.person_id)),
        (own_class, class_of(place, room_id=theirs.rooms[0].id)),
        (f"{here}/orders/{theirs.order.id}/sheet.pdf", None),
        (f"{here}/people/remove", {"people": person.id, "reason": "x"}),
        (f"{here}/results", {f"points-{theirs.final.id}-{person.id}": "99"}),
        (f"{here}/change", {"curator_id": theirs.coordinator.person_id, "lock": 1}),
        (f"{here}/orders/enrolment/send", {"signatory": theirs.coordinator.person_id, "effective_on": "2026-10-05"}),
        (f"/registers/{ours.sessions[0].id}", {f"mark-{person.id}": "present"}),
        (f"/enrolments/{person.id}/reference.pdf", None),
        (f"/enrolments/{person.id}/papers", None),
    ])  # fmt: skip
    with pytest.raises(
        AssertionError
    ):  # what is wholly one's own is written, so the others were refused for a reason
        tries(ours.coordinator, [(own_class, class_of(place, lock=ours.sessions[0].lock))])


def test_a_scan_is_not_put_to_anothers_order(app, ours, theirs):
    scan = (BytesIO(b"%PDF-1.4\n%%EOF"), "x.pdf")
    for code in (ours.run.code, theirs.run.code):
        address = f"/manage/runs/{code}/orders/{theirs.order.id}/scan"
        scenario.signed_in(app, ours.coordinator).post(address, data={"scan": scan})
        scan = (BytesIO(b"%PDF-1.4\n%%EOF"), "x.pdf")
    assert db.session.get(OfficialOrder, theirs.order.id).scan_id is None


def test_codes_of_others_in_a_list_of_ones_own(app, ours, theirs):
    browser = scenario.signed_in(app, ours.coordinator)
    for name in ("publish", "copy", "promote"):
        page = browser.post(
            "/board", data={"do": name, "runs": [theirs.run.code]}, query_string={"lang": "en"}
        )
        assert "You can&#39;t do this to this run." in page.text, name


def test_teachers_of_another_college(tries, ours, theirs):
    teacher = theirs.teachers[0].id
    tries(ours.college_hr, [
        ("/staff/slips", {"teachers": teacher}),
        ("/staff/links", {"teachers": teacher}),
        (f"/staff/{teacher}/merge/{ours.teachers[0].id}", {"kept": teacher, "why": "x"}),
        (f"/staff/{ours.teachers[0].id}/merge/{teacher}", {"kept": teacher, "why": "x"}),
        (f"/staff/{teacher}/pinfl", {}),
        (f"/staff/{teacher}/move", {"organisation": ours.college.id, "since": "2026-09-14"}),
        (f"/runs/{theirs.run.code}/nominate?teachers={teacher}", None),
        (f"/runs/{theirs.run.code}/nominate", {"teachers": teacher}),
        ("/staff/new", {"family": "A", "given": "B", "organisation": theirs.college.id, "staff_kind": "teacher",
                        "document_country": "KZ", "document_number": "N1"}),
        ("/roles/new", {"login": "a@example.uz", "family": "A", "given": "B", "kind": "college_hr",
                        "organisation": theirs.college.id, "since": "2026-09-14"}),
        (f"/staff?college={theirs.college.code}", None),
        (f"/roles?organisation={theirs.college.id}", None),
    ])  # fmt: skip


def test_what_an_officer_of_another_university_may_not(tries, ours, theirs):
    there = f"/manage/runs/{theirs.run.code}"
    tries(ours.hr_officer, [
        (f"{there}/documents", {}), (f"{there}/documents.pdf", None), (f"{there}/people.xlsx", None),
        (f"{there}/group.pdf", None), (f"{there}/trips.pdf", None), ("/documents/register.xlsx?book=MO-2026", None),
    ])  # fmt: skip
    tries(ours.signatory, [
        (f"{there}/orders/completion/sign", {"answer": "sign"}),
        (f"{there}/orders/enrolment.pdf", None),
        (f"{there}/orders/{theirs.order.id}/sheet.pdf", None),
    ])  # fmt: skip


def test_roles_and_settings_of_others(app, ours, theirs):
    role = db.session.scalars(db.select(Role).where(Role.person_id == theirs.lecturer.person_id)).one()
    coming = Setting(
        organisation_id=theirs.provider.id,
        key="series",
        valid_from=date(2027, 1, 1),
        value="AB",
        created_at=role.since,
    )
    coming.created_at = datetime(2026, 9, 1, tzinfo=UTC)
    db.session.add(coming)
    db.session.commit()
    for address in (f"/roles/{role.id}/end", f"/act-as/{role.id}/lend", f"/settings/withdraw/{coming.id}"):
        assert scenario.signed_in(app, ours.coordinator).post(address).status_code in (403, 404), address
    browser = scenario.signed_in(app, ours.coordinator)
    browser.post("/act-as", data={"role": role.id})
    session = db.session.scalars(db.select(AccountSession).order_by(AccountSession.id.desc())).first()
    assert session.role_id != role.id
    page = browser.get("/settings/series", query_string={"provider": theirs.provider.code}).text
    assert "2027-01-01" not in page
    assert db.session.get(Setting, coming.id) is not None
    assert db.session.get(Role, role.id).until is None


def test_messages_jobs_files_and_sessions_of_others(app, ours, theirs):
    for person in (theirs.coordinator.person_id, ours.coordinator.person_id):
        messages.later(person, "people.second_step_reset", {}, key=f"x{person}")
    first = db.session.scalars(
        db.select(Message).where(Message.person_id == theirs.coordinator.person_id)
    ).first()
    kept = files.keep(
        b"%PDF-1.4\n%%EOF", "x.pdf", allowed={files.PDF}, actor=theirs.coordinator, purpose="order.scan"
    )
    job = jobs.want("roster.apply", {"batch": 1}, actor=theirs.college_hr)
    scenario.signed_in(app, theirs.coordinator)
    session = db.session.scalars(db.select(AccountSession)).one()
    browser = scenario.signed_in(app, ours.coordinator)
    browser.post("/messages/read", data={"message": first.id})
    assert db.session.get(Message, first.id).read_at is None
    for address in (f"/files/{kept.id}", f"/jobs/{job.id}", f"/jobs/{job.id}.json"):
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"/jobs/{job.id}/retry").status_code == 404
    assert browser.post(f"/account/sessions/{session.id}/end").status_code == 403
    assert db.session.get(AccountSession, session.id).ended_at is None


def test_a_calendar_entry_of_a_run_one_is_not_on(app, ours, theirs):
    stranger = scenario.Actor(ours.teachers[0].person_id, RoleKind.TEACHER, ours.college.id)
    browser = scenario.signed_in(app, stranger)
    assert browser.get(f"/mine/{theirs.run.code}.ics").status_code == 404
    assert browser.post(f"/runs/{theirs.run.code}/withdraw", data={"reason": "x"}).status_code == 404
