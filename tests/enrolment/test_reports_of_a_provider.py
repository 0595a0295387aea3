"""A provider's reports: all its people, places by quota and time, who is where; few queries, tables that open well."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select

from retrain.catalogue.models import Run
from retrain.enrolment import service
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Funding, QuotaSort
from retrain.extensions import db
from tests.demo.test_pages_ask_little import counted
from tests.harness.actors import organisation, somebody

MOST = 15
"""Statements of a coordinator's page, from the session to the last word."""


def sheet_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    rows = load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)
    return [list(row) for row in rows]


def test_all_people_of_all_runs(make_run, teachers, coordinator):
    one, two = make_run(places=1), make_run()
    rows = [
        service.enrol_self(teacher.actor, run.code)
        for teacher, run in zip(teachers, (one, one, two), strict=False)
    ]
    service.set_funding(coordinator.actor, two.code, [rows[2].id], {"funding": Funding.OWN, "price": 500_000})
    page = coordinator.browser.get("/manage/people").text
    assert "3 people are shown." in page
    assert "number 1 on the waiting list" in page
    assert "1 person is shown." in coordinator.browser.get("/manage/people?q=boboyev").text
    page = coordinator.browser.get("/manage/people?lacking=payment").text
    assert "1 person is shown." in page
    assert "the teacher, not paid" in page
    assert "0 people are shown." in coordinator.browser.get("/manage/people?year=2025").text
    found = sheet_of(coordinator.browser, "/manage/people.xlsx?sort=run")
    assert [row[4] for row in found[1:]] == [one.code, one.code, two.code]
    assert found[3][-4:] == ["the teacher", None, 500_000, None]


def test_nobody_of_another_provider(app, run, teachers, coordinator):
    service.enrol_self(teachers[0].actor, run.code)
    stranger = somebody(app, "coordinator", organisation("SDU", "Samarqand davlat universiteti"))
    for address in ("/manage/people", "/manage/places", "/manage/where"):
        page = stranger.browser.get(address).text
        assert run.code not in page
        assert "Aliyev" not in page
        assert teachers[0].browser.get(address).status_code == 403


def test_places_by_quota_and_time(make_run, teachers, coordinator, college, clock):
    run = make_run(places=10)
    at = datetime(2026, 9, 10, 5, tzinfo=UTC)
    service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, f"college:{college}", 4, at)
    service.set_quota(coordinator.actor, run.code, QuotaSort.CEILING, "region:UZ-NW", 2)
    service.enrol_self(teachers[0].actor, run.code)
    page = coordinator.browser.get("/manage/places").text
    assert "1 of 10 places are taken, 3 are kept for groups, 6 are free for all." in page
    assert "Buxoro 1-son texnikumi, kept for them: 1 of 4 taken" in page
    found = sheet_of(coordinator.browser, "/manage/places.xlsx")
    assert found[1][5:10] == [10, 1, 3, 6, 0]
    assert found[2][3:8] == ["Buxoro 1-son texnikumi", "kept for them", 4, 1, 3]
    assert found[2][10] == datetime(2026, 9, 10, 10)
    clock.set(datetime(2026, 9, 11, 5, tzinfo=UTC))
    service.release_due()
    page = coordinator.browser.get("/manage/places").text
    assert "1 of 10 places are taken, 0 are kept for groups, 9 are free for all." in page
    assert "given to all on" in page


def test_who_is_where(make_run, make_teacher, coordinator, college, other_college):
    run = make_run(places=9)
    for number in range(3):
        service.enrol_self(
            make_teacher(f"Nazarov{number}", other_college if number else college).actor, run.code
        )
    assert "3 people are in the groups" in coordinator.browser.get("/manage/where").text
    found = sheet_of(coordinator.browser, "/manage/where.xlsx")
    assert found[0] == ["Course", "Title", "Bukhara region", "Navoi region", "All together"]
    assert found[1] == ["AA", "Welding", 1, 2, 3]
    assert found[2] == ["All together", None, 1, 2, 3]


@pytest.fixture
def five_thousand(make_run, make_teacher, coordinator):
    """200 runs with 25 requests each, ten of which wait."""
    first = make_run(places=15)
    teachers = [make_teacher(f"Ustozov{number:02}") for number in range(25)]
    like = db.session.execute(select(Run.__table__).where(Run.id == first.id)).mappings().one()
    runs = [dict(like) | {"id": 1000 + at, "code": f"AA-{100 + at}", "taken": 15} for at in range(200)]
    db.session.execute(insert(Run.__table__), runs)
    shared = {
        "organisation_id": teachers[0].organisation_id, "source": "self", "attempt": 1, "taken_from": [],
        "requested_at": datetime(2026, 9, 7, tzinfo=UTC), "changed_at": datetime(2026, 9, 7, tzinfo=UTC),
        "funding": "budget", "lodging": "none",
    }  # fmt: skip
    rows = [
        shared
        | {"run_id": run["id"], "teacher_id": teacher.teacher_id}
        | ({"state": "enrolled", "since": first.starts_on, "position": None} if at < 15
           else {"state": "waitlisted", "since": None, "position": at})
        for run in runs
        for at, teacher in enumerate(teachers)
    ]  # fmt: skip
    db.session.execute(insert(Enrolment), rows)
    db.session.commit()
    return runs


def test_five_thousand_applications_are_asked_for_in_few_queries(five_thousand, coordinator):
    addresses = (
        "/manage/people", "/manage/people?state=waitlisted&sort=since", "/manage/people?q=ustozov07&sort=-run",
        "/manage/places", "/manage/where", f"/manage/runs/{five_thousand[0]['code']}/people",
    )  # fmt: skip
    for address in addresses:
        coordinator.browser.get(address)
        db.session.remove()
        with counted() as sent:
            answer = coordinator.browser.get(address)
        assert answer.status_code == 200
        assert len(sent) <= MOST, (address, sent)
    assert "5000 people are shown." in coordinator.browser.get("/manage/people").text.replace(",", "")
