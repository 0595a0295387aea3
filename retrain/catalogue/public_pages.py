"""What anyone may read: the list of runs and the page of each."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from retrain import clock
from retrain.catalogue import listing, queries, showing, wording
from retrain.catalogue.door import asked, bp, same_page, worded
from retrain.catalogue.listing import RunFilter
from retrain.catalogue.models import Run
from retrain.catalogue.states import PUBLIC
from retrain.language import pick
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import public
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.web import pieces, work
from retrain.web.language import LANGUAGES, current_language, readers_today
from retrain.web.requests import asked_page


@bp.get("/runs")
@public
def runs() -> Any:
    """The runs on offer, searched and filtered; everything chosen is in the address."""
    filters = RunFilter(**{name: asked(name) for name in RunFilter.__dataclass_fields__})
    now, today = clock.now(), readers_today()
    found = listing.runs(filters, now, today, asked("sort"), asked_page())
    offered = listing.offered()
    names = people.organisation_names({number for number, _code, _region in offered})
    return render_template(
        "catalogue/runs.html",
        page=same_page(found, showing.cards(found.items, names, now)),
        choices=_choices(offered, names),
        months=showing.months(today),
        is_narrowed=filters != RunFilter(),
    )


def _choices(offered: list[tuple[int, str, str]], names: dict[int, dict[str, str]]) -> dict[str, Any]:
    language = current_language()
    providers = {code: pick(names.get(number), language) or code for number, code, _region in offered}
    regions = {region: showing.region(region) for region in {region for _number, _code, region in offered}}
    return {
        "provider": sorted(providers.items(), key=lambda pair: pair[1]),
        "region": sorted(regions.items(), key=lambda pair: pair[1]),
        "language": list(LANGUAGES.items()),
        "form": worded(wording.FORMS),
        "kind": worded(wording.KINDS),
    }


@bp.get("/runs/<code>")
@public
def run(code: str) -> Any:
    """Everything one needs to know before enrolling."""
    (found, names), actor = queries.run_on_show(code), current_actor()
    target = Target(provider_id=found.provider_id, curator_id=found.curator_id, region=found.region)
    manages = permissions.may(actor, "run.see", target)
    if found.state not in PUBLIC and not manages:
        raise NotThere
    now = clock.now()
    panels = work.gather("run_panels", found, actor)  # first, for they bring what the rest would ask again
    return render_template(
        "catalogue/run.html",
        run=found,
        title=pick(found.version.titles, current_language()),
        provider=pick(names, current_language()),
        manages=manages,
        enrolment=showing.enrolment(found, now),
        about=_about(found),
        at_a_glance=_at_a_glance(found),
        panels=panels,
    )


def _about(found: Run) -> Markup:
    """What the course is about, its plan, and what completes it."""
    about, policy = pick(found.version.summary, current_language()), found.policy or found.version.policy
    plan = showing.thematic_plan(found.version)
    return pieces.kept(
        "catalogue/_about.html",
        (about, plan, repr(policy)),
        lambda: {"about": about, "plan": plan, "policy": list(wording.policy(policy))},
    )


def _at_a_glance(found: Run) -> Markup:
    """The facts of a run in two columns; they are its own but for the names of people and the provider's clocks."""
    version, zone = found.version, people.zone_of(found.provider_id)
    curator = shown_names.short([found.curator_id]).get(found.curator_id or 0, "")
    shown = [getattr(found, name) for name in _SHOWN]
    return pieces.kept(
        "catalogue/_at_a_glance.html",
        (*shown, *version.audience, version.document_type, zone.key, curator),
        lambda: {
            "run": found, "version": version, "zone": zone, "curator": curator,
            "card": showing.cards([found], {}, clock.now())[0],
            "document": wording.DOCUMENTS[version.document_type],
        },
    )  # fmt: skip


_SHOWN = (
    "starts_on", "ends_on", "enrolment_opens", "enrolment_closes", "hours", "kind", "language", "form",
    "place_text", "region", "group_name",
)  # fmt: skip
