"""An HR officer issues a run's documents, prints them and hands one over; anyone checks one."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import select

from retrain.certificates import service
from retrain.certificates.log import public_log
from retrain.certificates.models import Certificate
from retrain.certificates.states import Ground
from retrain.certificates.verification import lookup
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people.models import Person
from retrain.refusal import Forbidden, Refused
from tests import scenario

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)


def test_a_missing_ground_is_named(country, app):
    with pytest.raises(Refused) as refused:
        service.issue_run(country.hr_officer, country.run.code)
    assert [why.code for why in refused.value.why] == ["order-missing"]
    page = (
        scenario.signed_in(app, country.hr_officer)
        .get(f"/manage/runs/{country.run.code}/documents?lang=en")
        .text
    )
    assert "The order of completion is not registered." in page


def test_who_completed_gets_the_next_number_and_nobody_twice(country, issued):
    assert [row.number for row in issued] == [1, 2]
    assert service.issue_run(country.hr_officer, country.run.code) == []
    assert db.session.scalars(select(Certificate.number)).all() == [1, 2]


def test_a_refused_issue_uses_no_number(country):
    with pytest.raises(Refused):
        service.issue_run(country.hr_officer, country.run.code)
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    assert service.issue_run(country.hr_officer, country.run.code)[0].number == 1


def test_one_name_that_cannot_be_printed_waits_and_nobody_waits_with_it(country, app):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    address, office = (
        f"/manage/runs/{country.run.code}/documents?lang=en",
        scenario.signed_in(app, country.hr_officer),
    )
    holder = db.session.get_one(Person, country.teachers[0].person_id)
    holder.given = "محمد"
    db.session.commit()
    page = unescape(office.post(address, follow_redirects=True).text)
    why = (
        "Karimova001 محمد: the document can't show these characters: م ح د. Put the text right in the data: Latin and"
        " Cyrillic letters can be printed."
    )
    assert "1 document was issued." in page
    assert why in page
    assert why in unescape(office.post(address, follow_redirects=True).text)  # pressed again, nothing changes
    assert db.session.scalars(select(Certificate.number)).all() == [1]
    holder.given = "O‘g‘iloy"
    db.session.commit()
    assert why not in unescape(office.post(address, follow_redirects=True).text)
    assert sorted(db.session.scalars(select(Certificate.number))) == [1, 2]


def test_two_people_of_one_name_have_a_document_each(country, app):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    for teacher in country.teachers:
        person = db.session.get_one(Person, teacher.person_id)
        person.family, person.given = "Karimova", "Aziza"
    db.session.commit()
    office = scenario.signed_in(app, country.hr_officer)
    for _pressed in range(2):
        assert office.post(f"/manage/runs/{country.run.code}/documents").status_code == 303
    rows = db.session.scalars(select(Certificate).order_by(Certificate.number)).all()
    assert [(row.number, row.frozen["public"]["name"]) for row in rows] == [
        (1, "Karimova Aziza"), (2, "Karimova Aziza"),
    ]  # fmt: skip
    assert len({row.enrolment_id for row in rows}) == len({row.token for row in rows}) == 2


def test_a_coordinator_does_not_issue(country):
    with pytest.raises(Forbidden):
        service.issue_run(country.coordinator, country.run.code)


def test_a_single_document_opens_with_the_same_bytes(country, issued, app):
    client = scenario.signed_in(app, country.hr_officer)
    first = client.get(f"/certificates/{issued[0].id}.pdf")
    again = client.get(f"/certificates/{issued[0].id}.pdf")
    assert first.data.startswith(b"%PDF")
    assert first.data == again.data


def test_the_whole_run_is_one_pdf(country, issued, app):
    answer = scenario.signed_in(app, country.hr_officer).get(f"/manage/runs/{country.run.code}/documents.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_the_qr_code_shows_as_little_as_proves_it(country, issued, client):
    page = client.get(f"/verify/{issued[0].token}?lang=en").text
    assert "Genuine" in page
    assert "Karimova001" in page
    assert country.teachers[0].pinfl not in page
    answer = client.get(f"/verify/{issued[0].token}.json").json
    assert set(answer) == {
        "status", "number", "name", "course", "document_type", "hours", "starts_on", "ends_on", "issued_on",
        "ended_on", "reason", "order", "order_on", "replaced_by", "issuer",
    }  # fmt: skip


def test_number_and_check_code_lead_to_the_page(issued, client):
    row = issued[0]
    typed = {
        "number": f"{row.series.lower()} {row.number}",
        "code": f"{row.check_code[:4]} {row.check_code[4:].lower()}",
    }
    answer = client.get("/verify", query_string=typed)
    assert answer.location == f"/verify/{row.token}"


def test_what_is_nearly_right_shows_nothing(issued, client):
    row, other = issued
    for number, code in (
        (f"{row.series}{row.number}", other.check_code),
        (f"{row.series}{row.number}", row.check_code[:-1]),
        (f"{row.series}00{row.number}7", row.check_code),
        (f"{row.number}", row.check_code),
    ):
        page = client.get("/verify", query_string={"number": number, "code": code, "lang": "en"}).text
        assert "No document has this number and this check code." in page
        assert "Karimova" not in page
    assert client.get(f"/verify/{row.token[:-1]}").status_code == 404


def test_counting_through_numbers_is_slowed_down(issued, client):
    codes = [
        client.get("/verify", query_string={"number": f"MO {number}", "code": "AAAA AAAA"}).status_code
        for number in range(40)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429
    row = issued[0]
    right = {"number": f"{row.series}{row.number}", "code": row.check_code}
    assert client.get("/verify", query_string=right).status_code == 429  # a right guess does not show itself
    elsewhere = client.get("/verify", query_string=right, environ_base={"REMOTE_ADDR": "10.1.2.3"})
    assert elsewhere.status_code == 303
    assert client.get(f"/verify/{row.token}").status_code == 200  # what is scanned is no guess


def test_complaint_30_a_revoked_document_keeps_its_address_and_says_so_at_once(country, issued, client):
    service.revoke(country.hr_officer, issued[0].id, "issued by mistake")
    page = client.get(f"/verify/{issued[0].token}?lang=en").text
    assert "It was revoked on 21 September 2026 and is not valid any more." in page
    said = client.get(f"/verify/{issued[0].token}.json").json
    assert (said["status"], said["number"]) == ("revoked", "MO № 000001")


def test_a_replaced_document_names_the_one_in_its_place(country, issued, client):
    new = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    page = client.get(f"/verify/{issued[0].token}?lang=en").text
    assert (
        "another document, MO\N{NO-BREAK SPACE}№\N{NO-BREAK SPACE}000003, was issued in its place on 21 September 2026"
        in page
    )
    assert new.token not in page  # whoever found the old paper doesn't get the new one
    shown = client.get(f"/verify/{issued[0].token}.json").json
    assert (shown["status"], shown["replaced_by"]) == ("replaced", "MO № 000003")


def test_the_page_says_since_when_the_log_binds_it(issued, client, clock):
    address = f"/verify/{issued[0].token}?lang=en"
    assert "sealed by the next head, within a day" in client.get(address).text
    clock.advance(days=1)
    public_log.publish_daily()
    assert "sealed by the head of 22 September 2026" in client.get(address).text


@pytest.mark.parametrize(
    ("language", "word"), [("uz", "Haqiqiy"), ("uz-Cyrl", "Ҳақиқий"), ("ru", "Подлинный"), ("en", "Genuine")]
)
def test_the_page_speaks_four_languages_and_names_its_address(issued, client, app, language, word):
    page = client.get(f"/verify/{issued[0].token}?lang={language}").text
    assert word in page
    assert app.config["RETRAIN"].public_url in page  # a QR code pointing elsewhere opens no page of ours


def test_a_number_that_many_providers_count_is_found_by_its_code(issued, client):
    values = {column.name: getattr(issued[0], column.name) for column in Certificate.__table__.columns}
    others = [
        values
        | {
            "id": None,
            "year": 1000 + at,
            "token": f"{at:022d}",
            "check_code": f"{at:08d}",
            "state": "replaced",
        }
        for at in range(300)
    ]
    db.session.add_all([Certificate(**row) for row in others])
    db.session.commit()
    for row, code in ((issued[0].token, issued[0].check_code), (others[299]["token"], "0000 0299")):
        answer = client.get("/verify", query_string={"number": "MO 1", "code": code})
        assert answer.location == f"/verify/{row}"


def test_a_document_is_handed_over_once(country, issued, app):
    client = scenario.signed_in(app, country.hr_officer)
    address = f"/certificates/{issued[0].id}/hand-over?lang=en"
    form = {"on_date": "2026-09-22", "received_by": "proxy", "who": ""}
    assert "Write who took it" in client.post(address, data=form).text
    assert client.post(address, data=form | {"who": "A. Saidov, no. 5"}).status_code == 303
    assert "was handed over on" in client.post(address, data=form | {"who": "somebody"}).text


def test_the_digest_is_of_what_is_frozen(issued):
    from retrain.certificates import freezing

    for row in issued:
        assert freezing.digest(row.frozen) == row.digest
        assert lookup.by_token(row.token).name == row.frozen["document"]["name"]
