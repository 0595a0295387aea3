"""The blueprint that the pages of enrolment hang on, and what several of them need."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, request

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.enrolment import wording
from retrain.language import pick
from retrain.people import permissions
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.web import work
from retrain.web.language import current_language
from retrain.web.words import say

bp = Blueprint("enrolment", __name__)


def managed(code: str, action: str) -> Run:
    """The run, if the one who acts may do *action* with it."""
    run = catalogue.run(code)
    permissions.require(current_actor(), action, target_of(run))
    return run


def target_of(run: Run) -> Target:
    """The run as far as permission is concerned."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id, region=run.region)


def shared(run: Run) -> dict[str, Any]:
    """What every page of a managed run shows."""
    return {
        "run": run,
        "title": pick(run.version.titles, current_language()),
        "tabs": [
            {"label": tab.label, "url": tab.url, "current": tab.endpoint == request.endpoint}
            for tab in work.gather("run_tabs", run, current_actor())
        ],
        "wording": wording,
        "may_manage": permissions.may(current_actor(), "enrolment.manage", target_of(run)),
        "may_write": permissions.may(current_actor(), "enrolment.write", target_of(run)),
    }


def asked(name: str, longest: int = 200) -> str:
    """A value in the address, cut to a sensible length."""
    return request.args.get(name, "").strip()[:longest]


def flash_reasons(refused: Refused) -> None:
    """Every reason, where the next page shows it."""
    for refusal in refused.why:
        flash(say(refusal), "problem")


def reasons(refusals: Iterable[Refusal]) -> str:
    """Every reason in one cell."""
    return " ".join(say(refusal) for refusal in refusals)
