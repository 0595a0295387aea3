"""The rector's orders as the services make them: drafted, sent, signed off, sent back, registered under a number."""

from datetime import date, datetime, timedelta

from retrain.demo.country import Country, Told, moment
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.orders import numbers as order_numbers
from retrain.orders.models import OfficialOrder, OrderCounter
from retrain.orders.states import OrderKind, OrderState
from retrain.people.states import RoleKind

ORDER_BEFORE = timedelta(days=3)
SIGNED_HERE = timedelta(days=90)
"""For how long the signatories have signed on the screen; what is older went round on paper."""


def order(country: Country, held: Held, kind: OrderKind, on: date, effective: date) -> Row:
    """A registered order under the next number of its provider, kind and year."""
    row = draft(country, held, kind, moment(on - timedelta(days=1), 11))
    if country.today - on < SIGNED_HERE:
        send(country, held, row, moment(on, 10), effective)
        sign(country, held, row, moment(on, 14))
    _register(country, held, row, on, effective)
    return row


def draft(country: Country, held: Held, kind: OrderKind, at: datetime) -> Row:
    """An order that is begun and says nothing of its own yet."""
    clerk = country.actors[held.provider, RoleKind.COORDINATOR]
    row = country.rows.add(
        OfficialOrder, run_id=held.row["id"], provider_id=held.row["provider_id"], kind=kind,
        state=OrderState.DRAFT, created_at=at, created_by_id=clerk["person"]["id"],
        changes_id=_changed_by(country, held, kind),
    )  # fmt: skip
    country.happened(at, "order.drafted", _subject(row), clerk, after=_after(held, row))
    return row


def _changed_by(country: Country, held: Held, kind: OrderKind) -> int | None:
    """The order of enrolment that an order of a changed list alters."""
    if kind is not OrderKind.CHANGE:
        return None
    return next(
        int(row["id"])
        for row in country.rows.of(OfficialOrder)
        if row["run_id"] == held.row["id"] and row["kind"] is OrderKind.ENROLMENT
    )


def send(country: Country, held: Held, row: Row, at: datetime, effective: date) -> None:
    """The order goes to the signatory, who is told."""
    clerk = country.actors[held.provider, RoleKind.COORDINATOR]
    row.update(
        state=OrderState.SENT, sent_at=at, sent_by_id=clerk["person"]["id"], effective_on=effective,
        **_signer(country, held),
    )  # fmt: skip
    after = {**_after(held, row), "to": row["signer_id"]}
    country.happened(at, "order.sent", _subject(row), clerk, after=after)
    path = f"/manage/runs/{held.code}/orders/{row['kind']}/sign"
    _tell(country, held, row, row["signer_id"], "order.sent", at, path=path)


def sign(country: Country, held: Held, row: Row, at: datetime) -> None:
    """The signatory agrees; whoever sent it is told."""
    signatory = country.actors[held.provider, RoleKind.SIGNATORY]
    row.update(signed_at=at, signed_by_id=signatory["person"]["id"])
    country.happened(at, "order.signed", _subject(row), signatory, after=_after(held, row))
    _tell(country, held, row, row["sent_by_id"], "order.signed", at, path=_orders(held))


def send_back(country: Country, held: Held, row: Row, at: datetime, why: str) -> None:
    """The order is a draft again, with what is to be put right."""
    signatory = country.actors[held.provider, RoleKind.SIGNATORY]
    row.update(state=OrderState.DRAFT, returned_at=at, returned_why=why)
    country.happened(at, "order.returned", _subject(row), signatory, after=_after(held, row), why=why)
    _tell(country, held, row, row["sent_by_id"], "order.returned", at, path=_orders(held), why=why)


def _register(country: Country, held: Held, row: Row, on: date, effective: date) -> None:
    clerk = country.actors[held.provider, RoleKind.COORDINATOR]
    row.update(
        state=OrderState.REGISTERED, number="", year=on.year, registered_on=on, effective_on=effective,
        registered_at=moment(on, 15), **_signer(country, held),
    )  # fmt: skip
    after = {**_after(held, row), "number": "", "on": on.isoformat(), "effective": effective.isoformat()}
    country.happened(row["registered_at"], "order.registered", _subject(row), clerk, after=after)


def _signer(country: Country, held: Held) -> Row:
    signer = country.actors[held.provider, RoleKind.SIGNATORY]["person"]
    return {
        "signer_id": signer["id"],
        "signer_name": f"{signer['given'][0]}. {signer['family']}",
        "signer_post": "Rektor" if held.provider[0] == "U" else "Direktor",
    }


def _subject(row: Row) -> tuple[str, int]:
    return "official_order", row["id"]


def _after(held: Held, row: Row) -> Row:
    return {"run": held.code, "kind": row["kind"]}


def _orders(held: Held) -> str:
    return f"/manage/runs/{held.code}/orders"


def _tell(
    country: Country, held: Held, row: Row, person_id: int, kind: str, at: datetime, **more: str
) -> None:
    facts = {"run": held.code, "course": held.course["version"]["titles"], "kind": row["kind"].value, **more}
    key = f"{kind}:{row['id']}:{row['sent_at'].isoformat()}"
    country.told.append(Told(person_id, kind, at, facts, _subject(row), key))


def number(country: Country) -> None:
    """Our own numbers in the order of registration, from 1 in each year, and what the next one will be."""
    told = {each.subject: each.after for each in country.trail if each.action == "order.registered"}
    last: dict[tuple[int, OrderKind, int], int] = {}
    for row in _registered(country):
        book = (row["provider_id"], row["kind"], row["year"])
        last[book] = last.get(book, 0) + 1
        row["number"] = order_numbers.written(last[book], row["kind"])
        (told[_subject(row)] or {})["number"] = row["number"]
    for (provider_id, kind, year), latest in last.items():
        country.rows.add(OrderCounter, provider_id=provider_id, kind=kind, year=year, next_number=latest + 1)


def _registered(country: Country) -> list[Row]:
    rows = [row for row in country.rows.of(OfficialOrder) if row["state"] is OrderState.REGISTERED]
    return sorted(rows, key=lambda row: (row["registered_on"], row["id"]))
