"""What was planned and what came of it: for a college, a region and the country."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.planning import queries, rules, service
from retrain.planning.states import Fact
from tests.harness.statements import counted


@pytest.fixture
def year(office, coordinator, teachers, run, make_run, plan, now):
    """In November one completed, one is on a run, one waits, one missed October, one is for December."""
    later = make_run(
        places=1, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 28),
        enrolment_closes=datetime(2026, 11, 12, tzinfo=UTC),
    )  # fmt: skip
    lines = plan(teachers[:1], run, 9) + plan(teachers[3:4], run, 10) + plan(teachers[4:5], run, 12)
    lines += plan(teachers[1:3], later, 11)
    enrolment.enrol_self(teachers[0].actor, run.code)
    db.session.scalars(db.select(Enrolment)).one().state = State.COMPLETED
    db.session.commit()
    now.set(datetime(2026, 11, 9, 6, tzinfo=UTC))
    service.nominate(office.actor, {later.code: [line.id for line in lines[3:]]})
    return later


SENTENCE = "5 lines: 1 planned, 1 nominated, 1 on a run, 1 completed, 1 missed."


def test_a_colleges_report(office, year):
    page = office.browser.get("/plan/report?year=2026").text
    assert SENTENCE in page
    for word in ("September", "October", "November", "December", "Welding"):
        assert word in page
    book = openpyxl.load_workbook(BytesIO(office.browser.get("/plan/report.xlsx?year=2026").data))
    rows = list(book.active.values)
    assert rows[0] == (
        "Grouped by",
        "Value",
        "In the plan",
        "planned",
        "nominated",
        "on a run",
        "completed",
        "missed",
    )
    assert rows[1] == ("Month", "September", 1, 0, 0, 0, 1, 0)
    assert rows[3] == ("Month", "November", 2, 0, 1, 1, 0, 0)
    assert rows[-1][1:] == ("All together", 5, 1, 1, 1, 1, 1)


def test_the_lines_say_the_same_as_the_report(office, year, college):
    today = date(2026, 11, 9)
    lines = queries.lines(college, 2026, today)
    counted = dict.fromkeys(Fact, 0)
    for each in queries.tallies(2026, today, college_id=college):
        counted[each.fact] += each.number
    assert counted == {fact: sum(line.fact is fact for line in lines) for fact in Fact}
    assert set(counted.values()) == {1}


def test_one_who_enrolled_by_themselves_counts_for_the_plan(office, teachers, run, plan, college):
    plan(teachers[:1], run)
    enrolment.enrol_self(teachers[0].actor, run.code)
    assert [line.fact for line in queries.lines(college, 2026, date(2026, 9, 7))] == [Fact.ON_RUN]
    enrolment.withdraw(teachers[0].actor, db.session.scalars(db.select(Enrolment.id)).one(), "")
    assert [line.fact for line in queries.lines(college, 2026, date(2026, 9, 7))] == [Fact.PLANNED]
    assert [line.fact for line in queries.lines(college, 2026, date(2026, 10, 7))] == [Fact.MISSED]


def test_the_ministry_sees_regions_then_colleges_then_months(ministry, year):
    page = ministry.browser.get("/plan/report?year=2026").text
    assert SENTENCE in page
    assert "Bukhara region" in page
    page = ministry.browser.get("/plan/report?year=2026&region=UZ-BU").text
    assert "Buxoro 1-son texnikumi" in page
    page = ministry.browser.get("/plan/report?year=2026&college=BX-1").text
    assert "November" in page
    assert 'href="/plan?' not in page
    assert ministry.browser.get("/plan/report?region=XX").status_code == 404
    assert ministry.browser.get("/plan/report?college=XX").status_code == 404
    assert "No plan for 2029 yet" in ministry.browser.get("/plan/report?year=2029").text


def test_a_regional_centre_sees_its_own_region_alone(centre, year, other_college):
    page = centre.browser.get("/plan/report?year=2026").text
    assert "Buxoro 1-son texnikumi" in page
    assert centre.browser.get("/plan/report?college=BX-1").status_code == 200
    assert centre.browser.get("/plan/report?college=NV-1").status_code == 403
    assert centre.browser.get("/plan/report?region=UZ-NW").status_code == 403
    assert centre.browser.get("/plan/report.xlsx?region=UZ-NW").status_code == 403


def test_a_college_sees_only_its_own(office, year):
    page = office.browser.get("/plan/report?year=2026&college=NV-1").text
    assert "Buxoro 1-son texnikumi" in page


def test_a_report_costs_the_same_however_large(office, ministry, year, plan, make_teacher, run):
    def count(path):
        with counted() as sent:
            assert office.browser.get(path).status_code == 200
        return len(sent)

    paths = ("/plan/report?year=2026", "/plan?year=2026")
    count(paths[0])  # the first request of a browser also writes when it was last seen
    before = [count(path) for path in paths]
    plan([make_teacher(f"Yangi{number}") for number in range(4)], run, 12)
    assert [count(path) for path in paths] == before
    assert max(before) <= 15
    with counted() as sent:
        ministry.browser.get("/plan/report?year=2026")
    assert len(sent) <= 15


MONTHS = st.integers(1, 12)


@given(st.integers(0, 4), MONTHS, MONTHS)
def test_every_line_is_one_thing(weight, month, now):
    """Missed is what has no place when its month has passed; and nothing that somebody goes to is missed."""
    found = rules.fact(weight, 2026, month, date(2026, now, 15))
    assert (found is Fact.MISSED) == (weight == 1 or (weight == 0 and month < now))
    assert (found is Fact.COMPLETED) == (weight == 4)
