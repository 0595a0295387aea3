"""What the register of one class shows."""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, current_app, request

from retrain import clock
from retrain.attendance import entitled, named, queries, rules, signing, substitutes
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_rules import Standing
from retrain.attendance.marking import facts
from retrain.attendance.models import Guest, MarkChange, Register, RegisterOperation
from retrain.attendance.opened import Opened, marks_of
from retrain.attendance.states import IN_PART, TAPPED, Outcome, RegisterState, What
from retrain.attendance.wording import GUESTS, MARKS, REGISTERS
from retrain.people import permissions, settings, shown_names
from retrain.people import queries as people
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope
from retrain.refusal import Refusal
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language
from retrain.web.words import say


@dataclass(frozen=True)
class Parts:
    """What the page of a register is made of. A mark alone changes none of it but what stands in its line."""

    meeting: ClassSession
    sheet: Register | None
    closed: bool
    lines: list[queries.Line]
    settling: list[RegisterOperation]
    guests: list[Guest]
    changes: list[tuple[MarkChange, int]]
    may_mark: bool
    may_sign: bool

    @property
    def digest(self) -> str:
        """Changes when the page would be made of other parts."""
        told = [
            self.meeting.starts_at.isoformat(), str(self.meeting.state), self.closed,
            str(self.sheet.state) if self.sheet else "open", [(line.enrolment_id, line.name) for line in self.lines],
            [row.id for row in self.settling], [(row.id, str(row.state)) for row in self.guests],
            len(self.changes), self.may_mark, self.may_sign,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def parts(found: Opened) -> Parts:
    """The parts for whoever asks: the page shows them, and devices compare their digest after every sending."""
    actor, sheet = current_actor(), found.register
    return Parts(
        meeting=found.meeting,
        sheet=sheet,
        closed=found.closed,
        lines=queries.lines(found.meeting, sheet, found.group),
        settling=found.settling,
        guests=operation_queries.guests(sheet.id) if sheet else [],
        changes=queries.changes(sheet.id) if sheet and sheet.state is RegisterState.CORRECTED else [],
        may_mark=entitled.may_mark(actor, found.meeting, found.whose),
        may_sign=permissions.may(actor, "register.sign", found.whose),
    )


def context(found: Opened, problems: list[tuple[str, str]]) -> dict[str, Any]:
    """Everything the page of a register needs; *problems* are field and sentence of what was refused."""
    actor, meeting, sheet, whose = current_actor(), found.meeting, found.register, found.whose
    made = parts(found)
    late = rules.refusals_to_mark(facts(meeting, found.state), clock.now())
    written = named.of_run(meeting.run)
    shown = vars(made) | {
        "digest": made.digest, "zone": people.zone_of(meeting.run.provider_id), "state": REGISTERS[found.state],
        "closed_to": [say(why) for why in late], "stands": meeting.state is SessionState.PUBLISHED,
        "lines": [replace(line, name=written.get(line.enrolment_id, line.name)) for line in made.lines],
        "not_due": [
            (member, written.get(member.enrolment_id, name))
            for member, name in found.group.coming(sheet)
            if not member.covers(meeting.on_date)
        ],
        "settling": [_shown(row, sheet) for row in made.settling],
        "guest_words": GUESTS, "parts": PARTS, "kinds": [(kind.value, MARKS[kind]) for kind in TAPPED],
        "in_part": IN_PART, "marks": MARKS, "hour": hour_of(meeting), "problems": problems,
        "typed": request.form, "topics": topics(meeting),
        "versions": {number: each.version for number, each in marks_of(found.stands).items()},
        "topic_version": found.stands.get((What.TOPIC, None), Standing()).version,
        "may_settle": permissions.may(actor, "register.settle", whose),
        "cannot_correct": [],
        "may_correct": False,
        "lecturers": [], "teaches": [], "device": device_facts(meeting),
        "names": shown_names.short(_people(sheet, made)),
    }  # fmt: skip
    if permissions.may(actor, "register.correct", whose) and sheet is not None:
        why = signing.refusals_to_correct(actor, meeting, sheet)
        shown |= {"may_correct": not why, "cannot_correct": [say(refusal) for refusal in why]}
    if made.may_sign and permissions.scope(actor, "register.sign") is not Scope.SESSIONS:
        shown["teaches"] = timetable.lecturers(meeting.run.provider_id)
    if permissions.may(actor, "register.substitute", whose):
        shown["lecturers"] = [
            one for one in timetable.lecturers(meeting.run.provider_id) if one.id != meeting.lecturer_id
        ]
        shown["substitutes"] = substitutes.of(meeting.id)
    return shown


def hour_of(meeting: ClassSession) -> int:
    """Minutes of an academic hour where and when the class is held."""
    return int(settings.get(meeting.run.provider_id, "academic_hour", meeting.on_date))


def topics(meeting: ClassSession) -> list[dict[str, str]]:
    """The titles of the module's topics in the order of the thematic plan, the class's own first."""
    plan = list(meeting.module.topics) if meeting.module else []
    own = [meeting.topic] if meeting.topic else []
    return [topic.titles for topic in [*own, *(topic for topic in plan if topic not in own)]]


def _people(sheet: Register | None, made: Parts) -> list[int]:
    """Whoever signed, taught, marked, corrected, or sent what has to be settled."""
    found = {row.by_id for row in made.settling} | {change.changed_by_id for change, _number in made.changes}
    if sheet is not None:
        found |= {sheet.signed_by_id, sheet.taught_by_id, *(row.marked_by_id for row in sheet.marks)}
    return [number for number in found if number is not None]


def _shown(row: RegisterOperation, sheet: Register | None) -> dict[str, Any]:
    """One thing to settle: what stands and what the other device says, side by side."""
    mark = (
        next((each for each in sheet.marks if each.enrolment_id == row.enrolment_id), None) if sheet else None
    )
    return {"row": row, "mark": mark, "disputed": row.outcome is Outcome.DISPUTED,
            "why": [say(Refusal.of(code, on="")) for code in row.why]}  # fmt: skip


def state_of(found: Opened) -> dict[str, Any]:
    """The register as a device compares it with what it holds."""
    topic = found.stands.get((What.TOPIC, None), Standing())
    marks = {}
    for number, each in marks_of(found.stands).items():
        kind, missed, reason = each.value if isinstance(each.value, tuple) else ("", 0, "")
        marks[str(number)] = {
            "kind": str(kind), "missed": missed, "reason": reason, "version": each.version,
        }  # fmt: skip
    return {
        "digest": parts(found).digest,
        "state": str(found.state),
        "topic": {"value": topic.value or "", "version": topic.version},
        "marks": marks,
    }


def device_facts(meeting: ClassSession) -> dict[str, str]:
    """What a device has to know about the page to mark without a network."""
    return device_of_reader() | {"starts": meeting.starts_at.isoformat()}


def kept_for(answer: Response) -> Response:
    """The page, saying whose copy a browser may keep of it."""
    facts = device_of_reader()
    answer.headers["X-Kept-For"] = f"{facts['owner']} {facts['language']}"
    return answer


def device_of_reader() -> dict[str, str]:
    """Whose page this is and in which language, for the browser that keeps it."""
    return {"owner": owner_of(current_actor().person_id), "language": current_language()}


def owner_of(person_id: int | None) -> str:
    """Under what name a browser keeps what is this person's; it says nothing about who they are."""
    if person_id is None:
        return ""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"registers kept for {person_id}".encode(), hashlib.sha256).hexdigest()[:24]
