"""A teacher ranks runs with the keyboard alone, and with a thumb on a phone; the list is kept at each press."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from retrain import clock as program_clock
from retrain.allocation import service
from retrain.allocation.models import Wish
from retrain.allocation.service import RoundPlan
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.people import passwords
from retrain.people.states import RoleKind
from tests import scenario
from tests.browser.conftest import DESKTOP, PHONE, sign_in

PASSWORD = "a long enough password 7"
WEEKS = (4, 6, 8)


@pytest.fixture
def round_code(app, clock):
    """A round of three runs in which one teacher may rank now; its code."""
    now = program_clock.now()
    country = scenario.country(now.date() + timedelta(weeks=2), people=0)
    runs = []
    for weeks in WEEKS:
        plan = scenario.run_plan(now.date() + timedelta(weeks=weeks))
        code = country.run.version.course.code
        runs.append(catalogue.open_run(country.coordinator, code, plan, publish=True).code)
    person = scenario.teacher(1, country.college, "Karimova").person
    person.email, person.password_hash = "karimova@example.uz", passwords.digest(PASSWORD)
    scenario.role(person, RoleKind.TEACHER, country.college)
    db.session.commit()
    plan = RoundPlan({"uz": "Taqsimot", "en": "Round"}, now - timedelta(hours=1), now + timedelta(days=7))
    made = service.create_round(country.coordinator, plan)
    service.add_runs(country.coordinator, made.code, runs)
    service.publish_round(country.coordinator, made.code)
    return made.code


def kept():
    db.session.rollback()
    return list(
        db.session.scalars(select(Run.code).join(Wish, Wish.run_id == Run.id).order_by(Wish.number)).all()
    )


def enter(page, round_code):
    sign_in(page, "karimova@example.uz", PASSWORD)
    page.goto(f"/rounds/{round_code}/rank")


def test_with_the_keyboard_alone(open_page, round_code):
    page = open_page(DESKTOP)
    enter(page, round_code)

    def press(name, nth=0):
        """Tab to the button that is read out like that, and press it."""
        wanted = page.get_by_role("button", name=name).nth(nth)
        for _ in range(60):
            page.keyboard.press("Tab")
            if wanted.evaluate("each => each === document.activeElement"):
                assert wanted.evaluate("each => each.matches(':focus-visible')")
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} is not reached with Tab")

    press("Add as number 1")
    press("Add as number 2")
    first = kept()
    assert len(first) == 2
    press("Down")
    assert kept() == first[::-1]
    expect(page.locator("section[aria-labelledby=mine] h3").first).to_contain_text("1.")
    press("Remove", 1)
    assert kept() == first[1:]


def test_with_a_thumb_on_a_phone(open_page, round_code):
    page = open_page(PHONE)
    enter(page, round_code)
    for number in (1, 2, 3):
        with page.expect_navigation():
            page.get_by_role("button", name=f"Add as number {number}").first.tap()
    order = kept()
    assert len(order) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    buttons = page.locator("section[aria-labelledby=mine] button")
    for place in range(buttons.count()):
        size = buttons.nth(place).bounding_box()
        assert size["height"] >= 44, buttons.nth(place).inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Up").last.tap()
    assert kept() == [order[0], order[2], order[1]]
    expect(page.get_by_text("You ranked 3 runs").first).to_be_visible()
