"""What completion adds to tabs, waiting lists and the term board."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import queries
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.web.work import Cell, Tab


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Results and completion among the pages of a run."""
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    if not permissions.may(actor, "completion.see", target):
        return []
    return [
        Tab(_("Results"), url_for("completion.results", code=run.code), "completion.results", 60),
        Tab(_("Completion"), url_for("completion.completion", code=run.code), "completion.completion", 70),
    ]


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Statement: results entered; protocol: decisions made."""
    numbers = [run.id for run in runs]
    entered, decided = queries.results_entered(numbers), queries.decided(numbers)
    return {
        "statement": {run.id: _statement(run, *entered.get(run.id, (0, 0))) for run in runs},
        "protocol": {run.id: _protocol(run, decided.get(run.id, 0)) for run in runs},
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
    if run.ends_on <= clock.today() and run.state in ("confirmed", "running"):
        return Cell("waiting", _("may be closed"), url)
    return Cell("none", _("not yet"), url)
