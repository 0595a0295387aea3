"""A coordinator drags classes in the week: by mouse, by finger, by the keyboard alone, at a desk and on a telephone."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from retrain.extensions import db
from retrain.people import passwords
from retrain.people.models import Person
from retrain.people.states import RoleKind
from retrain.timetable import service
from retrain.timetable.models import ClassSession
from tests import scenario
from tests.browser.conftest import DESKTOP, PHONE, sign_in

PASSWORD = "a long enough password 7"
MONDAY = date(2026, 9, 14)
TUESDAY = MONDAY + timedelta(days=1)
LARGE_ENOUGH = 44


@pytest.fixture
def country(app, clock):
    found = scenario.country(MONDAY)
    person = db.session.get(Person, found.coordinator.person_id)
    person.email, person.password_hash = "rahimov@example.uz", passwords.digest(PASSWORD)
    db.session.commit()
    return found


@pytest.fixture
def lecture(country) -> ClassSession:
    return service.add_session(country.coordinator, country.run.code, country.place(MONDAY))


@pytest.fixture
def practical(country) -> ClassSession:
    return service.add_session(country.coordinator, country.run.code, country.place(TUESDAY, pair=2, topic=1))


def open_week(page: Page, country, login: str = "rahimov@example.uz") -> None:
    sign_in(page, login, PASSWORD)
    page.goto(f"/manage/runs/{country.run.code}/timetable?week={MONDAY}")
    page.wait_for_selector("html[data-enhanced]")


def cell(page: Page, day: date, pair: int):
    return page.locator(f'td[data-day="{day}"][data-pair="{pair}"]')


def stands(meeting: ClassSession) -> tuple[date, int]:
    db.session.rollback()
    db.session.refresh(meeting)
    return meeting.on_date, meeting.pair


def carry(page: Page, what, where) -> None:
    """Press on it, move over the place, and keep it there until the places are marked."""
    start, end = what.bounding_box(), where.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    page.wait_for_selector("td.place-free")
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)


def test_drag_a_class_with_the_mouse(open_page, country, lecture, practical):
    page = open_page(DESKTOP)
    open_week(page, country)
    taken = cell(page, TUESDAY, 2)
    carry(page, page.locator(f"#class-{lecture.id}"), taken)
    expect(taken.locator(".place-why")).to_contain_text("Room 101 is taken then: ")
    expect(page.locator("[data-grid-says]")).to_contain_text("not free. The group already has a class then")
    free = cell(page, TUESDAY, 1)
    box = free.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30, steps=4)
    expect(free.locator(".place-why")).to_have_text("free")
    page.mouse.up()
    expect(free.locator(".session-topic")).to_have_text("Kirish")
    assert stands(lecture) == (TUESDAY, 1)


def test_drag_a_topic_out_of_the_list(open_page, country):
    page = open_page(DESKTOP)
    open_week(page, country)
    page.select_option("[data-grid-room]", str(country.rooms[1].id))
    wednesday = MONDAY + timedelta(days=2)
    carry(page, page.locator("[data-topic]").first, cell(page, wednesday, 1))
    page.mouse.up()
    expect(cell(page, wednesday, 1)).to_contain_text("102")
    expect(page.locator(".unplaced .figures").first).to_have_text("2 / 4")


def test_move_by_the_keyboard_alone(open_page, country, lecture, practical):
    page = open_page(DESKTOP)
    open_week(page, country)
    page.locator(f"#class-{lecture.id} a").focus()
    page.keyboard.press("m")
    page.wait_for_selector("td.place-free")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-grid-says]")).to_contain_text("not free")
    page.keyboard.press("Enter")
    assert stands(lecture) == (MONDAY, 1), "a place that is taken takes nothing"
    page.keyboard.press("Escape")
    expect(page.locator("[data-grid-says]")).to_have_text("Given up. Everything is where it was.")
    page.keyboard.press("m")
    page.wait_for_selector("td.place-free")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(cell(page, MONDAY, 3).locator(".session-topic")).to_have_text("Kirish")
    assert stands(lecture) == (MONDAY, 3)
    focused = page.evaluate("document.activeElement.closest('[data-session]')?.dataset.session")
    assert focused == str(lecture.id), "who moved it goes on from there"


def test_a_public_class_asks_whether_people_may_be_told(open_page, country):
    classes = country.timetable(*scenario.days(MONDAY, 4))
    page = open_page(DESKTOP)
    open_week(page, country)
    carry(page, page.locator(f"#class-{classes[0].id}"), cell(page, MONDAY, 2))
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 people of")
    dialog.get_by_role("button", name="Cancel").click()
    assert stands(classes[0]) == (MONDAY, 1)
    carry(page, page.locator(f"#class-{classes[0].id}"), cell(page, MONDAY, 2))
    page.mouse.up()
    page.get_by_role("button", name="Move it and tell them").click()
    expect(cell(page, MONDAY, 2).locator(".session-topic")).to_have_text("Kirish")
    assert stands(classes[0]) == (MONDAY, 2)


def test_who_drops_second_reads_what_changed(open_page, country, lecture):
    page = open_page(DESKTOP)
    open_week(page, country)
    service.move_session(country.coordinator, lecture.id, country.place(TUESDAY, pair=2), lock=0)
    carry(page, page.locator(f"#class-{lecture.id}"), cell(page, MONDAY, 3))
    page.mouse.up()
    expect(page.locator("[data-grid-says]")).to_contain_text("changed this class meanwhile")
    expect(cell(page, TUESDAY, 2).locator(".session-topic")).to_have_text("Kirish")
    assert stands(lecture) == (TUESDAY, 2)


def test_one_day_at_a_time_on_a_telephone(open_page, country, lecture, practical):
    page = open_page(PHONE)
    open_week(page, country)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    days = page.locator("[data-grid-days] button")
    days.nth(0).tap()
    expect(cell(page, MONDAY, 2)).to_be_visible()
    expect(cell(page, TUESDAY, 2)).to_be_hidden()
    for grip in page.locator("[data-grip]:visible").all():
        box = grip.bounding_box()
        assert min(box["width"], box["height"]) >= LARGE_ENOUGH
    page.locator(f"#class-{lecture.id} [data-grip]").tap()
    page.wait_for_selector("td.place-free")
    days.nth(2).tap()
    cell(page, MONDAY + timedelta(days=2), 1).tap()
    expect(cell(page, MONDAY + timedelta(days=2), 1).locator(".session-topic")).to_have_text("Kirish")
    assert stands(lecture) == (MONDAY + timedelta(days=2), 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_nothing_keeps_anybody_out(open_page, country, lecture, practical, size, theme):
    page = open_page(size, color_scheme=theme)
    open_week(page, country)
    assert _wrong(page) == []
    page.locator(f"#class-{lecture.id} [data-grip]").click()
    page.wait_for_selector("td.place-free")
    assert _wrong(page) == []
    page.goto(f"/manage/timetable/rooms/{country.rooms[0].id}?week={MONDAY}")
    page.wait_for_selector("html[data-enhanced]")
    assert _wrong(page) == []


def _wrong(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_two_coordinators_in_two_browsers(open_page, country, lecture, practical):
    """Both have the week open; the second reads who changed what, and both changes stay."""
    other = db.session.get(Person, scenario.person("Umarov", "Sardor").id)
    other.email, other.password_hash = "umarov@example.uz", passwords.digest(PASSWORD)
    scenario.role(other, RoleKind.COORDINATOR, country.provider)
    db.session.commit()
    first, second = open_page(DESKTOP), open_page(DESKTOP)
    open_week(first, country)
    open_week(second, country, "umarov@example.uz")
    carry(first, first.locator(f"#class-{lecture.id}"), cell(first, MONDAY, 3))
    first.mouse.up()
    expect(cell(first, MONDAY, 3).locator(".session-topic")).to_have_text("Kirish")
    carry(second, second.locator(f"#class-{lecture.id}"), cell(second, TUESDAY, 1))
    second.mouse.up()
    said = second.locator("[data-grid-says]")
    expect(said).to_contain_text("Rahimov")
    expect(said).to_contain_text("changed this class meanwhile")
    expect(cell(second, MONDAY, 3).locator(".session-topic")).to_have_text("Kirish")
    assert stands(lecture) == (MONDAY, 3)
    carry(second, second.locator(f"#class-{practical.id}"), cell(second, TUESDAY, 1))
    second.mouse.up()
    expect(cell(second, TUESDAY, 1).locator(".session-topic")).to_be_visible()
    carry(first, first.locator(f"#class-{lecture.id}"), cell(first, TUESDAY, 1))
    expect(cell(first, TUESDAY, 1).locator(".place-why")).not_to_have_text("free")
    first.mouse.up()
    assert (stands(lecture), stands(practical)) == ((MONDAY, 3), (TUESDAY, 1)), "nothing was lost"
