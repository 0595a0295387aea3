"""Orders of exclusion and of a changed list: out of the data, each person in one order, the days from the order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.enrolment import desk, queries, reading_runs, service
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders import lists as order_lists
from retrain.orders import queries as order_queries
from retrain.orders import rules as order_rules
from retrain.orders import service as order_service
from retrain.orders.registering import Registration
from retrain.orders.rules import Named, Ordered
from retrain.orders.states import OrderKind
from retrain.refusal import Refused
from tests.documents.paper import pages_of

TYPED = Registration("12-k", date(2026, 9, 7), date(2026, 9, 1), "Rahimov A. A.", "rektor")
IN_CLASS = datetime(2026, 9, 23, 5, tzinfo=UTC)
"""The third day of the run."""


@pytest.fixture
def enrolled(run, rows, coordinator, clock):
    """The order of enrolment is registered, and the classes have begun."""
    order_service.register_order(coordinator.actor, run.code, OrderKind.ENROLMENT, TYPED)
    clock.set(IN_CLASS)


def register(coordinator, run, kind, **changed):
    typed = {"number": "1", "registered_on": date(2026, 9, 23), "effective_on": date(2026, 9, 23)}
    return order_service.register_order(
        coordinator.actor, run.code, kind, replace(TYPED, **(typed | changed))
    )


@use_case
def substitute(coordinator, run, row) -> None:
    """What a college's substitution does to the one who doesn't come."""
    at_desk, there = reading_runs.run_at_desk(run.code, lock=True), queries.enrolment(row.id)
    desk.move(coordinator.actor, at_desk, there, State.SUBSTITUTED, why="Kasal")


def codes(refused) -> list[str]:
    return [refusal.code for refusal in refused.value.why]


def names(facts, part="people") -> list[int]:
    return [line["enrolment"] for line in facts[part]]


def test_whoever_was_taken_off_is_excluded_by_an_order(run, rows, coordinator, enrolled):
    url = f"/manage/runs/{run.code}/orders"
    assert "Nobody has left the group without an order." in coordinator.browser.get(url).text
    service.remove(coordinator.actor, rows[0].id, "18 soat sababsiz")
    page = coordinator.browser.get(url).text
    assert "1 person has left the group and is not excluded by an order yet." in page
    coordinator.browser.post(f"{url}/exclusion/draft")
    assert pages_of(coordinator.browser.get(f"{url}/exclusion.pdf?in=ru").data) >= 1
    typed = {
        "own_number": "y",
        "registered_on": "2026-09-23",
        "effective_on": "2026-09-22",
        "signer_name": "R",
        "after": "0",
    }
    page = coordinator.browser.post(f"{url}/exclusion", data=typed, follow_redirects=True).text
    assert "Order of exclusion No. 1-ch is registered." in page
    assert "Nobody has left the group without an order." in page
    db.session.expire_all()
    order = order_queries.order_of(run, OrderKind.EXCLUSION)
    assert names(order.facts) == [rows[0].id]
    assert order.facts["people"][0]["note"] == {"left": "2026-09-23", "why": "18 soat sababsiz"}
    assert order.facts["basis"] == [{"kind": "enrolment", "number": "12-k", "on": "2026-09-07"}]
    change = db.session.scalars(db.select(EnrolmentChange).where(EnrolmentChange.order_id == order.id)).one()
    assert (change.enrolment_id, change.after) == (rows[0].id, State.EXCLUDED)
    assert db.session.get_one(Enrolment, rows[0].id).until == date(2026, 9, 22)


def test_each_order_of_exclusion_names_those_who_left_since(run, rows, coordinator, enrolled):
    service.remove(coordinator.actor, rows[0].id, "one")
    first = register(coordinator, run, OrderKind.EXCLUSION)
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.EXCLUSION, number="2")
    assert codes(refused) == ["order-excludes-nobody"]
    service.remove(coordinator.actor, rows[1].id, "two")
    second = register(coordinator, run, OrderKind.EXCLUSION, number="2")
    assert (names(first.facts), names(second.facts)) == ([rows[0].id], [rows[1].id])
    assert second.changes_id is None


def test_who_withdrew_before_any_order_named_them_needs_none(run, rows, teachers, coordinator):
    service.withdraw(teachers[0].actor, rows[0].id)
    assert order_lists.named_now(run.id, OrderKind.EXCLUSION) == Named([])
    order_service.register_order(coordinator.actor, run.code, OrderKind.ENROLMENT, TYPED)
    service.withdraw(teachers[1].actor, rows[1].id)
    assert order_lists.named_now(run.id, OrderKind.EXCLUSION).people == [rows[1].id]


def test_a_substitute_comes_by_an_order_of_a_changed_list(run, rows, coordinator, enrolled):
    url = f"/manage/runs/{run.code}/orders"
    substitute(coordinator, run, rows[0])
    service.promote(coordinator.actor, run.code)
    page = coordinator.browser.get(url).text
    assert "1 person came after the list was ordered, 1 was replaced." in page
    assert "Nobody has left the group without an order." in page
    coordinator.browser.post(f"{url}/change/draft")
    assert "1 person is taken off the list." in coordinator.browser.get(f"{url}/change").text
    assert pages_of(coordinator.browser.get(f"{url}/change.pdf?in=uz-Cyrl").data) >= 1
    order = register(coordinator, run, OrderKind.CHANGE, effective_on=date(2026, 9, 21))
    assert names(order.facts, "removed") == [rows[0].id]
    assert names(order.facts, "added") == [rows[2].id]
    assert names(order.facts) == [rows[1].id, rows[2].id]
    assert order.changes_id == order_queries.order_of(run, OrderKind.ENROLMENT).id
    db.session.expire_all()
    gone, came = db.session.get_one(Enrolment, rows[0].id), db.session.get_one(Enrolment, rows[2].id)
    assert (gone.until, came.since) == (date(2026, 9, 21), date(2026, 9, 21))
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.CHANGE, number="2")
    assert codes(refused) == ["order-changes-nothing"]


def test_classes_need_not_wait_for_the_number_of_a_late_comers_order(run, rows, coordinator, enrolled):
    """Who came late is in the group at once; the order dates it back, but not before the group itself began."""
    service.change_places(coordinator.actor, run.code, 3)
    service.promote(coordinator.actor, run.code)
    assert len(queries.group(db.session.get_one(Run, run.id))) == 3
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.CHANGE, effective_on=date(2026, 8, 31))
    assert codes(refused) == ["order-effective-early"]
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.CHANGE, effective_on=run.ends_on + timedelta(days=1))
    assert codes(refused) == ["order-effective-late"]
    order = register(coordinator, run, OrderKind.CHANGE, effective_on=date(2026, 9, 22))
    assert (names(order.facts, "added"), names(order.facts, "removed")) == ([rows[2].id], [])


def test_nothing_is_changed_before_there_is_a_list(run, rows, coordinator):
    assert order_lists.named_now(run.id, OrderKind.CHANGE) == Named()
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.CHANGE, registered_on=date(2026, 9, 7))
    assert "order-changes-nothing" in codes(refused)


def test_completion_waits_until_everybody_is_decided_on(run, rows, coordinator, enrolled):
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.COMPLETION)
    assert codes(refused) == ["order-run-not-closed"]
    service.finish_enrolment(coordinator.actor, rows[0].id, True)
    service.finish_enrolment(coordinator.actor, rows[1].id, False)
    order = register(coordinator, run, OrderKind.COMPLETION)
    assert (names(order.facts), names(order.facts, "not_completed")) == ([rows[0].id], [rows[1].id])


def test_our_numbers_follow_one_another_whatever_the_chancellery_used(make_run, teachers, coordinator):
    """A number the chancellery gave is passed over; a registration that is refused takes none."""
    weeks = [timedelta(weeks=number) for number in range(4)]
    runs = [make_run(starts_on=date(2026, 9, 21) + week, ends_on=date(2026, 9, 26) + week) for week in weeks]
    for run in runs:
        service.enrol_self(teachers[0].actor, run.code)
    own = replace(TYPED, number="", own_number=True, after=0)
    order_service.register_order(
        coordinator.actor, runs[0].code, OrderKind.ENROLMENT, replace(TYPED, number="2-k")
    )
    found = []
    for run in runs[1:]:
        with pytest.raises(Refused):
            order_service.register_order(
                coordinator.actor, run.code, OrderKind.ENROLMENT, replace(own, effective_on=None)
            )
        found.append(
            order_service.register_order(coordinator.actor, run.code, OrderKind.ENROLMENT, own).number
        )
    assert found == ["1-k", "3-k", "4-k"]
    late = order_service.register_order(
        coordinator.actor, runs[3].code, OrderKind.ENROLMENT,
        replace(own, registered_on=date(2025, 12, 30), after=order_queries.order_of(runs[3], OrderKind.ENROLMENT).id),
    )  # fmt: skip
    assert (late.number, late.year) == ("1-k", 2025)


def test_one_number_or_the_other(run, rows, coordinator):
    with pytest.raises(Refused) as refused:
        register(coordinator, run, OrderKind.ENROLMENT, registered_on=date(2026, 9, 7), own_number=True)
    assert codes(refused) == ["order-two-numbers"]


STATES = {
    1: State.ENROLLED, 2: State.EXCLUDED, 3: State.WITHDRAWN, 4: State.SUBSTITUTED, 5: State.ENROLLED,
    6: State.EXCLUDED, 7: State.WITHDRAWN, 8: State.TRANSFERRED, 9: State.EXCLUDED,
}  # fmt: skip


def test_an_order_names_each_person_for_one_thing():
    """1 to 4, 8 and 9 are on the list; 5 came late; 6 was taken off before the order; 9 is excluded already."""
    ordered = Ordered(frozenset({1, 2, 3, 4, 8, 9}), frozenset({9}))
    change = order_rules.named(OrderKind.CHANGE, STATES, ordered)
    assert (change.added, change.removed, change.people) == ([5], [4, 8], [1, 2, 3, 5])
    exclusion = order_rules.named(OrderKind.EXCLUSION, STATES, ordered)
    assert exclusion.people == [2, 3, 6]
    assert order_rules.named(OrderKind.ENROLMENT, STATES, ordered).people == [1, 5]
