"""An HR officer issues a run's documents, prints them and hands one over; anyone checks one."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.certificates import queries, service, verification
from retrain.certificates.models import Certificate
from retrain.extensions import db
from retrain.orders.states import OrderKind
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


def test_a_coordinator_does_not_issue(country):
    with pytest.raises(Forbidden):
        service.issue_run(country.coordinator, country.run.code)


def test_a_single_document_opens_with_the_same_bytes(country, issued, app):
    client = scenario.signed_in(app, country.hr_officer)
    first = client.get(f"/certificates/{issued[0].id}.pdf")
    again = client.get(f"/certificates/{issued[0].id}.pdf")
    assert first.data.startswith(b"%PDF")
    assert first.data == again.data


def test_a_later_change_of_name_does_not_change_the_document(country, issued):
    from retrain.certificates import printing
    from retrain.people.models import Person

    before = printing.render([issued[0]])
    holder = db.session.get(Person, country.teachers[0].person_id)
    holder.family = "Boshqa"
    db.session.commit()
    assert printing.render([queries.certificate(issued[0].id)]) == before


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
        "ended_on", "issuer",
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


def test_a_revoked_document_says_so_at_once(country, issued, client):
    service.revoke(country.hr_officer, issued[0].id, "issued by mistake")
    assert "Revoked" in client.get(f"/verify/{issued[0].token}?lang=en").text
    assert client.get(f"/verify/{issued[0].token}.json").json["status"] == "revoked"


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
        assert verification.by_token(row.token).name == row.frozen["document"]["name"]
