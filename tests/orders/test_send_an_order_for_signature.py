"""The coordinator sends an order to the signatory, who signs it off or sends it back with a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from retrain.audit.models import AuditEntry
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment import service
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders import queries as order_queries
from retrain.orders import service as order_service
from retrain.orders.models import OfficialOrder
from retrain.orders.registering import Registration
from retrain.orders.signing import Sheet
from retrain.orders.states import OrderKind, OrderState
from retrain.people.models import Role, Setting
from retrain.refusal import Forbidden, Refused
from tests.harness.actors import somebody

ENROLMENT = OrderKind.ENROLMENT
TYPED = Registration("12-k", date(2026, 9, 7), date(2026, 9, 1), "Rahimov A. A.")


@pytest.fixture
def rector(app, university):
    return somebody(app, "signatory", university, "Rahimov", "Akmal")


@pytest.fixture
def deputy(app, university):
    return somebody(app, "signatory", university, "Sodiqov", "Bahrom")


@pytest.fixture
def sent(run, rows, coordinator, rector):
    return send(coordinator, run, rector)


def send(coordinator, run, signatory) -> OfficialOrder:
    sheet = Sheet(signatory.person_id, "Rahimov A. A.", "Rektor", date(2026, 9, 1))
    return order_service.send_order(coordinator.actor, run.code, ENROLMENT, sheet)


def codes(refused) -> list[str]:
    return [refusal.code for refusal in refused.value.why]


def named(order) -> list[int]:
    return [line["enrolment"] for line in order.facts["people"]]


def messages(somebody) -> list[str]:
    found = db.select(Message.kind).where(Message.person_id == somebody.person_id)
    return list(db.session.scalars(found.where(Message.kind.like("order.%")).order_by(Message.id)))


def test_from_the_draft_over_the_signatory_to_a_number_of_ours(
    run, rows, coordinator, rector, university, clock
):
    value = [{"name": "Rahimov A. A.", "post": "Rektor"}]
    db.session.add(
        Setting(organisation_id=university, key="signatories", valid_from=date(2026, 1, 1), value=value,
                created_at=clock.now())
    )  # fmt: skip
    db.session.commit()
    url = f"/manage/runs/{run.code}/orders"
    coordinator.browser.post(f"{url}/enrolment/draft")
    assert "Send for signature" in coordinator.browser.get(url).text
    form = coordinator.browser.get(f"{url}/enrolment/send").text
    assert "Rahimov Akmal" in form
    typed = {"signatory": str(rector.person_id), "effective_on": "2026-09-01"}
    page = coordinator.browser.post(f"{url}/enrolment/send", data=typed, follow_redirects=True).text
    assert "The order is sent for signature. The signatory was told." in page
    assert "sent for signature to Rahimov Akmal" in page

    home = rector.browser.get("/").text
    assert f"Sign: Order of enrolment, run {run.code}" in home
    assert f"{url}/enrolment/sign" in home
    page = rector.browser.get(f"{url}/enrolment/sign").text
    assert "Aliyev Anvar" in page
    assert "Rahimov A. A., Rektor" in page
    seen = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    answer = {"answer": "sign", "seen": seen}
    page = rector.browser.post(f"{url}/enrolment/sign", data=answer, follow_redirects=True).text
    assert "The order is signed off." in page
    assert "signed off by Rahimov Akmal" in page
    assert f"Sign: Order of enrolment, run {run.code}" not in rector.browser.get("/").text

    home = coordinator.browser.get("/", follow_redirects=True).text
    assert f"Order of enrolment, run {run.code}, is signed: give it its number" in home
    form = coordinator.browser.get(f"{url}/enrolment").text
    assert "It would be 1-k." in form
    typed = {
        "own_number": "y",
        "registered_on": "2026-09-07",
        "effective_on": "2026-09-01",
        "signer": "0",
        "after": "0",
    }
    for _twice in range(2):
        page = coordinator.browser.post(f"{url}/enrolment", data=typed, follow_redirects=True).text
        assert "Order of enrolment No. 1-k is registered." in page
    db.session.expire_all()
    order = order_queries.order_of(run, ENROLMENT)
    assert (order.number, order.signer_name, order.signer_post) == ("1-k", "Rahimov A. A.", "Rektor")
    assert db.session.get_one(Run, run.id).state is RunState.CONFIRMED
    actions = db.select(AuditEntry.action).where(AuditEntry.action.like("order.%")).order_by(AuditEntry.id)
    assert list(db.session.scalars(actions)) == [
        "order.drafted", "order.sent", "order.signed", "order.registered",
    ]  # fmt: skip


def test_what_was_sent_is_what_is_signed_and_registered(run, rows, coordinator, rector, sent):
    """Somebody leaves and the next one moves up meanwhile: that is for another order."""
    service.remove(coordinator.actor, rows[0].id, "ill")
    assert (
        "The group has changed since the order was sent"
        in coordinator.browser.get(f"/manage/runs/{run.code}/orders").text
    )
    order_service.sign_off(rector.actor, run.code, ENROLMENT, sent.sent_at)
    order = order_service.register_order(coordinator.actor, run.code, ENROLMENT, TYPED)
    assert named(order) == [rows[0].id, rows[1].id]


def test_a_signatory_sends_it_back_with_a_reason(run, rows, coordinator, rector, sent):
    url = f"/manage/runs/{run.code}/orders/enrolment/sign"
    page = rector.browser.post(url, data={"answer": "back", "why": " "}).text
    assert "Write what is to be put right: the coordinator will read it." in page
    why = {"answer": "back", "why": "Guruh raqami yo‘q."}
    assert "The order is sent back." in rector.browser.post(url, data=why, follow_redirects=True).text
    assert "Guruh raqami yo‘q." in coordinator.browser.get(f"/manage/runs/{run.code}/orders").text
    assert (
        f"Order of enrolment, run {run.code}, came back unsigned"
        in coordinator.browser.get("/", follow_redirects=True).text
    )
    db.session.expire_all()
    order = db.session.scalars(db.select(OfficialOrder)).one()
    assert (order.state, order.facts, order.returned_why) == (OrderState.DRAFT, {}, "Guruh raqami yo‘q.")
    assert (messages(rector), messages(coordinator)) == (["order.sent"], ["order.returned"])
    again = send(coordinator, run, rector)
    assert again.returned_why is None
    assert messages(rector) == ["order.sent"]  # at the same frozen moment it is the same message


def test_each_sending_is_told_once(run, rows, coordinator, rector, sent, clock):
    assert send(coordinator, run, rector).sent_at == sent.sent_at
    assert messages(rector) == ["order.sent"]
    order_service.take_back(coordinator.actor, run.code, ENROLMENT)
    clock.advance(minutes=5)
    send(coordinator, run, rector)
    assert messages(rector) == ["order.sent", "order.sent"]


def test_only_the_one_it_was_sent_to_answers_or_who_stands_in(run, rows, coordinator, rector, deputy, sent):
    with pytest.raises(Refused) as refused:
        order_service.sign_off(deputy.actor, run.code, ENROLMENT)
    assert codes(refused) == ["order-for-another"]
    page = deputy.browser.get(f"/manage/runs/{run.code}/orders/enrolment/sign").text
    assert "The order was sent to another signatory." in page
    assert "Sign off" not in page
    assert f"Sign: Order of enrolment, run {run.code}" not in deputy.browser.get("/").text
    standing_in = replace(deputy.actor, delegated_by=rector.person_id)
    assert order_service.sign_off(standing_in, run.code, ENROLMENT).signed_by_id == deputy.person_id


def test_a_page_that_is_out_of_date_signs_nothing(run, rows, coordinator, rector, sent, clock):
    seen = sent.sent_at
    order_service.take_back(coordinator.actor, run.code, ENROLMENT)
    with pytest.raises(Refused) as refused:
        order_service.sign_off(rector.actor, run.code, ENROLMENT, seen)
    assert codes(refused) == ["order-not-sent"]
    clock.advance(minutes=5)
    send(coordinator, run, rector)
    for answer in (
        lambda: order_service.sign_off(rector.actor, run.code, ENROLMENT, seen),
        lambda: order_service.send_back(rector.actor, run.code, ENROLMENT, "no", seen),
    ):
        with pytest.raises(Refused) as refused:
            answer()
        assert codes(refused) == ["order-sent-anew"]


def test_signed_twice_is_signed_once_and_can_not_be_sent_back(run, rows, coordinator, rector, sent, clock):
    first = order_service.sign_off(rector.actor, run.code, ENROLMENT).signed_at
    clock.advance(minutes=5)
    assert order_service.sign_off(rector.actor, run.code, ENROLMENT).signed_at == first
    with pytest.raises(Refused) as refused:
        order_service.send_back(rector.actor, run.code, ENROLMENT, "too late")
    assert codes(refused) == ["order-signed"]
    order_service.take_back(coordinator.actor, run.code, ENROLMENT)
    db.session.expire_all()
    order = db.session.scalars(db.select(OfficialOrder)).one()
    assert (order.state, order.signed_at, order.signed_by_id) == (OrderState.DRAFT, None, None)


def test_ink_needs_no_signature_here(run, rows, coordinator, rector, sent):
    """The paper came back signed before the signatory pressed anything."""
    order = order_service.register_order(coordinator.actor, run.code, ENROLMENT, TYPED)
    assert (order.state, order.signed_at) == (OrderState.REGISTERED, None)
    with pytest.raises(Refused) as refused:
        order_service.sign_off(rector.actor, run.code, ENROLMENT)
    assert codes(refused) == ["order-not-sent"]


def test_it_is_sent_to_somebody_who_may_sign(run, rows, coordinator, rector, teachers, clock):
    with pytest.raises(Refused) as refused:
        send(coordinator, run, teachers[0])
    assert codes(refused) == ["order-no-signatory"]
    held = db.session.scalars(db.select(Role).where(Role.person_id == rector.person_id)).one()
    held.until = clock.moment.date() - timedelta(days=1)
    db.session.commit()
    page = coordinator.browser.get(f"/manage/runs/{run.code}/orders/enrolment/send").text
    assert "Nobody holds the role of signatory here." in page
    with pytest.raises(Refused) as refused:
        send(coordinator, run, rector)
    assert codes(refused) == ["order-no-signatory"]


def test_an_order_that_names_nobody_is_not_sent(run, coordinator, rector):
    with pytest.raises(Refused) as refused:
        send(coordinator, run, rector)
    assert codes(refused) == ["order-names-nobody"]


def test_what_is_out_for_signature_is_taken_back_before_it_is_dropped(run, rows, coordinator, sent):
    with pytest.raises(Refused) as refused:
        order_service.delete_draft(coordinator.actor, run.code, ENROLMENT)
    assert codes(refused) == ["order-sent"]


def test_nobody_else_sends_or_signs(run, rows, coordinator, rector, sent, teachers, office):
    url = f"/manage/runs/{run.code}/orders/enrolment"
    for person in (teachers[0], office, coordinator):
        with pytest.raises(Forbidden):
            order_service.sign_off(person.actor, run.code, ENROLMENT)
        assert person.browser.post(f"{url}/sign", data={"answer": "sign"}).status_code == 403
    with pytest.raises(Forbidden):
        send(rector, run, rector)
    assert rector.browser.post(f"{url}/take-back").status_code == 403
