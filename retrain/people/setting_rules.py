"""What the value of a setting must be. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from retrain.calendar.bells import Bells, WrongBells
from retrain.refusal import Refusal

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SERIES = re.compile(r"[A-ZА-ЯЎҚҒҲ]{1,5}")


def refusals(key: str, value: Any) -> list[Refusal]:
    """Why *value* can't be what *key* is."""
    check = _CHECKS.get(key)
    return check(value) if check else []


def bell_refusals(field: str, pairs: Iterable[Mapping[str, Any]], academic_hour: int) -> list[Refusal]:
    """Why *pairs* can't ring where an academic hour lasts so many minutes; *field* is what is being set."""
    try:
        Bells.of(pairs, academic_hour)
    except WrongBells as wrong:
        code = "pair-too-short" if wrong.code == "pair-without-hours" else "bells-out-of-order"
        return [Refusal.of(code, field=field, pair=wrong.pair, minutes=academic_hour)]
    return []


def with_keys_kept(value: Any, before: Any) -> Any:
    """*value* with the secret keys of before where none was typed."""
    if not isinstance(value, dict):
        return value
    return {
        name: {**part, "token": (before.get(name) or {}).get("token", "")}
        if isinstance(part, dict) and part.get("token") == ""
        else part
        for name, part in value.items()
    }


def without_keys(value: Any) -> Any:
    """*value* as the record of changes may hold it: no secret key in it."""
    if not isinstance(value, dict):
        return value
    return {
        name: {key: "•••" if key == "token" and text else text for key, text in part.items()}
        if isinstance(part, dict)
        else part
        for name, part in value.items()
    }


def _bells(value: Any) -> list[Refusal]:
    if not value:
        return [Refusal.of("bells-missing", field="bells")]
    return [
        Refusal.of("time-malformed", field="bells", pair=pair["pair"])
        for pair in value
        if not (_TIME.fullmatch(pair["starts"]) and _TIME.fullmatch(pair["ends"]))
    ]


def _academic_hour(value: Any) -> list[Refusal]:
    return (
        []
        if isinstance(value, int) and 20 <= value <= 90
        else [Refusal.of("hour-impossible", field="academic_hour")]
    )


def _second_attempt(value: Any) -> list[Refusal]:
    good = isinstance(value, int) and 1 <= value <= 120
    return [] if good else [Refusal.of("period-impossible", field="second_attempt_months")]


def _registers(value: Any) -> list[Refusal]:
    days = value["correction_days"]
    good = isinstance(days, int) and 0 <= days <= 60
    return [] if good else [Refusal.of("period-impossible", field="correction_days")]


MOST_STEPS = 12


def _absence_warnings(value: Any) -> list[Refusal]:
    for steps in value.values():
        whole = all(isinstance(step, int) and 1 <= step <= 1000 for step in steps)
        if not whole or len(set(steps)) != len(steps) or len(steps) > MOST_STEPS:
            return [Refusal.of("steps-malformed", field="absence_warnings", most=MOST_STEPS)]
    return []


def _mentor_link_days(value: Any) -> list[Refusal]:
    good = isinstance(value, int) and 1 <= value <= 120
    return [] if good else [Refusal.of("period-impossible", field="mentor_link_days")]


def _working_days(value: Any) -> list[Refusal]:
    good = value and set(value) <= set(range(1, 8))
    return [] if good else [Refusal.of("working-days-missing", field="working_days")]


def _holidays(value: Any) -> list[Refusal]:
    found, seen = [], set()
    for each in value:
        try:
            date.fromisoformat(each["on"])
        except ValueError:
            found.append(Refusal.of("day-malformed", field="holidays", day=each["on"]))
        if each["on"] in seen:
            found.append(Refusal.of("day-twice", field="holidays", day=each["on"]))
        seen.add(each["on"])
    return found


def _document_series(value: Any) -> list[Refusal]:
    bad = [series for series in value.values() if not _SERIES.fullmatch(series)]
    return [Refusal.of("series-malformed", field="document_series", series=bad[0])] if bad else []


def _retention(value: Any) -> list[Refusal]:
    good = all(isinstance(number, int) and 1 <= number <= 36_500 for number in value.values())
    return [] if good else [Refusal.of("period-impossible", field="retention")]


def _terms(value: Any) -> list[Refusal]:
    days = [number for name, number in value.items() if name.endswith("_days")]
    good = 1 <= value["members"] <= 50 and 0 <= value["quorum"] < 100
    good = good and all(1 <= number <= 366 for number in days)
    return [] if good else [Refusal.of("terms-impossible", field="members")]


def _grade_words(value: Any) -> list[Refusal]:
    """Words for every point there is: from 0 upwards, no two from the same point."""
    starts = [row["from"] for row in value]
    if 0 not in starts:
        return [Refusal.of("grades-from-zero", field="grade_words")]
    if len(set(starts)) < len(starts) or not all(0 <= start <= 100 for start in starts):
        return [Refusal.of("grades-unordered", field="grade_words")]
    bare = [row["from"] for row in value if not row["words"].get("uz")]
    return [Refusal.of("grade-without-word", field="grade_words", start=bare[0])] if bare else []


MOST_SPECIALITIES = 3000
HEAVIEST = 8
"""The most that one thing in a timetable may weigh."""


def _weights(value: Any) -> list[Refusal]:
    good = all(isinstance(number, int) and 0 <= number <= HEAVIEST for number in value.values())
    return [] if good else [Refusal.of("weight-impossible", field="timetable_weights", most=HEAVIEST)]


def _cycle_hours(value: Any) -> list[Refusal]:
    good = isinstance(value["hours"], int) and 1 <= value["hours"] <= 2000
    return [] if good else [Refusal.of("cycle-hours-impossible", field="cycle_hours")]


def _classifier(value: Any) -> list[Refusal]:
    """Each line has a code long enough to tell the field by, and a name; neither stands twice."""
    rows, shortest = value["specialities"], value["level_digits"] + value["field_digits"]
    found = []
    if len(rows) > MOST_SPECIALITIES:
        found.append(Refusal.of("classifier-too-long", field="classifier", most=MOST_SPECIALITIES))
    for row in rows:
        digits = sum(character.isdigit() for character in row["code"])
        if not row["name"] or digits < shortest:
            line = f"{row['code']} {row['name']}".strip()
            found.append(Refusal.of("classifier-line", field="classifier", line=line, least=shortest))
    names = Counter(row["name"].casefold() for row in rows if row["name"])
    twice = [row["name"] for row in rows if names.pop(row["name"].casefold(), 0) > 1]
    return found + [Refusal.of("classifier-twice", field="classifier", name=name) for name in twice]


_CHECKS = {
    "commission_terms": _terms,
    "appeal_terms": _terms,
    "grade_words": _grade_words,
    "cycle_hours": _cycle_hours,
    "classifier": _classifier,
    "bells": _bells,
    "academic_hour": _academic_hour,
    "second_attempt_months": _second_attempt,
    "registers": _registers,
    "working_days": _working_days,
    "mentor_link_days": _mentor_link_days,
    "absence_warnings": _absence_warnings,
    "holidays": _holidays,
    "document_series": _document_series,
    "retention": _retention,
    "timetable_weights": _weights,
}
