"""What rounds add to menus and first pages, and to the page of a run."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.allocation import queries
from retrain.allocation.models import AllocationRound
from retrain.allocation.states import RoundState
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.enrolment import reading_runs
from retrain.language import pick
from retrain.people import permissions
from retrain.web.language import current_language, readers_today, shown_moment
from retrain.web.work import MenuItem, Panel, WorkItem

MOST_SHOWN = 3
"""So many open rounds stand on a first page; the others are on the page of rounds."""


def menu(actor: Actor) -> list[MenuItem]:
    """Rounds, for whoever ranks, orders or gives places in them."""
    if permissions.scope(actor, "allocation.see"):
        return [MenuItem(_("Rounds"), "allocation.rounds", 25)]
    if permissions.scope(actor, "allocation.rank"):
        return [MenuItem(_("Rounds"), "allocation.own_rounds", 35)]
    if permissions.scope(actor, "allocation.order"):
        return [MenuItem(_("Rounds"), "allocation.rounds_to_order", 35)]
    return []


def waiting(actor: Actor) -> list[WorkItem]:
    """Ranking while a round is open; a round to confirm once it has closed."""
    if permissions.scope(actor, "allocation.manage"):
        return _to_confirm(actor)
    if permissions.scope(actor, "allocation.rank") and actor.person_id:
        return _to_rank(actor.person_id)
    if permissions.scope(actor, "allocation.order") and actor.organisation_id:
        return _to_order(actor.organisation_id)
    return []


def _to_confirm(actor: Actor) -> list[WorkItem]:
    return [
        WorkItem(
            _("Look at the outcome and confirm: %(title)s", title=_title(each)),
            url_for("allocation.show_round", code=each.code), tone="problem", order=10,
        )
        for each in queries.closed_unconfirmed(clock.now(), actor.organisation_id or 0)
    ]  # fmt: skip


def _to_rank(person_id: int) -> list[WorkItem]:
    found = queries.open_now(clock.now())[:MOST_SHOWN]
    if not found:
        return []
    ranked = queries.number_of_wishes(person_id, [each.id for each in found])
    return [
        WorkItem(
            _(
                "Rank runs in “%(title)s” by %(closes)s",
                title=_title(each), closes=shown_moment(queries.facts(each).closes),
            ),
            url_for("allocation.rank", code=each.code), order=15,
        )
        for each in found
        if each.id not in ranked
    ]  # fmt: skip


def _to_order(college_id: int) -> list[WorkItem]:
    found = {each.id: each for each in queries.open_now(clock.now())}
    waits = queries.colleges_to_rank(college_id, list(found), readers_today()) if found else {}
    return [
        WorkItem(
            ngettext(
                "Rank your teachers for %(num)s run of “%(title)s” by %(closes)s",
                "Rank your teachers for %(num)s runs of “%(title)s” by %(closes)s",
                number, title=_title(found[round_id]), closes=shown_moment(queries.facts(found[round_id]).closes),
            ),
            url_for("allocation.order", code=found[round_id].code), number, order=30,
        )
        for round_id, number in waits.items()
    ]  # fmt: skip


def _title(found: AllocationRound) -> str:
    return pick(found.titles, current_language())


def run_panels(run: Run, actor: Actor) -> list[Panel]:
    """Before anybody presses a button: that a round gives the places of this run, and until when it is ranked."""
    found = queries.round_of_run(run.id) if reading_runs.gives_by_round(run.id) else None
    if found is None or found.state is RoundState.DRAFT:
        return []
    facts, now = queries.facts(found), clock.now()
    ranks = permissions.scope(actor, "allocation.rank") is not None
    page = "rank" if ranks else "order" if permissions.scope(actor, "allocation.order") else ""
    context: dict[str, Any] = {
        "title": _title(found), "ranks": ranks, "opens": facts.opens, "closes": facts.closes,
        "before": now < facts.opens, "open": facts.takes_wishes(now),
        "url": url_for(f"allocation.{page}", code=found.code) if page else "",
    }  # fmt: skip
    return [Panel("allocation/run_panel.html", context, 5)]
