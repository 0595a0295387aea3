"""Rosters as offices send them: previewed, mapped, confirmed, applied in chunks, again without effect."""

import io
import json
import os
from pathlib import Path

import pytest

from retrain.audit import SYSTEM
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people import roster_batches, rosters, service
from retrain.people.models import Employment, Person, RosterBatch, RosterMapping, Teacher
from retrain.people.roster_line import Outcome
from retrain.refusal import Refused
from tests import scenario

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
TABLES = (Person, Teacher, Employment, RosterBatch, RosterMapping, AuditEntry)


def content(name):
    return (ROSTERS / name).read_bytes()


def counts():
    return [db.session.scalar(db.select(db.func.count()).select_from(table)) for table in TABLES]


def look(name, actor=SYSTEM, data=None, **values):
    return rosters.preview(actor, rosters.open_table(content(name) if data is None else data, name), **values)


def csv_of(*lines):
    return "\n".join(lines).encode()


def test_every_row_of_the_messy_one_comes_out_as_it_should(colleges):
    expected = {each["row"]: each for each in json.loads(content("messy.expected.json"))}
    found = {each.row: each for each in look("messy.xlsx").verdicts}
    assert {row: str(each.outcome) for row, each in found.items()} == {
        row: each["outcome"] for row, each in expected.items()
    }
    assert {row: each.line and each.line.pinfl for row, each in found.items()} == {
        row: each["pinfl"] for row, each in expected.items()
    }


def test_each_refusal_has_its_code(colleges):
    codes = {each.row: [why.code for why in each.why] for each in look("messy.xlsx").refused}
    assert codes == {
        17: ["pinfl-check-digit"], 18: ["pinfl-length"], 19: ["pinfl-rounded"], 20: ["birth-date-contradicts-pinfl"],
        21: ["name-missing"], 22: ["college-unknown"], 23: ["email-malformed"], 27: ["pinfl-of-earlier-row"],
        29: ["formula"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows"), [("latin.xlsx", 120), ("cyrillic.xlsx", 60), ("russian-cp1251.csv", 45)]
)
def test_the_others_come_in_whole(colleges, name, rows):
    batch = service.apply_roster(SYSTEM, content(name), name)
    assert (batch.accepted, batch.merged, batch.refused) == (rows, 0, [])
    assert db.session.scalar(db.select(db.func.count(Teacher.id))) == rows


def test_a_preview_writes_nothing(colleges):
    before = counts()
    look("messy.xlsx")
    look("cyrillic.xlsx")
    assert counts() == before


@pytest.mark.parametrize("name", ["messy.xlsx", "latin.xlsx", "cyrillic.xlsx"])
def test_the_same_file_again_changes_nothing(colleges, name):
    first = service.apply_roster(SYSTEM, content(name), name)
    teachers = counts()[:3]
    before = {row.id: (row.full_name, row.contact_email, row.contact_phone, row.email, row.phone)
              for row in db.session.scalars(db.select(Person))}  # fmt: skip
    again = service.apply_roster(SYSTEM, content(name), name)
    assert again.accepted == 0
    assert again.merged == first.accepted + first.merged
    assert len(again.refused) == len(first.refused)
    assert counts()[:3] == teachers
    after = {row.id: (row.full_name, row.contact_email, row.contact_phone, row.email, row.phone)
             for row in db.session.scalars(db.select(Person))}  # fmt: skip
    assert after == before


def test_what_is_applied_is_what_was_previewed(colleges):
    found = look("messy.xlsx")
    batch = service.apply_roster(SYSTEM, content("messy.xlsx"), "messy.xlsx")
    assert (batch.accepted, batch.merged) == (found.accepted, found.merged)
    assert [(each["row"], each["why"][0]["code"]) for each in batch.refused] == [
        (each.row, each.why[0].code) for each in found.refused
    ]


def test_chunks_change_nothing_in_what_comes_of_it(colleges, monkeypatch):
    monkeypatch.setattr(roster_batches, "CHUNK", 3)
    batch = service.apply_roster(SYSTEM, content("messy.xlsx"), "messy.xlsx")
    assert (batch.accepted, batch.merged, len(batch.refused)) == (17, 1, 9)
    assert [each["why"][0]["code"] for each in batch.refused if each["row"] == 27] == ["pinfl-of-earlier-row"]


def test_it_goes_on_after_a_kill(colleges, monkeypatch):
    monkeypatch.setattr(roster_batches, "CHUNK", 10)
    batch = service.confirm(SYSTEM, content("messy.xlsx"), "messy.xlsx", at_once=True)

    class Killed(Exception):
        pass

    def die(done, _total):
        if done >= 20:
            raise Killed

    with pytest.raises(Killed):
        service.finish_batch(SYSTEM, batch.id, die)
    db.session.expire_all()
    assert db.session.get(RosterBatch, batch.id).after_row == 11  # one chunk in, the second rolled back
    finished = service.finish_batch(SYSTEM, batch.id)
    assert (finished.accepted, finished.merged, len(finished.refused)) == (17, 1, 9)
    assert db.session.scalar(db.select(db.func.count(Teacher.id))) == 17


def test_through_the_pages(app, college, hr, as_user, run_jobs):
    browser = as_user(hr)
    upload = {"file": (io.BytesIO(content("messy.xlsx")), "messy.xlsx")}
    answer = browser.post("/staff/import", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 303
    preview = browser.get(answer.location + "?show=all&lang=en")
    assert "is another college" in preview.text
    assert db.session.scalar(db.select(db.func.count(Teacher.id))) == 0
    done = browser.post(answer.location)
    twice = browser.post(answer.location)
    assert done.location == twice.location
    assert browser.get(done.location).status_code == 200
    run_jobs()
    assert browser.get(done.location).status_code == 200
    people = db.session.scalars(db.select(Person.family).join(Teacher, Teacher.person_id == Person.id)).all()
    assert sorted(people) == ["Olimova", "O‘rinov"]
    assert "Olimova" in browser.get("/staff").text


def test_another_colleges_rows_are_refused(colleges, hr):
    found = look("messy.xlsx", hr)
    assert (found.accepted, found.merged) == (2, 0)
    assert {each.row for each in found.verdicts if each.outcome is Outcome.ACCEPTED} == {6, 9}
    assert [why.code for why in found.verdicts[0].why] == ["other-college"]


def test_another_persons_upload_is_not_there(app, hr, administrator, as_user):
    upload = {"file": (io.BytesIO(content("latin.xlsx")), "latin.xlsx")}
    answer = as_user(hr).post("/staff/import", data=upload, content_type="multipart/form-data")
    assert as_user(administrator).get(answer.location).status_code == 404


def test_columns_are_mapped_once(colleges, hr, as_user):
    data = csv_of("Kod;Kim;Qayerda", "42506831460182;Egamberdiyeva Umida;", ";;")
    header = csv_of("Kod;F.I.Sh.;Kollej", "42506831460182;Egamberdiyeva Umida;")
    browser = as_user(hr)
    answer = browser.post(
        "/staff/import", data={"file": (io.BytesIO(header), "a.csv")}, content_type="multipart/form-data"
    )
    mapping = browser.get(answer.location).location
    assert mapping.endswith("/columns")
    assert "Kod" in browser.get(mapping).text
    assert browser.post(mapping, data={"column-1": "name"}).status_code == 422
    assert browser.post(mapping, data={"column-0": "pinfl", "column-1": "name"}).status_code == 303
    assert "Egamberdiyeva" in browser.get(answer.location + "?show=all").text
    again = browser.post(
        "/staff/import",
        data={"file": (io.BytesIO(header + b"\n"), "b.csv")},
        content_type="multipart/form-data",
    )
    assert "Egamberdiyeva" in browser.get(again.location + "?show=all").text
    assert data


def test_a_foreign_document_stands_for_a_pinfl(colleges):
    data = csv_of(
        "F.I.Sh.;JSHSHIR;Pasport;Fuqaroligi;Tug‘ilgan sana;Kollej",
        "Ivanov Pyotr;;N 12345678;Qozog‘iston;01.02.1980;BU-01",
        "Petrov Ivan;;AB123;;02.03.1981;BU-01",
    )
    batch = service.apply_roster(SYSTEM, data, "a.csv")
    assert batch.accepted == 2
    rows = db.session.scalars(db.select(Teacher).order_by(Teacher.id)).all()
    assert [(row.document_country, row.document_number) for row in rows] == [
        ("KZ", "N12345678"),
        ("ZZ", "AB123"),
    ]
    assert service.apply_roster(SYSTEM, data, "a.csv").merged == 2


def test_somebody_who_changed_college_keeps_the_past(colleges, clock):
    first = csv_of("JSHSHIR;F.I.Sh.;Kollej", "42506831460182;Egamberdiyeva Umida;BU-01")
    second = csv_of("JSHSHIR;F.I.Sh.;Kollej", "42506831460182;EGAMBERDIYEVA UMIDA KAMOL QIZI;SA-03")
    service.apply_roster(SYSTEM, first, "a.csv")
    clock.advance(days=30)
    found = look("b.csv", data=second)
    assert found.verdicts[0].moves_from == colleges["BU-01"].id
    service.apply_roster(SYSTEM, second, "b.csv")
    past, now = db.session.scalars(db.select(Employment).order_by(Employment.since)).all()
    assert (past.organisation_id, now.organisation_id) == (colleges["BU-01"].id, colleges["SA-03"].id)
    assert past.until is not None
    assert now.until is None


def test_another_name_under_a_known_pinfl_is_refused(colleges):
    service.apply_roster(
        SYSTEM, csv_of("JSHSHIR;F.I.Sh.;Kollej", "42506831460182;Egamberdiyeva Umida;BU-01"), "a.csv"
    )
    found = look("b.csv", data=csv_of("JSHSHIR;F.I.Sh.;Kollej", "42506831460182;Boshqa Odam;BU-01"))
    assert [why.code for why in found.verdicts[0].why] == ["pinfl-of-another"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "file-empty"),
        (b"PK\x03\x04 cut", "a.xlsx", "file-truncated"),
        (b"%PDF-1.7", "a.xlsx", "file-misnamed"),
        (b"Salom\nDunyo", "a.csv", "header-missing"),
    ],
)
def test_a_file_that_is_no_roster_gets_its_sentence(colleges, data, name, code):
    with pytest.raises(Refused) as refused:
        look(name, data=data)
    assert refused.value.why[0].code == code


def test_a_bad_file_keeps_the_page(college, hr, as_user):
    upload = {"file": (io.BytesIO(b"%PDF-1.7"), "a.xlsx")}
    answer = as_user(hr).post("/staff/import?lang=en", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "not what its name says" in answer.text


def test_a_shared_mailbox_is_no_reason_to_refuse(colleges):
    data = csv_of(
        "JSHSHIR;F.I.Sh.;Kollej;E-mail",
        "42506831460182;Egamberdiyeva Umida;BU-01;kollej@example.uz",
        "42909691540687;Rahimova Iroda;BU-01;kollej@example.uz",
    )
    assert service.apply_roster(SYSTEM, data, "a.csv").accepted == 2
    people = db.session.scalars(db.select(Person)).all()
    assert [person.contact_email for person in people] == ["kollej@example.uz"] * 2
    assert [person.email for person in people] == [None, None]


def test_college_hr_takes_over_who_came_from_elsewhere(colleges, hr):
    teacher = scenario.teacher(3, colleges["SA-03"], "Karimova")
    data = csv_of("JSHSHIR;F.I.Sh.", f"{teacher.pinfl};Karimova Aziza")
    batch = service.apply_roster(hr, data, "a.csv")
    assert batch.merged == 1
    living = db.session.scalar(db.select(Employment).where(Employment.until.is_(None)))
    assert living.organisation_id == colleges["BU-01"].id


def test_the_file_itself_is_forgotten_after_a_while(clock, colleges):
    from retrain import files
    from retrain.people.handlers import tidy_up

    batch = service.apply_roster(SYSTEM, content("latin.xlsx"), "latin.xlsx")
    place = files.path(batch.stored_file_id)
    os.utime(place, (0, 0))
    clock.advance(days=179)
    tidy_up()
    assert place.exists()
    clock.advance(days=2)
    tidy_up()
    assert not place.exists()
    assert db.session.get(RosterBatch, batch.id).stored_file_id is None
