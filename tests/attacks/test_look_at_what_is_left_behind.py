"""What a shared machine, a cache on the way or a browser's store could keep of what somebody saw."""

from datetime import UTC, date, datetime

import pytest

from tests import scenario


@pytest.fixture
def country(app, clock):
    found = scenario.country(date(2026, 9, 14))
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    return found


def test_nothing_about_people_is_kept_on_the_way(app, country):
    code, teacher = country.run.code, country.teachers[0].person_id
    for actor, addresses in {
        country.coordinator: (f"/manage/runs/{code}/people", f"/manage/runs/{code}/people.xlsx"),
        country.college_hr: ("/staff", "/staff.xlsx"),
        scenario.Actor(teacher): ("/account", "/mine", f"/mine/{code}.ics", "/account/second-step.svg"),
    }.items():
        browser = scenario.signed_in(app, actor)
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["Cache-Control"] == "no-store", address
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"], address
    answer = scenario.signed_in(app, scenario.Actor(teacher)).post("/account/data.zip")
    assert answer.headers["Cache-Control"] == "no-store"
