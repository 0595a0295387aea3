"""A lecturer marks thirty people on a phone in a room without signal; nothing is lost, doubled or shown to another."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from retrain.attendance import queries
from retrain.attendance.checkin import checkins
from retrain.attendance.devices import operation_queries
from retrain.attendance.models import Mark, RegisterOperation
from retrain.attendance.states import RegisterState
from retrain.extensions import db
from retrain.people import passwords
from retrain.people.models import Person
from retrain.people.states import RoleKind
from tests import scenario

MONDAY = date(2026, 9, 14)
PASSWORD = "a long enough password 7"
READY = "works without a network"


def with_an_account(person_id: int, email: str) -> None:
    person = db.session.get_one(Person, person_id)
    person.email, person.password_hash = email, passwords.digest(PASSWORD)


def the_first_morning(clock) -> scenario.Country:
    found = scenario.country(MONDAY, people=30, places=30)
    found.sessions = found.timetable(*scenario.days(MONDAY, 4))
    with_an_account(found.lecturer.person_id, "nodirov@example.uz")
    other = scenario.role(scenario.person("Yusupov"), RoleKind.LECTURER, found.provider)
    with_an_account(other.person_id, "yusupov@example.uz")
    db.session.commit()
    clock.set(datetime(2026, 9, 14, 9, tzinfo=ZoneInfo("Asia/Tashkent")))
    return found


@pytest.fixture
def country(app, made_once, clock) -> scenario.Country:
    return made_once(the_first_morning)


def sign_in(page: Page, login: str = "nodirov@example.uz") -> None:
    page.goto("/sign-in?lang=en")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def opened(page: Page, country: scenario.Country) -> str:
    """The register of today's class, kept on the phone."""
    sign_in(page)
    where = f"/registers/{country.sessions[0].id}"
    page.goto(where)
    expect(page.locator("[data-register][data-kept]")).to_be_attached()
    return where


def kinds(country: scenario.Country) -> dict[str, int]:
    db.session.rollback()
    sheet = queries.register_of(country.sessions[0].id)
    found: dict[str, int] = {}
    for mark in sheet.marks if sheet else []:
        found[str(mark.kind)] = found.get(str(mark.kind), 0) + 1
    return found


def saved(page: Page) -> None:
    expect(page.locator("[data-register][data-sent=saved]")).to_be_attached()


def tap(page: Page, place: int, word: str) -> None:
    page.locator(".register-line").nth(place).get_by_text(word, exact=True).click()


def test_thirty_are_present_and_signed_in_three_taps(phone, country):
    sign_in(phone)
    taps = 0
    for step in (
        lambda: phone.get_by_role("link", name="Register of").first.click(),
        lambda: phone.get_by_role("button", name="All 30 present").click(),
        lambda: phone.get_by_role("button", name="Sign the register").click(),
    ):
        step()
        taps += 1
    expect(phone.locator("main")).to_contain_text("Signed by")
    assert taps == 3
    assert kinds(country) == {"present": 30}
    assert queries.register_of(country.sessions[0].id).state is RegisterState.SIGNED


def test_three_taps_are_heard_where_the_scripts_come_late(phone, country):
    sign_in(phone)
    phone.context.route("**/js/register.js", lambda route: (phone.wait_for_timeout(1500), route.continue_()))
    phone.get_by_role("link", name="Register of").first.click()
    phone.get_by_role("button", name="All 30 present").click()
    phone.get_by_role("button", name="Sign the register").click()
    expect(phone.locator("main")).to_contain_text("Signed by")
    phone.context.unroute_all(behavior="wait")
    assert kinds(country) == {"present": 30}


def test_without_a_network_it_opens_marks_signs_and_sends_by_itself_later(phone, country):
    where = opened(phone, country)
    phone.context.set_offline(True)
    phone.goto(where)
    phone.get_by_role("button", name="All 30 present").click()
    tap(phone, 0, "absent")
    tap(phone, 1, "late")
    expect(phone.locator("[data-says]")).to_contain_text("32 not sent yet")
    assert kinds(country) == {}
    phone.close()  # the telephone kills the page; nothing of it was only in its memory
    again = phone.context.new_page()
    again.goto(where)
    expect(again.locator("[data-says]")).to_contain_text("32 not sent yet")
    expect(again.locator(".register-line").nth(0).get_by_label("absent")).to_be_checked()
    again.get_by_role("button", name="Sign the register").click()
    expect(again.locator("[data-says]")).to_contain_text("Signed on this device")
    again.context.set_offline(False)
    expect(again.locator("main")).to_contain_text("Signed by")
    assert kinds(country) == {"absent": 1, "late": 1, "present": 28}
    assert queries.register_of(country.sessions[0].id).state is RegisterState.SIGNED
    assert db.session.query(Mark).count() == 30


def test_a_clock_a_year_behind_and_answers_that_got_lost_double_nothing(phone, country):
    phone.clock.set_fixed_time(datetime(2025, 9, 14))
    opened(phone, country)
    lost = [2]

    def lose(route):
        route.fetch()  # it arrives, and the answer does not
        if lost[0]:
            lost[0] -= 1
            return route.abort()
        return route.fulfill(response=route.fetch())  # and this one comes twice

    phone.route("**/operations.json", lose)
    phone.get_by_role("button", name="All 30 present").click()
    for _ in range(3):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        phone.wait_for_timeout(300)
    saved(phone)
    assert kinds(country) == {"present": 30}
    assert db.session.query(RegisterOperation).count() == 30


def test_what_one_has_begun_to_mark_is_not_written_over_by_an_answer(phone, country):
    opened(phone, country)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="All 30 present").click()
    tap(phone, 2, "excused")  # and the reason is still to be typed when the answer comes
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    saved(phone)
    reason = phone.locator(".register-line").nth(2).get_by_label("Reason")
    reason.fill("No. 14")
    with phone.expect_response("**/operations.json"):
        reason.blur()
    assert kinds(country) == {"present": 29, "excused": 1}


def test_a_signature_given_while_the_page_looks_for_news_is_sent(phone, country):
    phone.add_init_script("delete ServiceWorkerRegistration.prototype.sync")  # as in browsers that know none
    opened(phone, country)
    held = []
    phone.context.route("**/state.json", lambda route: route.continue_() if held else held.append(route))
    with phone.expect_request("**/state.json"):
        phone.get_by_role("button", name="All 30 present").click()
    phone.get_by_role("button", name="Sign the register").click()
    expect(phone.locator("[data-says]")).to_contain_text("Signed on this device")
    held[0].continue_()
    expect(phone.locator("main")).to_contain_text("Signed by")
    assert kinds(country) == {"present": 30}


def test_a_name_card_before_the_camera_marks_whose_it_is(phone, country):
    number = checkins.card_numbers(country.run)[country.enrolments[4].id]
    phone.add_init_script(
        f"""window.BarcodeDetector = class {{ async detect() {{ return [{{ rawValue: "PAY-001/{number}" }}]; }} }};
        const film = document.createElement("canvas");
        const brush = film.getContext("2d");
        setInterval(() => brush.fillRect(0, 0, Math.random() * 300, 150), 50);
        navigator.mediaDevices.getUserMedia = async () => film.captureStream(5);"""
    )
    sign_in(phone)
    phone.goto(f"/registers/{country.sessions[0].id}/checkin")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Read cards with the camera").click()
    expect(phone.locator("main")).to_contain_text("Check-in")
    assert kinds(country) == {"present": 1}


def test_nobody_else_at_the_same_phone_sees_or_sends_it(phone, country):
    where = opened(phone, country)
    context = phone.context
    context.set_offline(True)
    tap(phone, 0, "absent")
    expect(phone.locator("[data-says]")).to_contain_text("1 not sent yet")
    context.clear_cookies()  # the session ended elsewhere
    context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-says]")).to_contain_text("Sign in again")
    sign_in(phone, "yusupov@example.uz")
    phone.goto("/teaching")
    phone.wait_for_load_state("networkidle")
    assert "not sent" not in phone.locator("main").inner_text()
    answer = phone.goto(where)
    assert answer is not None
    assert answer.status == 403
    context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        phone.goto(where)
    context.set_offline(False)
    assert kinds(country) == {}
    phone.goto("/teaching")
    sign_out(phone)
    sign_in(phone)
    phone.goto(where)
    saved(phone)
    assert kinds(country) == {"absent": 1}, "it came with its own user"


def sign_out(page: Page) -> None:
    page.locator("[data-menu] summary").last.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()


def test_signing_out_takes_the_pages_away(phone, country):
    where = opened(phone, country)
    sign_out(phone)
    phone.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        phone.goto(where)


def test_two_telephones_that_disagree_meet_on_the_page(phone, open_page, country):
    where = opened(phone, country)
    other = open_page({"width": 390, "height": 844})
    opened(other, country)
    phone.context.set_offline(True)
    tap(phone, 0, "absent")
    tap(other, 0, "present")
    saved(other)
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    settling = phone.locator(".register-settling")
    expect(settling).to_contain_text("present")
    expect(settling).to_contain_text("absent")
    assert kinds(country) == {"present": 1}
    with phone.expect_navigation():
        settling.get_by_role("button", name="The other device is right").click()
    assert kinds(country) == {"absent": 1}
    assert where in phone.url
    db.session.rollback()
    assert operation_queries.to_settle(queries.register_of(country.sessions[0].id).id) == []


def test_a_device_that_takes_nothing_more_says_so_and_the_button_sends(phone, country):
    opened(phone, country)
    phone.evaluate("void (RegisterQueue.keep = async () => { throw new DOMException('full') })")
    tap(phone, 0, "absent")
    expect(phone.locator("[data-notice]")).to_contain_text("Save with the button while there is a network")
    expect(phone.locator("[data-register][data-sent=saved]")).not_to_be_attached()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Save the marks").click()
    assert kinds(country) == {"absent": 1}


def test_without_https_it_says_so(phone, country, live_server):
    sign_in(phone)
    bare = "http://retrain.example"

    def answer(route) -> None:
        found = route.fetch(url=route.request.url.replace(bare, live_server), max_redirects=0)
        # The browser complains on the console of this one where there is no https.
        heads = {name: value for name, value in found.headers.items() if name != "cross-origin-opener-policy"}
        route.fulfill(response=found, headers=heads)

    phone.context.route(f"{bare}/**", answer)
    phone.goto(f"{bare}/registers/{country.sessions[0].id}")
    assert not phone.evaluate("isSecureContext")
    expect(phone.locator("main")).to_contain_text("Without https this register needs a network")
    phone.context.unroute_all(behavior="wait")


def test_thirty_marks_without_a_mouse(desktop, country):
    opened(desktop, country)
    desktop.locator(".register-line input[type=radio]").first.focus()
    for place in range(30):
        desktop.keyboard.press("4" if place == 3 else "1")
    desktop.keyboard.press("2")
    desktop.keyboard.type("1")
    desktop.keyboard.press("Enter")
    saved(desktop)
    assert kinds(country) == {"absent": 1, "late": 1, "present": 28}
    desktop.locator(".register-line input[type=radio]").first.focus()
    desktop.keyboard.press("4")
    desktop.keyboard.press("Control+z")
    expect(desktop.locator("[data-says]")).to_contain_text("Saved")
    saved(desktop)
    assert kinds(country) == {"absent": 1, "late": 1, "present": 28}
    desktop.keyboard.press("Control+Enter")
    expect(desktop.locator("main")).to_contain_text("Signed by")


def test_each_language_has_its_own_copy(phone, country):
    where = opened(phone, country)
    phone.goto(f"{where}?lang=ru")
    expect(phone.locator("[data-register][data-kept]")).to_be_attached()
    phone.context.set_offline(True)
    phone.goto(where)
    expect(phone.locator("h1")).to_contain_text("Лист посещаемости", ignore_case=True)


def test_a_guest_is_noted_without_a_network(phone, country):
    opened(phone, country)
    phone.context.set_offline(True)
    phone.get_by_text("Add a guest").click()
    phone.get_by_label("Name of the guest").fill("Yusupova Nilufar")
    phone.get_by_role("button", name="Add the guest").click()
    expect(phone.locator("[data-guests]")).to_contain_text("Yusupova")
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-guests]")).to_contain_text("waits for the coordinator")


def test_the_page_reads_well_to_everybody(page, country):
    opened(page, country)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_class_of_tomorrow_is_kept_by_the_list_of_today(phone, country, clock):
    sign_in(phone)
    phone.goto("/teaching")
    phone.wait_for_function(
        "caches.keys().then((all) => all.some((name) => name.startsWith('registers-pages')))"
    )
    phone.wait_for_load_state("networkidle")
    phone.wait_for_timeout(500)
    phone.context.set_offline(True)
    phone.goto(f"/registers/{country.sessions[1].id}")
    tap(phone, 0, "present")
    expect(phone.locator("[data-says]")).to_contain_text("1 not sent yet")
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-notice]")).to_contain_text("begins on")
    assert db.session.query(Mark).count() == 0
    clock.set(
        datetime.combine(MONDAY + timedelta(days=1), datetime.min.time(), ZoneInfo("UTC"))
        + timedelta(hours=5)
    )
    phone.reload()
    saved(phone)
    db.session.rollback()
    assert db.session.query(Mark).count() == 1
