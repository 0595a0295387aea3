"""The lecturer's day, the register of a class, and the coordinator's overview of registers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.attendance import (
    deciding_pages,
    entitled,
    live_pages,
    opened,
    own_marks,
    own_pages,
    queries,
    register_page,
    service,
    waiting_queries,
)
from retrain.attendance.checkin import pages as checkin_pages
from retrain.attendance.devices import pages as device_pages
from retrain.attendance.door import bp
from retrain.attendance.evidence import pages as evidence_pages
from retrain.attendance.reading import marks_typed, start_shown, versions_seen
from retrain.attendance.sheets import pages as sheet_pages
from retrain.attendance.states import CLOSED
from retrain.attendance.wording import REGISTERS
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.people import permissions, settings, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Forbidden, Refused
from retrain.timetable import queries as timetable
from retrain.timetable import sharing
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Part, SessionState
from retrain.timetable.wording import PARTS
from retrain.web import work
from retrain.web.language import readers_today
from retrain.web.requests import whole
from retrain.web.words import say

__all__ = [
    "bp",
    "checkin_pages",
    "deciding_pages",
    "device_pages",
    "evidence_pages",
    "live_pages",
    "own_pages",
    "sheet_pages",
]

LONGEST_WHY = 500
"""As much of a reason as is kept; the field takes no more."""


@bp.get("/teaching")
@allow("teaching.see")
def teaching() -> Any:
    """Today's classes and what is still to sign."""
    today, person_id = readers_today(), current_actor().person_id or 0
    meetings = timetable.taught_by(person_id, today - timedelta(days=30), today + timedelta(days=7))
    meetings = waiting_queries.with_classes_of_others(meetings, person_id, today)
    registers = queries.registers([row.id for row in meetings])
    rows = [(row, registers.get(row.id)) for row in meetings]
    page = render_template(
        "attendance/teaching.html",
        today=today,
        todays=[pair for pair in rows if pair[0].on_date == today],
        unsigned=[pair for pair in rows if pair[0].on_date < today and not _is_closed(pair[1])],
        coming=[pair for pair in rows if pair[0].on_date > today],
        zones=people.zones_of({row.run.provider_id for row in meetings}),
        words=REGISTERS,
        device=register_page.device_of_reader(),
    )
    return register_page.kept_for(make_response(page))


@bp.route("/registers/<int:session_id>", methods=["GET", "POST"])
@allow("register.mark")
def register(session_id: int) -> Any:
    """The register of one class: marks and signature."""
    meeting = timetable.session(session_id)
    found = opened.of(meeting)
    if not entitled.may_look(current_actor(), meeting, found.whose):
        raise Forbidden("register.mark")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            return _carry_out(meeting)
        except Refused as refused:
            problems = [(refusal.field or "", say(refusal)) for refusal in refused.why]
            found = opened.of(timetable.session(session_id))
    page = render_template("attendance/register.html", **register_page.context(found, problems))
    return register_page.kept_for(make_response(page))


@bp.post("/registers/<int:session_id>/correct")
@allow("register.correct")
def correct(session_id: int) -> Any:
    """One mark of a signed register, with the reason."""
    meeting = timetable.session(session_id)
    typed, problems = marks_typed(request.form, register_page.hour_of(meeting))
    wanted = request.form.get("who", "")
    chosen = [mark for mark in typed if str(mark.enrolment_id) == wanted]
    if problems:
        raise Refused(problems)
    for mark in chosen:
        service.correct(current_actor(), session_id, mark, request.form.get("why", "").strip()[:LONGEST_WHY])
        flash(_("The mark was corrected. The old one is kept."), "done")
    return redirect(url_for(".register", session_id=session_id), 303)


@bp.get("/manage/runs/<code>/registers")
@allow("register.see")
def registers(code: str) -> Any:
    """Every class of a run with its register, and hours missed by person."""
    run = catalogue.run(code)
    actor = current_actor()
    permissions.require(actor, "register.see", Target(provider_id=run.provider_id, curator_id=run.curator_id))
    meetings = [row for row in timetable.sessions(run.id) if row.state is SessionState.PUBLISHED]
    begun = queries.registers([row.id for row in meetings])
    hour = settings.get(run.provider_id, "academic_hour")
    rows = [(row, begun.get(row.id)) for row in meetings]
    return render_template(
        "attendance/registers.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        rows=rows,
        lacking=own_marks.lacking(run, rows),
        lecturers=shown_names.short([row.lecturer_id for row in meetings]),
        people=queries.hours_by_person(run, hour),
        limit=run.policy.get("max_unexcused_hours"),
        may_plan=permissions.may(actor, "timetable.edit", Target(provider_id=run.provider_id)),
        words=REGISTERS,
        parts=PARTS,
        halves_url=_halves_url(run, meetings),
        zone=people.zone_of(run.provider_id),
        today=clock.today(people.zone_of(run.provider_id)),
        may_open=permissions.may(
            actor, "register.mark", Target(provider_id=run.provider_id, curator_id=run.curator_id)
        ),
    )


def _halves_url(run: Run, meetings: Sequence[ClassSession]) -> str:
    """Where it is said who is in which half, for whoever may say it; nothing while the group is never split."""
    if all(row.part is Part.WHOLE for row in meetings):
        return ""
    may = permissions.may(current_actor(), "halves.edit", sharing.target(run))
    return url_for("timetable.halves_of_group", code=run.code) if may else ""


def _carry_out(meeting: Any) -> Any:
    """Save what was typed, and sign when that button was pressed."""
    actor, session_id = current_actor(), meeting.id
    marks, problems = marks_typed(request.form, register_page.hour_of(meeting), everyone=_everyone(meeting))
    if problems:
        raise Refused(problems)
    service.save_marks(
        actor, session_id, marks, request.form.get("topic", "").strip()[:300], versions_seen(request.form),
        start_shown(request.form),
    )  # fmt: skip
    if "sign" in request.form:
        service.sign(actor, session_id, whole(request.form.get("taught_by")) or None)
        flash(_("The register is signed."), "done")
        here = url_for(".register", session_id=session_id)
        return redirect(url_for(".teaching") if actor.role == "lecturer" else here, 303)
    flash(_("The marks are saved."), "done")
    return redirect(url_for(".register", session_id=session_id), 303)


def _everyone(meeting: Any) -> list[int] | None:
    """Whom “all present” means; None when that button was not pressed."""
    if "all_present" not in request.form:
        return None
    return [line.enrolment_id for line in queries.lines(meeting, queries.register_of(meeting.id))]


def _is_closed(sheet: Any) -> bool:
    return sheet is not None and sheet.state in CLOSED
