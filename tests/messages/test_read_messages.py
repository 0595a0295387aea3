"""Messages stand in the app in the reader's language; the administrator reads what no server could take."""

import pytest
from flask import Flask

from retrain.extensions import db
from retrain.messages import post
from retrain.messages.models import Message
from tests.harness.actors import Somebody, organisation, somebody
from tests.messages.conftest import Country, tell


@pytest.fixture
def reader(app: Flask) -> Somebody:
    return somebody(app, "teacher", organisation("BU-01", "Buxoro kolleji", "college"))


def test_a_message_is_read_in_the_language_of_the_page(reader: Somebody, kind: str):
    tell(reader.person_id)
    browser = reader.browser
    assert "IT-014, 5 September 2026, Welding" in browser.get("/messages").text
    assert "IT-014, 2026-yil 5-sentabr, Payvandlash" in browser.get("/messages?lang=uz").text


def test_unread_ones_are_counted_until_they_are_marked(reader: Somebody, kind: str):
    for number in range(3):
        tell(reader.person_id, key=f"m:{number}")
    browser = reader.browser
    assert browser.get("/messages?lang=en").text.count("letter-unread") == 3
    first = db.session.scalars(db.select(Message.id).order_by(Message.id)).first()
    browser.post("/messages/read", data={"message": first})
    assert "2 messages are unread." in browser.get("/messages").text
    browser.post("/messages/read")
    assert "You have read everything." in browser.get("/messages").text


def test_nobody_reads_or_marks_the_messages_of_another(app: Flask, reader: Somebody, kind: str):
    other = somebody(app, "teacher", reader.organisation_id, "Olimov")
    tell(reader.person_id)
    message = db.session.scalars(db.select(Message)).one()
    assert "IT-014" not in other.browser.get("/messages").text
    other.browser.post("/messages/read", data={"message": message.id})
    db.session.refresh(message)
    assert message.read_at is None


def test_a_person_chooses_channels(reader: Somebody, country: Country, kind: str):
    country.people[reader.person_id] = post.Recipient(
        name="x", language="en", email="bek@example.uz", telegram="77"
    )
    browser = reader.browser
    assert browser.get("/messages/channels?lang=en").text.count(" checked") == 2
    browser.post("/messages/channels", data={"channel": "telegram"})
    page = browser.get("/messages/channels").text
    assert page.count(" checked") == 1
    assert "bek@example.uz" in page


def test_without_a_mail_server_the_administrator_reads_the_outbox(
    app: Flask, reader: Somebody, country: Country, kind: str
):
    country.people[reader.person_id] = post.Recipient(
        name="Bek Aliyev", language="ru", email="bek@example.uz"
    )
    tell(reader.person_id)
    tell(reader.person_id, "test.link", facts={}, secret={"link": "https://retrain.uz/reset/x"})
    post.deliver()
    administrator = somebody(app, "administrator", reader.organisation_id, "Boshqaruvchi")
    page = administrator.browser.get("/admin/outbox?lang=en").text
    assert "IT-014, 5 сентября 2026 г., Сварка" in page, "as its reader gets it"
    assert "https://retrain.uz/reset/x" in page
    assert "No mail server is set up" in page
    assert "reset/x" not in reader.browser.get("/messages").text
    assert reader.browser.get("/admin/outbox").status_code == 403
    assert "Nothing here" in administrator.browser.get("/admin/outbox?state=failed").text
    assert administrator.browser.get("/admin/outbox?state=nonsense").status_code == 200


def test_a_link_that_a_server_will_take_is_not_shown_to_anybody(
    app: Flask, reader: Somebody, country: Country, kind: str, monkeypatch
):
    country.people[reader.person_id] = post.Recipient(
        name="Bek Aliyev", language="ru", email="bek@example.uz"
    )
    tell(reader.person_id, "test.link", facts={}, secret={"link": "https://retrain.uz/reset/x"})
    monkeypatch.setattr(post, "is_working", lambda channel: True)
    post.expand()
    administrator = somebody(app, "administrator", reader.organisation_id, "Boshqaruvchi")
    page = administrator.browser.get("/admin/outbox?lang=en").text
    assert "On its way" in page
    assert "open …" in page
    assert "reset/x" not in page
