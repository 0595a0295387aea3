"""Organisations: made, renamed from a day on, closed, and brought in from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import fold_key, search_key, sort_key
from retrain.people import permissions, queries, rules
from retrain.people.models import Organisation, OrganisationName
from retrain.people.permissions import Target
from retrain.people.states import OrganisationKind
from retrain.refusal import Refusal, Refused

FOREVER = date(1991, 9, 1)
"""From when a name holds whose beginning nobody wrote down."""


@dataclass(frozen=True)
class OrganisationFacts:
    """What is said of an organisation when it is made or changed."""

    code: str
    kind: OrganisationKind
    region: str
    names: Mapping[str, str]
    is_provider: bool = False
    rural: bool = False
    address: str = ""
    timezone: str = clock.COUNTRY.key
    parent_id: int | None = None


@use_case
def create_organisation(actor: Actor, facts: OrganisationFacts, valid_from: date = FOREVER) -> Organisation:
    """A new organisation under a code that nobody else has."""
    permissions.require(actor, "organisation.edit", Target(region=facts.region))
    code = facts.code.strip().upper()
    why = rules.organisation_refusals(code, facts.region, facts.names, facts.timezone)
    if db.session.scalar(db.select(Organisation.id).where(Organisation.code == code)):
        why.append(Refusal.of("code-taken", field="code", number=code))
    if why:
        raise Refused(why)
    row = Organisation(
        code=code,
        kind=facts.kind,
        region=facts.region,
        is_provider=facts.is_provider,
        rural=facts.rural,
        address=facts.address.strip(),
        timezone=facts.timezone,
        parent_id=facts.parent_id,
        created_at=clock.now(),
    )
    row.names.append(_named(facts.names, valid_from))
    db.session.add(row)
    audit.record(
        actor,
        "organisation.created",
        row,
        after={"code": code, "kind": facts.kind, "names": dict(facts.names)},
    )
    return row


@use_case
def change_organisation(actor: Actor, organisation_id: int, facts: OrganisationFacts) -> Organisation:
    """Everything but code and name, which is dated."""
    row = queries.organisation_by_id(organisation_id)
    permissions.require(actor, "organisation.edit", Target(region=row.region))
    if why := rules.organisation_refusals(row.code, facts.region, {"uz": "-"}, facts.timezone):
        raise Refused(why)
    names = ("kind", "region", "is_provider", "rural", "address", "timezone", "parent_id")
    before = {name: getattr(row, name) for name in names if getattr(row, name) != getattr(facts, name)}
    for name in before:
        setattr(row, name, getattr(facts, name))
    if before:
        audit.record(
            actor,
            "organisation.changed",
            row,
            before=before,
            after={name: getattr(facts, name) for name in before},
        )
    return row


@use_case
def rename_organisation(
    actor: Actor, organisation_id: int, names: Mapping[str, str], valid_from: date
) -> Organisation:
    """From *valid_from* on it is called so; what was issued before keeps the old name."""
    row = queries.organisation_by_id(organisation_id)
    permissions.require(actor, "organisation.edit", Target(region=row.region))
    if why := rules.organisation_refusals(row.code, row.region, names, row.timezone):
        raise Refused(why)
    before = queries.organisation_names([row.id]).get(row.id)
    same_day = next((each for each in row.names if each.valid_from == valid_from), None)
    if same_day is not None:
        row.names.remove(same_day)
        db.session.flush()
    row.names.append(_named(names, valid_from))
    audit.record(
        actor,
        "organisation.renamed",
        row,
        before=before,
        after={**names, "valid_from": valid_from.isoformat()},
    )
    return row


@use_case
def close_organisation(actor: Actor, organisation_id: int, closed_on: date | None) -> Organisation:
    """No new people, nominations or runs from that day; none opens it again."""
    row = queries.organisation_by_id(organisation_id)
    permissions.require(actor, "organisation.edit", Target(region=row.region))
    audit.record(
        actor, "organisation.closed", row, before={"closed_on": row.closed_on}, after={"closed_on": closed_on}
    )
    row.closed_on = closed_on
    return row


@dataclass(frozen=True)
class Imported:
    """What an import of organisations did. *refused* are (number in the file, reason)."""

    accepted: int
    merged: int
    refused: list[tuple[int, Refusal]]


@use_case
def import_colleges(actor: Actor, entries: Sequence[Any], on: date | None = None) -> Imported:
    """Colleges from a list of ``{"code", "name_uz", "name_uz_cyrl", "region", …}``; the same list again changes nothing.

    A college that has another name by now is renamed from *on* (today).
    """
    accepted = merged = 0
    refused: list[tuple[int, Refusal]] = []
    for number, entry in enumerate(entries, 1):
        facts = rules.college_facts(entry)
        if isinstance(facts, Refusal):
            refused.append((number, facts))
            continue
        code, region, names, kind = facts
        row = db.session.scalar(db.select(Organisation).where(Organisation.code == code))
        if row is None:
            create_organisation(
                actor,
                OrganisationFacts(
                    code, OrganisationKind(kind), region, names, is_provider=bool(entry.get("is_provider"))
                ),
            )
            accepted += 1
            continue
        merged += 1
        now = queries.organisation_names([row.id]).get(row.id, {})
        if any(now.get(lang) != text for lang, text in names.items()):
            rename_organisation(actor, row.id, {**now, **names}, on or clock.today())
    return Imported(accepted, merged, refused)


def _named(names: Mapping[str, str], valid_from: date) -> OrganisationName:
    kept = {lang: " ".join(text.split()) for lang, text in names.items() if text and text.strip()}
    texts = list(kept.values())
    return OrganisationName(
        valid_from=valid_from,
        names=kept,
        search_key=_keys(search_key, texts),
        fold_key=_keys(fold_key, texts),
        sort_key=sort_key(kept.get("uz") or texts[0]),
    )


def _keys(make: Any, texts: list[str]) -> str:
    return "|" + "|".join(sorted({make(text) for text in texts})) + "|"
