"""What users of other programs complained of about certificates, numbered as the list of complaints has them.

Some stand where their subject is tried: 26, the race for a number and the crash after it, in
`test_issue_under_attack`; 27, all of a group in one go, in `test_print_the_run`; 30, the public address of a revoked
document, in `test_issue_and_check`.
"""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import func, select

from retrain.certificates import service
from retrain.certificates.models import Certificate
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people import service as people
from retrain.people.models import Person, Setting
from retrain.people.states import RoleKind
from retrain.record import queries as record
from retrain.refusal import Forbidden
from tests import scenario
from tests.documents.paper import text_of
from tests.scenario import Country

WRITTEN = {
    "uz": ("G‘ulomov", "O‘tkir Ma’mur", "2026-yil 21-sentabr"),
    "uz-Cyrl": ("Ғуломов", "Ўткир Ҳасан Қодир ўғли", "2026 йил 21 сентябрь"),
    "ru": ("Щербаков-Ёлкин", "Эдуард Юрьевич", "21 сентября 2026"),
    "en": ("Fairfax-O’Connor", "Zoë Müller", "21 September 2026"),
}


def still_running(_clock: object) -> Country:
    """A run in its first week, its order of enrolment registered."""
    country = scenario.country(date(2026, 9, 14))
    country.timetable(*scenario.days(date(2026, 9, 14), 4))
    country.register_order(OrderKind.ENROLMENT, "17-k", date(2026, 9, 14))
    return country


def squeezed(text: str) -> str:
    return "".join(text.split())


def opened(client, row: Certificate) -> bytes:
    """The document's own file, as its page gives it."""
    answer = client.get(f"/certificates/{row.id}.pdf")
    assert answer.data.startswith(b"%PDF"), answer.text
    return answer.data


@pytest.mark.parametrize("language", WRITTEN)
def test_complaint_23_no_letter_and_no_month_prints_as_a_question_mark(country, as_user, language):
    family, given, day = WRITTEN[language]
    country.run.language = language
    holder = country.teachers[0].person
    for row in (holder, *holder.names):
        row.family, row.given = family, given
    db.session.commit()
    country.register_order(OrderKind.COMPLETION, "31-к «ғ»", date(2026, 9, 21))
    first = service.issue_run(country.hr_officer, country.run.code)[0]
    printed = text_of(opened(as_user(country.hr_officer), first))
    assert "?" not in printed
    assert "\ufffd" not in printed
    for part in (family, given, day, "31-к «ғ»"):
        assert squeezed(part) in squeezed(printed), printed


def test_complaint_24_a_document_keeps_its_name_and_its_look(country, issued, as_user, client, clock):
    officer, row = as_user(country.hr_officer), issued[0]
    address = f"/manage/runs/{country.run.code}/documents.pdf"
    own, of_group = opened(officer, row), officer.get(address).data  # the group's file is set anew each time
    clock.advance(days=1)
    teacher, today = country.teachers[0], clock.moment.date()
    people.change_name(country.college_hr, teacher.id, "Yangiyeva", "Aziza", "", today)
    country.run.version.titles = {**country.run.version.titles, "uz": "Boshqa nom"}
    db.session.add(
        Setting(
            organisation_id=country.provider.id, key="signatories", valid_from=today,
            value=[{"post": "Prorektor", "name": "B. Boshqayev"}], created_at=clock.moment,
        )
    )  # fmt: skip
    db.session.commit()
    look = {"word-given": "Given otherwise to", "name-top": "91"}
    assert officer.post("/documents/designs/advanced_training?language=uz", data=look).status_code == 303
    assert opened(officer, row) == own
    assert officer.get(address).data == of_group
    assert "Karimova001" in client.get(f"/verify/{row.token}?lang=en").text


def test_complaint_24_nobody_renames_themself_to_print_for_a_friend(country, as_user):
    teacher = country.teachers[0]
    for actor in (scenario.role(teacher.person, RoleKind.TEACHER, country.college), country.hr_officer):
        with pytest.raises(Forbidden):
            people.change_name(actor, teacher.id, "Do‘stov", "Aziza", "", date(2026, 9, 21))
    assert db.session.get(Person, teacher.person_id).family == "Karimova001"


def test_complaint_25_official_numbers_follow_one_another(country, issued, as_user):
    officer = as_user(country.hr_officer)
    officer.post(f"/certificates/{issued[0].id}/revoke", data={"reason": "buyruq 40-k"})
    for old, ground in ((0, "mistake"), (1, "lost")):
        officer.post(f"/certificates/{issued[old].id}/replace", data={"ground": ground, "reason": "ariza"})
    refused = officer.post(f"/certificates/{issued[1].id}/replace", data={"ground": "lost", "reason": "yana"})
    assert refused.status_code == 422
    assert db.session.scalars(select(Certificate.number).order_by(Certificate.id)).all() == [1, 2, 3, 4]
    book = officer.get("/documents/register?lang=en").text
    assert all(f"MO 00000{number}/2026" in book for number in (1, 2, 3, 4))
    assert "MO 000005/2026" not in book


def test_complaint_28_the_check_page_says_when_and_whether_it_holds(issued, client):
    page = " ".join(client.get(f"/verify/{issued[0].token}?lang=en").text.split())
    assert "Issued on" in page
    assert "21 September 2026" in page
    assert "This document was issued and is valid." in page
    said = client.get(f"/verify/{issued[0].token}.json").json
    assert (said["issued_on"], said["status"], said["ended_on"]) == ("2026-09-21", "valid", None)


def test_complaint_29_a_document_never_loses_its_group(country, issued, as_user):
    officer = as_user(country.hr_officer)
    officer.post(f"/certificates/{issued[0].id}/replace", data={"ground": "lost", "reason": "ariza"})
    rows = db.session.scalars(select(Certificate)).all()
    assert {row.run.code for row in rows} == {country.run.code}
    sheet = officer.get("/documents/register.xlsx?lang=en").data
    told = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))
    assert ["P-1" in line for line in told] == [False, True, True, True]  # the head, then each document
    assert len(rows) == 3


def test_complaint_31_nothing_is_granted_while_the_course_runs(made_once, clock, as_user):
    country = made_once(still_running)
    clock.set(datetime(2026, 9, 16, 5, tzinfo=UTC))
    officer = as_user(country.hr_officer)
    address = f"/manage/runs/{country.run.code}/documents"
    page = officer.post(address, follow_redirects=True).text
    assert "The run is not closed yet" in page
    assert db.session.scalar(select(func.count(Certificate.id))) == 0
    assert [record.credits_of(teacher.id) for teacher in country.teachers] == [[], [], []]
