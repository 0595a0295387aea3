"""The audit trail of the country: every happening in the order of time, authenticated like any other entry."""

import hashlib
from typing import Any

from flask import current_app

from retrain import clock
from retrain.audit import authentic, sealing
from retrain.audit.models import AuditEntry
from retrain.demo.country import Country, Happening
from retrain.ledger import service as ledger


def make(country: Country) -> None:
    """An entry for each happening. Its nonce comes from the seed and its place, so that it comes out the same."""
    key = authentic.key_of(current_app.config["SECRET_KEY"])
    # Sorting keeps what happened at one moment in the order in which it was told.
    for number, happening in enumerate(sorted(country.trail, key=lambda each: each.at)):
        nonce = hashlib.sha256(f"demo audit {country.seed} {number}".encode()).hexdigest()[:24]
        values = _values(happening) | {"uid": authentic.new_uid(key, nonce)}
        country.rows.add(AuditEntry, **values, mac=authentic.mac(key, values), position=number)


def seal(country: Country) -> None:
    """All entries into the ledger at once, in their order, under a head signed at the country's moment."""
    entries = [
        (sealing.subject(row["id"], row["uid"]), authentic.canonical(row))
        for row in country.rows.of(AuditEntry)
    ]
    with clock.at(country.now):
        ledger.append(sealing.LOG, entries)


def _values(happening: Happening) -> dict[str, Any]:
    actor = happening.actor
    return {
        "at": happening.at,
        "actor_id": actor["person"]["id"] if actor else None,
        "role": actor["role"] if actor else "system",
        "organisation_id": actor["organisation_id"] if actor else None,
        "delegated_by": None,
        "action": happening.action,
        "subject_type": happening.subject[0],
        "subject_id": str(happening.subject[1]),
        "before": happening.before,
        "after": happening.after,
        "why": happening.why,
    }
