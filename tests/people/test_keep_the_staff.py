"""A college's teachers: found, added, changed, renamed, moved; their numbers read on the record."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from retrain import clock
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people import queries, service
from retrain.people.models import Employment, Person, Teacher
from retrain.refusal import Forbidden, Refused
from tests import scenario

NEW = {
    "family": "QODIROVA", "given": "MUNISA", "patronymic": "Aziz qizi", "pinfl": "4 250683 1460182",
    "email": "munisa@example.uz", "phone": "90 111 22 33", "post": "o'qituvchi", "staff_kind": "teacher", "sex": "",
}  # fmt: skip


@pytest.fixture
def teacher(college):
    return scenario.teacher(1, college, "G‘ulomova")


@pytest.mark.parametrize("typed", ["g'ulomova", "Ғуломова", "GʻULOMOVA", "gulomova aziza", "Aziza"])
def test_found_in_any_script(college, hr, as_user, teacher, typed):
    if typed.startswith("gulomova"):
        typed = "g`ulomova aziza"
    assert "G‘ulomova" in as_user(hr).get("/staff", query_string={"q": typed}).text


def test_a_college_sees_its_own_and_no_others(colleges, hr, as_user):
    theirs = scenario.teacher(5, colleges["SA-03"], "Begonayeva")
    browser = as_user(hr)
    assert "Begonayeva" not in browser.get("/staff").text
    for path in ("", "/edit", "/name", "/move", "/leave", "/merge"):
        assert browser.get(f"/staff/{theirs.id}{path}").status_code == 404
    assert browser.post(f"/staff/{theirs.id}/pinfl").status_code == 403


def test_added_by_hand(college, hr, as_user):
    browser = as_user(hr)
    answer = browser.post("/staff/new", data=NEW | {"organisation": college.id})
    assert answer.status_code == 303
    row = db.session.scalar(db.select(Teacher))
    assert (row.pinfl, row.birth_date, row.sex) == ("42506831460182", date(1983, 6, 25), "female")
    assert row.person.full_name == "Qodirova Munisa Aziz qizi"
    again = browser.post("/staff/new?lang=en", data=NEW | {"organisation": college.id})
    assert again.status_code == 422
    assert "known already" in again.text
    assert "QODIROVA" in again.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pinfl": "42506831460183"}, "check digit"),
        ({"pinfl": ""}, "Neither a PINFL"),
        ({"family": ""}, "Fill this in"),
        ({"family": "x" * 101}, "at most 100"),
        ({"family": "👩‍🏫"}, "written with letters"),
        ({"email": "t123@@example"}, "no e-mail"),
        ({"birth_date": "1983-02-30"}, "birth_date"),
        ({"birth_date": "1983-06-26"}, "not the one in the PINFL"),
    ],
)
def test_each_wrong_thing_gets_its_sentence_and_what_was_typed_stays(college, hr, as_user, wrong, says):
    answer = as_user(hr).post("/staff/new?lang=en", data=NEW | wrong | {"organisation": college.id})
    assert answer.status_code == 422
    assert says in answer.text
    assert "MUNISA" in answer.text
    assert db.session.scalar(db.select(Teacher)) is None


def test_right_to_left_letters_are_letters(college, hr, as_user):
    answer = as_user(hr).post("/staff/new", data=NEW | {"family": "حيدري", "organisation": college.id})
    assert answer.status_code == 303


def test_the_number_is_masked_and_reading_it_is_on_record(hr, as_user, teacher):
    browser = as_user(hr)
    page = browser.get(f"/staff/{teacher.id}").text
    assert teacher.pinfl not in page
    assert teacher.pinfl[-3:] in page
    shown = browser.post(f"/staff/{teacher.id}/pinfl", headers={"Accept": "application/json"})
    assert shown.json == {"value": teacher.pinfl}
    assert teacher.pinfl in browser.post(f"/staff/{teacher.id}/pinfl").text
    entries = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action == "teacher.number_read")
    ).all()
    assert [entry.actor_id for entry in entries] == [hr.person_id] * 2
    assert teacher.pinfl not in str(
        [(entry.before, entry.after) for entry in db.session.scalars(db.select(AuditEntry))]
    )


def test_exported_as_filtered_and_without_numbers(college, hr, as_user, teacher):
    scenario.teacher(2, college, "Zokirova")
    answer = as_user(hr).get("/staff.xlsx?q=zokirova")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.values)
    assert len(rows) == 2
    assert rows[1][0] == "Zokirova Aziza"
    assert not any(len(str(cell)) == 14 and str(cell).isdigit() for row in rows for cell in row)


def test_two_who_change_the_same_teacher(hr, as_user, teacher):
    first, second = as_user(hr), as_user(hr)
    typed = {"post": "katta o‘qituvchi", "staff_kind": "teacher", "lock": teacher.lock}
    assert first.post(f"/staff/{teacher.id}/edit", data=typed).status_code == 303
    answer = second.post(f"/staff/{teacher.id}/edit", data=typed | {"post": "usta"})
    assert answer.status_code == 409
    assert queries.employment_on(teacher.id).post == "katta o‘qituvchi"


def test_a_change_of_name_keeps_the_old_one(hr, as_user, teacher):
    today = clock.today()
    browser = as_user(hr)
    typed = {
        "family": "Olimova",
        "given": "Aziza",
        "patronymic": "",
        "valid_from": today.isoformat(),
        "why": "nikoh",
    }
    assert browser.post(f"/staff/{teacher.id}/name", data=typed).status_code == 303
    person = db.session.get(Person, teacher.person_id)
    assert person.family == "Olimova"
    assert queries.names(person)[0] == "Olimova"
    assert "Olimova" in browser.get("/staff", query_string={"q": "olimova"}).text


def test_a_name_that_changed_is_still_found_and_dated(college, hr, as_user):
    facts = service.TeacherFacts("42506831460182", college.id)
    teacher = service.add_teacher(hr, service.PersonFacts("Egamberdiyeva", "Umida"), facts)
    service.change_name(hr, teacher.id, "Olimova", "Umida", "", clock.today())
    person = db.session.get(Person, teacher.person_id)
    assert queries.names(person, on=clock.today() - timedelta(days=1))[0] == "Egamberdiyeva"
    assert queries.names(person, on=clock.today())[0] == "Olimova"
    assert "Olimova" in as_user(hr).get("/staff", query_string={"q": "эгамбердиева"}).text


def test_a_change_of_college_keeps_the_past(colleges, hr, as_user, teacher):
    since = clock.today() - timedelta(days=3)
    typed = {"organisation": colleges["SA-03"].id, "post": "usta", "since": since.isoformat()}
    browser = as_user(hr)
    assert browser.post(f"/staff/{teacher.id}/move", data=typed).status_code == 303
    assert queries.employer_on(teacher.id, since - timedelta(days=1)).code == "BU-01"
    assert queries.employer_on(teacher.id, since).code == "SA-03"
    assert browser.get(f"/staff/{teacher.id}").status_code == 404
    with pytest.raises(Forbidden):
        service.move_teacher(hr, teacher.id, colleges["BU-01"].id, "", clock.today())


def test_a_move_before_the_beginning_is_refused(colleges, administrator, teacher):
    with pytest.raises(Refused) as refused:
        service.move_teacher(administrator, teacher.id, colleges["SA-03"].id, "", date(1999, 1, 1))
    assert [why.code for why in refused.value.why] == ["moves-before-beginning"]


def test_who_leaves_works_nowhere(hr, as_user, teacher):
    as_user(hr).post(f"/staff/{teacher.id}/leave", data={"until": clock.today().isoformat()})
    assert queries.employer_on(teacher.id, clock.today() + timedelta(days=1)) is None
    assert db.session.scalar(db.select(db.func.count(Employment.id))) == 1


def test_the_ministry_sees_all_and_a_region_its_own(colleges, ministry, as_user, teacher):
    scenario.teacher(2, colleges["SA-03"], "Samarqandova")
    everywhere = scenario.role(scenario.person("Vazir"), scenario.RoleKind.MINISTRY, ministry)
    centre = scenario.organisation("RC", scenario.OrganisationKind.REGIONAL_CENTRE, "Markaz", region="UZ-SA")
    region = scenario.role(scenario.person("Hudud"), scenario.RoleKind.REGIONAL_CENTRE, centre)
    page = as_user(everywhere).get("/staff").text
    assert "Samarqandova" in page
    assert "G‘ulomova" in page
    page = as_user(region).get("/staff").text
    assert "Samarqandova" in page
    assert "G‘ulomova" not in page
