"""Another e-mail address or telephone to sign in with: asked for with the password, confirmed there, told here."""

import pyotp
import pytest

from retrain.extensions import db
from retrain.messages import Channel, post
from retrain.messages.models import Message
from retrain.people import second_step
from retrain.people.models import AccountSession, Person
from tests.people.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(app, login="aziza@example.uz"):
    browser = app.test_client()
    browser.post("/sign-in", data={"login": login, "password": PASSWORD})
    return browser


@pytest.fixture
def browser(app, somebody):
    return sign_in(app)


@pytest.fixture
def texts(monkeypatch):
    """Text messages and mail go out."""
    monkeypatch.setattr(post, "is_working", lambda channel: channel is not Channel.TELEGRAM)


def logins():
    return tuple(db.session.execute(db.select(Person.email, Person.phone)).one())


def told(kind):
    return db.session.scalars(db.select(Message).where(Message.kind == kind)).one()


def test_another_address_holds_once_its_link_is_followed(app, browser, mailed):
    other = sign_in(app)
    assert (
        browser.post("/account/email", data={"email": "yangi@example.uz", "old": PASSWORD}).status_code == 303
    )
    assert logins()[0] == "aziza@example.uz"
    assert told("people.email").address == "yangi@example.uz"
    link = mailed("people.email")
    assert "yangi@example.uz" in browser.get(link).text
    assert logins()[0] == "aziza@example.uz"
    assert browser.post(link).status_code == 303
    assert logins()[0] == "yangi@example.uz"
    assert browser.get("/account").status_code == 200
    assert "/sign-in" in other.get("/account").location
    assert browser.post(link).status_code == 303  # back to a page that says it was used
    assert app.test_client().get(link).status_code == 410


def test_the_old_address_is_told_when_it_is_asked_for_and_when_it_holds(browser, mailed, clock):
    browser.post("/account/email", data={"email": "yangi@example.uz", "old": PASSWORD})
    asked = told("people.login_asked")
    assert asked.address == "aziza@example.uz"
    assert asked.facts["new"] == "y•••@example.uz"
    assert asked.facts["at"].startswith(clock.moment.date().isoformat())
    browser.post(mailed("people.email"))
    assert told("people.login_changed").address == "aziza@example.uz"


def test_a_new_password_makes_the_link_sent_there_worthless(app, browser, mailed):
    browser.post("/account/email", data={"email": "yangi@example.uz", "old": PASSWORD})
    new = {"old": PASSWORD, "password": "yangi uzun parol", "again": "yangi uzun parol"}
    sign_in(app).post("/account/password", data=new)
    assert app.test_client().get(mailed("people.email")).status_code == 410


@pytest.mark.parametrize("path", ["/account/email", "/account/phone"])
def test_a_browser_left_open_is_not_enough(browser, path):
    before = logins()
    for old in ("", "boshqa parol"):
        page = browser.post(path, data={"email": "begona@example.uz", "phone": "90 765 43 21", "old": old})
        assert page.status_code == 422
        assert "begona@example.uz" in page.text or "90 765 43 21" in page.text
    assert logins() == before
    assert db.session.scalar(db.select(Message)) is None


@pytest.mark.parametrize("path", ["/account/email", "/account/phone"])
def test_guessing_the_password_there_is_slowed(browser, path):
    typed = {"email": "yangi@example.uz", "phone": "90 765 43 21"}
    for _guess in range(5):
        browser.post(path, data=typed | {"old": "taxmin taxmin"})
    assert browser.post(path, data=typed | {"old": PASSWORD}).status_code == 422


@pytest.mark.parametrize("path", ["/account/email", "/account/phone"])
def test_the_second_step_is_asked_for_too(app, browser, somebody, clock, path):
    person = db.session.get(Person, somebody.id)
    person.totp_secret, person.totp_step = second_step.sealed(SECRET), 0
    db.session.commit()
    typed = {"email": "yangi@example.uz", "phone": "90 765 43 21", "old": PASSWORD}
    assert 'name="number"' in browser.get(path).text
    assert browser.post(path, data=typed).status_code == 422
    assert browser.post(path, data=typed | {"number": "000000"}).status_code == 422
    number = pyotp.TOTP(SECRET).at(clock.moment)
    assert browser.post(path, data=typed | {"number": number}).status_code == 303
    again = browser.post(path, data=typed | {"phone": "90 765 43 22", "number": number})
    assert again.status_code == 422  # a number is good once


def test_a_telephone_holds_at_once_where_no_text_can_be_sent(app, browser):
    other = sign_in(app)
    assert browser.post("/account/phone", data={"phone": "90 765 43 21", "old": PASSWORD}).status_code == 303
    assert logins()[1] == "+998907654321"
    assert told("people.login_changed").address in ("+998901234567", "aziza@example.uz")
    assert browser.get("/account").status_code == 200
    assert "/sign-in" in other.get("/account").location


def test_a_telephone_is_confirmed_by_a_text_where_one_can_be_sent(app, browser, texts, mailed):
    assert browser.post("/account/phone", data={"phone": "90 765 43 21", "old": PASSWORD}).status_code == 303
    assert logins()[1] == "+998901234567"
    assert told("people.phone").address == "+998907654321"
    assert told("people.login_asked").address == "+998901234567"
    assert app.test_client().post(mailed("people.phone")).status_code == 303
    assert logins()[1] == "+998907654321"
    assert db.session.scalars(db.select(AccountSession.ended_at)).all() != [None]


def test_taking_the_telephone_away_asks_too_and_never_the_last(browser, somebody):
    assert browser.post("/account/phone", data={"phone": "", "old": "xato parol"}).status_code == 422
    assert browser.post("/account/phone", data={"phone": "", "old": PASSWORD}).status_code == 303
    assert logins() == ("aziza@example.uz", None)


def test_what_another_signs_in_with_is_refused(browser):
    from tests import scenario

    scenario.person("Olimova", "Nargiza", "nargiza@example.uz", phone="+998907654321")
    for path, typed in (("/account/email", "nargiza@example.uz"), ("/account/phone", "90 765 43 21")):
        page = browser.post(path, data={"email": typed, "phone": typed, "old": PASSWORD})
        assert page.status_code == 422
