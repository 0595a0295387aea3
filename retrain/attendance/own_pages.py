"""A teacher's own attendance of a course: every class with its mark, the hours they make, how near the limit."""

from typing import Any

from flask import render_template

from retrain.attendance import own_marks, queries
from retrain.attendance.absences import absences
from retrain.attendance.absences.wording import RISKS
from retrain.attendance.door import bp
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.rules import Tally
from retrain.attendance.states import IN_PART, MarkKind
from retrain.attendance.wording import MARKS
from retrain.calendar.hours import to_tenths
from retrain.enrolment import queries as enrolment
from retrain.enrolment.queries import EVER_IN_GROUP
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere

TONES = {MarkKind.ABSENT: "problem", MarkKind.LATE: "waiting", MarkKind.LEFT_EARLY: "waiting"}


@bp.get("/mine/attendance/<code>")
@allow("attendance.mine")
def my_attendance(code: str) -> Any:
    """One's own marks, latest first, with what they come to; excuses with the paper that lies with them."""
    row = enrolment.own_enrolment(current_actor().person_id or 0, code)
    if row is None or row.state not in EVER_IN_GROUP:
        raise NotThere(code)
    run = evidence.run_of(row)
    absence = absences.policy_of(run)
    tally = queries.tallies(run.id).get(row.id, Tally())
    missed = absence.missed(tally)
    return render_template(
        "attendance/mine.html",
        run=run, rows=own_marks.of_enrolment(row), marks=MARKS, tones=TONES, in_part=IN_PART, hour=absence.hour,
        tally=tally, missed=to_tenths(missed, absence.hour), limit=run.policy.get("max_unexcused_hours"),
        shown=evidence_hours.accepted(run.id).get(row.id, 0), risk=RISKS[absence.risk(missed)],
        correction_days=settings.get(run.provider_id, "registers")["correction_days"],
        zone=people.zone_of(run.provider_id),
    )  # fmt: skip
