"""What courses and runs add to menus, the first page, the term board and the pages of a run."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue import listing, queries, service, showing
from retrain.catalogue.listing import RunFilter
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.web.language import readers_today
from retrain.web.work import BulkAction, Cell, MenuItem, Panel, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """The board and the courses for who manages runs; the public list for everyone."""
    found = []
    if permissions.scope(actor, "run.see"):
        found.append(MenuItem(_("Term board"), "catalogue.board", 10))
    if permissions.scope(actor, "course.see"):
        found.append(MenuItem(_("Courses"), "catalogue.courses", 15))
    found.append(MenuItem(_("All runs"), "catalogue.runs", 90))
    return found


def landing(actor: Actor) -> list[str]:
    """A coordinator's first page is the board."""
    return ["catalogue.board"] if actor.role == RoleKind.COORDINATOR else []


def waiting(actor: Actor) -> list[WorkItem]:
    """Drafts that nobody but their coordinator can see."""
    if permissions.scope(actor, "run.edit") is None:
        return []
    runs, courses = queries.drafts_waiting(actor)
    found = []
    if runs:
        words = ngettext("%(num)s run is still a draft", "%(num)s runs are still drafts", runs)
        found.append(WorkItem(words, url_for("catalogue.board"), runs))
    if courses:
        words = ngettext(
            "%(num)s course has an unpublished draft", "%(num)s courses have an unpublished draft", courses
        )
        found.append(WorkItem(words, url_for("catalogue.courses"), courses))
    return found


def welcome_panels(actor: Actor) -> list[Panel]:
    """The next runs with free places, on the page that a visitor sees first."""
    now = clock.now()
    page = listing.runs(RunFilter(open="free"), now, readers_today(), "starts")
    if not page.items:
        return []
    return [
        Panel(
            "catalogue/next_runs.html", {"cards": showing.cards_of(page.items[:5], now), "total": page.total}
        )
    ]


def home_panels(actor: Actor) -> list[Panel]:
    """The runs on offer in a regional centre's region."""
    if actor.role != RoleKind.REGIONAL_CENTRE or not actor.region:
        return []
    now = clock.now()
    page = listing.runs(RunFilter(region=actor.region, when="all"), now, readers_today(), "starts")
    context = {"cards": showing.cards_of(page.items[:6], now), "total": page.total, "region": actor.region}
    return [Panel("catalogue/region_runs.html", context, 40)]


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Whether each run is published, and how many of its places are taken."""
    return {
        "published": {run.id: _published(run) for run in runs},
        "places": {run.id: _places(run) for run in runs},
    }


def _published(run: Run) -> Cell:
    tone, word = showing.badge(run)
    url = url_for("catalogue.manage_run", code=run.code)
    if run.state is RunState.DRAFT and run.starts_on <= readers_today():
        return Cell("problem", _("still a draft, though its first day has come"), url)
    return Cell({"idle": "none"}.get(tone, tone), word, url)


def _places(run: Run) -> Cell:
    url = url_for("catalogue.manage_run", code=run.code)
    text = f"{run.taken}/{run.places}"
    if run.state is RunState.DRAFT:
        return Cell("none", text, url)
    return Cell(
        "done" if run.taken == run.places or clock.now() >= run.enrolment_closes else "waiting", text, url
    )


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """The run itself, first of its tabs."""
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id, region=run.region)
    if not permissions.may(actor, "run.see", target):
        return []
    url = url_for("catalogue.manage_run", code=run.code)
    return [Tab(_("Run"), url, "catalogue.manage_run", 0)]


def bulk(actor: Actor) -> list[BulkAction]:
    """Publishing many drafts, copying many runs."""
    if permissions.scope(actor, "run.edit") is None:
        return []
    return [
        BulkAction("publish", _("Publish"), _publish),
        BulkAction("copy", _("Copy for the next time"), _copy),
    ]


def _publish(actor: Actor, code: str) -> str:
    service.publish_run(actor, code)
    return _("The run %(code)s is published.", code=code)


def _copy(actor: Actor, code: str) -> str:
    copy = service.copy_run(actor, code)
    return _("%(new)s is a draft like %(old)s. Check its dates.", new=copy.code, old=code)
