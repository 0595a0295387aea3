"""What holds from a day on: bells, hours, signatories and the like, each key with its default.

A value is found for an organisation, else for everybody, else the default. Nothing here changes one;
that is ``service.settings``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import g, has_request_context

from retrain import clock
from retrain.extensions import db
from retrain.language.transliteration import with_cyrillic
from retrain.people.models import Setting


class Owner(StrEnum):
    """Who sets a key: a provider for itself, its HR officer on the pages of documents, or the administrator."""

    PROVIDER = "provider"
    DOCUMENTS = "documents"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Key:
    """One thing that can be set."""

    name: str
    owner: Owner
    default: Any


def _pairs(*times: str) -> list[dict[str, Any]]:
    return [
        {"pair": number, "starts": time.split("-")[0], "ends": time.split("-")[1]}
        for number, time in enumerate(times, 1)
    ]


def _grade(least: int, uz: str, ru: str, en: str) -> dict[str, Any]:
    return {"from": least, "words": with_cyrillic({"uz": uz, "ru": ru, "en": en})}


KEYS = {
    key.name: key
    for key in (
        Key(
            "bells",
            Owner.PROVIDER,
            _pairs("08:30-10:00", "10:10-11:40", "12:20-13:50", "14:00-15:30", "15:40-17:10", "17:20-18:50"),
        ),
        Key("academic_hour", Owner.PROVIDER, 45),
        Key("second_attempt_months", Owner.PROVIDER, 12),
        Key("registers", Owner.PROVIDER, {"correction_days": 3, "curator_marks": False}),
        # What a local centre tells its listeners: a habit, no law.
        Key(
            "absence_warnings",
            Owner.PROVIDER,
            {"advanced_training": [4, 8, 12, 16, 18], "retraining": [12, 24, 36], "event": []},
        ),
        Key("mentor_link_days", Owner.PROVIDER, 14),
        # More than so many percent of those who vote must come.
        Key("commission_terms", Owner.PROVIDER, {"members": 3, "quorum": 50}),
        # CoM 572 of 17 September 2021, paragraphs 51 to 60: ten days to file, seven people, ten days to decide, a
        # copy within five.
        Key(
            "appeal_terms",
            Owner.PROVIDER,
            {"file_days": 10, "decide_days": 10, "copy_days": 5, "members": 7, "quorum": 50},
        ),
        Key(
            "grade_words",
            Owner.PROVIDER,
            [
                _grade(86, "a’lo", "отлично", "excellent"),
                _grade(71, "yaxshi", "хорошо", "good"),
                _grade(56, "qoniqarli", "удовлетворительно", "satisfactory"),
                _grade(0, "qoniqarsiz", "неудовлетворительно", "unsatisfactory"),
            ],
        ),
        Key("working_days", Owner.PROVIDER, [1, 2, 3, 4, 5, 6]),
        Key("holidays", Owner.PROVIDER, []),
        Key("signatories", Owner.PROVIDER, []),
        Key("legal_texts", Owner.PROVIDER, {}),
        Key(
            "timetable_weights",
            Owner.PROVIDER,
            {
                "gaps": 4,
                "crowding": 4,
                "wishes": 4,
                "spread": 2,
                "rooms": 2,
                "short_days": 2,
                "evenings": 2,
                "seats_short": 1,
                "seats_wasted": 1,
            },
        ),
        Key(
            "document_series",
            Owner.PROVIDER,
            {"advanced_training_certificate": "MO", "retraining_diploma": "QT", "participation": "IS"},
        ),
        Key("document_designs", Owner.DOCUMENTS, {}),
        Key("printers", Owner.DOCUMENTS, []),
        # Which columns a national register takes and what they are called there: none of them agree.
        Key("register_export", Owner.DOCUMENTS, {}),
        Key(
            "channels",
            Owner.ADMINISTRATOR,
            {"email": {"on": True}, "sms": {"on": False, "url": ""}, "telegram": {"on": False, "url": ""}},
        ),
        # Four weeks or 144 hours in three years is what Cabinet of Ministers 415 of 11 July 2024 asks in higher
        # education; what a country sets for colleges stands here with its source.
        Key("cycle_hours", Owner.ADMINISTRATOR, {"hours": 144, "source": ""}),
        Key(
            "classifier",
            Owner.ADMINISTRATOR,
            {"source": "", "level_digits": 1, "field_digits": 3, "specialities": []},
        ),
        Key(
            "retention",
            Owner.ADMINISTRATOR,
            {
                "link_hours": 48,
                "slip_days": 30,
                "session_days": 28,
                "roster_days": 180,
                "message_days": 730,
                "job_days": 180,
                "register_years": 5,
                "archive_years": 75,
            },
        ),
    )
}
"""Every key. ``working_days`` are ISO weekdays; ``holidays`` adds to the country's own:
``{"on": "2026-09-05", "working": true, "name": "…"}`` is a working Saturday. ``specialities`` of the classifier
are ``{"code": "40611", "name": "…"}``; its digits say which part of a code names the field of study."""


def get(organisation_id: int | None, key: str, on: date | None = None) -> Any:
    """What *key* is for the organisation on a day (today when none is given)."""
    default = KEYS[key].default
    day = on or clock.today()
    rows = [row for row in _rows(organisation_id) if row.key == key and row.valid_from <= day]
    ours = [row for row in rows if row.organisation_id is not None] or rows
    return max(ours, key=lambda row: row.valid_from).value if ours else default


def periods(stored: Mapping[str, int] | None = None) -> dict[str, int]:
    """Every period of retention; one that came after the setting was *stored* (or stands now) has its default."""
    known: dict[str, int] = dict(KEYS["retention"].default)
    return known | dict(get(None, "retention") if stored is None else stored)


def since(organisation_id: int | None, key: str, day: date) -> list[Any]:
    """Every value that *key* is to have from *day* on: the one that holds then and those set for later."""
    later = [row.value for row in _rows(organisation_id) if row.key == key and row.valid_from > day]
    return [get(organisation_id, key, day), *later]


def history(organisation_id: int | None, key: str) -> list[Setting]:
    """Every value *key* has been given, the latest first."""
    mine = (
        Setting.organisation_id.is_(None)
        if organisation_id is None
        else Setting.organisation_id == organisation_id
    )
    query = db.select(Setting).where(mine, Setting.key == key).order_by(Setting.valid_from.desc())
    return list(db.session.scalars(query))


def forget_read() -> None:
    """The next :func:`get` reads the table again."""
    if has_request_context():
        g.pop("settings", None)


def _rows(organisation_id: int | None) -> list[Setting]:
    """All rows that may matter to an organisation, read once a request."""
    kept: dict[int | None, list[Setting]] = g.setdefault("settings", {}) if has_request_context() else {}
    if organisation_id not in kept:
        query = db.select(Setting).where(
            (Setting.organisation_id == organisation_id) | Setting.organisation_id.is_(None)
        )
        kept[organisation_id] = list(db.session.scalars(query))
    return kept[organisation_id]
