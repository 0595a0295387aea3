"""What of a person stays until when, and whether it needs their name. Plain values in, an answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Kept:
    """One kind of thing that stays, by its code in ``privacy_wording.KEPT``; without *until* it stays for good.

    *named* is what would be of no use if nobody knew whose it is. What was frozen with a name of its own isn't.
    """

    code: str
    until: date | None = None
    named: bool = False


def years_after(since: date, years: int) -> date:
    """The day so many years later; of the 29th of February, the last day of that month."""
    year = min(since.year + years, date.max.year)
    return date(year, 2, 28) if (since.month, since.day) == (2, 29) else since.replace(year=year)


def each_kind_once(found: Iterable[Kept], today: date) -> list[Kept]:
    """What is still kept on a day, each kind with its last day of all, in the order of the codes."""
    by_code: dict[str, list[Kept]] = {}
    for each in found:
        if each.until is None or each.until >= today:
            by_code.setdefault(each.code, []).append(each)
    return [
        Kept(code, last_day(same), any(each.named for each in same)) for code, same in sorted(by_code.items())
    ]


def last_day(kept: Iterable[Kept]) -> date | None:
    """The day after which none of them is kept; None when one stays for good, or there is none."""
    days = [each.until for each in kept]
    return None if None in days else max((day for day in days if day), default=None)


def needing_the_name(kept: Iterable[Kept]) -> list[Kept]:
    """Those for the sake of which the person's name stays in their own row."""
    return [each for each in kept if each.named]
