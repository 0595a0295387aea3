"""A provider's own ways to print journals and statements. The only writer of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from retrain import audit, clock
from retrain.attendance.sheets.models import SheetTemplate
from retrain.attendance.sheets.states import SheetKind
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused

MOST_SIGNERS = 6


@dataclass(frozen=True)
class Typed:
    """A template as somebody typed it."""

    name: str
    title: str
    columns: Sequence[str]
    signers: Sequence[str]
    foot: str


def of_provider(provider_id: int) -> list[SheetTemplate]:
    """Everything a provider has, by kind and name."""
    found = select(SheetTemplate).where(SheetTemplate.provider_id == provider_id)
    return list(db.session.scalars(found.order_by(SheetTemplate.kind, SheetTemplate.name)))


def one(provider_id: int, template_id: int, kind: SheetKind | None = None) -> SheetTemplate | None:
    """The provider's template of that number; None for 0, which is the usual way."""
    if not template_id:
        return None
    row = db.session.get(SheetTemplate, template_id)
    if row is None or row.provider_id != provider_id or (kind is not None and row.kind is not kind):
        raise NotThere(template_id)
    return row


@use_case
def save(actor: Actor, provider_id: int, kind: SheetKind, template_id: int, typed: Typed) -> SheetTemplate:
    """Keep a template, new or changed. Raises Refused with every reason."""
    permissions.require(actor, "sheet.edit", Target(provider_id=provider_id))
    row, why = one(provider_id, template_id, kind), []
    name = typed.name.strip()[:120]
    if not name:
        why.append(Refusal.of("sheet-needs-name", field="name"))
    if not typed.columns:
        why.append(Refusal.of("sheet-needs-columns", field="columns"))
    others = select(SheetTemplate.id).where(
        SheetTemplate.provider_id == provider_id, SheetTemplate.kind == kind, SheetTemplate.name == name
    )
    if db.session.scalar(others) not in (None, template_id):
        why.append(Refusal.of("sheet-name-taken", field="name"))
    if why:
        raise Refused(why)
    if row is None:
        row = SheetTemplate(provider_id=provider_id, kind=kind)
        db.session.add(row)
    before = {"name": row.name, "columns": row.columns} if row.id else None
    row.name, row.title, row.foot = name, typed.title.strip()[:200], typed.foot.strip()[:500]
    row.columns = list(typed.columns)
    row.signers = [text.strip()[:120] for text in typed.signers if text.strip()][:MOST_SIGNERS]
    row.changed_by_id, row.changed_at = actor.person_id, clock.now()
    db.session.flush()
    audit.record(
        actor,
        "sheet.saved",
        ("sheet_template", row.id),
        before=before,
        after={"name": name, "columns": row.columns},
    )
    return row


@use_case
def delete(actor: Actor, provider_id: int, template_id: int) -> None:
    """Take a template away; what was printed by it stays as it is."""
    permissions.require(actor, "sheet.edit", Target(provider_id=provider_id))
    row = one(provider_id, template_id)
    if row is None:
        raise NotThere(template_id)
    audit.record(actor, "sheet.deleted", ("sheet_template", row.id), before={"name": row.name})
    db.session.delete(row)
