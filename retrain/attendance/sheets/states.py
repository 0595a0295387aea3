"""The sheets that are printed from registers, and the columns each can have."""

from enum import StrEnum


class SheetKind(StrEnum):
    """What a template is for."""

    JOURNAL = "journal"
    MONTH = "month"
    STATEMENT = "statement"
    HOURS = "hours"


COLUMNS: dict[SheetKind, tuple[str, ...]] = {
    SheetKind.JOURNAL: (
        "marks", "n", "date", "time", "module", "topic", "kind", "hours", "lecturer", "present", "absent",
        "signature",
    ),
    SheetKind.MONTH: ("n", "name", "workplace", "days", "missed", "excused"),
    SheetKind.STATEMENT: (
        "n", "name", "workplace", "due", "attended", "missed", "excused", "evidenced", "share", "signature",
    ),
    SheetKind.HOURS: ("n", "date", "time", "run", "module", "topic", "kind", "planned", "held", "difference", "why"),
}  # fmt: skip
"""Every column a sheet of that kind can have, in the order in which they usually stand."""

USUAL: dict[SheetKind, tuple[str, ...]] = {
    SheetKind.JOURNAL: ("marks", "n", "date", "topic", "kind", "hours", "lecturer", "present", "signature"),
    SheetKind.MONTH: ("n", "name", "days", "missed", "excused"),
    SheetKind.STATEMENT: ("n", "name", "workplace", "due", "attended", "missed", "excused", "evidenced"),
    SheetKind.HOURS: ("n", "date", "run", "topic", "kind", "planned", "held", "difference", "why"),
}
"""The columns of a sheet for which a provider has no template of its own."""


def in_order(kind: SheetKind, places: dict[str, int]) -> list[str]:
    """The columns with a place, by place; those of one place as they usually stand."""
    known = [name for name in COLUMNS[kind] if places.get(name, 0) > 0]
    return sorted(known, key=lambda name: places[name])
