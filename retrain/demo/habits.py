"""What holds at each provider: bells, working days, signatories, legal texts, series of documents."""

import json
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from retrain.calendar.bells import Bells as Pairs
from retrain.calendar.working_days import WorkingDays, is_working_day
from retrain.demo.country import Country, moment
from retrain.demo.places import four
from retrain.enrolment.match import Classifier
from retrain.people.models import Setting
from retrain.people.settings import KEYS

HOUR = 45
MAIN, FIVE_DAYS = "U-TK", "U-FA"
"""The provider of most demo accounts, and one that works from Monday to Friday."""

_BELLS = {  # by hand: universities ring as they like
    "U-SA": "08:00-09:30 09:40-11:10 11:20-12:50 13:30-15:00 15:10-16:40 16:50-18:20",
    "U-BU": "09:00-10:30 10:40-12:10 13:00-14:30 14:40-16:10 16:20-17:50",
    "U-FA": "08:30-10:00 10:15-11:45 12:30-14:00 14:15-15:45 16:00-17:30",
    "C-SU": "09:00-10:30 10:45-12:15 13:15-14:45 15:00-16:30",
}
_SERIES = {"U-BU": "B", "U-FA": "F", "U-NG": "N", "U-XO": "X", "C-SU": "S", "C-QA": "Q"}
_SOURCE = "ISCED-F 2013 bo‘yicha (namuna)"
_LEGAL = four(
    "Kasb ta’limi pedagoglarining malakasini oshirish to‘g‘risidagi davlat talablari asosida berilgan (namuna matni)",
    "Выдан на основании государственных требований к повышению квалификации (пример текста)",
    "Issued under the state requirements for the training of vocational teachers (example text)",
)


def make(country: Country) -> None:
    """A first set of settings for every provider, from before its first run."""
    since = country.today - timedelta(days=400)
    for code, organisation in country.organisations.items():
        if not organisation["is_provider"]:
            continue
        values: dict[str, Any] = {"legal_texts": _legal(), "signatories": _signatories(country, code)}
        if code in _BELLS:
            values["bells"] = _pairs(_BELLS[code])
        if code in _SERIES:
            values["document_series"] = _series(_SERIES[code])
        if code == FIVE_DAYS:
            values["working_days"] = [1, 2, 3, 4, 5]
        if own := _own_days(country, code):
            values["holidays"] = own
        for key, value in values.items():
            _set(country, organisation["id"], key, since, value)
    rows = [{"code": code, "name": name} for code, name in _specialities()]
    _set(
        country,
        None,
        "classifier",
        since,
        KEYS["classifier"].default | {"source": _SOURCE, "specialities": rows},
    )


def classifier() -> Classifier:
    """Which specialities the country calls related."""
    return Classifier.of({name: code for code, name in _specialities()})


@cache
def _specialities() -> list[list[str]]:
    found: list[list[str]] = json.loads(
        Path(__file__).with_name("classifier.json").read_text(encoding="utf-8")
    )
    return found


def _set(country: Country, organisation_id: int | None, key: str, since: date, value: Any) -> None:
    at = moment(since, 10)
    row = country.rows.add(
        Setting, organisation_id=organisation_id, key=key, valid_from=since, value=value, created_at=at
    )
    country.happened(
        at, "setting.changed", ("setting", row["id"]), after={"value": value, "valid_from": since.isoformat()}
    )


def _pairs(text: str) -> list[dict[str, Any]]:
    return [
        {"pair": number, "starts": bell.split("-")[0], "ends": bell.split("-")[1]}
        for number, bell in enumerate(text.split(), 1)
    ]


def _series(letter: str) -> dict[str, str]:
    return {
        "advanced_training_certificate": f"{letter}MO",
        "retraining_diploma": f"{letter}QT",
        "participation": f"{letter}IS",
    }


def _legal() -> dict[str, dict[str, str]]:
    return {kind: dict(_LEGAL) for kind in KEYS["document_series"].default}


def _signatories(country: Country, code: str) -> list[dict[str, Any]]:
    signer = country.actors[code, "signatory"]
    person = signer["person"]
    return [
        {"name": f"{person['given'][0]}. {person['family']}", "post": "Rektor" if code[0] == "U" else "Direktor",
         "person_id": person["id"]}
    ]  # fmt: skip


def _own_days(country: Country, code: str) -> list[dict[str, Any]]:
    """Days moved by decree: a Saturday worked half a year ago, and today where the demo accounts have classes."""
    if code == FIVE_DAYS:
        saturday = working_saturday(country)
        return [{"on": saturday.isoformat(), "working": True, "name": "Ko‘chirilgan ish kuni"}]
    if code == MAIN and not is_working_day(country.today, WorkingDays()):
        return [{"on": country.today.isoformat(), "working": True, "name": "Ko‘chirilgan ish kuni"}]
    return []


def working_saturday(country: Country) -> date:
    """The Saturday that the Monday-to-Friday university worked, while its run ``AV-001`` was under way."""
    return country.monday - timedelta(weeks=9) + timedelta(days=5)


class Bells:
    """The pairs and the working days of one provider, read once."""

    def __init__(self, country: Country, code: str) -> None:
        organisation = country.organisations[code]
        kept = {
            row["key"]: row["value"]
            for row in country.rows.of(Setting)
            if row["organisation_id"] == organisation["id"]
        }
        self._zone = ZoneInfo(organisation["timezone"])
        weekdays = kept.get("working_days", KEYS["working_days"].default)
        self._days = WorkingDays.of(weekdays, kept.get("holidays", []))
        self._pairs = Pairs.of(kept.get("bells", KEYS["bells"].default))
        self.series: dict[str, str] = kept.get("document_series", KEYS["document_series"].default)

    def __len__(self) -> int:
        return len(self._pairs)

    def works(self, day: date) -> bool:
        """Whether classes may be given on *day*."""
        return is_working_day(day, self._days)

    def interval(self, day: date, pair: int) -> tuple[datetime, datetime]:
        """Start and end of a pair on *day*."""
        return self._pairs.interval(pair, day, self._zone)
