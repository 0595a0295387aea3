"""Every route of the app, walked by every role and by nobody, against the one table of permissions."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from retrain.audit.actor import NOBODY, Actor
from retrain.people.access import OPEN_ENDPOINTS, action_of
from retrain.people.permissions import GRANTS, Scope, scope
from retrain.people.states import OrganisationKind, RoleKind
from tests import scenario

MONDAY = date(2026, 9, 14)
HOME = {
    RoleKind.COLLEGE_HR: "college", RoleKind.TEACHER: "college", RoleKind.MINISTRY: "ministry",
    RoleKind.ADMINISTRATOR: "ministry", RoleKind.REGIONAL_CENTRE: "centre",
}  # fmt: skip


IN_FEW_WORDS = {"Accept": "application/json"}
OWN_STAFF = {"enrolment.nominate", "enrolment.consent_ahead"}
"""Name a run that anyone may see, and show a college nobody but its own teachers."""


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


@pytest.fixture
def country(app, clock):
    country = scenario.country(MONDAY)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    return country


@pytest.fixture
def strangers(country) -> dict[RoleKind, Actor]:
    """Somebody in each role, at organisations that have nothing to do with the run."""
    places = {
        "provider": scenario.organisation(
            "SDU", OrganisationKind.UNIVERSITY, "Samarqand universiteti", region="UZ-SA"
        ),
        "college": scenario.organisation(
            "SA-09", OrganisationKind.COLLEGE, "Samarqand texnikumi", region="UZ-SA"
        ),
        "ministry": scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik"),
        "centre": scenario.organisation(
            "RC-SA", OrganisationKind.REGIONAL_CENTRE, "Samarqand markazi", region="UZ-SA"
        ),
    }
    return {
        kind: scenario.role(scenario.person(f"Begona{number}"), kind, places[HOME.get(kind, "provider")])
        for number, kind in enumerate(RoleKind)
    }


def address(rule: Rule, country: Any) -> str:
    """The rule's address for things of the country's provider, college and people."""
    known = {
        "code": country.run.code, "session_id": country.sessions[0].id, "run_code": country.run.code,
        "teacher_id": country.teachers[0].id, "person_id": country.teachers[0].person_id,
        "enrolment_id": country.enrolments[0].id, "organisation_id": country.provider.id,
    }  # fmt: skip
    values = {name: known.get(name, 1 if "id" in name else "nothing") for name in rule.arguments}
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: str(values[found.group(1)]), rule.rule)


def test_every_route_is_in_a_row_of_the_table(app):
    closed = [rule.endpoint for rule in rules(app) if action_of(app, rule.endpoint) not in GRANTS]
    assert closed == []


def test_every_row_of_the_table_opens_something(app):
    from retrain import people
    from retrain.people import permissions

    source = "".join(path.read_text() for path in permissions.TABLE.parent.parent.rglob("*.py"))
    assert people
    assert [action for action in GRANTS if f'"{action}"' not in source] == []


def test_nobody_sees_only_what_the_table_opens_to_anyone(app, country):
    client = app.test_client()
    for rule in rules(app):
        opened = scope(NOBODY, str(action_of(app, rule.endpoint))) is not None
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = client.open(address(rule, country), method=method)
            stopped = answer.status_code == 403 or "/sign-in" in (answer.location or "")
            # A public page may itself send somebody who is not signed in to sign in.
            assert stopped or opened, (rule.endpoint, method, answer.status_code)


@pytest.mark.parametrize("kind", list(RoleKind))
def test_a_role_without_the_action_is_refused(app, country, strangers, kind):
    actor = strangers[kind]
    client = scenario.signed_in(app, actor)
    for rule in rules(app):
        if scope(actor, str(action_of(app, rule.endpoint))) is not None:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            # Refused in few words: the page that says it to people is the same for all.
            answer = client.open(address(rule, country), method=method, headers=IN_FEW_WORDS)
            assert answer.status_code == 403, (rule.endpoint, method)


@pytest.mark.parametrize("kind", list(RoleKind))
def test_a_role_does_not_reach_other_organisations(app, country, strangers, kind):
    """Addresses that name a thing of another organisation show nothing to whoever's reach ends at their own."""
    actor = strangers[kind]
    for rule in rules(app):
        reach = scope(actor, str(action_of(app, rule.endpoint)))
        if (
            reach in (None, Scope.ALL)
            or not rule.arguments
            or rule.endpoint.startswith(("messages.", "jobs.", "files."))
        ):
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            # Anew each time: an address walked before may have ended the walker's own session.
            answer = scenario.signed_in(app, actor).open(address(rule, country), method=method, data={})
            # A redirect shows nothing.
            told = answer.status_code in (302, 303, 403, 404) or rule.endpoint in OWN_STAFF
            assert told, (rule.endpoint, method, answer.status_code)
            assert "Karimova" not in answer.text, rule.endpoint
