"""Documents for a ceremony: numbered, printed and signed before it, and issued on its day."""

from datetime import date

import pytest
from sqlalchemy import select

from retrain.certificates import preparing, service
from retrain.certificates.book import registry
from retrain.certificates.log import log_audit, public_log
from retrain.certificates.models import Certificate, CertificateEvent
from retrain.certificates.paper import stacks
from retrain.certificates.states import CertificateState, Ground
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.messages.models import Message
from retrain.orders.states import OrderKind
from retrain.people.models import Person
from retrain.people.states import RoleKind
from retrain.refusal import Refused
from tests import scenario

FRIDAY = date(2026, 9, 25)


@pytest.fixture
def office(country, as_user):
    """The HR officer's browser; the run's order is registered."""
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    return as_user(country.hr_officer)


@pytest.fixture
def ahead(country, office) -> list[Certificate]:
    """The run's documents, dated with Friday on Monday, through the page."""
    address = f"/manage/runs/{country.run.code}/documents/ahead"
    page = office.post(address, data={"day": FRIDAY.isoformat()}, follow_redirects=True).text
    assert "They are issued by themselves on 25 September 2026." in page
    assert "2 documents are dated ahead." in page
    return list(db.session.scalars(select(Certificate).order_by(Certificate.number)))


def told(number: int) -> list[str]:
    wanted = select(CertificateEvent.kind).where(CertificateEvent.certificate_id == number)
    return [kind.value for kind in db.session.scalars(wanted.order_by(CertificateEvent.id))]


def test_before_their_day_they_are_printed_and_prove_nothing(country, ahead, office, client):
    assert [(row.number, row.state.value) for row in ahead] == [(1, "prepared"), (2, "prepared")]
    assert stacks.print_run(country.hr_officer, country.run.code).startswith(b"%PDF")
    page = client.get(f"/verify/{ahead[0].token}?lang=en").text
    assert "Not yet issued" in page
    assert "proves nothing" in page
    assert client.get(f"/verify/{ahead[0].token}.json").json["status"] == "not_yet_issued"
    assert client.get(f"/verify/{ahead[0].token}/badge").status_code == 404
    assert told(ahead[0].id) == []
    opened = office.get(f"/certificates/{ahead[0].id}.pdf", follow_redirects=True)
    assert "It is issued on that day" in opened.text
    assert not db.session.scalars(select(Message).where(Message.kind == "certificate.issued")).all()


def test_a_teacher_is_not_led_to_what_is_not_issued(country, ahead, as_user):
    person = db.session.get_one(Person, country.teachers[0].person_id)
    own = as_user(scenario.role(person, RoleKind.TEACHER, country.college)).get("/mine").text
    assert country.run.code in own
    assert ahead[0].registration_number not in own


def test_nothing_dated_ahead_leaves_the_office(country, ahead):
    with pytest.raises(Refused) as early:
        service.hand_over(country.hr_officer, ahead[0].id, FRIDAY, "self", "")
    assert [why.code for why in early.value.why] == ["prepared-only"]
    with pytest.raises(Refused) as nothing:
        stacks.issued(country.hr_officer, country.run.code)
    assert [why.code for why in nothing.value.why] == ["nothing-issued"]
    assert registry.standings(country.run.provider_id, "MO", 2026) == []


def test_on_their_day_they_are_issued_once_and_told_of(country, ahead, client, clock):
    preparing.issue_due()
    assert told(ahead[0].id) == [], "nothing before the day"
    clock.advance(days=4)
    preparing.issue_due()
    preparing.issue_due()
    db.session.expire_all()
    assert {row.state for row in ahead} == {CertificateState.ISSUED}
    assert [told(row.id) for row in ahead] == [["issued"], ["issued"]]
    assert "Genuine" in client.get(f"/verify/{ahead[0].token}?lang=en").text
    messages = db.session.scalars(select(Message).where(Message.kind == "certificate.issued")).all()
    assert len(messages) == 2
    assert [
        job.payload["documents"]
        for job in db.session.scalars(select(Job).where(Job.kind == "certificates.files"))
    ] == [[row.id for row in ahead]]
    public_log.seal_all()
    assert log_audit.verify() == []


def test_a_worker_that_stood_still_accuses_nobody_of_dating_back(ahead, clock):
    clock.advance(days=6)
    preparing.issue_due()
    public_log.seal_all()
    assert log_audit.verify() == []


def test_a_mistake_is_taken_back_before_the_day_and_put_right(country, ahead, client, clock):
    service.revoke(country.hr_officer, ahead[0].id, "Familiya xato")
    assert "Revoked" in client.get(f"/verify/{ahead[0].token}?lang=en").text
    new = service.replace(country.hr_officer, ahead[0].id, Ground.MISTAKE, "Familiya tuzatildi")
    assert new.number == 3
    clock.advance(days=4)
    preparing.issue_due()
    db.session.expire_all()
    assert [row.state.value for row in ahead] == ["revoked", "issued"]
    public_log.seal_all()
    assert log_audit.verify() == []


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-09-20", "can&#39;t be dated back"),
        ("2026-12-31", "Choose a day not later than 20 November 2026."),
        ("", "Choose the day that the documents bear."),
        ("2026-02-31", "There is no such day."),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_uses_no_number(country, office, day, sentence):
    answer = office.post(f"/manage/runs/{country.run.code}/documents/ahead", data={"day": day})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(Certificate.id)) is None


def test_who_has_a_document_dated_ahead_gets_no_second_one(country, ahead):
    assert service.issue_run(country.hr_officer, country.run.code) == []
    with pytest.raises(Refused) as refused:
        service.replace(country.hr_officer, ahead[0].id, Ground.LOST, "ariza")
    assert "not-issued-yet" in [why.code for why in refused.value.why]


def test_dated_with_today_they_are_issued_at_once(country, office):
    address = f"/manage/runs/{country.run.code}/documents/ahead"
    page = office.post(address, data={"day": "2026-09-21"}, follow_redirects=True).text
    assert "2 documents were issued." in page
    again = office.post(address, data={"day": "2026-09-21"}, follow_redirects=True).text
    assert "Nothing was issued twice." in again
