"""A coordinator copies a column out of a spreadsheet and pastes it into the grid of results."""

from datetime import date

import pytest
from playwright.sync_api import expect

from retrain.completion import queries, service
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.people import passwords
from retrain.people.models import Person
from tests import scenario
from tests.browser.conftest import DESKTOP, sign_in

PASSWORD = "a long enough password 7"


@pytest.fixture
def country(app, clock):
    country = scenario.country(date(2027, 3, 1))
    for title, kind in (("Kirish", AssessmentKind.MODULE), ("Sinov", AssessmentKind.FINAL)):
        service.add_assessment(country.coordinator, country.run.code, {"uz": title}, kind, 56)
    person = db.session.get_one(Person, country.coordinator.person_id)
    person.email, person.password_hash = "rahimov@example.uz", passwords.digest(PASSWORD)
    db.session.commit()
    return country


def test_columns_of_a_spreadsheet_fill_the_grid_and_are_kept(open_page, country):
    page = open_page(DESKTOP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "rahimov@example.uz", PASSWORD)
    page.goto(f"/manage/runs/{country.run.code}/results")
    cells = page.locator("table[data-paste] input:not([type=hidden])")
    # As a spreadsheet puts it there: cells apart by tabs, rows by line ends, one after the last as well.
    page.evaluate("navigator.clipboard.writeText('70\\t81\\r\\n\\t92\\r\\n55\\t 60 \\r\\n')")
    cells.first.focus()
    page.keyboard.press("Control+V")
    for number, value in enumerate(["70", "81", "", "92", "55", "60"]):
        expect(cells.nth(number)).to_have_value(value)
    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page.locator("main")).to_contain_text("saved")
    db.session.rollback()
    module, final = (row.id for row in queries.assessments(country.run.id))
    one, two, three = (row.id for row in country.enrolments)
    assert queries.results(country.run.id) == {
        (module, one): 70, (final, one): 81, (final, two): 92, (module, three): 55, (final, three): 60,
    }  # fmt: skip
