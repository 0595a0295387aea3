"""Orders of enrolment and completion: drafted, printed, registered under a number, then frozen."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.documents import pdf
from retrain.enrolment import queries, service
from retrain.extensions import db
from retrain.orders import queries as order_queries
from retrain.orders import service as order_service
from retrain.orders.models import OfficialOrder
from retrain.orders.registering import Registration
from retrain.orders.states import OrderKind, OrderState
from retrain.people.models import Setting
from retrain.refusal import Forbidden, Refused
from tests.documents.paper import pages_of
from tests.harness import pictures

PNG = pictures.png()
ORDER = Registration("12-k", date(2026, 9, 7), date(2026, 9, 1), "Rahimov A. A.", "rektor")


@pytest.fixture
def signatories(university, clock):
    """The rector, in the provider's settings."""
    value = [{"name": "Rahimov Akmal Alimovich", "post": "Rektor"}]
    setting = Setting(
        organisation_id=university, key="signatories", valid_from=date(2026, 1, 1), value=value,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(setting)
    db.session.commit()


def register(coordinator, run, **changed) -> OfficialOrder:
    return order_service.register_order(
        coordinator.actor, run.code, OrderKind.ENROLMENT, replace(ORDER, **changed)
    )


def codes(refused) -> list[str]:
    return [refusal.code for refusal in refused.value.why]


def test_the_number_is_entered_and_the_run_is_confirmed(run, rows, coordinator, signatories):
    browser, url = coordinator.browser, f"/manage/runs/{run.code}/orders"
    assert "not there yet; the rules of this run need it" in browser.get(url).text
    page = browser.post(f"{url}/enrolment/draft", follow_redirects=True).text
    assert "The draft follows the data until the order is sent or registered." in page
    form = browser.get(f"{url}/enrolment").text
    assert "It names 2 people." in form
    assert "Rahimov Akmal Alimovich, Rektor" in form
    typed = {"number": "12-k", "registered_on": "2026-09-07", "effective_on": "2026-09-01", "signer": "0"}
    page = browser.post(
        f"{url}/enrolment", data=typed | {"scan": (BytesIO(PNG), "buyruq.png")}, follow_redirects=True,
        content_type="multipart/form-data",
    ).text  # fmt: skip
    assert "Order of enrolment No. 12-k is registered." in page
    assert "Rahimov Akmal Alimovich, Rektor" in page
    db.session.expire_all()
    order = order_queries.order_of(run, OrderKind.ENROLMENT)
    assert (order.number, order.year, order.state) == ("12-k", 2026, OrderState.REGISTERED)
    assert [line["enrolment"] for line in order.facts["people"]] == [rows[0].id, rows[1].id]
    assert db.session.get_one(Run, run.id).state is RunState.CONFIRMED
    assert browser.get(f"/files/{order.scan_id}").data == PNG


def test_a_late_order_holds_from_its_effective_day(run, rows, coordinator):
    """The members' days begin with the order's, though they were entered here later."""
    register(coordinator, run)
    db.session.expire_all()
    assert {row.since for row in rows[:2]} == {date(2026, 9, 1)}
    assert [member.since for member in queries.group(db.session.get_one(Run, run.id))] == [run.starts_on] * 2


def test_everything_that_is_lacking_is_said_at_once(run, rows, coordinator):
    url = f"/manage/runs/{run.code}/orders/enrolment"
    page = coordinator.browser.post(
        url, data={"number": " ", "registered_on": "2026-02-30", "effective_on": "", "signer": ""}
    ).text
    assert "There is no such day." in page
    typed = {
        "number": "",
        "registered_on": "2026-09-08",
        "effective_on": "",
        "signer": "",
        "signer_name": "X",
    }
    page = coordinator.browser.post(url, data=typed).text
    assert "Write the order&#39;s number, or take our next one." in page
    assert "has not come yet. An order bears the day it was registered." in page
    assert "Write the day from which the order holds." in page
    assert 'value="X"' in page
    assert order_queries.order_of(run, OrderKind.ENROLMENT) is None


def test_an_order_that_names_nobody(run, coordinator):
    with pytest.raises(Refused) as refused:
        register(coordinator, run)
    assert codes(refused) == ["order-names-nobody"]


def test_a_number_is_used_once_a_year_and_kind(make_run, teachers, coordinator):
    first, second = make_run(), make_run(starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10))
    for run in (first, second):
        service.enrol_self(teachers[0].actor, run.code)
    register(coordinator, first)
    with pytest.raises(Refused) as refused:
        register(coordinator, second)
    assert codes(refused) == ["order-number-taken"]
    assert db.session.get_one(Run, second.id).state is RunState.PUBLISHED
    register(coordinator, second, registered_on=date(2025, 12, 30))


def test_sent_twice_it_is_registered_once(run, rows, coordinator):
    assert register(coordinator, run).id == register(coordinator, run).id
    assert len(order_queries.orders(run.id)) == 1


def test_a_registered_order_is_changed_only_by_another(run, rows, coordinator, make_teacher):
    first = register(coordinator, run)
    service.remove(coordinator.actor, rows[0].id, "ill")
    assert [line["enrolment"] for line in first.facts["people"]] == [rows[0].id, rows[1].id]
    second = register(coordinator, run, number="19-k")
    assert second.changes_id == first.id
    assert [line["enrolment"] for line in second.facts["people"]] == [rows[1].id, rows[2].id]
    assert order_queries.order_of(run, OrderKind.ENROLMENT).id == second.id


def test_one_draft_that_can_be_dropped(run, rows, coordinator):
    drafts = [
        order_service.draft_order(coordinator.actor, run.code, OrderKind.ENROLMENT).id for _ in range(2)
    ]
    assert drafts[0] == drafts[1]
    order_service.delete_draft(coordinator.actor, run.code, OrderKind.ENROLMENT)
    assert order_queries.orders(run.id) == []


def test_the_scan_may_come_later_but_once(run, rows, coordinator):
    order = register(coordinator, run)
    url = f"/manage/runs/{run.code}/orders/{order.id}/scan"

    def send(content: bytes) -> str:
        data = {"scan": (BytesIO(content), "a.png")}
        return coordinator.browser.post(
            url, data=data, content_type="multipart/form-data", follow_redirects=True
        ).text

    assert "The scan is kept with the order." in send(PNG)
    assert "Order 12-k has its scan already." in send(PNG)
    assert "Choose the file with the scan first." in coordinator.browser.post(url, follow_redirects=True).text


def test_draft_and_order_on_paper(run, rows, coordinator, signatories):
    if not pdf.available():
        pytest.fail("Pango is part of the test machine")
    draft = coordinator.browser.get(f"/manage/runs/{run.code}/orders/enrolment.pdf?in=ru")
    assert draft.mimetype == "application/pdf"
    assert pages_of(draft.data) >= 1
    order = register(coordinator, run)
    sheet = coordinator.browser.get(f"/manage/runs/{run.code}/orders/{order.id}/sheet.pdf?in=uz-Cyrl")
    assert pages_of(sheet.data) >= 1
    assert coordinator.browser.get(f"/manage/runs/{run.code}/orders/exclusion.pdf").status_code == 404


def test_only_the_provider_enters_orders(run, rows, teachers, office):
    for somebody in (teachers[0], office):
        with pytest.raises(Forbidden):
            register(somebody, run)
        assert somebody.browser.get(f"/manage/runs/{run.code}/orders").status_code == 403
