"""What enrolment adds to menus, the first page, the term board and the pages of a run."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment import (
    curating,
    letters,
    lists,
    place_panel,
    queries,
    service,
    waiting_requests,
    wording,
)
from retrain.enrolment.letters import Audience
from retrain.enrolment.states import OPEN, State
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Scope, Target
from retrain.people.states import RoleKind
from retrain.web.language import current_language, readers_today, shown_moment
from retrain.web.work import Advice, BulkAction, Cell, MenuItem, Panel, Tab, WorkItem

SOON = timedelta(days=7)
"""So long before a group's first day everybody in it should have signed in."""


RUNS_NAMED = 3
"""Requests for more runs than these are one line on the first page."""


def menu(actor: Actor) -> list[MenuItem]:
    """My courses for a teacher; nominating for a college."""
    found = []
    if permissions.scope(actor, "enrolment.mine"):
        found.append(MenuItem(_("My courses"), "enrolment.mine", 10))
    if permissions.scope(actor, "enrolment.nominate"):
        found.append(MenuItem(_("Nominate"), "enrolment.choose_run", 30))
        found.append(MenuItem(_("Requests"), "enrolment.college_requests", 31))
    if permissions.scope(actor, "enrolment.manage"):
        found.append(MenuItem(_("Requests and people"), "enrolment.all_people", 18))
    return found


def waiting(actor: Actor) -> list[WorkItem]:
    """Where a teacher waits; what a coordinator, a curator or a college should see to."""
    if permissions.scope(actor, "enrolment.mine") and actor.person_id:
        return _own_waiting(actor.person_id)
    if permissions.scope(actor, "enrolment.manage"):
        runs = waiting_requests.unsettled(actor.organisation_id or 0, clock.now())
        return [*_requests_of_runs(runs.requests), *_places_idle(runs.idle)]
    if permissions.scope(actor, "enrolment.nominate") and actor.organisation_id:
        return _college_waiting(actor.organisation_id)
    if permissions.scope(actor, "enrolment.write") is Scope.GROUP and actor.person_id:
        return _groups_waiting(actor.person_id)
    return []


def _groups_waiting(person_id: int) -> list[WorkItem]:
    """People of a curator's groups whose place is not settled, and those who never saw a message."""
    found, soon = [], readers_today() + SOON
    for group in curating.groups(person_id, readers_today()):
        if group.undecided:
            words = ngettext(
                "%(num)s person waits for a place in %(run)s", "%(num)s people wait for a place in %(run)s",
                group.undecided, run=group.code,
            )  # fmt: skip
            url = url_for("enrolment.run_people", code=group.code, sort="-state")
            found.append(WorkItem(words, url, group.undecided, order=20))
        if group.without_account and group.begins_by(soon):
            words = ngettext(
                "Write to %(num)s person of %(run)s who has never signed in",
                "Write to %(num)s people of %(run)s who have never signed in",
                group.without_account, run=group.code,
            )  # fmt: skip
            url = url_for("enrolment.letter", code=group.code, to="no-account")
            found.append(WorkItem(words, url, group.without_account, order=40))
    return found


def advice(actor: Actor) -> list[Advice]:
    """What to do while nothing waits."""
    if actor.role == RoleKind.COLLEGE_HR:
        words = _("Nominate teachers who are due to a run with free places.")
        return [Advice(words, url_for("enrolment.choose_run"), _("Nominate"))]
    if actor.role == RoleKind.CURATOR:
        words = _("A group becomes yours when the coordinator names you as its curator. It then stands here.")
        return [Advice(words, url_for("catalogue.runs"), _("See the courses"))]
    return []


def _own_waiting(person_id: int) -> list[WorkItem]:
    found = []
    for each in lists.own_runs(person_id):
        row, run = each.enrolment, each.run
        course = pick(run.version.titles, current_language())
        if row.state is State.OFFERED:
            words = _("A place is kept for you: %(course)s", course=course)
            until = shown_moment(row.offer_expires_at, people.zone_of(run.provider_id))
            hint = _("Answer by %(moment)s.", moment=until)
            found.append(WorkItem(words, url_for("enrolment.mine"), tone="problem", order=10, hint=hint))
        elif row.state is State.WAITLISTED:
            words = _("Number %(number)s on the waiting list: %(course)s", number=each.number, course=course)
            found.append(WorkItem(words, url_for("enrolment.mine")))
    return found


def _requests_of_runs(runs: Sequence[tuple[str, int]]) -> list[WorkItem]:
    if len(runs) > RUNS_NAMED:
        many = sum(number for _code, number in runs)
        words = ngettext(
            "%(num)s request waits for your answer", "%(num)s requests wait for your answer", many
        )
        return [WorkItem(words, url_for("enrolment.all_requests"), many, order=20)]
    return [
        WorkItem(
            ngettext(
                "%(num)s request for run %(run)s waits for your answer",
                "%(num)s requests for run %(run)s wait for your answer", number, run=code,
            ),
            url_for("enrolment.run_requests", code=code), number, order=20,
        )
        for code, number in runs
    ]  # fmt: skip


def _places_idle(runs: Sequence[tuple[str, int]]) -> list[WorkItem]:
    return [
        WorkItem(
            ngettext(
                "Run %(run)s has free places and %(num)s person waits",
                "Run %(run)s has free places and %(num)s people wait", number, run=code,
            ),
            url_for("enrolment.run_people", code=code), number,
        )
        for code, number in runs
    ]  # fmt: skip


def _college_waiting(college_id: int) -> list[WorkItem]:
    found = []
    if asked := waiting_requests.count_of_college(college_id, clock.now(), readers_today()):
        words = ngettext(
            "%(num)s request waits for your college’s answer", "%(num)s requests wait for your college’s answer",
            asked,
        )  # fmt: skip
        found.append(WorkItem(words, url_for("enrolment.college_requests"), asked, order=20))
    if number := lists.waiting_of_college(college_id):
        words = ngettext(
            "%(num)s of your teachers is on a waiting list",
            "%(num)s of your teachers are on waiting lists",
            number,
        )
        found.append(WorkItem(words, url_for("enrolment.choose_run"), number))
    return found


def home_panels(actor: Actor) -> list[Panel]:
    """A teacher's next courses; a curator's groups."""
    if permissions.scope(actor, "enrolment.write") is Scope.GROUP and actor.person_id:
        runs = curating.runs_of(actor.person_id, readers_today())
        shown = {"groups": [_group_shown(run) for run in runs]}
        return [Panel("enrolment/groups_panel.html", shown, 20)] if runs else []
    if not permissions.scope(actor, "enrolment.mine") or actor.person_id is None:
        return []
    today = readers_today()
    mine = [
        (each.run, wording.where_one_stands(each.enrolment, each.number))
        for each in lists.own_runs(actor.person_id)
        if each.enrolment.state in OPEN and each.run.ends_on >= today
    ]
    if not mine:
        return []
    return [Panel("enrolment/home_panel.html", {"mine": [_shown(run, words) for run, words in mine]}, 20)]


def _shown(run: Run, words: str) -> dict[str, Any]:
    language = current_language()
    return {
        "url": url_for("catalogue.run", code=run.code),
        "title": pick(run.version.titles, language),
        "dates": date_range(run.starts_on, run.ends_on, language),
        "free": ngettext("%(num)s free place", "%(num)s free places", run.free),
        "words": words,
    }


def _group_shown(run: Run) -> dict[str, Any]:
    return _shown(run, "") | {
        "url": url_for("enrolment.run_people", code=run.code),
        "code": run.code,
        "name": run.group_name,
        "people": wording.place_words(run, 0),
    }


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Places with the waiting list, in one query for all runs."""
    waits = queries.waiting_counts(run.id for run in runs)
    return {"places": {run.id: _places(run, waits.get(run.id, 0)) for run in runs}}


def _places(run: Run, waits: int) -> Cell:
    url = url_for("enrolment.run_people", code=run.code)
    text = f"{run.taken}/{run.places}" + (f"+{waits}" if waits else "")
    if run.state in (RunState.DRAFT, RunState.CANCELLED):
        return Cell("none", text, url)
    if waits and run.free and run.state not in (RunState.FINISHED, RunState.ARCHIVED):
        return Cell("problem", text, url)
    full = run.taken == run.places
    return Cell("done" if full or clock.now() >= run.enrolment_closes else "waiting", text, url)


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """People, and for who manages it requests and terms, among the pages of a run."""
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id, region=run.region)
    if not permissions.may(actor, "enrolment.people", target):
        return []
    found = [Tab(_("People"), url_for("enrolment.run_people", code=run.code), "enrolment.run_people", 20)]
    if permissions.may(actor, "enrolment.manage", target):
        requests, terms = (url_for(f"enrolment.run_{page}", code=run.code) for page in ("requests", "terms"))
        found += [
            Tab(_("Requests"), requests, "enrolment.run_requests", 22),
            Tab(_("Terms of enrolment"), terms, "enrolment.run_terms", 24),
        ]
    return found


def run_panels(run: Run, actor: Actor) -> list[Panel]:
    """What one may do about a place, before pressing anything."""
    return [Panel("enrolment/run_panel.html", place_panel.context(run, actor), 10)]


def cancel_pages(run: Run, _actor: Actor) -> list[str]:
    """The page on which a run is called off when people are on it or wait for it: each may get another one."""
    return [url_for("enrolment.cancel_run", code=run.code)] if queries.open_enrolments(run.id) else []


def audiences(run: Run, actor: Actor) -> list[Audience]:
    """Whom a coordinator can write to about a run, as far as this stage knows them."""
    return [
        Audience("places", _("everyone with a place"), lambda: letters.with_place(run)),
        Audience("waiting", _("everyone on the waiting list"), lambda: letters.waiting(run)),
        Audience("no-account", _("those who have never signed in yet"), lambda: letters.without_account(run)),
        Audience("colleges", _("the HR offices of their colleges"), lambda: letters.college_offices(run)),
    ]


def bulk(actor: Actor) -> list[BulkAction]:
    """Giving the free places of many runs to those who wait."""
    if permissions.scope(actor, "enrolment.manage") is None:
        return []
    return [BulkAction("promote", _("Fill free places from the waiting list"), _promote)]


def _promote(actor: Actor, code: str) -> str:
    return wording.promoted(len(service.promote(actor, code)))
