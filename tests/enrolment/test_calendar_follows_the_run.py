"""A course in somebody's calendar: its mails put it there, change it and take it away, as calendars ask of them.

What they ask: one UID, a SEQUENCE that rises (RFC 5546, 2.1.4), the method in the mail's type and in the entry
alike (RFC 6047, 2.4), an organizer who is the sender, the receiver among the attendees, the entry as an alternative
of the text for Gmail and Outlook and as a file for the others.
"""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar
from sqlalchemy import update

from retrain.catalogue import queries as catalogue_queries
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.enrolment import reminders, service
from retrain.enrolment.states import Consent
from retrain.extensions import db
from retrain.messages import post
from retrain.people.models import Person
from tests.harness.places import GIVEN_AT_ONCE


@pytest.fixture
def post_office(app, mail):
    """A mail server that the program sends to; every person has an address."""
    url = f"smtp://127.0.0.1:{mail.port}?from=office@retrain.uz"
    app.config["RETRAIN"] = replace(app.config["RETRAIN"], mail_url=url)
    return mail


def has_mailbox(person):
    db.session.execute(
        update(Person)
        .where(Person.id == person.person_id)
        .values(contact_email=f"p{person.person_id}@example.uz", language="en")
    )
    db.session.commit()
    return f"p{person.person_id}@example.uz"


def change(coordinator, run, **changed):
    row = db.session.get_one(Run, run.id)
    plan = catalogue_queries.run_plan(row, **changed)
    catalogue.change_run(coordinator.actor, run.code, plan, row.lock)


def mails(mail):
    post.deliver()
    found = [message_from_bytes(each.content, policy=policy.default) for each in mail.mails]
    mail.mails.clear()
    return found


def entry_of(mail):
    """The one event of the mail, after looking at how it is wrapped up."""
    text = mail.get_body(("plain",))
    [alternative] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    [file] = mail.iter_attachments()
    assert text is not None
    assert mail.get_content_type() == "multipart/mixed"
    assert not alternative.is_attachment()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "course.ics")
    written = alternative.get_payload(decode=True)
    assert file.get_payload(decode=True) == written
    calendar = Calendar.from_ical(written)
    assert calendar["METHOD"] == alternative.get_param("method")
    [event] = calendar.walk("VEVENT")
    assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert event["ATTENDEE"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
    return calendar["METHOD"], event


def test_a_moved_run_moves_in_the_calendar_and_a_cancelled_one_leaves_it(
    run, teachers, coordinator, post_office, clock
):
    address = has_mailbox(teachers[0])
    service.enrol_self(teachers[0].actor, run.code)
    clock.advance(minutes=5)
    change(coordinator, run, starts_on=date(2026, 9, 28), ends_on=date(2026, 10, 3))
    clock.advance(minutes=5)
    change(coordinator, run, place_text="Buxoro, 5-bino")
    clock.advance(minutes=5)
    catalogue.cancel_run(coordinator.actor, run.code, "Bino ta’mirda")
    found = mails(post_office)
    assert {mail["To"].addresses[0].addr_spec for mail in found} == {address}
    methods, events = zip(*map(entry_of, found), strict=True)
    assert methods == ("REQUEST", "REQUEST", "REQUEST", "CANCEL")
    assert len({event["UID"] for event in events}) == 1
    sequences = [event["SEQUENCE"] for event in events]
    assert sequences == sorted(set(sequences))
    assert [event.decoded("DTSTART") for event in events] == [date(2026, 9, 21)] + [date(2026, 9, 28)] * 3
    assert [event.decoded("DTEND") for event in events] == [date(2026, 9, 27)] + [date(2026, 10, 4)] * 3
    assert [event["LOCATION"] for event in events[1:3]] == ["Buxoro, 2-bino", "Buxoro, 5-bino"]
    assert [event["STATUS"] for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    stamps = [event.decoded("DTSTAMP") for event in events]
    assert stamps == sorted(set(stamps))
    assert not events[-1].walk("VALARM")
    assert "The place: Buxoro, 5-bino." in found[2].get_body(("plain",)).get_content()


def test_the_file_one_downloads_is_the_entry_of_the_mails(run, teachers, coordinator, post_office):
    has_mailbox(teachers[0])
    service.enrol_self(teachers[0].actor, run.code)
    change(coordinator, run, starts_on=date(2026, 9, 22))
    _method, mailed = entry_of(mails(post_office)[-1])
    [event] = Calendar.from_ical(teachers[0].browser.get(f"/mine/{run.code}.ics").data).walk("VEVENT")
    for name in ("UID", "SEQUENCE"):
        assert event[name] == mailed[name]
    assert event.decoded("DTSTART") == date(2026, 9, 22)


def test_who_waits_reads_of_the_change_and_gets_nothing_into_the_calendar(
    run, rows, teachers, coordinator, post_office
):
    has_mailbox(teachers[3])
    change(coordinator, run, starts_on=date(2026, 9, 22))
    waiting, changed = mails(post_office)
    assert "waiting list" in waiting["Subject"]
    assert changed["Subject"] == "The run has changed: Welding"
    assert not list(changed.iter_attachments())


def test_what_no_calendar_shows_tells_nobody(run, rows, teachers, coordinator, post_office):
    has_mailbox(teachers[0])
    mails(post_office)
    change(coordinator, run, places=3)
    assert mails(post_office) == []


def test_an_office_has_one_mail_a_day_however_many_ask(make_run, sixty, office, post_office, clock):
    address = has_mailbox(office)
    run = make_run(places=60, terms=replace(GIVEN_AT_ONCE, consent=Consent.COLLEGE, request_hours=200))
    for teacher in sixty[:12]:
        service.enrol_self(teacher.actor, run.code)
    for _hour in range(3 * 24 - 9):  # from nine on Monday till midnight on Wednesday
        reminders.say_what_waits()
        clock.advance(hours=1)
    digests = [mail for mail in mails(post_office) if mail["To"].addresses[0].addr_spec == address]
    assert [mail["Subject"] for mail in digests] == ["Requests wait for your answer: 12"] * 3
