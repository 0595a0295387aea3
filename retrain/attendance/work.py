"""What attendance adds to menus, waiting lists, tabs and the term board."""

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.attendance import queries, waiting_queries
from retrain.attendance.checkin import checkins
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.states import CLOSED
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.enrolment import office_counts
from retrain.enrolment.letters import Audience
from retrain.enrolment.lists import OwnRun
from retrain.enrolment.office_counts import Waiting
from retrain.enrolment.queries import EVER_IN_GROUP
from retrain.enrolment.states import IN_GROUP
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Scope, Target
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession
from retrain.web.language import clock_time, current_language, readers_today, shown_date
from retrain.web.work import Advice, Cell, MenuItem, OwnLink, Panel, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """Teaching, for a lecturer."""
    return (
        [MenuItem(_("Teaching"), "attendance.teaching", 10)]
        if permissions.scope(actor, "teaching.see")
        else []
    )


def waiting(actor: Actor) -> list[WorkItem]:
    """Registers of the last month that the lecturer has not signed; whom a curator should write to."""
    if permissions.scope(actor, "register.see") is Scope.GROUP:
        return [*_away(actor.person_id or 0), *_reports(evidence.waiting(actor.person_id or 0))]
    if permissions.scope(actor, "absence.decide") is Scope.PROVIDER:
        return [
            *_to_decide(_of_office(actor, "exclusions")),
            *_not_signed(_of_office(actor, "registers")),
            *_guests(_of_office(actor, "guests")),
            *_reports({row.code: row.number for row in _of_office(actor, "reports")}),
        ]
    if not permissions.scope(actor, "teaching.see"):
        return []
    today = readers_today()
    meetings = timetable.taught_by(actor.person_id or 0, today - timedelta(days=30), today)
    meetings = waiting_queries.with_classes_of_others(meetings, actor.person_id or 0, today)
    begun = queries.registers([row.id for row in meetings])
    closed = {number for number, sheet in begun.items() if sheet.state in CLOSED}
    zones = people.zones_of({row.run.provider_id for row in meetings})
    found = []
    for row in meetings:
        if row.id in closed or row.starts_at > clock.now():
            continue
        tone = "waiting" if row.on_date == today else "problem"
        text = _("Register of %(run)s", run=row.run.code)
        url = url_for("attendance.register", session_id=row.id)
        found.append(WorkItem(text, url, tone=tone, order=10, hint=_told(row, zones)))
    return found


def _of_office(actor: Actor, what: str) -> list[Waiting]:
    return office_counts.of(what, actor.organisation_id or 0, actor.person_id or 0)


def home_panels(actor: Actor) -> list[Panel]:
    """A lecturer's classes of today that are still to come; one that has begun waits for its register."""
    if actor.person_id is None or not permissions.scope(actor, "teaching.see"):
        return []
    today = readers_today()
    meetings = [
        row for row in timetable.taught_by(actor.person_id, today, today) if row.starts_at > clock.now()
    ]
    if not meetings:
        return []
    zones = people.zones_of({row.run.provider_id for row in meetings})
    return [Panel("attendance/today_panel.html", {"meetings": meetings, "zones": zones}, 12)]


def _told(row: ClassSession, zones: Mapping[int, tzinfo]) -> str:
    """Which class it was: a run has many."""
    when = f"{shown_date(row.on_date)}, {clock_time(row.starts_at, zones[row.run.provider_id])}"
    return f"{when} · {pick(row.topic.titles, current_language())}" if row.topic else when


def _away(curator_id: int) -> list[WorkItem]:
    """For each group, who has missed two classes running."""
    names: dict[str, list[str]] = {}
    for row in queries.away_from_groups(curator_id, readers_today()):
        names.setdefault(row.run_code, []).append(row.name)
    return [
        WorkItem(
            ngettext(
                "%(num)s person missed the last two classes of %(run)s",
                "%(num)s people missed the last two classes of %(run)s", len(missing), run=code,
            ),
            url_for("enrolment.letter", code=code, to="away"), len(missing), "problem", 10, ", ".join(missing),
        )
        for code, missing in names.items()
    ]  # fmt: skip


def _to_decide(rows: Sequence[Waiting]) -> list[WorkItem]:
    """Runs on which somebody has reached the limit of missed hours and nobody has decided yet."""
    return [
        WorkItem(
            ngettext(
                "%(num)s person of %(run)s is at the limit of missed hours",
                "%(num)s people of %(run)s are at the limit of missed hours", row.number, run=row.code,
            ),
            url_for("attendance.live_run", code=row.code), row.number, "problem", 12,
        )
        for row in rows
    ]  # fmt: skip


def _not_signed(rows: Sequence[Waiting]) -> list[WorkItem]:
    """Registers nobody has signed by the evening of their day."""
    return [
        WorkItem(
            ngettext(
                "%(num)s register of %(run)s not signed", "%(num)s registers of %(run)s not signed",
                row.number, run=row.code,
            ),
            url_for("attendance.registers", code=row.code), row.number, "problem", 13,
        )
        for row in rows
    ]  # fmt: skip


def _guests(rows: Sequence[Waiting]) -> list[WorkItem]:
    """Guests whom the coordinator has to settle; the link opens the first register with one."""
    return [
        WorkItem(
            ngettext("%(num)s guest of %(run)s to settle", "%(num)s guests of %(run)s to settle", row.number, run=row.code),
            url_for("attendance.register", session_id=row.first, _anchor="guests"), row.number, "waiting", 15,
        )
        for row in rows
    ]  # fmt: skip


def _reports(counts: Mapping[str, int]) -> list[WorkItem]:
    """Runs with reports of hours that wait for a decision."""
    return [
        WorkItem(
            ngettext("%(num)s report of hours on %(run)s", "%(num)s reports of hours on %(run)s", count, run=code),
            url_for("attendance.run_evidence", code=code), count, "waiting", 14,
        )
        for code, count in counts.items()
    ]  # fmt: skip


def audiences(run: Run, _actor: Actor) -> list[Audience]:
    """Who missed the last two classes, for a curator or coordinator who writes to people."""
    words = _("those who missed the last two classes")
    return [Audience("away", words, lambda: [row.person_id for row in queries.away_from(run.id)])]


def advice(actor: Actor) -> list[Advice]:
    """Where a lecturer looks while no register is open."""
    if permissions.scope(actor, "teaching.see") is None:
        return []
    words = _("Every register is signed. The next one opens here on the day of the class.")
    return [Advice(words, url_for("timetable.mine"), _("My week"))]


def own_links(own: Sequence[OwnRun], actor: Actor) -> list[OwnLink]:
    """Beside one's own courses: one's marks, saying that one is in the class that is on, hours to show without a class."""
    if not permissions.scope(actor, "evidence.mine"):
        return []
    # Before a course begins there is nothing to ask, in the minute when thousands enrol.
    tomorrow = readers_today() + timedelta(days=1)
    begun = [each for each in own if each.enrolment.state in EVER_IN_GROUP and each.run.starts_on <= tomorrow]
    groups = {each.run.id: each.enrolment for each in begun if each.enrolment.state in IN_GROUP}
    if not begun:
        return []
    shown, on = evidence_hours.runs_with(groups), checkins.open_now(groups)
    return [
        *(
            OwnLink(
                each.enrolment.id, _("My attendance"), url_for("attendance.my_attendance", code=each.run.code)
            )
            for each in begun
        ),
        *(
            OwnLink(
                groups[run_id].id, _("I am here"), url_for("attendance.here", session_id=session_id), order=5
            )
            for run_id, session_id in on.items()
        ),
        *(
            OwnLink(groups[run_id].id, _("Hours without a class"), url_for("attendance.my_hours", code=code))
            for run_id, code in shown.items()
        ),
    ]


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Registers among the pages of a run."""
    whose = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    pages = (
        ("register.see", _("Registers"), "attendance.registers"),
        ("register.see", _("Attendance now"), "attendance.live_run"),
        ("evidence.see", _("Hours without a class"), "attendance.run_evidence"),
        ("sheet.print", _("Journals and statements"), "attendance.run_sheets"),
    )
    return [
        Tab(words, url_for(page, code=run.code), page, order)
        for order, (action, words, page) in enumerate(pages, start=50)
        if permissions.may(actor, action, whose)
    ]


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Registers of each run that are not signed though the day is over."""
    yesterday = readers_today() - timedelta(days=1)
    counts = queries.held_and_unsigned([run.id for run in runs], yesterday)
    return {"registers": {run.id: _cell(run, *counts.get(run.id, (0, 0))) for run in runs}}


def _cell(run: Run, held: int, lacking: int) -> Cell:
    url = url_for("attendance.registers", code=run.code)
    if lacking:
        return Cell(
            "problem", ngettext("%(num)s register not signed", "%(num)s registers not signed", lacking), url
        )
    if held and run.starts_on <= readers_today():
        return Cell("done", _("all signed"), url)
    return Cell("none", _("not yet"), url)
