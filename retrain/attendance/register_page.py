"""What the register of one class shows."""

import hashlib
import hmac
import json
from typing import Any

from flask import Response, current_app, request

from retrain import clock
from retrain.attendance import entitled, operation_queries, queries, rules, signing, substitutes
from retrain.attendance.marking import facts, standing
from retrain.attendance.models import Register, RegisterOperation
from retrain.attendance.operation_rules import Standing
from retrain.attendance.states import CLOSED, IN_PART, TAPPED, Outcome, RegisterState, What
from retrain.attendance.wording import GUESTS, MARKS, REGISTERS
from retrain.people import permissions, settings, shown_names
from retrain.people import queries as people
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope
from retrain.refusal import Refusal
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language
from retrain.web.words import say


def context(meeting: ClassSession, problems: list[tuple[str, str]]) -> dict[str, Any]:
    """Everything the page of *meeting*'s register needs; *problems* are field and sentence of what was refused."""
    actor, sheet, whose = current_actor(), queries.register_of(meeting.id), entitled.target(meeting)
    state = sheet.state if sheet else RegisterState.OPEN
    known = facts(meeting, state)
    may_sign = permissions.may(actor, "register.sign", whose)
    lines = queries.lines(meeting, sheet)
    settling = operation_queries.to_settle(sheet.id) if sheet else []
    stood = stood_in(sheet)
    versions = {number: each.version for (what, number), each in stood.items() if what is What.MARK}
    late = rules.refusals_to_mark(known, clock.now())
    found = {
        "meeting": meeting, "zone": people.zone_of(meeting.run.provider_id), "sheet": sheet,
        "state": REGISTERS[state], "closed": state in CLOSED, "lines": lines,
        "closed_to": [say(why) for why in late], "stands": known.published,
        "not_due": queries.not_due(meeting, sheet),
        "changes": queries.changes(sheet.id) if sheet else [],
        "settling": [_shown(row, sheet) for row in settling],
        "guests": operation_queries.guests(sheet.id) if sheet else [],
        "guest_words": GUESTS, "parts": PARTS, "kinds": [(kind.value, MARKS[kind]) for kind in TAPPED],
        "in_part": IN_PART, "marks": MARKS, "hour": hour_of(meeting), "problems": problems,
        "typed": request.form, "topics": topics(meeting),
        "versions": versions, "topic_version": stood.get((What.TOPIC, None), Standing()).version,
        "may_mark": entitled.may_mark(actor, meeting, whose), "may_sign": may_sign,
        "may_settle": permissions.may(actor, "register.settle", whose),
        "cannot_correct": [],
        "may_correct": False,
        "lecturers": [], "teaches": [], "device": device_facts(meeting),
        "names": shown_names.short(_people(sheet, settling)),
    }  # fmt: skip
    if permissions.may(actor, "register.correct", whose) and sheet is not None:
        why = signing.refusals_to_correct(actor, meeting, sheet)
        found |= {"may_correct": not why, "cannot_correct": [say(refusal) for refusal in why]}
    if may_sign and permissions.scope(actor, "register.sign") is not Scope.SESSIONS:
        found["teaches"] = timetable.lecturers(meeting.run.provider_id)
    if permissions.may(actor, "register.substitute", whose):
        found["lecturers"] = [
            one for one in timetable.lecturers(meeting.run.provider_id) if one.id != meeting.lecturer_id
        ]
        found["substitutes"] = substitutes.of(meeting.id)
    return found | {"digest": digest(found, lines)}


def hour_of(meeting: ClassSession) -> int:
    """Minutes of an academic hour where and when the class is held."""
    return int(settings.get(meeting.run.provider_id, "academic_hour", meeting.on_date))


def topics(meeting: ClassSession) -> list[dict[str, str]]:
    """The titles of the module's topics in the order of the thematic plan, the class's own first."""
    plan = list(meeting.module.topics) if meeting.module else []
    own = [meeting.topic] if meeting.topic else []
    return [topic.titles for topic in [*own, *(topic for topic in plan if topic not in own)]]


def stood_in(sheet: Register | None) -> dict[Any, Standing]:
    """What stands in a register by subject; nothing in one that nobody has begun."""
    return standing(sheet) if sheet else {}


def _people(sheet: Register | None, settling: list[RegisterOperation]) -> list[int]:
    found = {row.by_id for row in settling}
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


def state_of(meeting: ClassSession) -> dict[str, Any]:
    """The register as a device compares it with what it holds."""
    sheet = queries.register_of(meeting.id)
    stood = stood_in(sheet)
    topic = stood.get((What.TOPIC, None), Standing())
    marks = {}
    for (what, number), each in stood.items():
        if what is What.MARK and number is not None:
            kind, missed, reason = each.value if isinstance(each.value, tuple) else ("", 0, "")
            marks[str(number)] = {
                "kind": str(kind), "missed": missed, "reason": reason, "version": each.version,
            }  # fmt: skip
    return {
        "digest": digest(_what_it_is_made_of(meeting, sheet), queries.lines(meeting, sheet)),
        "state": str(sheet.state if sheet else RegisterState.OPEN),
        "topic": {"value": topic.value or "", "version": topic.version},
        "marks": marks,
    }


def _what_it_is_made_of(meeting: ClassSession, sheet: Register | None) -> dict[str, Any]:
    """As much of the page as its digest is made of: devices ask for it with every sending."""
    actor, whose = current_actor(), entitled.target(meeting)
    settling = operation_queries.to_settle(sheet.id) if sheet else []
    return {
        "meeting": meeting, "closed": (sheet.state if sheet else RegisterState.OPEN) in CLOSED, "sheet": sheet,
        "settling": [{"row": row} for row in settling],
        "guests": operation_queries.guests(sheet.id) if sheet else [],
        "changes": queries.changes(sheet.id) if sheet else [],
        "may_mark": entitled.may_mark(actor, meeting, whose),
        "may_sign": permissions.may(actor, "register.sign", whose),
    }  # fmt: skip


def digest(found: dict[str, Any], lines: list[queries.Line]) -> str:
    """Changes when the page would be made of other parts; a mark alone does not change it."""
    parts = [
        found["meeting"].starts_at.isoformat(), str(found["meeting"].state), found["closed"],
        str(found["sheet"].state) if found["sheet"] else "open", [(line.enrolment_id, line.name) for line in lines],
        [shown["row"].id for shown in found["settling"]], [(row.id, str(row.state)) for row in found["guests"]],
        len(found["changes"]), found["may_mark"], found["may_sign"],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


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
