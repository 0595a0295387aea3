"""Roles given, ended, and lent from a day to a day."""

from datetime import timedelta

import pytest

from retrain import clock
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people import service
from retrain.people.models import Person, Role
from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Forbidden, Refused
from tests import scenario


@pytest.fixture
def university(app):
    return scenario.organisation("TDTU", OrganisationKind.UNIVERSITY, "Texnika universiteti")


@pytest.fixture
def coordinator(university):
    return scenario.role(scenario.person("Rahimov", "Aziz"), RoleKind.COORDINATOR, university)


@pytest.fixture
def deputy(app):
    return scenario.person("Olimova", "Nargiza", "nargiza@example.uz")


def lend(actor, since, until, to="nargiza@example.uz"):
    return service.delegate_role(actor, actor.role_id, to, since, until)


def test_a_coordinator_gives_roles_at_the_own_university(coordinator, university, deputy, as_user):
    browser = as_user(coordinator)
    typed = {
        "login": "nargiza@example.uz",
        "kind": "hr_officer",
        "organisation": university.id,
        "since": "2020-01-01",
    }
    assert browser.post("/roles/new", data=typed).status_code == 303
    role = db.session.scalar(db.select(Role).where(Role.person_id == deputy.id))
    assert (role.kind, role.organisation_id, role.granted_by_id) == (
        "hr_officer",
        university.id,
        coordinator.person_id,
    )
    assert "Olimova" in browser.get("/roles").text
    browser.post(f"/roles/{role.id}/end")
    assert not role.until or role.until < clock.today()


def test_nobody_gives_more_than_they_may(coordinator, university, deputy, college, hr):
    with pytest.raises(Forbidden):
        service.grant_role(coordinator, deputy.id, RoleKind.ADMINISTRATOR, university.id)
    with pytest.raises(Forbidden):
        service.grant_role(coordinator, deputy.id, RoleKind.LECTURER, college.id)
    with pytest.raises(Forbidden):
        service.grant_role(hr, deputy.id, RoleKind.MINISTRY, college.id)


def test_the_administrator_gives_every_role_to_somebody_new(administrator, university, as_user, mailed):
    typed = {
        "login": "yangi@example.uz", "family": "Yangiyev", "given": "Anvar", "kind": "signatory",
        "organisation": university.id, "since": "",
    }  # fmt: skip
    assert as_user(administrator).post("/roles/new", data=typed).status_code == 303
    assert mailed("people.activation").startswith("/activate/")
    assert db.session.scalar(db.select(Person).where(Person.email == "yangi@example.uz")).family == "Yangiyev"


def test_a_college_has_no_coordinator(administrator, college, deputy):
    with pytest.raises(Refused) as refused:
        service.grant_role(administrator, deputy.id, RoleKind.COORDINATOR, college.id)
    assert [why.code for why in refused.value.why] == ["no-such-role-there"]


def test_a_role_is_lent_from_a_day_to_a_day(app, coordinator, deputy, as_user, clock):
    today = clock.moment.date()
    browser = as_user(coordinator)
    typed = {
        "login": "nargiza@example.uz",
        "since": today + timedelta(days=1),
        "until": today + timedelta(days=3),
    }
    assert browser.post(f"/act-as/{coordinator.role_id}/lend", data=typed).status_code == 303
    other = as_user(scenario.Actor(deputy.id))
    assert other.get("/settings").status_code == 403
    assert db.session.scalar(db.select(Message.kind)) == "people.role_delegated"
    clock.advance(days=1)
    assert other.get("/settings").status_code == 200
    clock.advance(days=2)
    assert other.get("/settings").status_code == 200
    clock.advance(days=1)
    assert other.get("/settings").status_code == 403


def test_what_is_done_in_a_lent_role_names_both(coordinator, deputy, university, as_user):
    today = clock.today()
    lend(coordinator, today, today)
    browser = as_user(scenario.Actor(deputy.id))
    browser.post("/settings/academic_hour", data={"valid_from": today.isoformat(), "academic_hour": "40"})
    entry = db.session.scalar(db.select(AuditEntry).where(AuditEntry.action == "setting.changed"))
    assert (entry.actor_id, entry.delegated_by) == (deputy.id, coordinator.person_id)


def test_a_role_that_ends_takes_back_what_was_lent_of_it(coordinator, deputy, administrator, as_user):
    today = clock.today()
    lend(coordinator, today, today + timedelta(days=10))
    other = as_user(scenario.Actor(deputy.id))
    assert other.get("/settings").status_code == 200
    service.end_role(administrator, coordinator.role_id)
    assert other.get("/settings").status_code == 403


@pytest.mark.parametrize(
    ("since", "until", "to", "code"),
    [
        (0, -1, "nargiza@example.uz", "ends-before-it-begins"),
        (-1, 1, "nargiza@example.uz", "day-in-the-past"),
        (0, 400, "nargiza@example.uz", "delegated-too-long"),
        (0, 1, "nobody@example.uz", "nobody-by-login"),
    ],
)
def test_what_can_not_be_lent(coordinator, deputy, since, until, to, code):
    today = clock.today()
    with pytest.raises(Refused) as refused:
        lend(coordinator, today + timedelta(days=since), today + timedelta(days=until), to)
    assert code in [why.code for why in refused.value.why]


def test_a_lent_role_is_not_lent_on(coordinator, deputy):
    today = clock.today()
    lent = lend(coordinator, today, today)
    scenario.person("Uchinchi", "Odam", "uch@example.uz")
    with pytest.raises(Refused) as refused:
        service.delegate_role(
            scenario.Actor(deputy.id, "coordinator"), lent.id, "uch@example.uz", today, today
        )
    assert [why.code for why in refused.value.why] == ["delegated-twice"]


def test_nobody_lends_anothers_role(coordinator, hr):
    with pytest.raises(Forbidden):
        service.delegate_role(hr, coordinator.role_id, "nargiza@example.uz", clock.today(), clock.today())
