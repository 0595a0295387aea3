"""A calendar program comes for somebody's classes: it takes them in, follows each move, and drops what was cancelled."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people.states import RoleKind
from retrain.refusal import Forbidden
from retrain.timetable import feeds, service
from retrain.timetable.models import HalfOfGroup, SecretAddress
from retrain.timetable.states import CalendarOf, Part
from tests import scenario
from tests.harness.statements import counted
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
ZONE = ZoneInfo("Asia/Tashkent")


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.first_week, MONDAY)


@pytest.fixture
def learner(country) -> Actor:
    return Actor(country.teachers[0].person_id, RoleKind.TEACHER.value)


def address(app, actor: Actor) -> str:
    """Where *actor* finds their calendar, after asking for an address on their week."""
    browser = scenario.signed_in(app, actor)
    browser.post("/week/address")
    shown = re.search(r'value="(http[^"]*/calendar/[^"]+\.ics)"', browser.get("/week?lang=en").text)
    return urlsplit(shown.group(1)).path


def taken_in(content: bytes) -> dict[str, dict]:
    """What a strict reader takes out of a file: events by UID; it stops at whatever the standard forbids."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b""), "a line ends in CR LF"
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "a line has at most 75 octets"
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    calendar = Calendar.from_ical(content)
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    events = calendar.walk("VEVENT")
    uids = [str(event["UID"]) for event in events]
    assert len(uids) == len(set(uids)), "one event a UID"
    for event in events:
        for name in (
            "DTSTAMP",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "SEQUENCE",
            "STATUS",
            "LAST-MODIFIED",
            "ORGANIZER",
        ):
            assert name in event, name
        assert event["DTSTART"].params["TZID"] in zones
        assert event["DTSTART"].dt < event["DTEND"].dt
        assert event["STATUS"] in ("CONFIRMED", "CANCELLED")
        assert "ATTENDEE" not in event
    return dict(zip(uids, events, strict=True))


def merged(known: dict[str, dict], fresh: dict[str, dict]) -> dict[str, dict]:
    """A subscriber's calendar after coming again: nothing older may come back under the same UID."""
    for uid, event in fresh.items():
        if uid in known:
            assert event["SEQUENCE"] >= known[uid]["SEQUENCE"]
            assert event["LAST-MODIFIED"].dt >= known[uid]["LAST-MODIFIED"].dt
    return {uid: event for uid, event in fresh.items() if event["STATUS"] != "CANCELLED"}


def test_a_lecturer_and_a_learner_find_their_classes_in_their_calendar(country, learner, app):
    for actor in (country.lecturer, learner):
        answer = app.test_client().get(address(app, actor))
        assert answer.content_type == "text/calendar; charset=utf-8"
        events = taken_in(answer.data)
        assert [event["DTSTART"].dt for event in events.values()] == [
            row.starts_at.astimezone(ZONE) for row in country.sessions
        ]
        first = events[f"class-{country.sessions[0].id}@retrain"]
        assert first["SUMMARY"] == "Kirish"
        assert first["LOCATION"] == "101-xona"
        assert f"/runs/{country.run.code}" in first["DESCRIPTION"]
        calendar = Calendar.from_ical(answer.data)
        assert calendar["METHOD"] == "PUBLISH"
        assert (calendar["REFRESH-INTERVAL"].to_ical(), calendar["X-PUBLISHED-TTL"]) == (b"PT1H", "PT1H")


def test_a_moved_class_is_the_same_event_with_a_higher_sequence(country, app, clock):
    where, uid = address(app, country.lecturer), f"class-{country.sessions[0].id}@retrain"
    client = app.test_client()
    known = merged({}, taken_in(client.get(where).data))
    for pair in (2, 3):
        clock.advance(minutes=30)
        place, lock = country.place(MONDAY, pair=pair), country.sessions[0].lock
        service.move_session(country.coordinator, country.sessions[0].id, place, lock)
        before, known = known, merged(known, taken_in(client.get(where).data))
        assert known.keys() == before.keys()
        assert known[uid]["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert known[uid]["DTSTART"].dt > before[uid]["DTSTART"].dt
        assert known[uid]["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt


def test_a_cancelled_class_is_told_of_for_six_weeks_and_then_left_out(country, app, clock):
    where, uid = address(app, country.lecturer), f"class-{country.sessions[3].id}@retrain"
    client = app.test_client()
    known = taken_in(client.get(where).data)
    service.cancel_session(country.coordinator, country.sessions[3].id, "flood")
    told = taken_in(client.get(where).data)
    assert told[uid]["STATUS"] == "CANCELLED"
    assert told[uid]["SEQUENCE"] > known[uid]["SEQUENCE"]
    assert told[uid]["SUMMARY"] != known[uid]["SUMMARY"]
    assert len(merged(known, told)) == 3
    clock.advance(days=43)
    assert uid not in taken_in(client.get(where).data)


def test_a_called_off_run_cancels_the_classes_of_its_lecturer(country, app):
    where = address(app, country.lecturer)
    known = taken_in(app.test_client().get(where).data)
    catalogue.cancel_run(country.coordinator, country.run.code, "too few")
    told = taken_in(app.test_client().get(where).data)
    assert {event["STATUS"] for event in told.values()} == {"CANCELLED"}
    assert all(told[uid]["SEQUENCE"] > known[uid]["SEQUENCE"] for uid in known)


def test_what_was_never_public_is_in_no_calendar(country, app):
    where = address(app, country.lecturer)
    extra = country.place(MONDAY + timedelta(days=4), topic=1)
    service.cancel_session(country.coordinator, country.sessions[2].id, "flood")
    planned = service.add_session(country.coordinator, country.run.code, extra)
    assert f"class-{planned.id}@retrain" not in taken_in(app.test_client().get(where).data)
    service.cancel_session(country.coordinator, planned.id, "typed by mistake")
    assert f"class-{planned.id}@retrain" not in taken_in(app.test_client().get(where).data)


def test_a_renewed_address_shuts_the_old_one(country, app):
    old, client = address(app, country.lecturer), app.test_client()
    assert client.get(old).status_code == 200
    new = address(app, country.lecturer)
    assert new != old
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert db.session.query(SecretAddress).count() == 1


def test_the_address_is_not_in_the_database_and_needs_the_secret_key(country, app):
    secret = address(app, country.lecturer).removeprefix("/calendar/").removesuffix(".ics")
    row = db.session.scalars(db.select(SecretAddress)).one()
    assert len(secret) == 32  # 192 bits
    assert secret not in {row.nonce, row.digest}
    app.config["SECRET_KEY"] = "another key altogether, long enough"
    assert feeds.secret_of(row) is None
    assert feeds.opened(secret, CalendarOf.PERSON).id == row.id, "what was given out goes on working"


def test_nothing_is_sent_twice_while_it_is_the_same(country, app, clock):
    where, client = address(app, country.lecturer), app.test_client()
    first = client.get(where)
    clock.advance(hours=5)
    again = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"].startswith("private, max-age=")
    dated = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(where, headers=dated).status_code == 304, "for programs that only know the date"
    service.cancel_session(country.coordinator, country.sessions[0].id, "flood")
    changed = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert client.get(where, headers=dated).status_code == 200


def test_the_calendar_speaks_its_owners_language_or_the_one_its_address_names(country, app):
    where = address(app, country.lecturer)
    for language, room in (("uz-Cyrl", "101-хона"), ("ru", "ауд. 101"), ("en", "room 101")):
        events = taken_in(app.test_client().get(f"{where}?in={language}").data)
        assert {event["LOCATION"] for event in events.values()} == {room}


def test_long_cyrillic_titles_stay_whole(country, app):
    title = "Пайвандлаш ишларини ташкил этиш ва хавфсизлик техникаси; асослари, " * 4
    country.sessions[0].topic.titles = {"uz": title}
    db.session.commit()
    events = taken_in(app.test_client().get(address(app, country.lecturer)).data)
    assert title in {event["SUMMARY"] for event in events.values()}


def test_a_class_of_the_other_half_is_in_nobodys_calendar_but_theirs(country, app):
    for enrolment, half in zip(country.enrolments, (Part.FIRST_HALF, Part.SECOND_HALF), strict=False):
        db.session.add(HalfOfGroup(enrolment_id=enrolment.id, part=half))
    country.sessions[3].part = Part.SECOND_HALF
    db.session.commit()
    counts = [
        len(taken_in(app.test_client().get(address(app, Actor(each.person_id, "teacher"))).data))
        for each in country.teachers
    ]
    assert counts == [3, 4, 3]  # of whom nothing was said is put into a half by the program


def test_a_run_and_a_room_have_calendars_of_their_own(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    for page in (f"/manage/runs/{country.run.code}/calendar", f"/rooms/{country.rooms[0].id}/calendar"):
        browser.post(page + "/address", data={"kind": "room"})
        shown = re.search(r'value="http[^"]*(/calendar/[^"]+)"', browser.get(page + "?lang=en").text)
        content = app.test_client().get(shown.group(1)).data
        assert len(taken_in(content)) == 4
        assert (b"Nodirov" in content) is ("runs" in page)


def test_only_who_makes_timetables_gives_addresses_out(country, app):
    for actor in (country.lecturer, country.hr_officer):
        with pytest.raises(Forbidden):
            feeds.renew_of_run(actor, country.run.code)
        with pytest.raises(Forbidden):
            feeds.renew_of_room(actor, country.rooms[0].id, CalendarOf.SCREEN)


@pytest.mark.parametrize("secret", ["x", "A" * 32, "A" * 5000, "%00", "..%2f..", "ў"])
def test_a_guessed_address_is_the_address_of_nothing(app, country, secret):
    assert app.test_client().get(f"/calendar/{secret}.ics").status_code in (400, 404)
    assert app.test_client().get(f"/screen/{secret}").status_code in (400, 404)


def test_an_address_opens_only_what_it_is_for(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    browser.post(f"/rooms/{country.rooms[0].id}/calendar/address", data={"kind": "screen"})
    shown = browser.get(f"/rooms/{country.rooms[0].id}/calendar?lang=en").text
    secret = re.search(r"/screen/([\w-]+)", shown).group(1)
    assert app.test_client().get(f"/screen/{secret}").status_code == 200
    assert app.test_client().get(f"/calendar/{secret}.ics").status_code == 404


def test_who_comes_too_often_has_to_wait(country, app, clock):
    where, client = address(app, country.lecturer), app.test_client()
    codes = [client.get(where).status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2
    clock.advance(minutes=1)
    assert client.get(where).status_code == 200


def test_a_calendar_asks_the_database_little(country, app):
    where, client = address(app, country.lecturer), app.test_client()
    client.get(where)
    with counted() as sent:
        client.get(where)
    assert len(sent) <= 8


def test_a_mail_about_a_class_changes_the_same_event(country, learner, app, clock):
    uid = f"class-{country.sessions[0].id}@retrain"
    clock.advance(minutes=5)
    service.move_session(country.coordinator, country.sessions[0].id, country.place(MONDAY, pair=2), lock=0)
    service.cancel_session(country.coordinator, country.sessions[0].id, "flood")
    letters = db.session.scalars(
        db.select(Message)
        .where(
            Message.person_id == learner.person_id,
            Message.kind.like("timetable.%"),
            Message.calendar.is_not(None),
        )
        .order_by(Message.id)
    ).all()
    said = [row.calendar for row in letters if row.calendar]
    assert [(each["method"], each["uid"], each["sequence"]) for each in said] == [
        ("REQUEST", uid, 1), ("CANCEL", uid, 2),
    ]  # fmt: skip
    assert taken_in(app.test_client().get(address(app, learner)).data)[uid]["SEQUENCE"] == 2


def test_my_week_shows_today_and_what_was_cancelled(country, learner, app):
    service.cancel_session(country.coordinator, country.sessions[1].id, "The room is flooded")
    page = scenario.signed_in(app, learner).get("/week?lang=en").text
    assert "3 classes" in page
    assert page.index("Today") < page.index("Tuesday")
    assert "The room is flooded" in page


def test_who_teaches_and_learns_sees_which_is_which(country, app, clock):
    person_id = country.lecturer.person_id
    other = country.place(MONDAY, pair=3)
    clock.set(datetime(2026, 9, 14, 3, tzinfo=UTC))
    db.session.get_one(type(country.teachers[0]), country.teachers[0].id).person_id = person_id
    country.sessions[0].lecturer_id = None
    db.session.commit()
    assert other
    page = scenario.signed_in(app, country.lecturer).get("/week?lang=en").text
    assert ("I teach" in page, "I learn" in page) == (True, True)


def test_a_week_asks_the_database_little(country, learner, app):
    browser = scenario.signed_in(app, learner)
    browser.get("/week")
    with counted() as sent:
        browser.get("/week")
    assert len(sent) <= 12


def test_the_screen_at_the_door(country, app, clock):
    browser = scenario.signed_in(app, country.coordinator)
    browser.post(f"/rooms/{country.rooms[0].id}/calendar/address", data={"kind": "screen"})
    shown = browser.get(f"/rooms/{country.rooms[0].id}/calendar?lang=en").text
    where = re.search(r'value="http[^"]*(/screen/[^"]+)"', shown).group(1)
    visitor = app.test_client()
    clock.set(datetime(2026, 9, 14, 2, tzinfo=UTC))
    before = visitor.get(where).text
    assert before.index("The room is free.") < before.index("08:30–10:00")
    clock.set(datetime(2026, 9, 14, 4, tzinfo=UTC))
    during = visitor.get(where)
    assert during.text.index("08:30–10:00") < during.text.index("Nothing more today.")
    assert "Nodirov Bek" in during.text
    assert "Karimova" not in during.text
    assert (during.headers["Cache-Control"], during.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    browser.post(f"/rooms/{country.rooms[0].id}/calendar/address", data={"kind": "screen"})
    assert visitor.get(where).status_code == 404
