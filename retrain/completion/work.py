"""What completion adds to tabs, waiting lists and the term board."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import overview, overview_pages, queries, record_lines, waiting_queries
from retrain.enrolment.lists import OwnRun
from retrain.enrolment.states import State
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Scope, Target
from retrain.people.states import RoleKind
from retrain.record.parts import RunLine
from retrain.web.language import readers_today, shown_date
from retrain.web.work import Advice, Cell, MenuItem, OwnLink, Panel, Tab, WorkItem

STATEMENT_DUE = timedelta(days=3)
"""So long before its last day a run's results are asked for."""


def menu(actor: Actor) -> list[MenuItem]:
    """The overview, for those who answer for a region or the country."""
    if permissions.scope(actor, "overview.see") is None:
        return []
    return [MenuItem(_("Overview"), "completion.show_overview", 15)]


def waiting(actor: Actor) -> list[WorkItem]:
    """Statements and decisions a commission's secretary sees to; teachers of a region who are due."""
    if permissions.scope(actor, "overview.see") is Scope.REGION and actor.region:
        return _region_waiting(actor.region)
    if permissions.scope(actor, "result.enter") is Scope.SESSIONS:
        return _to_examine(actor.person_id or 0)
    found = _of_office(actor)
    # A coordinator has the term board for the rest.
    if actor.role != RoleKind.SECRETARY or not actor.organisation_id:
        return found
    today = readers_today()
    endings = [_ending(row, today) for row in queries.endings(actor.organisation_id, today + STATEMENT_DUE)]
    return [*found, *(item for item in endings if item is not None)]


def _to_examine(person_id: int) -> list[WorkItem]:
    """Assessments that a lecturer examines and whose results are not all there."""
    return [
        WorkItem(
            _("Enter the results of run %(run)s", run=code),
            url_for("completion.results", code=code),
            order=30,
        )
        for code in waiting_queries.to_examine(person_id, readers_today() + STATEMENT_DUE)
    ]


def _of_office(actor: Actor) -> list[WorkItem]:
    """Appeals to decide, and decisions that wait for a second person."""
    found = []
    if permissions.scope(actor, "commission.manage") and actor.organisation_id:
        for code, count, by in waiting_queries.appeals(actor.organisation_id, actor.person_id or 0):
            tone = "problem" if by < readers_today() else "waiting"
            words = _("Appeals on run %(run)s: to be decided by %(day)s", run=code, day=shown_date(by))
            url = url_for("completion.commission", code=code, purpose="appeal")
            found.append(WorkItem(words, url, count, tone, 15))
    if permissions.scope(actor, "completion.confirm") and actor.organisation_id:
        for code, count in waiting_queries.overrides(actor.organisation_id, actor.person_id or 0):
            words = _("Run %(run)s: confirm what is to be decided otherwise than by the rules", run=code)
            found.append(WorkItem(words, url_for("completion.completion", code=code), count, order=20))
    if permissions.scope(actor, "orders.write") and actor.organisation_id:
        for code, count in waiting_queries.completed_after_order(actor.organisation_id, actor.person_id or 0):
            words = _("Run %(run)s: the order of completion lacks who has completed since", run=code)
            found.append(WorkItem(words, url_for("orders.of_run", code=code), count, order=20))
    return found


def _ending(run: queries.Ending, today: date) -> WorkItem | None:
    tone = "problem" if run.ends_on < today else "waiting"
    results = url_for("completion.results", code=run.code)
    if not run.planned:
        return WorkItem(_("Enter what %(run)s is assessed by", run=run.code), results, tone=tone, order=10)
    if run.entered < run.wanted:
        words = _("Statement of %(run)s: enter the results", run=run.code)
        hint = _("%(entered)s of %(wanted)s results", entered=run.entered, wanted=run.wanted)
        return WorkItem(words, results, run.wanted - run.entered, tone, 10, hint)
    if run.ends_on > today:
        return None
    words = _("Protocol of %(run)s: every result is entered, the decision waits", run=run.code)
    return WorkItem(words, url_for("completion.completion", code=run.code), tone=tone, order=20)


def _region_waiting(region: str) -> list[WorkItem]:
    lacking = overview.overview(readers_today(), region).total.without_place
    if not lacking:
        return []
    words = ngettext(
        "%(num)s teacher of your region is due this year and has no place",
        "%(num)s teachers of your region are due this year and have no place",
        lacking,
    )
    return [WorkItem(words, url_for("completion.show_overview", sort="-without_place"), lacking, order=10)]


def home_panels(actor: Actor) -> list[Panel]:
    """The numbers of the country or of the region, on the first page of who answers for them."""
    reach = permissions.scope(actor, "overview.see")
    if reach is None:
        return []
    region = (actor.region or "") if reach is Scope.REGION else ""
    return [Panel("completion/overview_home.html", overview_pages.part_of(actor, region), 30)]


def advice(actor: Actor) -> list[Advice]:
    """What a secretary looks at while no statement waits."""
    if actor.role != RoleKind.SECRETARY:
        return []
    words = _(
        "Results are asked for three days before a run ends. Until then the term board shows how far each is."
    )
    return [Advice(words, url_for("catalogue.board"), _("Open the term board"))]


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Results, commission and completion among the pages of a run."""
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    found = []
    sees = permissions.may(actor, "result.see", target)
    if sees or permissions.scope(actor, "result.see") is Scope.SESSIONS:
        found.append(
            Tab(_("Results"), url_for("completion.results", code=run.code), "completion.results", 60)
        )
    if permissions.may(actor, "commission.manage", target):
        url = url_for("completion.commission", code=run.code, purpose="final")
        found.append(Tab(_("Commission"), url, "completion.commission", 65))
    if permissions.may(actor, "completion.see", target):
        url = url_for("completion.completion", code=run.code)
        found.append(Tab(_("Completion"), url, "completion.completion", 70))
    return found


def own_links(own: Sequence[OwnRun], actor: Actor) -> list[OwnLink]:
    """What was decided and why, beside one's own past courses; who was excluded reads it as well."""
    if not permissions.scope(actor, "outcome.see"):
        return []
    return [
        OwnLink(
            each.enrolment.id,
            _("What was decided, and why"),
            url_for("completion.outcome", enrolment_id=each.enrolment.id),
            order=10,
        )
        for each in own
        if each.enrolment.state in (State.COMPLETED, State.NOT_COMPLETED, State.EXCLUDED)
    ]


def record_runs(teacher_id: int, actor: Actor) -> list[RunLine]:
    """The runs of a teacher with their results, in the record."""
    return record_lines.of_teacher(teacher_id, actor)


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Statement: results entered; protocol: decisions made."""
    counts = queries.entered_and_decided([run.id for run in runs])
    found = {run.id: counts.get(run.id, (0, 0, 0)) for run in runs}
    return {
        "statement": {run.id: _statement(run, *found[run.id][:2]) for run in runs},
        "protocol": {run.id: _protocol(run, found[run.id][2]) for run in runs},
    }


def _statement(run: Run, planned: int, entered: int) -> Cell:
    url = url_for("completion.results", code=run.code)
    wanted = planned * run.taken
    if planned and entered >= wanted > 0:
        return Cell("done", _("all results entered"), url)
    if planned:
        return Cell("waiting", _("%(entered)s of %(wanted)s results", entered=entered, wanted=wanted), url)
    return Cell("none", _("not yet"), url)


def _protocol(run: Run, decided: int) -> Cell:
    url = url_for("completion.completion", code=run.code)
    if decided:
        return Cell("done", ngettext("%(num)s decision", "%(num)s decisions", decided), url)
    if run.ends_on <= clock.today(people.zone_of(run.provider_id)) and run.state in ("confirmed", "running"):
        return Cell("waiting", _("may be closed"), url)
    return Cell("none", _("not yet"), url)
