"""What people were told: in their inboxes, the older ones read."""

from datetime import datetime, timedelta
from typing import Any

from retrain.catalogue.states import RunState
from retrain.demo import weeks
from retrain.demo.country import Country, Told
from retrain.demo.rows import Row
from retrain.demo.runs import CANCELLED_FOR, Held
from retrain.enrolment.states import State
from retrain.messages.models import Delivery, Message
from retrain.messages.states import Channel, DeliveryState
from retrain.people.models import Person
from retrain.timetable.states import SessionState

KEPT_DAYS = 120
UNREAD_DAYS = 14


def make(country: Country, runs: list[Held]) -> None:
    """Messages of the last months, as the stages word them."""
    for held in runs:
        for member, kind, at in held.told:
            if kind in ("completed", "not_completed"):
                _ended(country, held, member, kind, at)
            else:
                _place(country, held, member, kind, at)
        _timetable(country, held)
    addresses = {row["id"]: row["contact_email"] for row in country.rows.of(Person)}
    for told in country.told:
        _message(country, told, addresses.get(told.person_id))


def _place(country: Country, held: Held, member: Row, kind: str, at: datetime) -> None:
    row = member["row"]
    facts: dict[str, Any] = {
        "run": held.code,
        "course": held.course["version"]["titles"],
        "starts": held.first.isoformat(),
        "ends": held.last.isoformat(),
        "zone": country.organisations[held.provider]["timezone"],
        "path": f"/runs/{held.code}",
    }
    if row["state"] is State.WAITLISTED:
        kind = "waiting" if kind == "enrolled" else "nominated_waiting"
        facts["number"] = row["position"]
    if kind == "cancelled":
        facts["reason"] = CANCELLED_FOR
    if kind == "removed":
        facts["reason"] = member["why"]
    step = int(kind in ("cancelled", "removed"))
    person_id = member["teacher"]["person"]["id"]
    about, key = ("enrolment", row["id"]), f"enrolment:{row['id']}:{step}"
    country.told.append(Told(person_id, f"enrolment.{kind}", at, facts, about, key))


def _ended(country: Country, held: Held, member: Row, kind: str, at: datetime) -> None:
    facts = {"run": held.code, "title": held.course["version"]["titles"]}
    about, key = ("run", held.row["id"]), f"completion:{member['row']['id']}"
    person_id = member["teacher"]["person"]["id"]
    country.told.append(Told(person_id, f"completion.{kind}", at, facts, about, key))


def _timetable(country: Country, held: Held) -> None:
    if not held.sessions or held.sessions[0]["state"] is not SessionState.PUBLISHED:
        return
    if held.state not in (RunState.RUNNING, RunState.CONFIRMED):
        return
    facts = {"run": held.code, "title": held.course["version"]["titles"]}
    at, first = weeks.published_at(country, held), held.sessions[0]["id"]
    for member in (*held.members, *held.gone):
        person_id = member["teacher"]["person"]["id"]
        key = f"timetable.published:{held.row['id']}:{first}:{person_id}"
        country.told.append(Told(person_id, "timetable.published", at, facts, ("run", held.row["id"]), key))


def _message(country: Country, told: Told, address: str | None) -> None:
    age = country.now - told.at
    if age > timedelta(days=KEPT_DAYS):
        return
    row = country.rows.add(
        Message, key=told.key, person_id=told.person_id, kind=told.kind, facts=told.facts,
        about_type=told.about[0], about_id=str(told.about[1]), created_at=told.at, expanded_at=told.at,
        read_at=told.at + timedelta(hours=9) if age > timedelta(days=UNREAD_DAYS) else None,
    )  # fmt: skip
    if address and age <= timedelta(days=UNREAD_DAYS):
        country.rows.add(
            Delivery, message_id=row["id"], channel=Channel.EMAIL, address=address, state=DeliveryState.KEPT,
            next_at=told.at,
        )  # fmt: skip
