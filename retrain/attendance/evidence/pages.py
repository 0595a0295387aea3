"""Hours without a class: a teacher hands in reports, a mentor confirms, the coordinator decides and imports."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.attendance import named
from retrain.attendance.door import bp
from retrain.attendance.evidence import evidence, evidence_hours, mentors
from retrain.attendance.evidence import importing as evidence_import
from retrain.attendance.evidence.states import MOVES, EvidenceState
from retrain.attendance.evidence.wording import EVIDENCE, SOURCES
from retrain.attendance.live_pages import run_seen
from retrain.attendance.reading import minutes_typed
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.catalogue.wording import HOUR_KINDS
from retrain.enrolment import queries as enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow, public
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.web import work
from retrain.web.requests import day_of, file_sent, whole
from retrain.web.words import say


def _common(run: Run) -> dict[str, Any]:
    """What every page of evidence shows of a run: its modules with the hours that have evidence."""
    return {
        "run": run, "hour": evidence.hour_of(run), "kinds": HOUR_KINDS, "states": EVIDENCE, "sources": SOURCES,
        "planned": [(module, evidence_hours.kinds(run, module)) for module in timetable.modules(run)],
        "titles": {module.id: module.titles for module in timetable.modules(run)},
        "zone": people.zone_of(run.provider_id), "typed": request.form,
        "today": clock.today(people.zone_of(run.provider_id)),
    }  # fmt: skip


def _choice() -> tuple[int, HourKind]:
    """The module and kind chosen together in one list."""
    module, _separator, kind = request.form.get("part", "").partition(":")
    if not whole(module) or kind not in list(HourKind):
        raise NotThere(module)
    return whole(module), HourKind(kind)


@bp.route("/mine/hours/<code>", methods=["GET", "POST"])
@allow("evidence.mine")
def my_hours(code: str) -> Any:
    """One's own hours without a class: what is planned, what was handed in, and handing in a report."""
    actor = current_actor()
    row = enrolment.own_enrolment(actor.person_id or 0, code)
    if row is None or row.state not in IN_GROUP:
        raise NotThere(code)
    run, problems = evidence.run_of(row), list[str]()
    if request.method == "POST":
        try:
            return _handed_in(run)
        except Refused as refused:
            problems = [say(why) for why in refused.why]
    page = render_template(
        "attendance/my_hours.html", rows=evidence.of_enrolment(row.id), problems=problems, **_common(run)
    )
    return (page, 422) if problems else page


def _handed_in(run: Run) -> Any:
    module_id, kind = _choice()
    content, filename = file_sent("report") or (None, "")
    evidence.hand_in(
        current_actor(), run.code, module_id, kind,
        minutes_typed(request.form.get("hours", ""), evidence.hour_of(run)), day_of(request.form.get("on")),
        content, filename, request.form.get("note", ""),
    )  # fmt: skip
    flash(_("Your report is handed in. The coordinator decides on it."), "done")
    return redirect(url_for(".my_hours", code=run.code), 303)


@bp.get("/manage/runs/<code>/evidence")
@allow("evidence.see")
def run_evidence(code: str) -> Any:
    """What was handed in on a run; letters to mentors; a platform's export."""
    return _evidence(run_seen(code, "evidence.see"))


def _evidence(run: Run, problems: list[str] | None = None, **more: Any) -> Any:
    page = render_template(
        "attendance/evidence.html",
        tabs=work.gather("run_tabs", run, current_actor()),
        rows=evidence.of_run(run.id),
        letters=mentors.letters(run.id),
        members=named.group(run),
        names=named.of_run(run),
        may_decide=permissions.may(current_actor(), "evidence.decide", evidence.target_of(run)),
        may_return=lambda row: EvidenceState.RETURNED in MOVES[row.state],
        waiting=EvidenceState.WAITING,
        problems=problems or [],
        **(_common(run) | {"lines": None, "file_id": 0} | more),
    )
    return (page, 422) if problems else page


@bp.post("/manage/runs/<code>/evidence/<int:evidence_id>")
@allow("evidence.decide")
def decide_evidence(code: str, evidence_id: int) -> Any:
    """The hours count, or the report is returned with a reason."""
    run = run_seen(code, "evidence.decide")
    accept = "accept" in request.form
    if evidence_id not in {row.id for row in evidence.of_run(run.id)}:
        raise NotThere(evidence_id)
    try:
        evidence.decide(current_actor(), evidence_id, accept=accept, why=request.form.get("why", ""))
    except Refused as refused:
        return _evidence(run, [say(why) for why in refused.why])
    flash(_("The hours count.") if accept else _("It is returned, and the teacher is told why."), "done")
    return redirect(url_for(".run_evidence", code=run.code), 303)


@bp.post("/manage/runs/<code>/evidence/mentor")
@allow("evidence.decide")
def ask_mentor(code: str) -> Any:
    """A letter to a mentor with a link that is good once."""
    run = run_seen(code, "evidence.decide")
    module_id, kind = _choice()
    try:
        letter = mentors.ask_mentor(
            current_actor(), run.code, whole(request.form.get("who")), module_id, kind,
            minutes_typed(request.form.get("hours", ""), evidence.hour_of(run)),
            request.form.get("mentor", ""), request.form.get("address", ""),
        )  # fmt: skip
    except Refused as refused:
        return _evidence(run, [say(why) for why in refused.why])
    flash(_("A letter goes to %(address)s.", address=letter.address), "done")
    return redirect(url_for(".run_evidence", code=code), 303)


@bp.post("/manage/runs/<code>/evidence/import")
@allow("evidence.decide")
def import_evidence(code: str) -> Any:
    """A platform's export: shown line by line first, then taken in."""
    run, actor = run_seen(code, "evidence.decide"), current_actor()
    try:
        if file_id := whole(request.form.get("file")):
            count = evidence_import.take_in(actor, code, file_id)
            flash(ngettext("%(num)s line is taken in.", "%(num)s lines are taken in.", count), "done")
            return redirect(url_for(".run_evidence", code=code), 303)
        if not (sent := file_sent("export")):
            raise Refused(Refusal.of("file-not-chosen", field="export"))
        file_id = evidence_import.keep(actor, code, *sent)
        lines = evidence_import.preview(actor, run, file_id)
    except Refused as refused:
        return _evidence(run, [say(why) for why in refused.why])
    shown = [(line, [say(why) for why in line.why]) for line in lines]
    return _evidence(run, lines=shown, file_id=file_id, new=sum(line.is_new for line in lines))


@bp.route("/mentor/<token>", methods=["GET", "POST"])
@public
def mentor(token: str) -> Any:
    """What a mentor's letter leads to: whose hours, how many, yes or no. Opening it changes nothing."""
    if request.method == "POST":
        confirm = "confirm" in request.form
        try:
            mentors.answer_mentor(token, confirm=confirm, note=request.form.get("note", ""))
        except Refused as refused:
            return _mentor_told([say(why) for why in refused.why]), 422
        return _mentor_told([_("Thank you. Your answer is kept.")])
    try:
        letter = mentors.living_letter(token)
    except Refused as refused:
        return _mentor_told([say(why) for why in refused.why])
    run = evidence.run_of(letter.enrolment)
    name = shown_names.of_person(evidence.person_of(letter.enrolment_id))
    return render_template(
        "attendance/mentor.html", letter=letter, run=run, name=name, kinds=HOUR_KINDS,
        hours=to_tenths(letter.minutes, evidence.hour_of(run)), told=[], zone=people.zone_of(run.provider_id),
    )  # fmt: skip


def _mentor_told(sentences: list[str]) -> str:
    return render_template("attendance/mentor.html", letter=None, told=sentences)
