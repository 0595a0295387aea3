"""Every route of the app, walked by every role and by nobody, against the one table of permissions."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from retrain import clock
from retrain.allocation import service as allocation
from retrain.allocation.making import RoundPlan
from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import EvidenceSource
from retrain.attendance.models import Guest, Register, RegisterOperation
from retrain.attendance.states import MarkKind, Outcome, What
from retrain.audit.actor import NOBODY, Actor
from retrain.audit.models import AuditEntry
from retrain.catalogue.states import HourKind
from retrain.certificates.models import Blank, BlankAct, Certificate, NameCheck, PrintedSheet, Printing
from retrain.certificates.states import BlankState, CertificateState, NameCheckState
from retrain.completion import service as completion
from retrain.completion import states as completion_states
from retrain.completion.commission_models import Appeal, Commission, Invitation, Sitting
from retrain.completion.grading_rules import Planned
from retrain.completion.models import Override
from retrain.completion.states import AssessmentKind, Purpose
from retrain.enrolment.models import Quota
from retrain.enrolment.states import QuotaSort
from retrain.extensions import db
from retrain.files import StoredFile
from retrain.orders import service as orders
from retrain.orders.states import OrderKind
from retrain.people import accounts, uploads
from retrain.people.access import OPEN_ENDPOINTS, action_of
from retrain.people.models import AccountSession, RosterBatch, Setting
from retrain.people.permissions import GRANTS, Scope, scope
from retrain.people.states import OrganisationKind, RoleKind
from retrain.record.models import ExternalCertificate
from retrain.timetable import feeds, solving
from retrain.timetable.models import Availability, Lecturer
from retrain.timetable.states import Keep, Stance, Standing
from retrain.timetable.terms import Ask
from tests import scenario
from tests.harness.databases import KINDS

MONDAY = date(2026, 9, 14)
HOME = {
    RoleKind.COLLEGE_HR: "college", RoleKind.TEACHER: "college", RoleKind.MINISTRY: "ministry",
    RoleKind.ADMINISTRATOR: "ministry", RoleKind.REGIONAL_CENTRE: "centre",
}  # fmt: skip


NARROWEST = (RoleKind.TEACHER, RoleKind.COLLEGE_HR)
WALKS = [
    pytest.param(
        database,
        kind,
        marks=pytest.mark.slow if database == "postgresql" and kind not in NARROWEST else (),
    )
    for database in KINDS
    for kind in RoleKind
]
"""Who may what is no matter of the database: on the second one, those walk first who may least."""

IN_FEW_WORDS = {"Accept": "application/json"}
JUDGED_BY = {"people.end_role": "role.grant"}
"""Opened to everybody for what they lent themselves; whoever gives roles everywhere ends them everywhere."""
OWN_STAFF = {"enrolment.nominate", "enrolment.consent_ahead"}
"""Name a run that anyone may see, and show a college nobody but its own teachers."""


NAMED_ALIKE = {
    "/needs/": "code",
    "/courses/": "code",
    "/rounds/": "code",
    "/organisations/": "code",
    "/account/sessions/": "session_id",
}
"""Where an address names by the same word another thing than a run or a class."""


def written() -> int:
    """How many changes are on record."""
    return db.session.scalar(db.select(db.func.count(AuditEntry.id))) or 0


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


def with_things(clock):
    """A country in its first week, and one of each thing that an address names."""
    country = scenario.country(MONDAY)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.things = things(country)
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    return country


@pytest.fixture
def country(made_once, clock):
    return made_once(with_things)


def things(country: Any) -> dict[str, Any]:
    """One of each thing of the country's provider, college and people that an address can name, by the name there."""
    coordinator, run, enrolment = country.coordinator, country.run, country.enrolments[0]
    order = orders.draft_order(coordinator, run.code, OrderKind.ENROLMENT)
    opens = clock.now() + timedelta(days=1)
    titles = {"uz": "Kuz"}
    allocated = allocation.create_round(coordinator, RoundPlan(titles, opens, opens + timedelta(days=5)))
    quota = Quota(run_id=run.id, sort=QuotaSort.SET_ASIDE, of="reserved:rural", places=0)
    batch = RosterBatch(
        organisation_id=country.college.id, only_organisation_id=country.college.id, filename="Karimova.csv", columns={},
        created_at=clock.now(), created_by_id=country.college_hr.person_id,
    )  # fmt: skip
    paper = Certificate(
        enrolment_id=enrolment.id, run_id=run.id, provider_id=country.provider.id,
        document_type="advanced_training_certificate", series="MO", year=2026, number=1,
        registration_number="1", token="t" * 22, check_code="12345678", digest="0",
        state=CertificateState.ISSUED, frozen={}, design="advanced_training", design_version="v2", issued_at=clock.now(),
    )  # fmt: skip
    lecturer = db.session.scalars(db.select(Lecturer)).one()
    away = Availability(
        lecturer_id=lecturer.id, stance=Stance.UNAVAILABLE, standing=Standing.PROPOSED, weekday=1
    )
    db.session.add_all([quota, batch, paper, away])
    db.session.commit()
    ask = Ask(country.provider.id, MONDAY, MONDAY + timedelta(days=5), (run.id,), Keep.PLACED, MONDAY)
    sheet = Register(session_id=country.sessions[0].id)
    db.session.add(sheet)
    db.session.flush()
    guest = Guest(
        client_id="g", register_id=sheet.id, name="Yusupova", kind=MarkKind.PRESENT, added_at=clock.now()
    )
    sent = RegisterOperation(
        client_id="o", register_id=sheet.id, what=What.MARK, enrolment_id=enrolment.id, kind=MarkKind.ABSENT,
        device="d", outcome=Outcome.DISPUTED, received_at=clock.now(),
    )  # fmt: skip
    shown = Evidence(
        enrolment_id=enrolment.id, module_id=run.version.modules[0].id, kind=HourKind.DISTANCE, minutes=45,
        source=EvidenceSource.PLATFORM, on_date=MONDAY, handed_in_at=clock.now(),
    )  # fmt: skip
    db.session.add_all([guest, sent, shown])
    db.session.commit()
    by_machine = solving.want(coordinator, ask, 10)
    accounts.open_session(coordinator.person_id, accounts.Browser("127.0.0.1"))
    theirs = db.session.scalars(db.select(AccountSession.id)).one()
    setting = db.session.scalars(
        db.select(Setting).where(Setting.organisation_id == country.provider.id)
    ).first()
    return {
        "guest_id": guest.id, "operation_id": sent.id, "evidence_id": shown.id, "ending": "pdf",
        "attempt": 1, "purpose": "final", **assessed(country), "external_id": _shown(country),
        "code": run.code, "session_id": country.sessions[0].id,
        "run_code": run.code, "teacher_id": country.teachers[0].id,
        "other_id": country.teachers[1].id, "person_id": country.teachers[0].person_id, "enrolment_id": enrolment.id,
        "organisation_id": country.provider.id, "kind": "enrolment", "order_id": order.id, "quota_id": quota.id,
        "batch_id": batch.id, "certificate_id": paper.id, "setting_id": setting.id, "role_id": coordinator.role_id,
        "token": uploads.put_by(b"F.I.Sh.;JSHSHIR\nKarimova;1\n", "x.csv", country.college_hr.person_id, None),
        "room_id": country.rooms[0].id, "lecturer_id": lecturer.id, "availability_id": away.id,
        "module_id": run.version.modules[0].id, "hour_kind": "lecture", "/needs/": run.version.course.code,
        "secret": feeds.secret_of(feeds.renew_own(country.lecturer)),
        "/courses/": run.version.course.code, "/rounds/": allocated.code, "/organisations/": country.college.code,
        "/account/sessions/": theirs, "scenario_id": by_machine.id, **office_things(country, paper),
    }  # fmt: skip


def assessed(country: Any) -> dict[str, Any]:
    """An assessment with an examiner, a session of a commission and one it is called to, an appeal, a proposal."""
    run, enrolment = country.run, country.enrolments[0]
    plan = Planned(AssessmentKind.FINAL, 56, examiner_id=country.lecturer.person_id)
    row = completion.plan_assessment(country.coordinator, run.code, {"uz": "Yakuniy"}, plan)
    commission = Commission(run_id=run.id, purpose=Purpose.FINAL)
    other = Commission(run_id=run.id, purpose=Purpose.APPEAL)
    db.session.add_all([commission, other])
    db.session.flush()
    sitting = Sitting(
        commission_id=commission.id, provider_id=country.provider.id, held_on=MONDAY, members=[]
    )
    appeal = Appeal(enrolment_id=enrolment.id, why="x", filed_at=clock.now(), decide_by=MONDAY)
    override = Override(
        enrolment_id=enrolment.id, outcome=completion_states.Outcome.COMPLETED, why="x", proposed_at=clock.now(),
        proposed_by_id=country.coordinator.person_id,
    )  # fmt: skip
    called = Invitation(
        commission_id=commission.id, at=clock.now() + timedelta(days=9), place="2", enrolments=[], members=[],
        sent_at=clock.now(),
    )  # fmt: skip
    db.session.add_all([sitting, appeal, override, called])
    db.session.commit()
    return {
        "assessment_id": row.id, "sitting_id": sitting.id, "appeal_id": appeal.id, "override_id": override.id,
        "invitation_id": called.id,
    }  # fmt: skip


def _shown(country: Any) -> int:
    """A certificate from elsewhere that waits for the college."""
    scan = StoredFile(
        digest="0" * 64, name="a.png", media_type="image/png", size=1, purpose="record.external",
        kept_at=clock.now(),
    )  # fmt: skip
    db.session.add(scan)
    db.session.flush()
    row = ExternalCertificate(
        teacher_id=country.teachers[0].id, organisation_id=country.college.id, title="CNC", issuer="Karimova",
        issued_on=MONDAY, hours=72, scan_id=scan.id, shown_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row.id


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


def office_things(country: Any, paper: Certificate) -> dict[str, int]:
    """What an HR officer's addresses name: a printing on numbered paper, an act of spoiled blanks, a wish for a name."""
    printing = Printing(
        provider_id=country.provider.id, run_id=country.run.id, officer_id=country.hr_officer.person_id,
        begun_at=clock.now(),
    )  # fmt: skip
    act = BlankAct(provider_id=country.provider.id, made_at=clock.now())
    wish = NameCheck(
        enrolment_id=paper.enrolment_id,
        state=NameCheckState.ASKED,
        lines={},
        request="q",
        said_at=clock.now(),
    )
    db.session.add_all([printing, act, wish])
    db.session.flush()
    blank = Blank(
        provider_id=country.provider.id, document_type=paper.document_type, series="UZ", number=1,
        state=BlankState.SET_ASIDE, holder_id=country.hr_officer.person_id, printing_id=printing.id,
    )  # fmt: skip
    db.session.add(blank)
    db.session.flush()
    db.session.add(
        PrintedSheet(printing_id=printing.id, position=1, certificate_id=paper.id, blank_id=blank.id)
    )
    db.session.commit()
    return {"printing_id": printing.id, "act_id": act.id, "check_id": wish.id}


def address(rule: Rule, country: Any) -> str:
    """The rule's address for things of the country's provider, college and people."""
    known = dict(country.things)
    for part, name in NAMED_ALIKE.items():
        if part in rule.rule:
            known[name] = known[part]
    values = {name: known.get(name, 1 if "id" in name else "nothing") for name in rule.arguments}
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: str(values[found.group(1)]), rule.rule)


def test_whatever_an_address_names_is_a_thing_of_theirs(app, country):
    """Else the walk below would meet nothing and call that a refusal."""
    passed_over = {
        "file_id",
        "job_id",
        "request_id",
        "key",
        "filename",
        "design",
        "kid",
        "part",
    }  # one's own, everybody's or the ministry's
    named = {name for rule in rules(app) for name in rule.arguments}
    assert named - passed_over <= country.things.keys()


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


@pytest.mark.parametrize(("database", "kind"), WALKS, indirect=["database"])
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


@pytest.mark.parametrize(("database", "kind"), WALKS, indirect=["database"])
def test_a_role_does_not_reach_other_organisations(app, country, strangers, kind):
    """Addresses that name a thing of another organisation show nothing to whoever's reach ends at their own."""
    actor = strangers[kind]
    for rule in rules(app):
        reach = scope(actor, JUDGED_BY.get(rule.endpoint, str(action_of(app, rule.endpoint))))
        if (
            reach in (None, Scope.ALL)
            or not rule.arguments
            or rule.endpoint.startswith(("messages.", "jobs.", "files."))
        ):
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            # Anew each time: an address walked before may have ended the walker's own session.
            browser, before = scenario.signed_in(app, actor), written()
            answer = browser.open(address(rule, country), method=method, data={})
            assert written() == before, (rule.endpoint, method)
            # A redirect shows nothing.
            told = answer.status_code in (302, 303, 403, 404) or rule.endpoint in OWN_STAFF
            assert told, (rule.endpoint, method, answer.status_code)
            assert "Karimova" not in answer.text, rule.endpoint
