"""Hours without a class: reports, mentors who answer a letter once, a platform's export line by line."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from retrain.attendance import by_kind
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.evidence import importing as evidence_import
from retrain.attendance.evidence.models import Evidence, MentorLetter
from retrain.attendance.evidence.states import EvidenceState
from retrain.audit import Actor
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.messages import secrets
from retrain.messages.models import Message
from retrain.timetable import queries as timetable
from tests import scenario
from tests.scenario import Country
from tests.timetable.together import all_at_once

MONDAY = date(2026, 9, 14)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def with_other_hours(clock) -> Country:
    found = scenario.country(MONDAY)
    module = timetable.modules(found.run)[0]
    module.hours = dict(module.hours) | {"independent": 6, "internship": 4}
    db.session.commit()
    clock.set(datetime(2026, 9, 16, 12, tzinfo=ZoneInfo("Asia/Tashkent")))
    return found


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(with_other_hours)


def module_id(country: Country) -> int:
    return timetable.modules(country.run)[0].id


def hand_in(client, country: Country, **typed):
    data = {
        "part": f"{module_id(country)}:independent", "hours": "4", "on": "2026-09-15", "note": "Referat",
        "report": (BytesIO(PDF), "referat.pdf"),
    } | typed  # fmt: skip
    return client.post(
        f"/mine/hours/{country.run.code}?lang=en", data=data, content_type="multipart/form-data"
    )


def teacher(app, country: Country, number: int = 0):
    return scenario.signed_in(app, Actor(country.teachers[number].person_id, "teacher"))


def test_a_report_is_handed_in_and_counts_when_the_coordinator_says_so(country, app):
    mine, office = teacher(app, country), scenario.signed_in(app, country.coordinator)
    assert f"/mine/hours/{country.run.code}" in mine.get("/mine").text, "it stands beside one's own course"
    assert hand_in(mine, country).status_code == 303
    row = db.session.scalars(select(Evidence)).one()
    number, address = row.enrolment_id, f"/manage/runs/{country.run.code}/evidence"
    assert evidence_hours.by_kind(country.run.id) == {}
    assert "report of hours on" in office.get("/?lang=en", follow_redirects=True).text
    assert "Referat" in office.get(f"{address}?lang=en").text
    assert office.get(f"/files/{row.file_id}").status_code == 200
    office.post(f"{address}/{row.id}", data={"accept": "1"})
    db.session.expire_all()
    assert evidence_hours.by_kind(country.run.id) == {number: {HourKind.INDEPENDENT: 180}}
    assert by_kind.hours_done(country.run, 45)[number]["independent"] == 4.0, "completion counts them"
    refused = office.post(f"{address}/{row.id}?lang=en", data={"why": " "})
    assert "reason" in refused.text.lower()
    office.post(f"{address}/{row.id}", data={"why": "not their own work"})
    db.session.expire_all()
    assert evidence_hours.by_kind(country.run.id) == {}
    kinds = db.session.scalars(select(Message.kind).where(Message.kind.startswith("evidence."))).all()
    assert sorted(kinds) == ["evidence.accepted", "evidence.returned"]
    assert "not their own work" in mine.get(f"/mine/hours/{country.run.code}?lang=en").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hours": "7"}, "6 hours are left to show"),
        ({"hours": "many"}, "Give the academic hours as a number"),
        ({"on": "2026-09-17"}, "The day has not come yet."),
        ({"on": "2026-08-01"}, "The day is outside the course"),
        ({"on": "yesterday"}, "The day can’t be read."),
    ],
)
def test_what_is_wrong_with_a_report_is_said(country, app, typed, sentence):
    answer = hand_in(teacher(app, country), country, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(Evidence)).all() == []


def asked(app, country: Country, **typed) -> str:
    """The mentor's link out of the letter."""
    office = scenario.signed_in(app, country.coordinator)
    data = {
        "who": str(country.enrolments[0].id), "part": f"{module_id(country)}:internship", "hours": "4",
        "mentor": "Usta Karim", "address": "karim@zavod.uz",
    } | typed  # fmt: skip
    office.post(f"/manage/runs/{country.run.code}/evidence/mentor", data=data)
    letter = db.session.scalars(select(Message).where(Message.kind == "evidence.mentor")).one()
    assert letter.address == "karim@zavod.uz"
    assert not letter.in_app
    return secrets.unseal(app.config["SECRET_KEY"], letter.secret)["path"]


def test_a_mentor_confirms_by_a_link_that_is_good_once(country, app):
    path, mentor = asked(app, country), app.test_client()
    page = mentor.get(f"{path}?lang=en").text
    assert "do 4 academic hours with you?" in page
    assert db.session.scalars(select(Evidence)).all() == [], "opening it changes nothing"
    assert "Your answer is kept." in mentor.post(f"{path}?lang=en", data={"confirm": "1"}).text
    again = mentor.post(f"{path}?lang=en", data={"confirm": "1"})
    assert again.status_code == 422
    assert "This link was used already." in again.text
    rows = db.session.scalars(select(Evidence)).all()
    assert [(row.state, row.minutes) for row in rows] == [(EvidenceState.ACCEPTED, 180)]
    assert mentor.get("/mentor/nonsense").status_code == 404


def test_a_mentor_who_says_no_and_a_link_that_is_old(country, clock, app):
    path, mentor = asked(app, country), app.test_client()
    mentor.post(path, data={"deny": "1", "note": "never saw them"})
    assert db.session.scalars(select(Evidence)).all() == []
    assert db.session.scalar(select(Message.kind).where(Message.kind == "evidence.denied"))
    letter = db.session.scalars(select(MentorLetter)).one()
    letter.used_at, letter.expires_at = None, clock.now() - timedelta(days=1)
    db.session.commit()
    assert "This link is too old." in mentor.get(f"{path}?lang=en").text


def export(*lines: str) -> BytesIO:
    return BytesIO("\n".join(("Name;Module;Kind;Hours;Date;ID", *lines)).encode())


def test_an_export_is_shown_line_by_line_before_anything_is_kept(country, app):
    office, address = (
        scenario.signed_in(app, country.coordinator),
        f"/manage/runs/{country.run.code}/evidence",
    )
    country.enrolments[2].since = MONDAY + timedelta(days=1)  # the third came a day later than the others
    db.session.commit()
    names = [db.session.get_one(type(row), row.id).person.full_name for row in country.teachers]
    pinfl = country.teachers[1].pinfl
    content = export(
        f"{names[0]};1;mustaqil;4;15.09.2026;a1",
        f"{pinfl};Birinchi modul;independent;6;2026-09-15;a2",
        f"{names[0].upper()};1;independent;4;15.09.2026;a3",
        "Nobody Unknown;1;independent;2;15.09.2026;a4",
        f"{names[2]};9;independent;2;15.09.2026;a5",
        f"{names[2]};1;independent;2;15.09.2027;a6",
        f"{names[2]};1;independent;2;some day;a7",
        f"{names[2]};1;independent;2;14.09.2026;a8",
        f"{names[0]};1;mustaqil;4;15.09.2026;a1",
    )
    shown = office.post(f"{address}/import?lang=en", data={"export": (content, "lms.csv")}).text
    for sentence in (
        "2 hours are left to show", "Nobody of the group is called “Nobody Unknown”.", "The course has no module “9”.",
        "The day has not come yet.", "The day can’t be read.", "Take in 2 lines", "there already",
        "This person is not in the group on 14 September 2026.",
    ):  # fmt: skip
        assert sentence in shown, sentence
    assert db.session.scalars(select(Evidence)).all() == []
    file_id = shown.partition('name="file" value="')[2].partition('"')[0]
    for _ in range(2):
        office.post(f"{address}/import", data={"file": file_id})
    found = evidence_hours.by_kind(country.run.id)
    first, second, third = (row.id for row in country.enrolments)
    assert (found[first], found[second]) == ({HourKind.INDEPENDENT: 180}, {HourKind.INDEPENDENT: 270})
    assert third not in found


def test_a_file_without_the_columns_is_said_so(country, app):
    office = scenario.signed_in(app, country.coordinator)
    address = f"/manage/runs/{country.run.code}/evidence/import?lang=en"
    answer = office.post(address, data={"export": (BytesIO(b"a;b\n1;2\n"), "lms.csv")})
    assert "The first line must name the columns" in answer.text
    none = office.post(address, data={})
    assert (none.status_code, "Choose a file." in none.text) == (422, True)


def test_hours_planned_are_never_passed_however_they_come(country, app):
    hand_in(teacher(app, country), country, hours="4")
    module = timetable.modules(country.run)[0]
    known = evidence.shown(country.enrolments[0], module.id, HourKind.INDEPENDENT)
    why = evidence.refusals(country.run, module, HourKind.INDEPENDENT, 135, MONDAY, known)
    assert [each.code for each in why] == ["evidence-too-many-hours"]


@pytest.mark.race
def test_exports_taken_in_at_once_pass_the_planned_hours_together_never(app, database, country, tmp_path):
    name = db.session.get_one(type(country.teachers[0]), country.teachers[0].id).person.full_name
    actor, run_id, one = country.coordinator, country.run.id, country.enrolments[0].id
    kept = [
        evidence_import.keep(
            actor, country.run.code, export(*(f"{name};1;independent;2;15.09.2026;{number}-{at}" for at in range(2))),
            f"{number}.csv",
        )
        for number in range(4)
    ]  # fmt: skip
    orders = [
        {
            "actor": [actor.person_id, actor.role, actor.organisation_id, actor.role_id],
            "run": country.run.code, "today": "2026-09-16", "take": [number],
            "files": str(app.config["RETRAIN"].instance),
        }
        for number in kept
    ]  # fmt: skip
    db.session.remove()
    counts = all_at_once("tests.attendance.import_writer", database.url, tmp_path, orders)
    assert sum(each for (each,) in counts) == 3, "six hours are planned, and each line is of two"
    assert evidence_hours.by_kind(run_id) == {one: {HourKind.INDEPENDENT: 270}}
