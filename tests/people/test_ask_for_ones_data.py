"""A copy of what is known about oneself, and its erasure."""

import io
import json
import zipfile
from datetime import date

import pytest

from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people import privacy_keeping, second_step
from retrain.people.models import ErasureRequest, Person, Teacher
from retrain.people.privacy_rules import Kept, years_after
from tests import scenario


@pytest.fixture
def teacher(college):
    return scenario.teacher(1, college, "Karimova")


def test_a_copy_of_everything(teacher, as_user):
    answer = as_user(scenario.Actor(teacher.person_id)).post("/account/data.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        data = json.loads(archive.read("retrain.json"))
    assert data["teacher"]["pinfl"] == teacher.pinfl
    assert data["person"]["family"] == "Karimova"
    assert "password_hash" not in data["person"]
    assert "digest" not in data["sessions"][0]
    assert db.session.scalar(db.select(AuditEntry).where(AuditEntry.action == "person.exported"))


def test_erased_when_nothing_must_be_kept(teacher, administrator, as_user, monkeypatch):
    monkeypatch.setattr(privacy_keeping, "KEEPERS", [])
    number = teacher.pinfl
    me = as_user(scenario.Actor(teacher.person_id))
    assert me.post("/account/erasure", data={"why": "ketyapman", "sure": "y"}).status_code == 303
    assert me.post("/account/erasure", data={"sure": "y"}).status_code == 422
    row = db.session.scalar(db.select(ErasureRequest))
    office = as_user(administrator)
    assert "Karimova" in office.get("/admin/erasure").text
    assert "ketyapman" in office.get(f"/admin/erasure/{row.id}").text
    assert office.post(f"/admin/erasure/{row.id}", data={"erase": "1", "answer": ""}).status_code == 303
    assert "/sign-in" in me.get("/account").location
    person = db.session.get(Person, teacher.person_id)
    assert person.erased_at is not None
    assert "Karimova" not in person.full_name
    assert db.session.get(Teacher, teacher.id).pinfl != number


def keeping(monkeypatch, *kept):
    monkeypatch.setattr(privacy_keeping, "KEEPERS", [lambda _person, _teacher: list(kept)])


def asked_and_erased(teacher, administrator, as_user):
    """The page of the administrator, and the person as they are afterwards."""
    as_user(scenario.Actor(teacher.person_id)).post("/account/erasure", data={"sure": "y", "why": "sir"})
    row = db.session.scalar(db.select(ErasureRequest))
    office = as_user(administrator)
    page = office.get(f"/admin/erasure/{row.id}?lang=en").text
    assert office.post(f"/admin/erasure/{row.id}", data={"erase": "1"}).status_code == 303
    return page, db.session.get(Person, teacher.person_id)


def test_what_is_kept_under_the_name_is_said_item_by_item(teacher, administrator, as_user, monkeypatch):
    keeping(monkeypatch, Kept("certificates"), Kept("attendance", date(2031, 6, 20), named=True))
    mine = as_user(scenario.Actor(teacher.person_id)).get("/account/data?lang=en").text
    page, person = asked_and_erased(teacher, administrator, as_user)
    for text in (mine, page):
        assert "the documents issued" in text
        assert "Whoever is shown one must be able to check it. For good." in text
        assert "Hours, decisions and documents rest on them. Until 20 June 2031." in text
        assert "The name stays until 20 June 2031" in text
    assert person.family == "Karimova"
    assert (person.email, person.password_hash) == (None, None)
    assert db.session.get(Teacher, teacher.id).pinfl is None
    row = db.session.scalar(db.select(ErasureRequest))
    assert (row.kept, row.why) == (["attendance", "certificates"], "")


def test_the_name_goes_when_only_frozen_documents_bear_it(teacher, administrator, as_user, monkeypatch):
    keeping(monkeypatch, Kept("certificates"), Kept("orders", date(2101, 9, 7)))
    page, person = asked_and_erased(teacher, administrator, as_user)
    assert "The name is erased from the account" in page
    assert "Karimova" not in person.full_name
    assert person.names == []
    assert db.session.scalar(db.select(ErasureRequest)).kept == ["certificates", "orders"]


def test_what_has_had_its_time_is_not_kept(teacher, administrator, as_user, monkeypatch):
    keeping(monkeypatch, Kept("attendance", date(2026, 9, 6), named=True))
    page, person = asked_and_erased(teacher, administrator, as_user)
    assert "Nothing must be kept." in page
    assert "Karimova" not in person.full_name


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 9, 14), date(2031, 9, 14)), (date(2024, 2, 29), date(2029, 2, 28))]
)
def test_a_term_of_years_ends_on_a_day_that_exists(since, until):
    assert years_after(since, 5) == until


def test_refused_with_an_answer(teacher, administrator, as_user):
    me = as_user(scenario.Actor(teacher.person_id))
    me.post("/account/erasure", data={"sure": "y"})
    row = db.session.scalar(db.select(ErasureRequest))
    office = as_user(administrator)
    assert office.post(f"/admin/erasure/{row.id}", data={"refuse": "1"}).status_code == 422
    assert (
        office.post(
            f"/admin/erasure/{row.id}", data={"refuse": "1", "answer": "Kurs davom etmoqda"}
        ).status_code
        == 303
    )
    assert db.session.get(Person, teacher.person_id).erased_at is None
    assert "Kurs davom etmoqda" in me.get("/messages").text


def test_thought_better_of(teacher, as_user):
    me = as_user(scenario.Actor(teacher.person_id))
    me.post("/account/erasure", data={"sure": "y"})
    me.post("/account/erasure/take-back")
    assert db.session.scalar(db.select(ErasureRequest.state)) == "taken_back"


def test_the_administrator_closes_and_opens_accounts(teacher, administrator, as_user):
    me, office = as_user(scenario.Actor(teacher.person_id)), as_user(administrator)
    assert "Karimova" in office.get("/admin/accounts?q=каримова").text
    office.post(f"/admin/accounts/{teacher.person_id}/close", data={"closed": "1"})
    assert "/sign-in" in me.get("/account").location
    assert db.session.get(Person, teacher.person_id).disabled_at is not None
    office.post(f"/admin/accounts/{teacher.person_id}/close", data={"closed": "0"})
    assert db.session.get(Person, teacher.person_id).disabled_at is None
    office.post(f"/admin/accounts/{administrator.person_id}/close", data={"closed": "1"})
    assert db.session.get(Person, administrator.person_id).disabled_at is None


def test_a_lost_second_step_is_taken_away_by_the_administrator(teacher, administrator, as_user):
    person = teacher.person
    person.totp_secret = second_step.sealed(second_step.new_secret())
    db.session.commit()
    me, office = as_user(scenario.Actor(person.id)), as_user(administrator)
    address = f"/admin/accounts/{person.id}/second-step"
    assert address in office.get("/admin/accounts").text
    assert office.post(address, data={"why": " "}).status_code == 422
    assert office.post(address, data={"why": "pasport bilan keldi"}).status_code == 303
    assert db.session.get(Person, person.id).totp_secret is None
    assert "/sign-in" in me.get("/account").location
    entry = db.session.scalar(db.select(AuditEntry).where(AuditEntry.action == "person.second_step_reset"))
    assert (entry.why, entry.actor_id) == ("pasport bilan keldi", administrator.person_id)
    assert db.session.scalar(db.select(Message).where(Message.kind == "people.second_step_reset"))
    assert office.post(address, data={"why": "yana"}).status_code == 422


def test_who_acts_in_no_role_has_an_account_all_the_same(app, as_user):
    me = as_user(scenario.Actor(scenario.person("Rolsiz").id))
    assert me.get("/account").status_code == 200
    assert me.get("/account/data").status_code == 200
    assert me.get("/staff").status_code == 403
