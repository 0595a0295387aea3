"""Where the rules of a run ask for it, the document of who has not paid waits; the others' do not."""

from datetime import date

import pytest

from retrain.catalogue.models import Run
from retrain.certificates import service
from retrain.enrolment import service as enrolment
from retrain.enrolment.states import Funding
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.refusal import Refused
from tests import scenario

OWES = {"funding": Funding.COLLEGE, "price": 900_000}


@pytest.fixture
def closed(country):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    return country


@pytest.fixture
def strict(closed):
    run = db.session.get_one(Run, closed.run.id)
    run.policy = {**run.policy, "unpaid_blocks_documents": True}
    db.session.commit()
    return closed


def owe(country, *numbers: int) -> None:
    rows = [country.enrolments[number].id for number in numbers]
    enrolment.set_funding(country.coordinator, country.run.code, rows, OWES)


def page(app, country) -> str:
    client = scenario.signed_in(app, country.hr_officer)
    return client.get(f"/manage/runs/{country.run.code}/documents?lang=en").text


def test_it_waits_until_it_is_paid(app, strict):
    owe(strict, 0)
    shown = page(app, strict)
    assert "The course is not paid for by 1 person. Their document is issued once it is." in shown
    assert "Issue 1 document" in shown
    assert len(service.issue_run(strict.hr_officer, strict.run.code)) == 1
    with pytest.raises(Refused) as refused:
        service.issue_run(strict.hr_officer, strict.run.code)
    assert [(why.code, why.facts) for why in refused.value.why] == [("unpaid", {"people": 1})]
    paid = {"paid_on": date(2026, 9, 20)}
    enrolment.set_funding(strict.coordinator, strict.run.code, [strict.enrolments[0].id], paid)
    assert [row.number for row in service.issue_run(strict.hr_officer, strict.run.code)] == [2]
    assert "not paid" not in page(app, strict)


def test_who_did_not_complete_the_course_is_not_counted(app, strict):
    owe(strict, 2)
    assert "not paid" not in page(app, strict)
    assert len(service.issue_run(strict.hr_officer, strict.run.code)) == 2


def test_it_is_asked_for_by_no_run_unless_it_says_so(app, closed):
    owe(closed, 0, 1)
    assert "not paid" not in page(app, closed)
    assert len(service.issue_run(closed.hr_officer, closed.run.code)) == 2
