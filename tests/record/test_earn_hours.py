"""Hours count once, whatever adds them; and a teacher sees them with the day that is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.audit import SYSTEM
from retrain.record import queries, rules, service
from retrain.record.rules import CreditFacts, add_months, next_due
from retrain.record.states import CreditKind
from retrain.refusal import Refused
from tests.harness.actors import organisation, somebody

TITLE = {"uz": "Raqamli vositalar", "ru": "Цифровые средства"}


@pytest.fixture
def teacher(app, clock):
    return somebody(app, "teacher", organisation("TEX1", "1-son texnikum", "college"))


def add(teacher, source, **changed):
    facts = {
        "hours": 72,
        "kind": CreditKind.ADVANCED_TRAINING,
        "title": TITLE,
        "on": date(2026, 2, 2),
    } | changed
    return service.add_credit(SYSTEM, teacher.teacher_id, source=source, **facts)


def test_the_same_source_counts_once(teacher):
    first = add(teacher, "certificate:1")
    assert add(teacher, "certificate:1", hours=500).id == first.id
    add(teacher, "certificate:2", on=date(2025, 5, 5), hours=36)
    years = queries.by_year(queries.credits_of(teacher.teacher_id))
    assert [(year.year, year.hours) for year in years] == [(2026, 72), (2025, 36)]


def test_what_was_revoked_is_taken_back(teacher):
    add(teacher, "certificate:1")
    assert service.take_credit_back(SYSTEM, "certificate:1", "revoked")
    assert not service.take_credit_back(SYSTEM, "certificate:1", "revoked")
    assert queries.credits_of(teacher.teacher_id) == []


def test_hours_that_can_not_be_are_refused(teacher):
    with pytest.raises(Refused) as refused:
        add(teacher, "", hours=-1, on=date(2027, 1, 1))
    assert {refusal.code for refusal in refused.value.why} == {
        "credit-hours",
        "credit-without-source",
        "credit-in-future",
    }


def test_a_teacher_sees_hours_documents_and_the_day_that_is_due(teacher):
    add(teacher, "certificate:1", document="MO 000831")
    service.add_qualification(
        SYSTEM,
        teacher.teacher_id,
        source="certificate:9",
        speciality="IT",
        titles={"uz": "Informatika"},
        on=date(2024, 1, 9),
    )
    page = teacher.browser.get("/mine/record").text
    for text in ("Raqamli vositalar", "MO 000831", "72 hours", "2 February 2029", "Informatika"):
        assert text in page, text
    assert queries.last_renewal([teacher.teacher_id]) == {teacher.teacher_id: date(2026, 2, 2)}


def test_an_empty_record_says_what_will_be_there(teacher):
    assert "Nothing recorded yet" in teacher.browser.get("/mine/record").text


def test_others_have_no_record_page(app, clock):
    coordinator = somebody(app, "coordinator", organisation("BXDU", "Buxoro davlat universiteti"))
    assert coordinator.browser.get("/mine/record").status_code == 403


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 100))
def test_months_are_added_without_leaving_the_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_three_years_after_the_last_training_that_renews():
    earned = [
        CreditFacts(CreditKind.ADVANCED_TRAINING, date(2022, 5, 1), 144),
        CreditFacts(CreditKind.EXTERNAL, date(2024, 2, 29), 144),
        CreditFacts(CreditKind.EVENT, date(2026, 6, 1), 8),
    ]
    due = next_due(earned)
    assert due.by == date(2027, 2, 28)
    assert due.is_soon(date(2026, 9, 1))
    assert not due.is_soon(date(2026, 8, 1))
    assert due.is_overdue(date(2027, 3, 1))
    assert next_due([], date(2025, 9, 1)).by == date(2028, 9, 1)
    assert rules.next_due([]).by is None
