"""What a teacher should know first stands on one screen of a phone."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from retrain.catalogue import service as catalogue
from retrain.extensions import db
from retrain.people import passwords
from retrain.people.states import RoleKind
from tests import scenario

PASSWORD = "a long enough password 7"
MONDAY = date(2026, 9, 7)
SCREEN = 844


@pytest.fixture
def teacher(app, clock):
    """On no run yet, and three runs take them."""
    country = scenario.country(MONDAY + timedelta(weeks=1), people=0)
    for weeks in (2, 4):
        plan = scenario.run_plan(MONDAY + timedelta(weeks=weeks))
        catalogue.open_run(country.coordinator, country.run.version.course.code, plan, publish=True)
    person = scenario.teacher(1, country.college, "Karimova").person
    person.email, person.password_hash = "karimova@example.uz", passwords.digest(PASSWORD)
    scenario.role(person, RoleKind.TEACHER, country.college)
    db.session.commit()
    return person


@pytest.mark.parametrize("language", ["uz", "ru"])
def test_due_what_waits_and_three_runs_are_seen_without_scrolling(phone, live_server, teacher, language):
    phone.goto(f"{live_server}/sign-in?lang={language}")
    phone.fill("[name=login]", "karimova@example.uz")
    phone.fill("[name=password]", PASSWORD)
    phone.locator("main button[type=submit]").click()
    runs = phone.locator("section[aria-labelledby=fits] .task")
    expect(runs).to_have_count(3)
    expect(phone.locator(".hours-bar")).to_be_visible()
    order = [phone.locator(name).bounding_box()["y"] for name in (".due", "h1", "#fits")]
    assert order == sorted(order)
    last = runs.nth(2).bounding_box()
    assert last["y"] + last["height"] <= SCREEN
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
