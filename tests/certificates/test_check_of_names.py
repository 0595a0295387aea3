"""Before anything is printed, teachers read their own lines; the office answers who finds them wrong."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from retrain.audit import Actor
from retrain.certificates import service
from retrain.certificates.models import NameCheck
from retrain.certificates.names import name_checks
from retrain.certificates.states import NameCheckState
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.states import OrderKind
from retrain.people.models import Person
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refused
from tests import scenario
from tests.harness.pictures import png


def as_teacher(country, number: int) -> Actor:
    person = db.session.get_one(Person, country.teachers[number].person_id)
    return scenario.role(person, RoleKind.TEACHER, country.college)


def refused(call, *args) -> list[str]:
    with pytest.raises(Refused) as why:
        call(*args)
    return [each.code for each in why.value.why]


@pytest.fixture
def teacher(country):
    """The first of the group, signed in as themselves."""
    return country.enrolments[0], as_teacher(country, 0)


def test_a_teacher_confirms_or_asks_and_the_office_decides(app, country, teacher):
    row, actor = teacher
    client, address = scenario.signed_in(app, actor), f"/enrolments/{row.id}/lines"
    page = client.get(address + "?lang=en")
    assert db.session.get_one(Person, actor.person_id).family in page.text
    assert "not looked at" in page.text
    seen = page.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    empty = client.post(address, data={"seen": seen, "request": " "})
    assert "Write what has to be put right, and how." in empty.text
    asked = client.post(
        address,
        data={"seen": seen, "request": "Karimova with q", "paper": (BytesIO(png()), "passport.png")},
        content_type="multipart/form-data",
    )
    assert asked.status_code == 303
    officer = scenario.signed_in(app, country.hr_officer)
    listed = officer.get(f"/manage/runs/{country.run.code}/names?lang=en").text
    assert "Karimova with q" in listed
    assert "0 of 3 found their lines right." in listed
    check = db.session.scalars(select(NameCheck)).one()
    assert officer.get(f"/files/{check.paper_id}").status_code == 200
    stranger = scenario.signed_in(app, as_teacher(country, 1))
    assert stranger.get(f"/files/{check.paper_id}").status_code == 404
    assert stranger.get(address).status_code == 404
    decided = officer.post(f"/names/{check.id}", data={"state": "declined", "answer": "The passport says k."})
    assert decided.status_code == 303
    assert "The passport says k." in client.get(address).text
    assert client.post(address, data={"seen": seen, "confirm": "1"}).status_code == 303
    assert "1 of 3 found their lines right." in officer.get(f"/manage/runs/{country.run.code}/names").text
    late = officer.post(f"/names/{check.id}", data={"state": "corrected", "answer": "done"})
    assert "Nobody asks for a correction here any more." in late.text


def test_a_confirmation_of_other_lines_is_none(country, teacher):
    row, actor = teacher
    run, own, person = name_checks.own(actor.person_id, row.id)
    lines = name_checks.lines_of(run, [(own, person)])[row.id]
    check = name_checks.confirm(actor, row.id, name_checks.digest(lines))
    assert name_checks.standing(check, lines) is NameCheckState.CONFIRMED
    db.session.get_one(Person, person.id).given = "Azizaxon"
    db.session.commit()
    after = name_checks.lines_of(run, [(own, db.session.get_one(Person, person.id))])[row.id]
    assert name_checks.standing(check, after) is None
    stale = refused(name_checks.confirm, actor, row.id, name_checks.digest(lines))
    assert stale == ["name-lines-changed"]


def test_whose_document_is_issued_asks_for_another_one(app, country, issued, teacher):
    row, actor = teacher
    run, own, person = name_checks.own(actor.person_id, row.id)
    seen = name_checks.digest(name_checks.lines_of(run, [(own, person)])[row.id])
    assert refused(name_checks.confirm, actor, row.id, seen) == ["name-check-closed"]


def test_another_ones_lines_are_not_there(country, teacher):
    _row, actor = teacher
    with pytest.raises(NotThere):
        name_checks.own(actor.person_id, country.enrolments[1].id)


def test_the_lines_wait_on_the_first_page_and_stand_beside_the_course(app, country, teacher):
    row, actor = teacher
    client, address = scenario.signed_in(app, actor), f"/enrolments/{row.id}/lines"
    assert address in client.get("/mine?lang=en").text
    assert "Check the lines of your document" in client.get("/", follow_redirects=True).text
    run, own, person = name_checks.own(actor.person_id, row.id)
    name_checks.confirm(actor, row.id, name_checks.digest(name_checks.lines_of(run, [(own, person)])[row.id]))
    assert "Check the lines of your document" not in client.get("/", follow_redirects=True).text


def test_the_print_list_shows_who_has_not_confirmed_these_lines(app, country, teacher):
    row, actor = teacher
    run, own, person = name_checks.own(actor.person_id, row.id)
    name_checks.confirm(actor, row.id, name_checks.digest(name_checks.lines_of(run, [(own, person)])[row.id]))
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    issued = service.issue_run(country.hr_officer, country.run.code)
    officer = scenario.signed_in(app, country.hr_officer)
    page = officer.get(f"/manage/runs/{country.run.code}/print?lang=en").text
    assert "1 person has not confirmed their lines." in page
    db.session.get_one(Person, person.id).given = "Azizaxon"
    db.session.commit()
    stale = officer.get(f"/manage/runs/{country.run.code}/print").text
    assert "2 people have not confirmed their lines." in stale
    client = scenario.signed_in(app, actor)
    assert f"/certificates/{issued[0].id}.pdf" in client.get("/mine").text


def test_everyone_who_has_not_confirmed_is_asked_once_a_day(country, teacher):
    for _twice in range(2):
        assert name_checks.invite(country.hr_officer, country.run.code) == 3
    told = db.session.scalars(select(Message).where(Message.kind == "names.check")).all()
    assert len(told) == 3
