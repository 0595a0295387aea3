"""The country's orders, lent roles and documents are what the services make; work goes on, and people may be forgotten."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select

from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.audit.verify import verify
from retrain.catalogue.models import Run
from retrain.certificates.models import Certificate
from retrain.certificates.states import CertificateState
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders import numbers as order_numbers
from retrain.orders import service as order_service
from retrain.orders import signing
from retrain.orders.models import OfficialOrder, OrderCounter
from retrain.orders.registering import Registration
from retrain.orders.states import OrderKind, OrderState
from retrain.people import permissions, roles
from retrain.people.models import ErasureRequest, Organisation, Person, Role, Teacher
from retrain.people.permissions import Target
from retrain.people.states import RoleKind, Script
from retrain.record.models import Credit
from tests.demo.conftest import TODAY
from tests.harness.databases import KINDS

Accounts = dict[str, dict[str, str]]
ON_OFFER, WITHOUT_ORDER, TO_EXCLUDE, TO_ISSUE = "IT-009", "RD-003", "PE-005", "PE-004"


on_both = pytest.mark.parametrize("country", KINDS, indirect=True, scope="module")
"""Numbers are counted by the database itself, so it is looked whether each goes on after the country's."""


def signed_in(country: Flask, accounts: Accounts, role: str) -> FlaskClient:
    client = country.test_client()
    signing_in = {"login": accounts[role]["email"], "password": accounts[role]["password"]}
    assert client.post("/sign-in", data=signing_in).status_code == 303
    return client


def actor(accounts: Accounts, role: RoleKind) -> Actor:
    person = db.session.scalars(select(Person).where(Person.email == accounts[role]["email"])).one()
    held = db.session.scalars(select(Role).where(Role.person_id == person.id, Role.kind == role)).first()
    assert held is not None
    return Actor(person.id, role, held.organisation_id)


def orders(*conditions: Any) -> list[OfficialOrder]:
    """Orders of the university of the demo accounts."""
    found = select(OfficialOrder).join(Organisation, Organisation.id == OfficialOrder.provider_id)
    return list(
        db.session.scalars(found.where(Organisation.code == "U-TK", *conditions).order_by(OfficialOrder.id))
    )


def code_of(order: OfficialOrder) -> str:
    return db.session.get_one(Run, order.run_id).code


@dataclass(frozen=True)
class Trace:
    """What an order leaves behind: its columns, what it says, who was told of it, what the audit has."""

    columns: frozenset[str]
    state: OrderState
    parts: frozenset[str]
    line: frozenset[str]
    audit: tuple[tuple[str, frozenset[str], bool], ...]
    told: tuple[tuple[str, frozenset[str], str], ...]


def trace(order: OfficialOrder) -> Trace:
    filled = {each.name for each in OfficialOrder.__table__.columns if getattr(order, each.name) is not None}
    lines = list(order.facts.get("people", ()))
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == "official_order", AuditEntry.subject_id == str(order.id))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    told = db.session.scalars(
        select(Message)
        .where(Message.about_type == "official_order", Message.about_id == str(order.id))
        .order_by(Message.created_at, Message.id)
    )
    return Trace(
        frozenset(filled), order.state, frozenset(order.facts), frozenset(lines[0]) if lines else frozenset(),
        tuple((row.action, frozenset(row.after or {}), row.why is None) for row in entries),
        tuple((row.kind, frozenset(row.facts), row.key.split(":")[0]) for row in told),
    )  # fmt: skip


def test_each_order_is_what_the_services_make(country: Flask, accounts: Accounts) -> None:
    """Column by column, with the audit and the messages, at every step between draft and number."""
    coordinator, rector = (actor(accounts, role) for role in (RoleKind.COORDINATOR, RoleKind.SIGNATORY))
    kind, day = OrderKind.ENROLMENT, date(2026, 11, 16)
    sheet = signing.Sheet(rector.person_id or 0, "A. Rahimov", "Rektor", day)
    returned = orders(OfficialOrder.returned_why.is_not(None))[0]
    sent = orders(OfficialOrder.state == OrderState.SENT, OfficialOrder.signed_at.is_(None))[0]
    signed = orders(OfficialOrder.state == OrderState.SENT, OfficialOrder.signed_at.is_not(None))[0]
    registered = orders(OfficialOrder.state == OrderState.REGISTERED, OfficialOrder.kind == kind)[-1]

    order_service.draft_order(coordinator, ON_OFFER, kind)
    assert trace(order_service.send_order(coordinator, ON_OFFER, kind, sheet)) == trace(sent)
    assert trace(order_service.send_back(rector, ON_OFFER, kind, "x")) == trace(returned)

    order_service.draft_order(coordinator, WITHOUT_ORDER, kind)
    order_service.send_order(coordinator, WITHOUT_ORDER, kind, sheet)
    assert trace(order_service.sign_off(rector, WITHOUT_ORDER, kind)) == trace(signed)
    upcoming = order_numbers.upcoming(signed.provider_id, kind, TODAY.year)
    typed = Registration(
        "", TODAY, day, "A. Rahimov", "Rektor", signer_id=rector.person_id, own_number=True, after=0
    )
    mine = order_service.register_order(coordinator, WITHOUT_ORDER, kind, typed)
    assert trace(mine) == trace(registered)
    assert mine.number == upcoming


def test_every_order_opens_on_every_page_it_has(country: Flask, accounts: Accounts) -> None:
    coordinator = signed_in(country, accounts, "coordinator")
    rector = signed_in(country, accounts, "signatory")
    seen = set()
    for order in orders():
        where, kind = f"/manage/runs/{code_of(order)}/orders", order.kind.value
        opened = (order.state, order.signed_at is None, kind)
        if opened in seen:
            continue
        seen.add(opened)
        page = coordinator.get(f"{where}?lang=en")
        assert page.status_code == 200
        assert (order.number or order.returned_why or "") in page.text
        assert coordinator.get(f"{where}/{kind}").status_code == 200
        paper = (
            f"{where}/{order.id}/sheet.pdf" if order.state is OrderState.REGISTERED else f"{where}/{kind}.pdf"
        )
        assert coordinator.get(paper).data.startswith(b"%PDF-"), opened
        if order.state is OrderState.SENT:
            assert order.facts["people"][0]["names"][Script.LATIN] in rector.get(f"{where}/{kind}/sign").text
    assert {state for state, _signed, _kind in seen} == set(OrderState)
    assert {kind for _state, _signed, kind in seen} == {kind.value for kind in OrderKind}


def test_who_came_late_and_who_was_taken_off_has_an_order(country: Flask) -> None:
    change = orders(OfficialOrder.kind == OrderKind.CHANGE)[0]
    enrolled = db.session.get_one(OfficialOrder, change.changes_id)
    before, after = ({line["enrolment"] for line in row.facts["people"]} for row in (enrolled, change))
    added = {line["enrolment"] for line in change.facts["added"]}
    assert len(added) == 1
    assert after == before | added
    exclusion = orders(OfficialOrder.kind == OrderKind.EXCLUSION)[0]
    (line,) = exclusion.facts["people"]
    gone = db.session.get_one(Enrolment, line["enrolment"])
    assert gone.id in after
    assert (gone.state, gone.until) == (State.EXCLUDED, exclusion.effective_on)
    assert line["note"]["left"] == exclusion.effective_on.isoformat()
    moved = db.session.scalars(select(EnrolmentChange).where(EnrolmentChange.enrolment_id == gone.id)).one()
    assert (moved.order_id, moved.reason) == (exclusion.id, line["note"]["why"])
    assert [each["number"] for each in exclusion.facts["basis"]] == [enrolled.number, change.number]


def test_each_order_names_who_was_in_the_group_then(country: Flask) -> None:
    """Whoever was taken off later still stands in the order of enrolment, under the name of that day."""
    for order in orders(
        OfficialOrder.kind == OrderKind.ENROLMENT, OfficialOrder.state == OrderState.REGISTERED
    ):
        listed = {line["enrolment"] for line in order.facts["people"]}
        rows = db.session.scalars(select(Enrolment).where(Enrolment.run_id == order.run_id)).all()
        stayed = {row.id for row in rows if row.since and row.state is not State.WITHDRAWN}
        late = {row.id for row in rows if row.requested_at > order.registered_at}
        assert listed == stayed - late, code_of(order)
    moved = orders(OfficialOrder.kind == OrderKind.ENROLMENT, OfficialOrder.run_id == run_id("RD-001"))[0]
    names = [line["names"][Script.LATIN] for line in moved.facts["people"]]
    assert any(name.startswith("Karimova Munisa") for name in names)


def run_id(code: str) -> int:
    return db.session.scalars(select(Run.id).where(Run.code == code)).one()


def test_the_signatory_has_lent_the_role_for_these_days(country: Flask, accounts: Accounts) -> None:
    rector = actor(accounts, RoleKind.SIGNATORY)
    (lent,) = roles.lent_by(rector.person_id or 0)
    assert lent.since < TODAY < (lent.until or TODAY)
    deputy = Actor(lent.person_id, RoleKind.SIGNATORY, lent.organisation_id, rector.person_id)
    assert permissions.may(deputy, "orders.sign", Target(provider_id=lent.organisation_id))
    assert lent.person.full_name in signed_in(country, accounts, "signatory").get("/act-as").text
    login = {"login": lent.person.email, "password": accounts["signatory"]["password"]}
    client = country.test_client()
    client.post("/sign-in", data=login)
    assert client.get("/act-as", follow_redirects=True).status_code == 200


def leaves(client: FlaskClient, book: str) -> list[str]:
    """The pages of a register book, from the first to the last; it opens at the last."""
    found = [client.get(f"/documents/register?book={book}&page=1").text]
    while 'rel="next"' in found[-1]:
        found.append(client.get(f"/documents/register?book={book}&page={len(found) + 1}").text)
    return found


def test_the_officer_finds_a_revoked_document_and_a_replaced_one(country: Flask, accounts: Accounts) -> None:
    officer = signed_in(country, accounts, "hr_officer")
    ended = select(Certificate).join(Organisation, Organisation.id == Certificate.provider_id)
    rows = db.session.scalars(
        ended.where(Organisation.code == "U-TK", Certificate.ended_on.is_not(None))
    ).all()
    assert {row.state for row in rows} == {CertificateState.REVOKED, CertificateState.REPLACED}
    for row in rows:
        head = f">{row.registration_number}</th>"
        (leaf,) = [leaf for leaf in leaves(officer, f"{row.series}-{row.year}") if head in leaf]
        assert row.end_reason
        assert str(escape(row.end_reason)) in leaf
    old = next(row for row in rows if row.replaced_by_id)
    new = db.session.get_one(Certificate, old.replaced_by_id)
    differs = {
        name for name, value in old.frozen["document"].items() if new.frozen["document"][name] != value
    }
    own = {"number", "registration_number", "check_code", "check_url", "issued_on"}
    assert differs - own <= {"name", "name_second", "signatories"}


@on_both
def test_the_next_order_takes_the_next_number(country: Flask, accounts: Accounts) -> None:
    coordinator, where = signed_in(country, accounts, "coordinator"), f"/manage/runs/{TO_EXCLUDE}/orders"
    assert "is not excluded by an order yet" in coordinator.get(f"{where}?lang=en").text
    typed = {
        "own_number": "y", "registered_on": TODAY.isoformat(), "effective_on": TODAY.isoformat(),
        "signer": "0", "after": "0",
    }  # fmt: skip
    answer = coordinator.post(f"{where}/exclusion?lang=en", data=typed, follow_redirects=True)
    assert "No. 2-ch is registered" in answer.text


@on_both
def test_no_counter_stands_behind_its_orders(country: Flask) -> None:
    books = (OfficialOrder.provider_id, OfficialOrder.kind, OfficialOrder.year)
    registered = select(*books, func.count()).where(OfficialOrder.state == OrderState.REGISTERED)
    counted = {tuple(book): count for *book, count in db.session.execute(registered.group_by(*books))}
    counters = db.session.scalars(select(OrderCounter)).all()
    assert {(row.provider_id, row.kind, row.year): row.next_number - 1 for row in counters} == counted


@on_both
def test_the_next_documents_take_the_next_numbers(country: Flask, accounts: Accounts) -> None:
    officer = signed_in(country, accounts, "hr_officer")
    assert officer.post(f"/manage/runs/{TO_ISSUE}/documents").status_code == 303
    made = db.session.scalars(
        select(Certificate).where(Certificate.run_id == run_id(TO_ISSUE)).order_by(Certificate.number)
    ).all()
    assert made
    book = [
        row.number
        for row in db.session.scalars(
            select(Certificate).where(
                Certificate.provider_id == made[0].provider_id, Certificate.series == made[0].series,
                Certificate.year == made[0].year,
            )
        )
    ]  # fmt: skip
    assert sorted(book) == list(range(1, len(book) + 1))
    assert made[-1].number == len(book)


def rows_with(*texts: str) -> set[str]:
    """The tables in whose rows one of the texts stands, in whatever column."""
    found = set()
    for table in db.metadata.sorted_tables:
        if table.name in ("occupancy", "mark"):  # numbers and states alone
            continue
        for row in db.session.execute(select(table)):
            if any(text in str(tuple(row)) for text in texts):
                found.add(table.name)
                break
    return found


def erased(country: Flask, accounts: Accounts, person_id: int) -> set[str]:
    """Ask and be erased, both at the front door; what is kept."""
    person = db.session.get_one(Person, person_id)
    signing_in = {"login": person.email, "password": accounts["teacher"]["password"]}
    client, office = country.test_client(), signed_in(country, accounts, "administrator")
    assert client.post("/sign-in", data=signing_in).status_code == 303
    assert client.get("/account/data").status_code == 200
    assert client.post("/account/erasure", data={"sure": "y", "why": "sir-asror"}).status_code == 303
    row = db.session.scalars(select(ErasureRequest).where(ErasureRequest.person_id == person_id)).one()
    assert office.get(f"/admin/erasure/{row.id}").status_code == 200
    assert office.post(f"/admin/erasure/{row.id}", data={"erase": "1"}).status_code == 303
    db.session.expire_all()
    assert client.post("/sign-in", data=signing_in).status_code != 303
    return set(db.session.get_one(ErasureRequest, row.id).kept)


def test_who_is_forgotten_is_found_nowhere_but_where_it_is_said(country: Flask, accounts: Accounts) -> None:
    """One who changed name and college, holds a replaced document and stands in orders and registers."""
    found = select(Teacher).join(Person, Person.id == Teacher.person_id)
    moved = db.session.scalars(found.where(Person.email == "moved@example.uz")).one()
    secrets = [moved.person.email or "", moved.pinfl or "", "sir-asror", *filter(None, [moved.person.phone])]
    assert rows_with(*secrets) >= {"person", "teacher"}
    family, places = moved.person.family, run_id("RD-001")
    kept = erased(country, accounts, moved.person_id)
    assert kept == {"attendance", "audit", "certificates", "decisions", "enrolments", "orders"}
    assert rows_with(*secrets) == set()
    assert rows_with(f"{family} Munisa", "Karimova Munisa") <= {
        "certificate",
        "official_order",
        "audit_entry",
    }
    assert (
        db.session.get_one(Person, moved.person_id).family == family
    )  # the registers need it for five years
    left = db.session.scalars(select(Enrolment).where(Enrolment.teacher_id == moved.id)).all()
    assert [row.run_id for row in left] == [places]
    token = db.session.scalars(
        select(Certificate.token)
        .where(Certificate.enrolment_id == left[0].id)
        .order_by(Certificate.id.desc())
    ).first()
    assert f"{family} Munisa" in country.test_client().get(f"/verify/{token}.json").get_json()["name"]
    group = signed_in(country, accounts, "coordinator").get("/manage/runs/RD-001/registers")
    assert group.status_code == 200
    assert verify().problems == []


def test_who_only_waited_leaves_no_row_behind(country: Flask, accounts: Accounts) -> None:
    """The demo teacher waits for one run, attends another and completed a third."""
    found = select(Teacher).join(Person, Person.id == Teacher.person_id)
    teacher = db.session.scalars(found.where(Person.email == accounts["teacher"]["email"])).one()
    before = db.session.scalars(select(Enrolment).where(Enrolment.teacher_id == teacher.id)).all()
    assert State.WAITLISTED in {row.state for row in before}
    assert "place" in erased(country, accounts, teacher.person_id)
    left = db.session.scalars(select(Enrolment).where(Enrolment.teacher_id == teacher.id)).all()
    assert {row.state for row in left} == {State.ENROLLED, State.COMPLETED}
    assert db.session.scalars(select(Credit).where(Credit.teacher_id == teacher.id)).all() == []
    for run in ("TL-004", "IT-007"):
        assert signed_in(country, accounts, "coordinator").get(f"/manage/runs/{run}").status_code == 200
