"""Secret addresses of calendars and screens: made, shown again, renewed, opened.

An address is 192 bits made of a random nonce in the table and the program's secret key; the table keeps its digest to
look it up. So whoever reads the database (a backup, say) can open nothing, and yet people find their address again
when they add it to a second device: an address shown only once would have to be renewed then, and the first device
would fall silent. After a change of the secret key the addresses given out go on working, and renewing shows a new one.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal

from flask import current_app

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.timetable.models import Room, SecretAddress
from retrain.timetable.states import CalendarOf

_BYTES = 24


@dataclass(frozen=True)
class Whose:
    """Whose calendar or screen it is: a kind and the number of the person, run or room."""

    kind: CalendarOf
    number: int

    @property
    def column(self) -> Literal["person_id", "run_id", "room_id"]:
        """Where the number stands."""
        if self.kind is CalendarOf.PERSON:
            return "person_id"
        return "run_id" if self.kind is CalendarOf.RUN else "room_id"


def secret_of(row: SecretAddress | None) -> str | None:
    """The secret part of an address; None when there is none, or when it was made under another key."""
    if row is None:
        return None
    secret = _made_of(row.nonce)
    return secret if _digest(secret) == row.digest else None


def find(whose: Whose) -> SecretAddress | None:
    """The address there is."""
    return db.session.scalar(
        db.select(SecretAddress).filter_by(kind=whose.kind, **{whose.column: whose.number})
    )


def opened(secret: str, *kinds: CalendarOf) -> SecretAddress:
    """What an address leads to, or NotThere: for one that was renewed, never was, or is of another kind."""
    row = db.session.scalar(db.select(SecretAddress).where(SecretAddress.digest == _digest(secret[:100])))
    if row is None or row.kind not in kinds:
        raise NotThere("secret")
    return row


@use_case
def renew_own(actor: Actor) -> SecretAddress:
    """A new address of one's own calendar; the old one opens nothing from now on."""
    permissions.require(actor, "week.see", Target(person_id=actor.person_id))
    return _renew(actor, Whose(CalendarOf.PERSON, actor.person_id or 0))


@use_case
def renew_of_run(actor: Actor, code: str) -> SecretAddress:
    """The same for a run."""
    run: Run = catalogue.run(code)
    permissions.require(actor, "calendar.share", Target(provider_id=run.provider_id))
    return _renew(actor, Whose(CalendarOf.RUN, run.id))


@use_case
def renew_of_room(actor: Actor, room_id: int, kind: CalendarOf) -> SecretAddress:
    """The same for a room's calendar or the screen at its door."""
    room = db.session.get(Room, room_id)
    if room is None:
        raise NotThere(room_id)
    permissions.require(actor, "calendar.share", Target(provider_id=room.provider_id))
    return _renew(actor, Whose(kind, room.id))


def _renew(actor: Actor, whose: Whose) -> SecretAddress:
    row = find(whose)
    is_new = row is None
    if row is None:
        row = SecretAddress(kind=whose.kind, **{whose.column: whose.number})
    row.nonce, row.made_at = secrets.token_urlsafe(_BYTES), clock.now()
    row.digest = _digest(_made_of(row.nonce))
    db.session.add(row)
    # What is kept of it says that, not what it is.
    what = "calendar.shared" if is_new else "calendar.renewed"
    audit.record(actor, what, row, after={"kind": whose.kind.value, whose.column: whose.number})
    return row


def _made_of(nonce: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.digest(key, b"retrain calendar 1\0" + nonce.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made[:_BYTES]).decode()


def _digest(secret: str) -> str:
    """Too long to be guessed, so a plain digest hides it."""
    return hashlib.sha256(secret.encode()).hexdigest()
