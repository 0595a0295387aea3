"""Organisations and dated settings."""

import io
import json
from datetime import date, timedelta

import pytest

from retrain import clock
from retrain.audit import SYSTEM
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people import queries, service, settings
from retrain.people.models import Organisation, Setting
from retrain.people.settings import KEYS, Owner
from retrain.people.states import OrganisationKind, RoleKind
from retrain.people.wording import WEIGHTS
from tests import scenario


@pytest.fixture
def university(app):
    return scenario.organisation("TDTU", OrganisationKind.UNIVERSITY, "Texnika universiteti")


@pytest.fixture
def coordinator(university):
    return scenario.role(scenario.person("Rahimov", "Aziz"), RoleKind.COORDINATOR, university)


NEW = {
    "code": "bu-77", "kind": "college", "region": "UZ-BU", "uz": "Yangi texnikum", "ru": "Новый техникум",
    "valid_from": "2020-01-01", "timezone": "Asia/Tashkent",
}  # fmt: skip


def test_made_renamed_and_closed(administrator, as_user):
    browser = as_user(administrator)
    assert browser.post("/admin/organisations/new", data=NEW).status_code == 303
    row = queries.organisation("BU-77")
    assert browser.post("/admin/organisations/new", data=NEW).status_code == 422
    typed = {"uz": "Eng yangi texnikum", "valid_from": clock.today().isoformat()}
    assert browser.post("/admin/organisations/BU-77/name", data=typed).status_code == 303
    assert queries.organisation_name(row.id) == "Eng yangi texnikum"
    assert queries.organisation_name(row.id, on=date(2021, 1, 1)) == "Yangi texnikum"
    assert "Eng yangi texnikum" in browser.get("/admin/organisations?q=ЯНГИ").text
    day = clock.today().isoformat()
    assert browser.post("/admin/organisations/BU-77/close", data={"closed_on": day}).status_code == 303
    assert db.session.get(Organisation, row.id).closed_on == clock.today()
    assert browser.get("/admin/organisations/BU-77").status_code == 200
    browser.post("/admin/organisations/BU-77/close", data={"reopen": "1"})
    assert db.session.get(Organisation, row.id).closed_on is None
    assert browser.post("/admin/organisations/BU-77/edit", data=NEW | {"rural": "y"}).status_code == 303
    assert db.session.get(Organisation, row.id).rural


@pytest.mark.parametrize(
    ("field", "value"), [("code", "bu 77!"), ("region", "UZ-ZZ"), ("timezone", "Mars"), ("uz", "")]
)
def test_what_is_wrong_is_said(administrator, as_user, field, value):
    assert (
        as_user(administrator).post("/admin/organisations/new", data=NEW | {field: value}).status_code == 422
    )


def test_a_list_imported_again_changes_nothing(colleges):
    entries = [{"code": "BU-01", "name_uz": "Buxoro avtomobil va yo‘llar texnikumi", "region": "UZ-BU"}]
    done = service.import_colleges(SYSTEM, entries)
    assert (done.accepted, done.merged, done.refused) == (0, 1, [])
    assert len(db.session.get(Organisation, colleges["BU-01"].id).names) == 1


def test_a_list_imported_through_the_page(administrator, as_user):
    entries = [
        {"code": "X-1", "name_uz": "Bir", "region": "UZ-BU"},
        {"code": "X-2", "name_uz": "Ikki", "region": "?"},
        7,
    ]
    upload = {"file": (io.BytesIO(json.dumps(entries).encode()), "c.json")}
    answer = as_user(administrator).post(
        "/admin/organisations/import", data=upload, content_type="multipart/form-data"
    )
    assert answer.status_code == 303
    assert queries.organisation("X-1").region == "UZ-BU"


def test_a_setting_holds_from_its_day(coordinator, university, as_user, clock):
    today = clock.moment.date()
    browser = as_user(coordinator)
    later = today + timedelta(days=10)
    typed = {"valid_from": later.isoformat(), "academic_hour": "40"}
    assert browser.post("/settings/academic_hour", data=typed).status_code == 303
    assert settings.get(university.id, "academic_hour", on=today) == 45
    assert settings.get(university.id, "academic_hour", on=later) == 40
    page = browser.get("/settings/academic_hour").text
    assert "/settings/withdraw/" in page
    row = db.session.scalar(db.select(Setting))
    assert browser.post(f"/settings/withdraw/{row.id}").status_code == 303
    assert db.session.scalar(db.select(Setting)) is None


def test_another_universitys_settings_are_its_own(coordinator, as_user):
    other = scenario.organisation("SDU", OrganisationKind.UNIVERSITY, "Samarqand universiteti")
    typed = {"valid_from": "2020-01-01", "academic_hour": "40"}
    as_user(coordinator).post("/settings/academic_hour?provider=SDU", data=typed)
    assert settings.get(other.id, "academic_hour") == 45


@pytest.mark.parametrize("key", [key.name for key in KEYS.values() if key.owner is Owner.PROVIDER])
def test_every_setting_of_a_provider_shows_and_saves_as_it_is(coordinator, university, as_user, key):
    browser = as_user(coordinator)
    assert browser.get(f"/settings/{key}").status_code == 200
    assert browser.get("/settings").status_code == 200
    values = {
        "bells": ({"bells-0-starts": "8:30", "bells-0-ends": "10:00"}, [{"pair": 1, "starts": "08:30", "ends": "10:00"}]),
        "academic_hour": ({"academic_hour": "50"}, 50),
        "absence_warnings": (
            {"advanced_training": "6, 12,18", "retraining": "12; 24", "event": ""},
            {"advanced_training": [6, 12, 18], "retraining": [12, 24], "event": []},
        ),
        "mentor_link_days": ({"mentor_link_days": "7"}, 7),
        "second_attempt_months": ({"second_attempt_months": "18"}, 18),
        "registers": (
            {"correction_days": "5", "curator_marks": "y"}, {"correction_days": 5, "curator_marks": True},
        ),
        "timetable_weights": (
            {name: "8" if name == "wishes" else "0" for name in WEIGHTS},
            {name: 8 if name == "wishes" else 0 for name in WEIGHTS},
        ),
        "commission_terms": ({"members": "5", "quorum": "66"}, {"members": 5, "quorum": 66}),
        "appeal_terms": (
            {"members": "5", "quorum": "50", "file_days": "7", "decide_days": "14", "copy_days": "3"},
            {"members": 5, "quorum": 50, "file_days": 7, "decide_days": 14, "copy_days": 3},
        ),
        "grade_words": (
            {
                "grade_words-0-start": "0", "grade_words-0-uz": "o‘tmadi",
                "grade_words-1-start": "60", "grade_words-1-uz": "o‘tdi",
            },
            [
                {"from": 60, "words": {"uz": "o‘tdi", "uz-Cyrl": "ўтди"}},
                {"from": 0, "words": {"uz": "o‘tmadi", "uz-Cyrl": "ўтмади"}},
            ],
        ),
        "working_days": ({"working_days": ["1", "2"]}, [1, 2]),
        "holidays": (
            {"holidays-0-on": "2026-09-05", "holidays-0-working": "working", "holidays-0-name": "shanba"},
            [{"on": "2026-09-05", "working": True, "name": "shanba"}],
        ),
        "signatories": (
            {"signatories-0-post": "Rektor", "signatories-0-name": "A. Rahimov"},
            [{"post": "Rektor", "name": "A. Rahimov"}],
        ),
        "legal_texts": (
            {"of_retraining_diploma_uz": "VM 25-son"},
            {"advanced_training_certificate": {}, "retraining_diploma": {"uz": "VM 25-son"}, "participation": {}},
        ),
        "document_series": (
            {"of_advanced_training_certificate": "mo", "of_retraining_diploma": "QT", "of_participation": "IS"},
            {"advanced_training_certificate": "MO", "retraining_diploma": "QT", "participation": "IS"},
        ),
    }  # fmt: skip
    typed, kept = values[key]
    assert browser.post(f"/settings/{key}", data=typed | {"valid_from": "2026-01-01"}).status_code == 303
    assert settings.get(university.id, key) == kept
    assert browser.get("/settings").status_code == 200
    assert browser.get(f"/settings/{key}").status_code == 200


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("bells", {"bells-0-starts": "10:00", "bells-0-ends": "08:30"}),
        ("bells", {"bells-0-starts": "x", "bells-0-ends": "y"}),
        ("academic_hour", {"academic_hour": "5"}),
        ("working_days", {}),
        ("absence_warnings", {"advanced_training": "4, many"}),
        ("absence_warnings", {"advanced_training": "4, 4"}),
        ("academic_hour", {"academic_hour": "45", "valid_from": "2026-02-30"}),
    ],
)
def test_a_wrong_setting_is_refused(coordinator, as_user, key, typed):
    answer = as_user(coordinator).post(f"/settings/{key}", data={"valid_from": "2026-01-01"} | typed)
    assert answer.status_code == 422
    assert db.session.scalar(db.select(Setting)) is None


@pytest.mark.parametrize(
    ("before", "key", "typed"),
    [
        ({}, "bells", {"bells-0-starts": "08:30", "bells-0-ends": "09:10"}),
        ({"academic_hour": 80}, "bells", {"bells-0-starts": "08:30", "bells-0-ends": "09:45"}),
        ({}, "academic_hour", {"academic_hour": "90", "bells": "2027"}),
    ],
)
def test_a_pair_holds_an_academic_hour(coordinator, university, as_user, before, key, typed):
    for other, value in before.items():
        service.set_setting(SYSTEM, university.id, other, date(2025, 1, 1), value)
    if "bells" in typed:  # those rung from next year on are shorter
        pairs = [{"pair": 1, "starts": "08:30", "ends": "09:50"}]
        service.set_setting(SYSTEM, university.id, "bells", date(2027, 1, 1), pairs)
    kept = len(db.session.scalars(db.select(Setting)).all())
    answer = as_user(coordinator).post(f"/settings/{key}?lang=en", data={"valid_from": "2026-01-01"} | typed)
    assert answer.status_code == 422
    assert "Pair 1 is shorter than an academic hour" in answer.text
    assert len(db.session.scalars(db.select(Setting)).all()) == kept


def test_a_row_is_added_without_scripts(coordinator, as_user):
    typed = {"valid_from": "2026-01-01", "bells-0-starts": "08:30", "bells-0-ends": "10:00", "add": "bells"}
    page = as_user(coordinator).post("/settings/bells", data=typed)
    assert page.status_code == 200
    assert "bells-1-starts" in page.text
    assert db.session.scalar(db.select(Setting)) is None


def test_the_country_sets_channels_and_retention(administrator, coordinator, as_user):
    browser = as_user(administrator)
    assert browser.get("/admin/settings").status_code == 200
    typed = {
        "valid_from": "2026-01-01",
        "email_on": "y",
        "sms_on": "y",
        "sms_url": "http://sms.example.uz/send",
    }
    assert browser.post("/admin/settings/channels", data=typed).status_code == 303
    sms = {"on": True, "url": "http://sms.example.uz/send", "sender": "", "token": ""}
    assert settings.get(None, "channels")["sms"] == sms
    days = {f"of_{name}": "7" for name in KEYS["retention"].default}
    assert (
        browser.post("/admin/settings/retention", data=days | {"valid_from": "2026-01-01"}).status_code == 303
    )
    assert settings.get(None, "retention")["slip_days"] == 7
    assert as_user(coordinator).get("/admin/settings").status_code == 403


def test_a_secret_key_is_kept_and_shown_nowhere(administrator, as_user):
    browser = as_user(administrator)
    typed = {"valid_from": "2026-01-01", "telegram_on": "y", "telegram_token": "123:ABC-secret"}
    browser.post("/admin/settings/channels", data=typed)
    browser.post("/admin/settings/channels", data=typed | {"telegram_token": "", "sms_on": "y"})
    assert settings.get(None, "channels")["telegram"]["token"] == "123:ABC-secret"
    for path in ("/admin/settings", "/admin/settings/channels"):
        assert "ABC-secret" not in browser.get(path).text
    entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "setting.changed")).all()
    assert len(entries) == 2
    assert "ABC-secret" not in str([(entry.before, entry.after) for entry in entries])
