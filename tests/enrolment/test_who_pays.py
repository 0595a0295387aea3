"""Who pays for a place: noted for one or many, audited, filtered, taken away as a table; second attempts and their end."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.enrolment import funding, service
from retrain.enrolment.funding_rules import Money, refusals
from retrain.enrolment.models import Enrolment
from retrain.enrolment.rules import again_by
from retrain.enrolment.states import Funding
from retrain.extensions import db
from retrain.refusal import Refused
from tests.harness.places import GIVEN_AT_ONCE


def test_one_is_noted_and_shown(run, rows, coordinator, teachers):
    url = f"/manage/runs/{run.code}/people/funding"
    page = coordinator.browser.post(url, data={"people": rows[0].id}).text
    assert "What is left empty is taken away." in page
    typed = {"people": rows[0].id, "funding": "college", "contract": "15/26", "price": "900000"}
    page = coordinator.browser.post(url, data=typed, follow_redirects=True).text
    assert "It was noted for 1 person." in page
    assert "the college, not paid" in page
    assert "Who pays: the college, not paid" in teachers[0].browser.get("/mine").text
    page = coordinator.browser.get(f"/manage/runs/{run.code}/people?lacking=payment").text
    assert "1 person is shown." in page
    typed |= {"paid_on": "2026-09-05"}
    page = coordinator.browser.post(url, data=typed, follow_redirects=True).text
    assert "the college, paid on 5 September 2026" in page
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "enrolment.funding_set").order_by(AuditEntry.id)
    ).all()
    assert [entry.actor_id for entry in entries] == [coordinator.person_id] * 2
    assert entries[1].after == {"paid_on": "2026-09-05"}


def test_of_many_what_is_filled_in(run, rows, coordinator):
    numbers = [row.id for row in rows]
    service.set_funding(coordinator.actor, run.code, numbers[:1], {"contract": "1"})
    url = f"/manage/runs/{run.code}/people/funding"
    typed = {"people": numbers, "funding": "own", "price": "500000", "contract": "", "paid_on": ""}
    page = coordinator.browser.post(url, data=typed, follow_redirects=True).text
    assert "It was noted for 5 people." in page
    db.session.expire_all()
    found = [funding.money_of(db.session.get_one(Enrolment, number)) for number in numbers]
    assert found[0] == Money(Funding.OWN, "1", 500_000)
    assert set(found[1:]) == {Money(Funding.OWN, None, 500_000)}


def test_what_cannot_be_is_refused_for_all(run, rows, coordinator):
    numbers = [row.id for row in rows]
    url = f"/manage/runs/{run.code}/people/funding"
    typed = {"people": numbers, "funding": "own", "price": "-1", "paid_on": "2026-09-08"}
    page = coordinator.browser.post(url, data=typed).text
    assert "A payment can" in page
    assert "Write the price as a whole number" in page
    with pytest.raises(Refused):
        service.set_funding(coordinator.actor, run.code, numbers, {"paid_on": date(2026, 9, 1)})
    assert not db.session.scalars(select(Enrolment).where(Enrolment.funding != Funding.BUDGET)).all()


def test_the_table_taken_away_has_the_money(run, rows, coordinator):
    change = {"funding": Funding.OWN, "contract": "7", "price": 120_000, "paid_on": date(2026, 9, 4)}
    service.set_funding(coordinator.actor, run.code, [rows[0].id], change)
    content = coordinator.browser.get(f"/manage/runs/{run.code}/people.xlsx").data
    sheet = load_workbook(BytesIO(content)).active
    assert [cell.value for cell in sheet[1]][-4:] == ["Who pays", "Contract number", "Sum, so‘m", "Paid on"]
    values = [cell.value for cell in sheet[2]][-4:]
    assert values[:3] == ["the teacher", "7", 120_000]
    assert values[3].date() == date(2026, 9, 4)


MONEY = st.builds(
    Money, st.sampled_from(Funding), st.none() | st.text(max_size=5),
    st.none() | st.integers(-5, 10**13), st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)  # fmt: skip


@given(MONEY, st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_what_may_be_noted_is_never_both_paid_and_unpaid(money, today):
    if refusals(money, today):
        return
    assert not (money.unpaid and money.paid_on)
    assert money.funding is not Funding.BUDGET or not money.unpaid
    assert money.paid_on is None or money.paid_on <= today


def fail(run, row, coordinator, clock):
    clock.set(datetime(2026, 9, 26, 9, tzinfo=UTC))
    service.finish_enrolment(coordinator.actor, row.id, False)


def again(make_run, run, starts_on):
    return make_run(
        course=run.version.course.code, starts_on=starts_on, ends_on=starts_on.replace(day=28),
        enrolment_opens=datetime(2026, 9, 1, tzinfo=UTC), enrolment_closes=datetime(2027, 9, 18, tzinfo=UTC),
        terms=replace(GIVEN_AT_ONCE, funding=Funding.COLLEGE),
    )  # fmt: skip


def test_a_second_attempt_is_linked_to_the_first_and_says_who_pays(
    make_run, run, rows, coordinator, teachers, clock
):
    fail(run, rows[0], coordinator, clock)
    page = teachers[0].browser.get("/mine").text
    assert "You may try once more, on a run of this course that begins by 26 September 2027." in page
    second = again(make_run, run, date(2027, 9, 20))
    row = service.enrol_self(teachers[0].actor, second.code)
    assert (row.attempt, row.repeat_of_id) == (2, rows[0].id)
    words = f"second attempt after {run.code}, to begin by 26 September 2027"
    page = teachers[0].browser.get("/mine").text
    assert words in page
    assert "You may try once more" not in page
    assert "Who pays: the college, not paid" in page
    assert words in coordinator.browser.get(f"/manage/runs/{second.code}/people").text


def test_no_second_attempt_after_its_time(make_run, run, rows, coordinator, teachers, clock):
    fail(run, rows[0], coordinator, clock)
    late = again(make_run, run, date(2027, 9, 27))
    words = f"Run {run.code} was not completed. A second attempt had to begin by 26 September 2027."
    assert words in teachers[0].browser.get(f"/runs/{late.code}").text
    for actor, source in ((teachers[0].actor, "self"), (coordinator.actor, "coordinator")):
        with pytest.raises(Refused) as refused:
            service.enrol(actor, late.code, teachers[0].teacher_id, source=source)
        assert [why.code for why in refused.value.why] == ["second-attempt-too-late"]
    assert service.enrol_self(teachers[1].actor, late.code).attempt == 1


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 120))
def test_a_later_end_never_ends_the_time_earlier(ended, months):
    by = again_by(ended, months)
    assert ended < by
    assert again_by(ended.replace(day=1), months) <= by
