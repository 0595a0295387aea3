"""Whoever shares a computer signs out, and the next person presses Back."""

from playwright.sync_api import Page

from retrain.extensions import db
from retrain.people import passwords
from retrain.people.states import OrganisationKind
from tests import scenario

PASSWORD = "a long enough password 7"


def test_back_shows_nothing_of_who_was_here(app, clock, desktop: Page, live_server):
    college = scenario.organisation("TK-01", OrganisationKind.COLLEGE, "Toshkent texnikumi")
    person = scenario.teacher(1, college, "Karimova").person
    person.email, person.password_hash = "karimova@example.uz", passwords.digest(PASSWORD)
    db.session.commit()
    page = desktop
    page.goto(f"{live_server}/sign-in?lang=en")
    page.get_by_label("E-mail or telephone").fill("karimova@example.uz")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server}/account")
    assert "karimova@example.uz" in page.content()
    with page.expect_navigation():
        page.locator("form[action*='/account/sessions/end'] button").first.click()
    page.go_back()
    page.wait_for_url("**/sign-in**")
    assert "karimova@example.uz" not in page.content()
