"""The code on the lecturer's screen, the teacher's phone, and the list at the desk."""

from secrets import token_urlsafe
from typing import Any

import segno
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from retrain import clock, files
from retrain.attendance import entitled, named, queries
from retrain.attendance.checkin import checkins
from retrain.attendance.checkin import rules as checkin_rules
from retrain.attendance.checkin.wording import CHECK_INS
from retrain.attendance.door import bp
from retrain.catalogue import queries as catalogue
from retrain.documents.cards import Card, cards_pdf
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession
from retrain.web.downloads import made_file
from retrain.web.language import current_language
from retrain.web.requests import chosen
from retrain.web.words import say

DEVICE = "here"
"""The cookie that tells one phone from another, on the pages of check-in alone."""

A_YEAR = 365 * 24 * 3600


def _to_mark(session_id: int) -> ClassSession:
    meeting = timetable.session(session_id)
    entitled.require_to_mark(current_actor(), meeting)
    return meeting


@bp.get("/registers/<int:session_id>/screen")
@allow("register.mark")
def screen(session_id: int) -> Any:
    """What everybody in the room sees: a square, its letters, how many have come."""
    meeting, now = _to_mark(session_id), clock.now()
    code = checkin_rules.code(checkins.key(), session_id, checkin_rules.step_of(now))
    address = url_for(".opened", session_id=session_id, code=code, _external=True)
    square = segno.make(address, error="l", micro=False)
    lines = _lines(meeting)
    return render_template(
        "attendance/screen.html",
        meeting=meeting,
        zone=people.zone_of(meeting.run.provider_id),
        closed_to=[say(why) for why in checkins.refusals(meeting)],
        code=f"{code[:3]} {code[3:]}",
        square=Markup(square.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)),  # noqa: S704
        address=url_for(".here", session_id=session_id, _external=True).partition("://")[2],
        left=checkin_rules.seconds_left(now),
        came=len(checkins.waiting(meeting)),
        marked=sum(1 for line in lines if line.mark),
        due=len(lines),
    )


def _lines(meeting: ClassSession) -> list[queries.Line]:
    return queries.lines(meeting, queries.register_of(meeting.id))


@bp.get("/registers/<int:session_id>/checkin")
@allow("register.mark")
def checkin(session_id: int) -> Any:
    """Who says that they are there, for the lecturer to confirm; four digits and name cards."""
    return _desk(_to_mark(session_id))


def _desk(meeting: ClassSession, problems: list[str] | None = None) -> Any:
    lines, written = _lines(meeting), named.of_run(meeting.run)
    return render_template(
        "attendance/checkin.html",
        meeting=meeting,
        zone=people.zone_of(meeting.run.provider_id),
        waiting=checkins.waiting(meeting, written),
        unmarked=[written.get(line.enrolment_id, line.name) for line in lines if line.mark is None],
        closed_to=[say(why) for why in checkins.refusals(meeting)],
        due=len(lines),
        problems=problems or [],
    )


@bp.post("/registers/<int:session_id>/checkin")
@allow("register.mark")
def settle_checkins(session_id: int) -> Any:
    """Those chosen are marked present, or turned down."""
    confirm = "confirm" in request.form
    try:
        count = checkins.settle(current_actor(), session_id, chosen("who", request.form), confirm=confirm)
    except Refused as refused:
        return _desk(_to_mark(session_id), [say(why) for why in refused.why]), 422
    if confirm:
        flash(
            ngettext("%(num)s person is marked present.", "%(num)s people are marked present.", count), "done"
        )
    else:
        flash(ngettext("%(num)s person is turned down.", "%(num)s people are turned down.", count), "done")
    return redirect(url_for(".checkin", session_id=session_id), 303)


@bp.post("/registers/<int:session_id>/desk")
@allow("register.mark")
def desk(session_id: int) -> Any:
    """Four digits said at the desk, or a name card that was read."""
    meeting = _to_mark(session_id)
    try:
        name = checkins.at_the_desk(current_actor(), session_id, request.form.get("number", "")[:80])
    except Refused as refused:
        return _desk(meeting, [say(why) for why in refused.why]), 422
    flash(_("%(name)s is marked present.", name=name), "done")
    return redirect(url_for(".checkin", session_id=session_id, _anchor="desk"), 303)


@bp.get("/in/<int:session_id>/<code>")
@allow("checkin.mine")
def opened(session_id: int, code: str) -> Any:
    """What a scan opens: the class, and the button that says that one is there. Nothing is noted before that."""
    meeting, actor = timetable.session(session_id), current_actor()
    step = checkin_rules.step_of(clock.now())
    ticket = ""
    problems = checkins.refusals(meeting)
    if checkin_rules.is_shown(checkins.key(), session_id, code, step):
        ticket = checkin_rules.ticket(checkins.key(), session_id, actor.person_id or 0, step)
    elif not problems:
        problems.append(Refusal.of("checkin-code-old"))
    return _phone(meeting, ticket, problems)


@bp.get("/in/<int:session_id>")
@allow("checkin.mine")
def here(session_id: int) -> Any:
    """The letters of the screen typed where a camera does not help; and what became of it."""
    meeting = timetable.session(session_id)
    return _phone(meeting, "", checkins.refusals(meeting))


def _phone(meeting: ClassSession, ticket: str, problems: list[Refusal], *, refused: bool = False) -> Any:
    number = checkins.place(current_actor().person_id, meeting)
    if number is None:
        problems = [Refusal.of("not-in-group", on=meeting.on_date)]
    said = checkins.of_person(current_actor().person_id, meeting)
    page = render_template(
        "attendance/here.html",
        meeting=meeting if number is not None else None,
        zone=people.zone_of(meeting.run.provider_id),
        ticket=ticket,
        is_possible=not problems,
        # Who has said so already needs no reason why one could not, unless they have just been refused.
        problems=[say(why) for why in problems] if refused or not said else [],
        said=CHECK_INS[said.state] if said else None,
        can_type=number is not None and all(why.code == "checkin-code-old" for why in problems),
        session_id=meeting.id,
        refused=refused,
        typed=request.form.get("code", "")[:12],
    )
    # A class of others shows nothing but that one is not in its group.
    answer = make_response(page, 200 if number is not None else 403)
    if not request.cookies.get(DEVICE):
        answer.set_cookie(
            DEVICE, token_urlsafe(16), max_age=A_YEAR, path="/in/", httponly=True, samesite="Lax",
            secure=request.is_secure,
        )  # fmt: skip
    return answer


@bp.post("/in/<int:session_id>")
@allow("checkin.mine")
def say_here(session_id: int) -> Any:
    """The teacher says that they are there. The lecturer makes it a mark."""
    typed, ticket = request.form.get("code", ""), request.form.get("ticket", "")[:80]
    device = checkins.digest(request.cookies.get(DEVICE, "")[:80])
    network = checkins.digest(_network(request.remote_addr or ""))
    try:
        checkins.say(current_actor(), session_id, typed, ticket, device, network)
    except Refused as refused:
        answer = _phone(timetable.session(session_id), "", list(refused.why), refused=True)
        answer.status_code = 422 if answer.status_code == 200 else answer.status_code
        return answer
    flash(_("You have said that you are here. It is a mark when your lecturer has confirmed it."), "done")
    return redirect(url_for(".here", session_id=session_id), 303)


def _network(address: str) -> str:
    """The part of an address that is the same for everybody in a building."""
    return ":".join(address.split(":")[:4]) if ":" in address else address.rpartition(".")[0]


@bp.get("/manage/runs/<code>/cards.pdf")
@allow("sheet.print")
def name_cards(code: str) -> Any:
    """Name cards of the group, to cut apart: a name, four digits, and a square for the lecturer's camera."""
    run = catalogue.run(code)
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    permissions.require(current_actor(), "sheet.print", target)
    numbers, lang = checkins.card_numbers(run), current_language()
    cards = [
        Card(member.name, numbers[member.enrolment_id], f"{run.code}/{numbers[member.enrolment_id]}")
        for member in named.group(run)
    ]
    content = cards_pdf(
        cards, title=pick(run.version.titles, lang), group=run.group_name or run.code, lang=lang
    )
    return made_file(content, f"cards-{run.code}.pdf", files.PDF, shown=True)
