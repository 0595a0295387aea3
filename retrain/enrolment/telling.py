"""What enrolment says to people: one message for each change of where they stand, with the calendar entry."""

from collections.abc import Iterable
from typing import Any

from retrain import messages
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_runs import RunAtDesk

SHOWN = frozenset({"starts_on", "ends_on", "place_text"})
"""What of a run stands in people's calendars."""


def tell(
    run: RunAtDesk,
    enrolment: Enrolment,
    person_id: int,
    kind: str,
    step: int,
    *,
    again: str = "",
    **more: Any,
) -> None:
    """Tell the person; *step* counts the changes of this enrolment, so that each is said once.

    *again* names what is said of the same step besides.
    """
    facts = {**_facts(run), **more}
    key = f"enrolment:{enrolment.id}:{step}" + (f":{again}" if again else "")
    messages.later(
        person_id, kind, facts, about=("enrolment", enrolment.id), key=key,
        calendar=_entry_for(run, enrolment, kind, step),
    )  # fmt: skip


def tell_of_change(run: RunAtDesk, people: Iterable[tuple[int, int, bool, int]]) -> None:
    """Tell everybody of the run's new days and place: (person, enrolment, whether they have a place, steps of it)."""
    facts = {**_facts(run), "place": run.place_text}
    messages.later_each(
        "enrolment.changed",
        [
            messages.Said(
                person_id, facts, f"enrolment:{enrolment_id}:run:{run.lock}", ("enrolment", enrolment_id),
                entry(run, enrolment_id, "REQUEST", step) if has_place else None,
            )
            for person_id, enrolment_id, has_place, step in people
        ],
    )  # fmt: skip


def _facts(run: RunAtDesk) -> dict[str, Any]:
    return {
        "run": run.facts.code,
        "course": run.titles,
        "starts": run.facts.starts_on.isoformat(),
        "ends": run.facts.ends_on.isoformat(),
        "zone": run.facts.timezone,
        "path": f"/runs/{run.facts.code}",
    }


# Which messages put the course into a calendar, and which take it out again.
_METHODS = {
    "enrolment.enrolled": "REQUEST",
    "enrolment.promoted": "REQUEST",
    "enrolment.nominated": "REQUEST",
    "enrolment.accepted": "REQUEST",
    "enrolment.approved": "REQUEST",
    "enrolment.moved": "REQUEST",
    "enrolment.substitute": "REQUEST",
    "enrolment.transferred": "CANCEL",
    "enrolment.substituted": "CANCEL",
    "enrolment.withdrawn": "CANCEL",
    "enrolment.removed": "CANCEL",
    "enrolment.cancelled": "CANCEL",
}


def _entry_for(run: RunAtDesk, enrolment: Enrolment, kind: str, step: int) -> dict[str, Any] | None:
    method = _METHODS.get(kind)
    if method is None or (method == "CANCEL" and enrolment.since is None):
        return None
    return entry(run, enrolment.id, method, step)


def entry(run: RunAtDesk, enrolment_id: int, method: str, step: int) -> dict[str, Any]:
    """All days of the course as one calendar entry, the same in mails and downloads.

    Calendars take a later wording for the one with the higher sequence, so it rises with each *step* of the
    enrolment and with each change of the run. Sessions get their entries from the timetable.
    """
    return {
        "uid": f"enrolment-{enrolment_id}@retrain",
        "sequence": step + run.lock,
        "method": method,
        "starts": run.facts.starts_on.isoformat(),
        "ends": run.facts.ends_on.isoformat(),
        "zone": run.facts.timezone,
        "summary": run.titles,
        "location": run.place_text,
        "path": f"/runs/{run.facts.code}",
    }
