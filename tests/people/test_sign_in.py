"""Signing in with an e-mail or a telephone, and being kept from guessing."""

import pyotp
import pytest

from retrain.extensions import db
from retrain.people import passwords, rules, throttling
from retrain.people.models import AccountSession, Person, Role
from retrain.people.states import RoleKind
from tests import scenario

PASSWORD = "uch tomchi suv"


def sign_in(client, login="aziza@example.uz", password=PASSWORD, **values):
    return client.post("/sign-in", data={"login": login, "password": password}, **values)


@pytest.mark.parametrize(
    "login", ["aziza@example.uz", " Aziza@Example.UZ ", "+998 90 123-45-67", "901234567", "8-90 1234567"]
)
def test_with_an_email_or_a_telephone_however_typed(client, somebody, login):
    assert sign_in(client, login).status_code == 303
    assert client.get("/account").status_code in (200, 403)
    assert db.session.scalar(db.select(AccountSession)).person_id == somebody.id


@pytest.mark.parametrize(
    ("login", "password"), [("aziza@example.uz", "boshqa parol"), ("nobody@example.uz", PASSWORD), ("", "")]
)
def test_a_wrong_one_says_the_same_whether_or_not_there_is_an_account(client, somebody, login, password):
    answer = sign_in(client, login, password)
    assert answer.status_code == 422
    assert db.session.scalar(db.select(AccountSession)) is None


def test_what_was_typed_stays_but_never_the_password(client, somebody):
    page = sign_in(client, "aziza@example.uz", "boshqa parol").text
    assert "aziza@example.uz" in page
    assert "boshqa parol" not in page


def test_a_closed_account_is_no_account(client, somebody, clock):
    somebody.disabled_at = clock.moment
    assert sign_in(client).status_code == 422


def test_guessing_is_slowed_at_one_address_and_nobody_else_is(client, somebody, clock):
    for _try in range(5):
        sign_in(client, password="taxmin taxmin")
    assert sign_in(client).status_code == 429  # even with the right one, from here, for a while
    elsewhere = {"REMOTE_ADDR": "10.1.2.3"}
    assert sign_in(client, environ_base=elsewhere).status_code == 303
    clock.advance(seconds=31)
    assert sign_in(client).status_code == 303


def test_a_whole_college_behind_one_address_signs_in(app, client, somebody):
    for number in range(40):
        sign_in(client, f"teacher{number}@example.uz", "xato yozilgan")
    assert sign_in(app.test_client()).status_code == 303


def test_the_wait_grows_and_is_forgotten_after_a_good_one(client, somebody, clock):
    for _try in range(5):
        sign_in(client, password="taxmin taxmin")
    clock.advance(seconds=31)
    sign_in(client, password="taxmin taxmin")
    clock.advance(seconds=31)
    assert sign_in(client).status_code == 429
    clock.advance(seconds=31)
    assert sign_in(client).status_code == 303
    client.post("/sign-out")
    for _try in range(4):
        sign_in(client, password="taxmin taxmin")
    assert sign_in(client).status_code == 303


def spray(app, accounts, address="10.1.2.3", **headers):
    """One password tried on many accounts from one place; what the last try is answered."""
    client = app.test_client()
    for number in range(accounts):
        answer = sign_in(
            client,
            f"teacher{number}@example.uz",
            "Bahor2026!",
            environ_base={"REMOTE_ADDR": address},
            **headers,
        )
    return answer


NETWORK = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}


def test_one_password_tried_on_many_accounts_is_slowed(app, client, somebody, clock):
    page = spray(app, rules.WRONG_FROM_ONE_ADDRESS + 1)
    assert page.status_code == 429
    assert "teacher60@example.uz" in page.text
    assert sign_in(client, **NETWORK).status_code == 429
    clock.advance(seconds=61)
    assert spray(app, 2).status_code == 429  # one a minute, and no more


def test_elsewhere_nobody_notices(app, client, somebody, clock):
    spray(app, rules.WRONG_FROM_ONE_ADDRESS + 1)
    assert sign_in(client, environ_base={"REMOTE_ADDR": "10.1.2.4"}).status_code == 303


def test_a_browser_that_signed_in_before_does_not_wait_for_others(app, client, somebody, clock):
    sign_in(client, **NETWORK)
    client.post("/sign-out")
    assert spray(app, rules.WRONG_FROM_ONE_ADDRESS + 1).status_code == 429
    assert sign_in(client, password="xato yozilgan", **NETWORK).status_code == 422
    assert sign_in(client, **NETWORK).status_code == 303
    client.post("/sign-out")
    scenario.person("Olimova", "Nargiza", "nargiza@example.uz", password_hash=passwords.digest(PASSWORD))
    assert sign_in(client, "nargiza@example.uz", **NETWORK).status_code == 429  # it knows nobody else


def test_what_a_browser_knows_can_not_be_made_up(app, client, somebody, clock):
    client.set_cookie("known", "WzFd.aaaa.bbbb", path="/sign-in")
    spray(app, rules.WRONG_FROM_ONE_ADDRESS + 1)
    assert sign_in(client, **NETWORK).status_code == 429
    assert "known" not in client.get("/").headers.get("Set-Cookie", "")


def test_an_address_is_not_shut_for_good(app, client, somebody, clock):
    spray(app, rules.WRONG_FROM_ONE_ADDRESS + 20)
    clock.advance(seconds=61)
    assert sign_in(client, **NETWORK).status_code == 303
    clock.advance(hours=1)
    assert sign_in(app.test_client(), **NETWORK).status_code == 303


def test_whoever_signs_in_rightly_uses_nothing_up(app, somebody, clock):
    for _time in range(rules.WRONG_FROM_ONE_ADDRESS + 5):
        assert sign_in(app.test_client(), **NETWORK).status_code == 303


def test_an_address_is_what_the_trusted_proxy_says_and_nothing_else(app, make_app, somebody, clock):
    """Whoever writes a new X-Forwarded-For each time does not get a new address each time."""
    for number in range(rules.WRONG_FROM_ONE_ADDRESS + 1):
        answer = spray(app, 1, headers={"X-Forwarded-For": f"10.9.9.{number}"})
    assert answer.status_code == 429
    behind = make_app(settings={"trusted_proxies": 1})
    client = behind.test_client()
    said = {"X-Forwarded-For": "10.9.9.1, 10.7.7.7"}
    assert sign_in(client, headers=said, **NETWORK).status_code == 303  # from 10.7.7.7, not from the proxy
    for number in range(rules.WRONG_FROM_ONE_ADDRESS + 1):
        said = {"X-Forwarded-For": f"10.9.9.{number}, 10.7.7.7"}
        answer = sign_in(client, f"x{number}@example.uz", "Bahor2026!", headers=said, **NETWORK)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4", False),
    ],
)
def test_who_has_one_address_of_a_network_has_all_behind_it(one, other, same):
    assert (throttling.network_of(one) == throttling.network_of(other)) is same


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_way_out_to_another_site(client, somebody, target):
    answer = client.post("/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD, "next": target})
    assert answer.location == "/"


def test_back_to_the_page_that_asked(client, somebody):
    asked = client.get("/account")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'value="/account"' in page.text
    answer = client.post(
        "/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD, "next": "/account"}
    )
    assert answer.location == "/account"


def test_after_signing_out_the_back_button_shows_nothing(client, hr, as_user):
    browser = as_user(hr)
    page = browser.get("/staff")
    assert page.headers["Cache-Control"] == "no-store"
    browser.post("/sign-out")
    assert "/sign-in" in browser.get("/staff").location


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, client, somebody):
    sign_in(client)
    cookie = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    assert "/sign-in" in thief.get("/account").location


def test_a_session_ends_by_itself(client, somebody, clock):
    sign_in(client)
    clock.advance(days=29)
    assert "/sign-in" in client.get("/account").location


def test_a_number_from_the_app_is_asked_for_when_one_wants_it(app, client, hr, as_user, clock):
    browser = as_user(hr)
    browser.get("/account/second-step")
    with browser.session_transaction() as session:
        secret = session["new_secret"]
    assert browser.get("/account/second-step.svg").mimetype == "image/svg+xml"
    assert browser.post("/account/second-step", data={"number": "000000"}).status_code == 422
    app_on_phone = pyotp.TOTP(secret)
    assert (
        browser.post("/account/second-step", data={"number": app_on_phone.at(clock.moment)}).status_code
        == 303
    )
    person = db.session.get(Person, hr.person_id)
    assert secret not in person.totp_secret
    person.email, person.password_hash = "olim@example.uz", passwords.digest(PASSWORD)
    answer = sign_in(client, "olim@example.uz")
    assert answer.location == "/sign-in/number"
    assert "/sign-in" in client.get("/account").location
    clock.advance(seconds=60)
    number = app_on_phone.at(clock.moment)
    assert client.post("/sign-in/number", data={"number": "123456"}).status_code == 422
    assert client.post("/sign-in/number", data={"number": number}).status_code == 303
    assert client.get("/account").status_code == 200
    # The same number is good once.
    second = app.test_client()
    sign_in(second, "olim@example.uz")
    assert second.post("/sign-in/number", data={"number": number}).status_code == 422


def test_signing_out_everywhere(app, hr, as_user):
    phone, desk = as_user(hr), as_user(hr)
    assert desk.post("/account/sessions/end").status_code == 303
    assert "/sign-in" in phone.get("/account").location


def test_signing_one_browser_out(app, hr, as_user):
    phone, desk = as_user(hr), as_user(hr)
    sessions = db.session.scalars(db.select(AccountSession).order_by(AccountSession.id)).all()
    desk.post(f"/account/sessions/{sessions[0].id}/end")
    assert "/sign-in" in phone.get("/account").location
    assert desk.get("/account").status_code == 200


def test_nobody_ends_anothers_session(hr, administrator, as_user):
    as_user(administrator)
    theirs = db.session.scalar(db.select(AccountSession))
    assert as_user(hr).post(f"/account/sessions/{theirs.id}/end").status_code == 403


def test_a_new_password_signs_other_browsers_out(hr, as_user):
    db.session.get(Person, hr.person_id).password_hash = passwords.digest(PASSWORD)
    db.session.commit()
    phone, desk = as_user(hr), as_user(hr)
    typed = {"old": PASSWORD, "password": "yangi uzun parol", "again": "yangi uzun parol"}
    assert desk.post("/account/password", data=typed | {"old": "xato parol"}).status_code == 422
    assert desk.post("/account/password", data=typed | {"again": "boshqa"}).status_code == 422
    assert (
        desk.post("/account/password", data=typed | {"password": "12345678", "again": "12345678"}).status_code
        == 422
    )
    assert desk.post("/account/password", data=typed).status_code == 303
    assert desk.get("/account").status_code == 200
    assert "/sign-in" in phone.get("/account").location


def test_one_query_loads_the_account(app, college, hr, as_user):
    from sqlalchemy import event

    browser = as_user(hr)
    seen = []
    event.listen(
        db.engine, "before_cursor_execute", lambda _c, _cur, statement, *_rest: seen.append(statement)
    )
    browser.get("/account/password")
    assert len([statement for statement in seen if "account_session" in statement]) == 1
    assert len(seen) <= 2


def test_a_cookie_holds_no_name_and_no_number(client, somebody):
    sign_in(client)
    with client.session_transaction() as session:
        assert set(session) <= {"_user_id", "_fresh", "_permanent", "csrf_token", "language", "_flashes"}


def test_a_role_that_has_ended_is_no_longer_acted_in(college, hr, as_user, clock):
    browser = as_user(hr)
    assert browser.get("/staff").status_code == 200
    db.session.get(Role, hr.role_id).until = clock.moment.date()
    assert browser.get("/staff").status_code == 200
    clock.advance(days=1)
    assert browser.get("/staff").status_code == 403


def test_switching_between_roles(college, colleges, hr, as_user):
    person = db.session.get(Person, hr.person_id)
    other = scenario.role(person, RoleKind.COLLEGE_HR, colleges["SA-03"])
    browser = as_user(hr)
    assert "Buxoro" in browser.get("/account?lang=uz").text
    assert browser.post("/act-as", data={"role": str(other.role_id)}).status_code == 303
    assert "Samarqand" in browser.get("/account").text
    assert browser.post("/act-as", data={"role": "999999"}).status_code == 303
    assert "Samarqand" in browser.get("/account").text


def test_a_language_stays_with_the_person(hr, as_user):
    browser = as_user(hr)
    assert browser.post("/account/language", data={"language": "ru"}).status_code == 303
    assert '<html lang="ru"' in as_user(hr).get("/account").text
    assert db.session.get(Person, hr.person_id).language == "ru"
