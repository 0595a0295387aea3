"""A coordinator writes a whole course with scripts on: modules and topics are added in place, hours are compared."""

import pytest

from retrain.catalogue import queries
from tests.harness.actors import organisation, somebody


@pytest.fixture
def coordinator(app, clock):
    return somebody(app, "coordinator", organisation("BXDU", "Buxoro davlat universiteti"))


def signed_in(page, address, who):
    cookie = who.browser.get_cookie("session")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    return page


def test_modules_and_topics_are_added_in_place(desktop, live_server, coordinator):
    page = signed_in(desktop, live_server, coordinator)
    page.goto(f"{live_server}/courses/new/full")
    page.wait_for_selector("html[data-enhanced]", state="attached")
    page.fill("#en", "Welding for masters")
    module = page.locator("#modules > [data-repeat-entry]").first
    module.locator("#modules-0-en").fill("Safety")
    module.locator("#modules-0-topics-0-en").fill("Rules")
    module.locator("#modules-0-topics-0-hours").fill("4")
    module.get_by_role("button", name="Add a topic").click()
    page.fill("#modules-0-topics-1-en", "Practice")
    page.select_option("#modules-0-topics-1-kind", "practical")
    page.fill("#modules-0-topics-1-hours", "8")
    page.fill("#modules-0-lecture", "6")
    assert "lecture 4 / 6" in module.locator("output").inner_text()
    page.fill("#modules-0-lecture", "4")
    page.fill("#modules-0-practical", "8")
    assert module.locator("output").inner_text() == "Hours of the topics agree."
    page.get_by_role("button", name="Add a module").click()
    second = page.locator("#modules > [data-repeat-entry]").nth(1)
    assert second.locator("[data-repeat-entry]").count() == 1
    page.fill("#modules-1-en", "Seams")
    second.get_by_role("button", name="Add a topic").click()
    page.fill("#modules-1-topics-1-en", "Butt joints")
    page.fill("#modules-1-topics-1-hours", "12")
    page.get_by_role("button", name="Save the course").click()
    page.wait_for_url("**/courses/*")
    plan = queries.plan_of(queries.course(page.url.rpartition("/")[2]).versions[0])
    assert [dict(module.hours) for module in plan.modules] == [
        {"lecture": 4, "practical": 8},
        {"lecture": 12},
    ]
    assert [topic.titles["en"] for topic in plan.modules[1].topics] == ["Butt joints"]
