"""What a cheap telephone, a keyboard and a slow line need: a light first page, and a place without a mouse."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from retrain.extensions import db
from retrain.people import passwords
from tests import scenario

PASSWORD = "a long enough password 7"
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 150 * 1024


@pytest.fixture
def country(app, clock):
    """A run with free places, and a teacher who has an account and no place yet."""
    found = scenario.country(date(2026, 9, 21), people=0)
    person = scenario.teacher(1, found.college, "Karimova").person
    person.email, person.password_hash = "karimova@example.uz", passwords.digest(PASSWORD)
    db.session.commit()
    return found


def received(page: Page) -> list[int]:
    """Bytes of each answer as they come over the line, headers too."""
    sizes: list[int] = []
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes


@pytest.mark.parametrize("path", ["/", "/runs", "/sign-in"])
def test_a_first_visit_weighs_little(phone, live_server, country, path):
    sizes = received(phone)
    phone.goto(f"{live_server}{path}?lang=uz")
    phone.wait_for_load_state("networkidle")
    assert len(sizes) >= 3, "the page, its styles and its scripts"
    assert sum(sizes) <= MOST_BYTES, sizes


def focused(page: Page) -> dict[str, object]:
    """The element that has the focus: its words and whether a ring is drawn around it."""
    said: dict[str, object] = page.evaluate(
        """() => {
            const it = document.activeElement, style = getComputedStyle(it)
            return {
                words: (it.innerText || it.getAttribute('aria-label') || it.name || '').trim(),
                seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
                inside: it.getBoundingClientRect().top < innerHeight && it.getBoundingClientRect().bottom > 0,
            }
        }"""
    )
    return said


def tab_to(page: Page, words: str) -> int:
    """Press Tab until the focus is on *words*; how often. Each stop on the way shows where it is."""
    for presses in range(1, 80):
        page.keyboard.press("Tab")
        now = focused(page)
        assert now["seen"], f"no ring around {now['words']!r}"
        assert now["inside"], f"{now['words']!r} has the focus out of sight"
        if str(now["words"]).startswith(words):
            return presses
    raise AssertionError(f"Tab never reached {words!r}")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_place_is_taken_with_the_keyboard_alone(request, live_server, country, size):
    page: Page = request.getfixturevalue(size)
    page.goto(f"{live_server}/sign-in?lang=en")
    tab_to(page, "login")
    page.keyboard.type("karimova@example.uz")
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    page.goto(f"{live_server}/runs?lang=en")
    page.keyboard.press("Tab")
    assert "Skip" in str(focused(page)["words"])
    page.keyboard.press("Enter")
    assert tab_to(page, "Welding basics") < 40
    press(page, "Enter")
    tab_to(page, "Take a place")
    press(page, "Enter")
    expect(page.locator("body")).to_contain_text("You have a place")
    db.session.rollback()
    db.session.refresh(country.run)
    assert country.run.taken == 1


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_plan_is_read_in_the_dark(open_page, live_server, country):
    page = open_page(PHONE, color_scheme="dark")
    page.goto(f"{live_server}/runs/{country.run.code}?lang=en")
    expect(page.locator(".plan td").first).to_be_visible()
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert [node["html"] for one in found for node in one["nodes"]] == []


def test_the_first_card_of_a_list_stands_whole_in_its_frame(phone, live_server, country):
    phone.goto(f"{live_server}/runs?lang=en")
    frame, card = (phone.locator(it).first.bounding_box() for it in (".table-frame", ".data-table tbody tr"))
    assert card["y"] >= frame["y"]


STANDS_OUT = """() => [...document.querySelectorAll('main *')].filter((it) => {
    const box = it.getBoundingClientRect()
    return box.width > 1 && box.right > screen.width + 1 && !it.closest('.table-frame[tabindex], .tabs, thead')
}).map((it) => it.className + ': ' + it.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("language", ["uz", "ru"])
def test_nothing_stands_out_of_the_screen(phone, live_server, country, language):
    """Not even what nobody breaks: a secret of 32 letters, dates in two years."""
    country.run.ends_on = country.run.starts_on.replace(year=country.run.starts_on.year + 1)
    db.session.commit()
    phone.goto(f"{live_server}/sign-in?lang={language}")
    phone.fill("[name=login]", "karimova@example.uz")
    phone.fill("[name=password]", PASSWORD)
    press(phone, "Enter")
    for path in (
        "/",
        "/runs",
        f"/runs/{country.run.code}",
        "/mine",
        "/week",
        "/account",
        "/account/second-step",
    ):
        phone.goto(f"{live_server}{path}?lang={language}")
        assert phone.evaluate(STANDS_OUT) == [], path
