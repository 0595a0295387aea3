"""Settings changed: always from a day on, never in the past's place."""

from datetime import date, datetime
from typing import Any

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, setting_rules, settings
from retrain.people.models import Setting
from retrain.people.permissions import Target
from retrain.people.settings import KEYS, Owner
from retrain.refusal import Forbidden, NotThere, Refusal, Refused


def _require(actor: Actor, organisation_id: int | None, key: str) -> None:
    if key not in KEYS:
        raise NotThere
    if KEYS[key].owner is Owner.ADMINISTRATOR:
        permissions.require(actor, "settings.country", Target())
        if organisation_id is not None:
            raise Forbidden("settings.country")
    else:
        action = "certificate.design" if KEYS[key].owner is Owner.DOCUMENTS else "settings.provider"
        permissions.require(actor, action, Target(provider_id=organisation_id))


@use_case
def set_setting(actor: Actor, organisation_id: int | None, key: str, valid_from: date, value: Any) -> Setting:
    """From *valid_from* on *key* is *value*; a value set for the same day is replaced."""
    _require(actor, organisation_id, key)
    value = setting_rules.with_keys_kept(value, settings.get(organisation_id, key, valid_from))
    if why := setting_rules.refusals(key, value) or _bell_refusals(organisation_id, key, valid_from, value):
        raise Refused(why)
    row = next(
        (each for each in settings.history(organisation_id, key) if each.valid_from == valid_from), None
    )
    old = row.value if row else settings.get(organisation_id, key, valid_from)
    if row is None:
        row = Setting(organisation_id=organisation_id, key=key, valid_from=valid_from)
        db.session.add(row)
    row.value, row.created_at, row.created_by_id = value, clock.now(), actor.person_id
    db.session.flush()
    settings.forget_read()
    audit.record(
        actor, "setting.changed", row, before={"value": setting_rules.without_keys(old)},
        after={"value": setting_rules.without_keys(value), "valid_from": valid_from},
    )  # fmt: skip
    return row


def _bell_refusals(organisation_id: int | None, key: str, day: date, value: Any) -> list[Refusal]:
    """A pair holds at least one academic hour, whichever of the two is being set."""
    rings, hours = [value], [value]
    if key == "bells":
        hours = settings.since(organisation_id, "academic_hour", day)
    elif key == "academic_hour":
        rings = settings.since(organisation_id, "bells", day)
    else:
        return []
    found = (setting_rules.bell_refusals(key, pairs, hour) for pairs in rings for hour in hours)
    return next((why for why in found if why), [])


def note(key: str, value: Any) -> None:
    """What the program writes down for itself, inside a use case: nobody's setting, so in no page and no audit."""
    assert key not in KEYS
    today = clock.today()
    row = next((each for each in settings.history(None, key) if each.valid_from == today), None)
    if row is None:
        row = Setting(organisation_id=None, key=key, valid_from=today)
        db.session.add(row)
    row.value, row.created_at = value, clock.now()


def noted(key: str) -> datetime | None:
    """When *key* was last noted."""
    return next((row.created_at for row in settings.history(None, key)), None)


@use_case
def withdraw_setting(actor: Actor, setting_id: int) -> None:
    """A value whose day has not come is taken back; what has held stays on record."""
    row = db.session.get(Setting, setting_id)
    if row is None:
        raise NotThere
    _require(actor, row.organisation_id, row.key)
    if row.valid_from <= clock.today():
        raise Forbidden("settings.provider")
    audit.record(
        actor,
        "setting.withdrawn",
        row,
        before={"value": setting_rules.without_keys(row.value), "valid_from": row.valid_from},
    )
    db.session.delete(row)
    settings.forget_read()
