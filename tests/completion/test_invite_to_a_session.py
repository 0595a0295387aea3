"""Whom a commission is to hear, and who sits there, are invited: each in their language, with an entry for the calendar."""

import pytest
from flask_babel import force_locale

from retrain.completion.commission_models import Invitation
from retrain.completion.commission_rules import Colleague, Member, account_of
from retrain.completion.states import Seat
from retrain.extensions import db
from retrain.messages import kinds, post
from retrain.messages.models import Delivery, Message
from retrain.people.models import Person
from tests import scenario
from tests.completion.commission import (
    APPEAL,
    FINAL,
    at,
    compose,
    heard,
)


@pytest.fixture
def country(made_once, clock):
    return made_once(heard)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


def test_who_is_to_be_heard_is_invited_in_their_own_language(country, desk, clock):
    compose(desk, country, FINAL)
    page = at(country, "final", "/invitation")
    assert "Invite to a session" in desk.get(at(country, "final")).text
    assert "This moment is over." in desk.post(page, data={"at": "2026-09-20T10:00", "place": "2"}).text
    assert "Say where the commission sits." in desk.post(page, data={"at": "2026-09-25T10:00"}).text
    typed = {"at": "2026-09-25T10:00", "place": "Room 204"}
    assert "2 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    assert "0 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    letters = db.session.scalars(db.select(Message).where(Message.kind == "commission.session_final")).all()
    assert {row.person_id for row in letters} == {each.person_id for each in country.teachers}
    for language, word in (("en", "Your final work"), ("ru", "работ"), ("uz", "ish")):
        with force_locale(language):
            said = kinds.text_of(letters[0].kind, letters[0].facts)
        assert word.lower() in said.subject.lower()
        assert "Room 204" in said.body
        assert "10:00" in said.body
    nobody = desk.post(at(country, "appeal", "/invitation"), data=typed)
    assert nobody.status_code == 404, "no commission of appeals is composed"
    compose(desk, country, APPEAL, "appeal")
    assert (
        "The commission has nobody to hear now."
        in desk.post(at(country, "appeal", "/invitation"), data=typed).text
    )


def seats(desk, country, *members):
    """The commission of final works composed of (seat, name, e-mail, language)."""
    data = {}
    for number, (seat, name, email, language) in enumerate(members):
        data |= {
            f"members-{number}-seat": seat, f"members-{number}-name": name, f"members-{number}-post": "dotsent",
            f"members-{number}-email": email, f"members-{number}-language": language,
        }  # fmt: skip
    return desk.post(at(country, "final", "/members"), data=data, follow_redirects=True).text


def letters(*kinds_of):
    """The mails that are to go out, by address."""
    while post.expand():
        pass
    rows = db.session.scalars(db.select(Delivery).join(Message).where(Message.kind.in_(kinds_of)))
    found = {}
    for row in rows.all():
        found.setdefault(row.address, []).append(post.letter(row))
    return found


def test_members_are_told_by_mail_in_their_language_and_colleagues_in_their_account(country, desk, clock):
    lecturer = db.session.get_one(Person, country.lecturer.person_id)
    chair = ("chair", lecturer.full_name, "", "uz")
    guest, silent = ("member", "Guest Anna", "Anna@Example.uz", "ru"), ("member", "Uzoqov U.", "", "uz")
    assert "is no e-mail address" in seats(desk, country, chair, ("member", "A", "a@@b", "uz"), silent)
    page = seats(desk, country, chair, guest, silent)
    for words in ("in the account", "anna@example.uz", "by hand"):
        assert words in page
    invitation = at(country, "final", "/invitation")
    assert "Uzoqov U." in desk.get(invitation).text, "who has no mailbox is told by hand"
    typed = {"at": "2026-09-25T10:00", "place": "Room 204"}
    assert "4 people were invited." in desk.post(invitation, data=typed, follow_redirects=True).text
    assert "0 people were invited." in desk.post(invitation, data=typed, follow_redirects=True).text
    own = db.session.scalars(db.select(Message).where(Message.kind == "commission.sits")).all()
    assert {(row.person_id, row.in_app) for row in own} == {
        (lecturer.id, True), (country.secretary.person_id, False),
    }, "what goes to a guest stands in nobody's inbox"  # fmt: skip
    (mail,) = letters("commission.sits")["anna@example.uz"]
    assert (mail.name, mail.language) == ("Guest Anna", "ru")
    for words in ("член комиссии", "10:00", "Room 204"):
        assert words in mail.body
    said = str(mail.calendar, "utf-8")
    for words in ("METHOD:REQUEST", "DTSTART;TZID=Asia/Tashkent:20260925T100000", "mailto:anna@example.uz"):
        assert words in said.replace("\r\n ", "")
    row = db.session.scalars(db.select(Invitation)).one()
    moved = typed | {"at": "2026-09-26T11:00"}
    changed = at(country, "final", f"/invitation/{row.id}")
    assert "4 people were invited." in desk.post(changed, data=moved, follow_redirects=True).text
    newer = letters("commission.sits")["anna@example.uz"][-1]
    assert "25 сентября" in newer.body, "when it was to be"
    assert (b"SEQUENCE:1" in newer.calendar, f"commission-{row.id}@" in str(newer.calendar)) == (True, True)
    off = at(country, "final", f"/invitation/{row.id}/call-off")
    assert "4 people are told" in desk.post(off, follow_redirects=True).text
    (last,) = letters("commission.called_off")["anna@example.uz"]
    assert b"METHOD:CANCEL" in last.calendar
    assert desk.post(off).status_code == 404, "called off twice is once"
    assert desk.get(off).status_code == 405


def test_two_colleagues_of_one_name_are_told_apart_by_their_mailbox():
    two = [Colleague(1, "Aliyev Vali", "one@example.uz"), Colleague(2, "Алиев Вали", "two@example.uz")]
    assert account_of(Member(Seat.MEMBER, "Aliyev Vali"), two) is None
    assert account_of(Member(Seat.MEMBER, "Aliyev Vali"), two[:1]) == 1
    assert account_of(Member(Seat.MEMBER, "Aliyev Vali", email="two@example.uz"), two) == 2
    assert account_of(Member(Seat.MEMBER, "Aliyev Vali", email="else@example.uz"), two[:1]) is None
