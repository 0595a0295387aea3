"""The blueprint that the pages of rounds hang on, and what several of them need."""

from typing import Any

from flask import Blueprint, flash

from retrain import clock
from retrain.allocation import queries, wording
from retrain.allocation.models import AllocationRound
from retrain.allocation.queries import RunShown
from retrain.allocation.states import RoundState
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import permissions
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.people.wording import REGIONS
from retrain.refusal import NotThere, Refused
from retrain.web.language import current_language
from retrain.web.words import say

bp = Blueprint("allocation", __name__)


def managed(code: str, action: str = "allocation.see") -> AllocationRound:
    """The round, if the one who acts may do *action* with it."""
    found = queries.allocation_round(code)
    permissions.require(current_actor(), action, Target(provider_id=found.provider_id))
    return found


def published(code: str) -> AllocationRound:
    """The round as teachers and colleges may see it: not before it is published."""
    found = queries.allocation_round(code)
    if found.state is RoundState.DRAFT:
        raise NotThere
    return found


def shown(found: AllocationRound) -> dict[str, Any]:
    """A round as every page shows it."""
    facts, now = queries.facts(found), clock.now()
    tone, word = wording.standing(facts, now)
    return {
        "code": found.code, "title": pick(found.titles, current_language()), "tone": tone, "word": word,
        "sentence": wording.sentence(facts, now), "opens": facts.opens, "closes": facts.closes,
        "seed": found.seed, "digest": found.digest, "state": str(found.state),
        "open": facts.takes_wishes(now), "closed": facts.is_closed(now),
    }  # fmt: skip


def run_shown(run: RunShown) -> dict[str, Any]:
    """A run in a list of a round."""
    language = current_language()
    return {
        "code": run.code, "title": pick(run.titles, language), "place": run.place_text,
        "dates": date_range(run.starts_on, run.ends_on, language), "region": str(REGIONS.get(run.region, "")),
        "free": run.free, "wished": run.wished, "first": run.first, "draft": run.state == "draft",
    }  # fmt: skip


def flash_reasons(refused: Refused) -> None:
    """Every reason, where the next page shows it."""
    for refusal in refused.why:
        flash(say(refusal), "problem")
