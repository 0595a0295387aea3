"""Texts that are code somewhere: in a page, a workbook, a calendar, a letter, a header of mail."""

import io
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
from flask import Flask
from icalendar import Calendar
from openpyxl import load_workbook

from retrain.enrolment import letters
from retrain.extensions import db
from retrain.messages import post
from retrain.messages.channels import Smtp
from retrain.messages.models import Delivery
from retrain.people.models import OrganisationName, PersonName
from retrain.people.states import Script
from tests import scenario

SCRIPT = "<script>alert(1)</script>"
PICTURE = "\"'><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
LINES = "Salom\r\nBcc: begona@example.uz\r\n\r\nX"
CALENDAR = "x\r\nATTACH:http://evil.example\r\nEND:VEVENT"
MONDAY = date(2026, 9, 14)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What becomes of a text is the same on either."""


@pytest.fixture
def country(app: Flask, clock):
    """A country in which everything that somebody may name is named by an attacker."""
    found = scenario.country(MONDAY)
    for row in db.session.scalars(db.select(OrganisationName)):
        row.names = {"uz": PICTURE}
    for teacher, text in zip(found.teachers, (SCRIPT, FORMULA, LINES), strict=True):
        person = teacher.person
        person.family, person.given, person.email = text, "Aziza", f"t{teacher.id}@example.uz"
        person.names = [
            PersonName(
                script=Script.LATIN, family=text, given="Aziza", patronymic="", valid_from=scenario.LONG_AGO
            )
        ]
        teacher.employments[0].post = FORMULA
        teacher.specialities = [FORMULA, SCRIPT]
    run = found.run
    run.version.titles = {"uz": f"{SCRIPT}{CALENDAR}"}
    run.place_text, run.group_name, run.policy = CALENDAR, FORMULA, run.policy
    for topic_title in run.version.modules[0].topics:
        topic_title.titles = {"uz": PICTURE}
    found.rooms[0].name = SCRIPT
    db.session.commit()
    found.sessions = found.timetable(*scenario.days(MONDAY, 4))
    letters.write(found.coordinator, run.code, [found.teachers[0].person_id], LINES, SCRIPT, "1")
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    return found


def pages_of(country):
    code, teacher, meeting = country.run.code, country.teachers[0], country.sessions[0]
    manage = f"/manage/runs/{code}"
    return {
        country.coordinator: (
            "/", "/board", "/courses", f"/courses/{country.run.version.course.code}", manage, f"{manage}/people",
            f"{manage}/timetable", f"{manage}/timetable/{meeting.id}", f"{manage}/registers", f"/registers/{meeting.id}",
            f"{manage}/results", f"{manage}/completion", f"{manage}/orders", f"{manage}/group", f"{manage}/letter",
            f"{manage}/change", f"{manage}/people/add?q=alert", "/rooms", "/roles", f"/runs/{code}", f"/runs?q={SCRIPT}",
            f"{manage}/people?q={PICTURE}&sort={SCRIPT}", f"/manage/runs/new?q={SCRIPT}", "/settings",
        ),
        country.college_hr: (
            "/", "/staff", f"/staff/{teacher.id}", f"/staff/{teacher.id}/edit", f"/staff/{teacher.id}/name",
            f"/staff/{teacher.id}/merge", "/staff/slips", f"/runs/{code}/nominate", f"/staff?q={PICTURE}",
        ),
        scenario.Actor(teacher.person_id): (
            "/", "/mine", "/week", "/messages", "/account", "/account/data", f"/runs/{code}",
        ),
    }  # fmt: skip


def test_no_page_runs_what_somebody_typed(app, country):
    shown = 0
    for actor, addresses in pages_of(country).items():
        browser = scenario.signed_in(app, actor)
        for address in addresses:
            answer = browser.get(address, follow_redirects=True)
            assert answer.status_code == 200, address
            assert "<script>alert" not in answer.text, address
            assert "<img src=x" not in answer.text, address
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"], address
            shown += "&lt;script&gt;" in answer.text or "&lt;img" in answer.text
    assert shown > 15


def test_what_is_typed_is_harmless_in_the_refused_form(app, country):
    browser, code = scenario.signed_in(app, country.coordinator), country.run.code
    for address, data in (
        (f"/manage/runs/{code}/letter", {"subject": PICTURE, "text": "</textarea>" + SCRIPT}),
        (f"/manage/runs/{code}/change", {"place_text": PICTURE, "group_name": SCRIPT, "starts_on": PICTURE}),
        ("/courses/new", {"title": PICTURE, "topics": "</textarea>" + SCRIPT, "language": SCRIPT}),
        ("/sign-in", {"login": PICTURE, "next": SCRIPT}),
    ):
        text = browser.post(address, data=data).text
        assert "<script>alert" not in text, address
        assert "<img src=x" not in text, address


def test_no_workbook_computes_what_somebody_typed(app, country):
    for actor, address in (
        (country.college_hr, "/staff.xlsx"),
        (country.coordinator, f"/manage/runs/{country.run.code}/people.xlsx"),
    ):
        book = load_workbook(io.BytesIO(scenario.signed_in(app, actor).get(address).data))
        cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row if cell.value is not None]
        assert any("HYPERLINK" in str(cell.value) for cell in cells), address
        assert not [
            cell.value for cell in cells if cell.data_type == "f" or str(cell.value).startswith("=")
        ], address


def test_no_calendar_entry_has_a_line_of_its_own(app, country):
    browser = scenario.signed_in(app, scenario.Actor(country.teachers[0].person_id))
    answer = browser.get(f"/mine/{country.run.code}.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert "ATTACH" not in event
    assert "evil.example" in str(event["SUMMARY"]) + str(event["LOCATION"])


def test_no_letter_has_a_header_of_its_own(app, country):
    post.expand()
    wire, seen = Smtp("smtp://localhost", "retrain@example.uz"), 0
    for delivery in db.session.scalars(db.select(Delivery)):
        if delivery.channel.value != "email":
            continue
        sent = message_from_bytes(wire.compose(post.letter(delivery)).as_bytes(), policy=policy.default)
        assert sent["Bcc"] is None
        assert sent["To"].addresses[0].domain == "example.uz"
        seen += 1
    assert seen > 3


@pytest.mark.parametrize(
    "path", [f"/verify/{SCRIPT}.json", f"/verify/{SCRIPT}", f"/runs/{SCRIPT}", f"/{PICTURE}"]
)
def test_an_address_is_not_repeated_as_markup(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
