"""Who is told of a change of the week: each person once for an action, whatever number of classes it touched."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from retrain import messages
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.messages.service import Said
from retrain.people import queries as people
from retrain.timetable import asking, entries, halves, journal, queries
from retrain.timetable.asking import Stand, Touched, Turn
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Part, SessionState

_quiet: ContextVar[bool] = ContextVar("timetable_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Inside nobody is told of single classes: who calls tells everybody once, at the end."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether somebody else will tell."""
    return _quiet.get()


def comers(parts: Iterable[tuple[int, Part]]) -> dict[tuple[int, Part], list[int]]:
    """(run, part of its group) → the people with a place who come to the classes of that part."""
    found: dict[tuple[int, Part], list[int]] = {part: [] for part in parts}
    split = {run_id for run_id, part in found if part is not Part.WHOLE}
    half_of = {run_id: halves.of_group(db.session.get_one(Run, run_id)) for run_id in split}
    for run_id, group in queries.groups({run_id for run_id, _part in found}).items():
        for number, person_id in group:
            for part in (Part.WHOLE, half_of.get(run_id, {}).get(number)):
                if part is not None and (run_id, part) in found:
                    found[run_id, part].append(person_id)
    return found


def touched(meetings: Sequence[ClassSession], lecturer_ids: Collection[int | None] = ()) -> Touched:
    """Whom a change of these classes concerns, if they are public; *lecturer_ids* are to teach them."""
    public = [row for row in meetings if row.state is SessionState.PUBLISHED]
    if not public:
        return Touched()
    found = Touched(len(public))
    for members in comers((row.run_id, row.part) for row in public).values():
        found.group.update(members)
    found.lecturers = {number for number in (*(row.lecturer_id for row in public), *lecturer_ids) if number}
    found.run_codes = sorted({row.run.code for row in public})
    return found


@dataclass(frozen=True)
class News:
    """One class that changed: as it is now, what it was like, and which message tells of it alone."""

    meeting: ClassSession
    before: Mapping[str, Any]
    kind: str

    @property
    def parts(self) -> tuple[tuple[int, Part], ...]:
        """Of which run and which part of its group the class is and was."""
        run_id, now = self.meeting.run_id, self.meeting.part
        return tuple({(run_id, now), (run_id, self.before.get("part") or now)})

    @property
    def turn(self) -> Turn:
        """As whoever is asked about it reads it."""
        meeting = self.meeting
        titles = meeting.topic.titles if meeting.topic else meeting.run.version.titles
        now = journal.snapshot(meeting)
        return Turn(meeting.id, meeting.run.code, titles, Stand.of({**now, **self.before}), Stand.of(now))


def tell(news: Sequence[News], key: str, about: tuple[str, int], but: Collection[int] = ()) -> int:
    """Tell everybody concerned once; how many. *key* is the action's own; *but*: who is told by something else.

    Raises AskFirst as :mod:`asking` says.
    """
    by_person: dict[int, list[News]] = defaultdict(list)
    members = comers(part for one in news for part in one.parts)
    touched = Touched(len(news), run_codes=sorted({one.meeting.run.code for one in news}))
    for one in news:
        group = {person_id for part in one.parts for person_id in members[part]}
        lecturers = {number for number in (one.before.get("lecturer_id"), one.meeting.lecturer_id) if number}
        touched.group |= group
        touched.lecturers |= lecturers
        for person_id in group | lecturers:
            by_person[person_id].append(one)
    asking.about(touched, (one.turn for one in news))
    zones = people.zones_of({one.meeting.run.provider_id for one in news})
    names = people.display_names({one.meeting.lecturer_id for one in news})
    by_kind: dict[str, list[Said]] = defaultdict(list)
    for person_id, theirs in sorted(by_person.items()):
        if person_id in but:
            continue
        zone = zones[theirs[0].meeting.run.provider_id].key
        kind, facts = _said(theirs, zone, names)
        now = theirs[0].meeting
        entry = _entry(theirs, person_id in members[now.run_id, now.part], person_id)
        by_kind[kind].append(Said(person_id, facts, f"{key}:{person_id}", about, entry))
    for kind, said in by_kind.items():
        messages.later_each(kind, said)
    return len(by_person)


def _said(theirs: Sequence[News], zone: str, names: Mapping[int, str]) -> tuple[str, dict[str, Any]]:
    first = min(theirs, key=lambda one: one.meeting.starts_at).meeting
    facts = {
        "run": first.run.code,
        "title": first.run.version.titles,
        "day": first.on_date.isoformat(),
        "starts": first.starts_at.isoformat(),
        "zone": zone,
        "room": first.room.name if first.room else "",
        "lecturer": names.get(first.lecturer_id or 0, ""),
    }
    if len(theirs) == 1:
        return theirs[0].kind, facts
    codes = sorted({one.meeting.run.code for one in theirs})
    return "timetable.rearranged", facts | {"runs": ", ".join(codes), "count": len(theirs)}


def _entry(theirs: Sequence[News], learns: bool, person_id: int) -> dict[str, Any] | None:
    """One class's entry for the reader's calendar; several can't go in one mail (RFC 5546, 3.2.2: one UID)."""
    if len(theirs) > 1:
        return None
    meeting = theirs[0].meeting
    comes = learns or meeting.lecturer_id == person_id
    stands = comes and meeting.state is SessionState.PUBLISHED
    return entries.invitation_of(meeting, "REQUEST" if stands else "CANCEL")
