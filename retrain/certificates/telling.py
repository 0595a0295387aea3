"""What a document says, field by field in its own language: dates, hours and results put into words."""

from collections.abc import Mapping
from datetime import date

from retrain.certificates import check_code
from retrain.certificates.frozen import Frozen

Words = Mapping[str, str]


def texts(frozen: Frozen, words: Words) -> dict[str, str]:
    """The text of each place by its name; empty where the document says nothing."""
    number = check_code.shown(frozen.series, frozen.number)
    return {
        "authority": frozen.authority,
        "provider": frozen.provider,
        "number": number,
        "name": frozen.name,
        "name_second": frozen.name_second,
        "work": ", ".join(part for part in (frozen.workplace, frozen.post) if part),
        "course": frozen.course,
        "course_second": frozen.course_second,
        "speciality": words["speciality"].format(speciality=frozen.speciality)
        if frozen.speciality and "speciality" in words
        else "",
        "facts": " · ".join(facts(frozen, words)),
        "check_number": number,
        "code": f"{words['code']}: {check_code.grouped(frozen.check_code)}",
        "legal_basis": frozen.legal_basis,
        "duplicate_of": frozen.duplicate_of,
    }


def facts(frozen: Frozen, words: Words) -> list[str]:
    """When, how many hours, in which form and with what result."""
    hours = words["hours"].format(n=frozen.hours)
    if frozen.hours_parts:
        hours += f" ({', '.join(f'{part.kind} {part.hours}' for part in frozen.hours_parts)})"
    if frozen.remark:
        hours += f" ({frozen.remark})"
    found = [period(frozen, words), hours, frozen.form_of_study]
    if frozen.result:
        found.append(words["result"].format(result=frozen.result))
    return [fact for fact in found if fact]


def table(frozen: Frozen, words: Words) -> list[tuple[str, str]]:
    """Pairs of label and value: registration, protocol, order, place, day."""
    rows = [
        ("registration", frozen.registration_number),
        ("protocol", _dated(frozen.protocol_on, frozen.protocol_number, words)),
        ("order", _dated(frozen.order_on, frozen.order_number, words)),
        ("place", frozen.place),
        ("issued", written(frozen.issued_on, words)),
    ]
    return [(words[label], value) for label, value in rows if value]


def _dated(day: str, number: str, words: Words) -> str:
    if not (day and number):
        return written(day, words) if day else number
    return words["dated"].format(day=written(day, words), number=number)


def written(day: str, words: Words) -> str:
    """A day in words, kept on one line."""
    told = date.fromisoformat(day)
    month = words["months"].split()[told.month - 1]
    return words["day"].format(year=told.year, month=month, day=told.day).replace(" ", "\u00a0")


def period(frozen: Frozen, words: Words) -> str:
    """From when to when."""
    return f"{written(frozen.starts_on, words)} — {written(frozen.ends_on, words)}"


def named(frozen: Frozen, version: str) -> str:
    """A document as another one speaks of it: its number and its day."""
    from retrain.certificates.designs import places

    words = places.shipped("duplicate", version).words[frozen.language]
    number = check_code.shown(frozen.series, frozen.number)
    return f"{number}, {written(frozen.issued_on, words)}"
