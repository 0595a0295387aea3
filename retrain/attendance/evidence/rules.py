"""What hours may be shown by evidence, and what a line of a platform's export means. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from retrain.refusal import Refusal

_HEADINGS = {
    "person": ("person", "name", "full name", "f.i.sh", "f.i.o", "fio", "ism", "фио", "ф.и.о", "имя", "pinfl", "jshshir"),
    "module": ("module", "modul", "модуль", "course", "kurs", "курс"),
    "kind": ("kind", "type", "tur", "turi", "вид", "тип"),
    "hours": ("hours", "soat", "soatlar", "часы", "часов", "academic hours"),
    "date": ("date", "completed", "sana", "kun", "дата", "completed on"),
    "reference": ("reference", "id", "no", "raqam", "номер", "attempt"),
}  # fmt: skip


def columns(headings: list[str]) -> dict[str, int] | None:
    """field → column, by the headings of an export in any of the languages; None when a needed one is missing."""
    plain = [text.strip().strip(".:").casefold() for text in headings]
    found = {
        field: next((at for at, text in enumerate(plain) if text in names), None)
        for field, names in _HEADINGS.items()
    }
    needed = ("person", "module", "hours", "date")
    if any(found[field] is None for field in needed):
        return None
    return {field: at for field, at in found.items() if at is not None}


@dataclass(frozen=True)
class Shown:
    """Hours somebody wants to show; *planned* and *known* are the module's and what stands already, in minutes.

    *since* is their first day in the group, where it is known.
    """

    minutes: int | None
    planned: int
    known: int
    on: date | None
    first: date
    last: date
    today: date
    since: date | None = None


def refusals(shown: Shown) -> list[Refusal]:
    """Why these hours can't be shown; empty when they can."""
    found = []
    if not shown.planned:
        found.append(Refusal.of("evidence-not-planned", field="kind"))
    elif shown.minutes is None or shown.minutes <= 0:
        found.append(Refusal.of("evidence-hours-wrong", field="hours"))
    elif shown.known + shown.minutes > shown.planned:
        left = max(0, shown.planned - shown.known)
        found.append(Refusal.of("evidence-too-many-hours", field="hours", left=left))
    if shown.on is None:
        found.append(Refusal.of("evidence-date-unreadable", field="on"))
    elif shown.on > shown.today:
        found.append(Refusal.of("evidence-tomorrow", field="on"))
    elif not shown.first <= shown.on <= shown.last:
        found.append(Refusal.of("evidence-outside-dates", field="on", first=shown.first, last=shown.last))
    elif shown.since is not None and shown.on < shown.since:
        found.append(Refusal.of("not-in-group", field="on", on=shown.on))
    return found


def who(
    text: str, by_name: Mapping[str, list[int]], by_pinfl: Mapping[str, int]
) -> tuple[int | None, list[Refusal]]:
    """The enrolment a line is of, by PINFL or by the whole name; both written in any case."""
    plain = " ".join(text.split())
    if plain.isdecimal():
        number = by_pinfl.get(plain)
        return (number, []) if number else (None, [Refusal.of("evidence-nobody", name=plain)])
    found = by_name.get(plain.casefold(), [])
    if len(found) == 1:
        return found[0], []
    code = "evidence-several" if found else "evidence-nobody"
    return None, [Refusal.of(code, name=plain[:80])]


def which(text: str, titles: Iterable[tuple[int, Iterable[str]]]) -> int | None:
    """The module a line is of: its place in the course, or its title in any language."""
    plain = " ".join(text.split()).casefold()
    known = list(titles)
    if plain.isdecimal() and 1 <= int(plain[:4]) <= len(known):
        return known[int(plain[:4]) - 1][0]
    return next((number for number, names in known if plain in {name.casefold() for name in names}), None)
