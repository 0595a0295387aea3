"""A message goes out over each of a person's channels, once, in their language, and is tried again when it fails."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from retrain import audit
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages import Channel, later_many, post, service
from retrain.messages.models import Delivery, Message
from tests.harness.frozen import FrozenClock
from tests.messages.conftest import Country, MailServer, WebServer, tell


@pytest.fixture
def by_mail(app: Flask, mail: MailServer, kind: str) -> MailServer:
    """The app sends mail to the test's server."""
    url = f"smtp://127.0.0.1:{mail.port}?from=office@retrain.uz"
    app.config["RETRAIN"] = replace(app.config["RETRAIN"], mail_url=url)
    return mail


def deliveries() -> list[tuple[str, str, int]]:
    db.session.rollback()
    rows = db.session.scalars(select(Delivery).order_by(Delivery.message_id, Delivery.channel))
    return [(row.channel.value, row.state.value, row.attempts) for row in rows.all()]


def opened(mail: MailServer, place: int = 0) -> Any:
    return message_from_bytes(mail.mails[place].content, policy=policy.default)


def test_a_mail_is_sent_once_with_a_stable_identity(by_mail, country: Country):
    person = country.new(email="bek@example.uz")
    tell(person)
    tell(person)
    assert post.deliver() == 1
    assert post.deliver() == 0
    found = opened(by_mail)
    assert (found["From"], found["To"]) == ("Retrain <office@retrain.uz>", "Bek Aliyev <bek@example.uz>")
    assert found["Message-ID"] == f"<{post.identity(db.session.scalars(select(Message)).one())}@retrain.uz>"
    assert found.get_content().strip() == "IT-014, 5 September 2026, Welding"
    assert len(by_mail.mails) == 1
    assert deliveries() == [("email", "sent", 1)]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "IT-014, 5 сентября 2026 г., Сварка"), ("uz", "IT-014, 2026-yil 5-sentabr, Payvandlash")],
)
def test_it_is_written_in_the_language_of_its_reader(by_mail, country: Country, language, text):
    tell(country.new(email="bek@example.uz", language=language))
    post.deliver()
    assert opened(by_mail).get_content().strip() == text
    assert opened(by_mail)["Content-Language"] == language


def test_what_fails_for_the_moment_is_tried_again(by_mail, country: Country, clock: FrozenClock):
    by_mail.answers = ["451 try later"]
    tell(country.new(email="bek@example.uz"))
    post.deliver()
    assert deliveries() == [("email", "waiting", 1)]
    assert post.deliver() == 0, "not before its time"
    clock.advance(minutes=2)
    post.deliver()
    assert deliveries() == [("email", "sent", 2)]
    assert len(by_mail.mails) == 1


def test_what_can_never_arrive_is_given_up(by_mail, country: Country, clock: FrozenClock):
    by_mail.answers = ["550 no such person"]
    tell(country.new(email="bek@example.uz"))
    tell(country.new(email="no address at all"))
    post.deliver()
    assert deliveries() == [("email", "failed", 1), ("email", "failed", 1)]
    errors = db.session.scalars(select(Delivery.error).order_by(Delivery.message_id)).all()
    assert errors[0] == "550 no such person"


def test_a_server_that_is_away_for_a_day_loses_nothing(
    app: Flask, by_mail, country: Country, clock: FrozenClock
):
    there = app.config["RETRAIN"]
    app.config["RETRAIN"] = replace(there, mail_url="smtp://127.0.0.1:1")
    tell(country.new(email="bek@example.uz"))
    for _hour in range(24):
        post.deliver()
        clock.advance(hours=1)
    app.config["RETRAIN"] = there
    clock.advance(hours=12)
    post.deliver()
    assert [state for _, state, _ in deliveries()] == ["sent"]


class Refusing:
    """A mail server that is there and takes nothing: it greets everybody with a refusal."""

    def __init__(self, greeting: bytes) -> None:
        self.callers = 0
        self._greeting = greeting
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                caller, _address = self._socket.accept()
            except OSError:
                return
            self.callers += 1
            with caller:
                caller.sendall(self._greeting)

    def close(self) -> None:
        """Nobody is there any more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.mark.parametrize("greeting", [b"421 closed for today\r\n", b"554 no service here\r\n"])
def test_a_server_that_refuses_for_a_day_gets_everything_once_and_no_storm(
    app: Flask, by_mail, country: Country, clock: FrozenClock, greeting: bytes
):
    there, refusing = app.config["RETRAIN"], Refusing(greeting)
    app.config["RETRAIN"] = replace(there, mail_url=f"smtp://127.0.0.1:{refusing.port}")
    for number in range(60):
        tell(country.new(email=f"bek{number}@example.uz"))
    for _ten_minutes in range(6 * 24):
        post.deliver()
        clock.advance(minutes=10)
    assert {state for _, state, _ in deliveries()} == {"waiting"}
    assert max(attempts for _, _, attempts in deliveries()) <= 8
    # Sixty letters and a day of trying: it is called as often as one letter would call it.
    assert refusing.callers <= 8
    refusing.close()
    app.config["RETRAIN"] = there
    for _hour in range(12):
        clock.advance(hours=1)
        post.deliver()
    assert [state for _, state, _ in deliveries()] == ["sent"] * 60
    got = [opened(by_mail, number)["Message-ID"] for number in range(len(by_mail.mails))]
    assert len(got) == len(set(got)) == 60


def test_a_refusal_of_our_own_address_loses_nothing(by_mail, country: Country, clock: FrozenClock):
    async def refused(_server, _session, _envelope, _address, _options):
        return "550 you may not send from here"

    by_mail.handle_MAIL = refused
    tell(country.new(email="bek@example.uz"))
    post.deliver()
    assert deliveries() == [("email", "waiting", 1)]


def test_without_a_mail_server_it_is_kept_to_be_read(app: Flask, kind: str, country: Country):
    tell(country.new(email="bek@example.uz"))
    assert post.deliver() == 0
    assert deliveries() == [("email", "kept", 0)]


def test_a_text_message_goes_to_whom_nothing_else_reaches(
    app: Flask, kind: str, country: Country, web: WebServer
):
    country.channels = {"sms": {"on": True, "url": f"{web.url}/send", "token": "t", "sender": "4546"}}
    tell(country.new(phone="+998901234567"))
    tell(country.new(phone="+998901234568", email="bek@example.uz"))
    post.deliver()
    [(path, body, headers)] = web.posts
    assert (path, body["to"], body["from"], headers["Authorization"]) == (
        "/send",
        "+998901234567",
        "4546",
        "Bearer t",
    )
    assert body["text"] == "Messages: IT-014\n\nIT-014, 5 September 2026, Welding"
    assert deliveries() == [("sms", "sent", 1), ("email", "kept", 0)]


def test_a_gateway_may_ask_to_wait(
    app: Flask, kind: str, country: Country, web: WebServer, clock: FrozenClock
):
    country.channels = {"sms": {"on": True, "url": web.url}}
    web.answers = [(503, {}), (400, {"error": "wrong number"})]
    tell(country.new(phone="+998901234567"))
    post.deliver()
    assert deliveries() == [("sms", "waiting", 1)]
    clock.advance(minutes=2)
    post.deliver()
    assert deliveries() == [("sms", "failed", 2)]
    assert web.posts[0][1]["id"] == web.posts[1][1]["id"], "the gateway can tell a repetition"


def test_a_telegram_bot_writes(app: Flask, kind: str, country: Country, web: WebServer, clock: FrozenClock):
    country.channels = {"telegram": {"on": True, "url": web.url, "token": "12:ab"}}
    web.answers = [(429, {"ok": False, "parameters": {"retry_after": 600}})]
    tell(country.new(telegram="77"))
    tell(country.new(telegram="78"))
    post.deliver()
    path, body, _ = web.posts[0]
    assert (path, body["chat_id"]) == ("/bot12:ab/sendMessage", "77")
    assert deliveries() == [("telegram", "waiting", 1), ("telegram", "sent", 1)]
    clock.advance(minutes=9)
    assert post.deliver() == 0, "it was asked to wait ten minutes"
    web.answers = [(403, {"ok": False, "description": "bot was blocked by the user"})]
    clock.advance(minutes=2)
    post.deliver()
    assert deliveries() == [("telegram", "failed", 2), ("telegram", "sent", 1)]


def test_a_person_may_want_nothing_but_the_app(by_mail, country: Country):
    person = country.new(email="bek@example.uz", telegram="77")
    service.prefer(audit.Actor(person, "teacher"), [])
    tell(person)
    tell(person, "test.link", facts={}, secret={"link": "https://retrain.uz/reset/x"})
    post.deliver()
    assert [message["Subject"] for message in map(opened, [by_mail] * len(by_mail.mails))] == ["reset"]
    assert len(deliveries()) == 1


def test_a_link_is_never_kept_in_clear_nor_longer_than_needed(by_mail, country: Country):
    tell(
        country.new(email="bek@example.uz"),
        "test.link",
        facts={},
        secret={"link": "https://retrain.uz/reset/x"},
    )
    message = db.session.scalars(select(Message)).one()
    assert message.secret is not None
    assert "reset/x" not in message.secret + str(message.facts)
    assert not message.in_app
    post.deliver()
    assert "open https://retrain.uz/reset/x" in opened(by_mail).get_content()
    db.session.expire_all()
    assert db.session.scalars(select(Message.secret)).one() is None


def test_a_letter_goes_where_it_is_addressed(by_mail, country: Country):
    tell(country.new(email="old@example.uz"), address="new@example.uz")
    post.deliver()
    assert by_mail.mails[0].rcpt_tos == ["new@example.uz"]


def test_a_name_can_not_smuggle_a_header(by_mail, country: Country):
    tell(country.new(email="bek@example.uz", name="Bek\r\nBcc: all@example.uz"))
    post.deliver()
    assert by_mail.mails[0].rcpt_tos == ["bek@example.uz"]
    assert opened(by_mail)["Bcc"] is None


def test_many_are_told_at_once(by_mail, country: Country):
    people = [country.new(email=f"p{number}@example.uz") for number in range(5)]

    @use_case
    def write() -> int:
        facts = {"subject": "Room 4", "text": "Bring your books.", "sender": "N. Nodirov"}
        return later_many([*people, people[0]], "message.written", facts, key_prefix="note:1")

    assert (write(), write()) == (5, 0)
    post.deliver()
    assert sorted(mail.rcpt_tos[0] for mail in by_mail.mails) == [
        f"p{number}@example.uz" for number in range(5)
    ]
    assert opened(by_mail)["Subject"] == "Room 4"


def test_a_postman_that_dies_between_sending_and_writing_it_down_sends_the_same_again(
    by_mail, country: Country, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    def die(delivery: Delivery) -> None:
        raise KeyboardInterrupt

    tell(country.new(email="bek@example.uz"))
    with monkeypatch.context() as broken:
        broken.setattr(post, "_write_sent", die)
        with pytest.raises(KeyboardInterrupt):
            post.deliver()
    assert post.deliver() == 0, "somebody may still be at it"
    clock.advance(minutes=11)
    post.deliver()
    assert len({opened(by_mail, place)["Message-ID"] for place in range(2)}) == 1
    assert deliveries() == [("email", "sent", 2)]


def test_two_postmen_share_the_work(make_app: Callable[..., Flask], by_mail, country: Country):
    for number in range(3):
        tell(country.new(email=f"p{number}@example.uz"))
    post.expand()
    mine = post.take("one")
    assert (len(mine), post.take("two")) == (3, [])
    assert Channel.EMAIL in {delivery.channel for delivery in mine}


def test_a_calendar_entry_goes_along(by_mail, country: Country):
    entry = {
        "uid": "enrolment-7@retrain", "sequence": 2, "method": "REQUEST", "starts": "2026-09-14", "ends": "2026-10-02",
        "summary": {"uz": "Payvandlash", "en": "Welding"}, "location": "Bukhara", "path": "/runs/IT-014",
    }  # fmt: skip
    tell(country.new(email="bek@example.uz"), calendar=entry)
    post.deliver()
    [part] = [part for part in opened(by_mail).walk() if part.get_content_type() == "text/calendar"]
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    content = part.get_content().replace("\r\n ", "")
    assert "SUMMARY;LANGUAGE=en:Welding" in content
    assert "UID:enrolment-7@retrain" in content
