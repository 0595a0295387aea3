"""Setting the terms of a run: consent, offers, cut-offs, money, and what one should know before."""

from dataclasses import asdict

from retrain import audit
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment import queries, terms
from retrain.enrolment.models import Terms
from retrain.enrolment.terms import TermsFacts
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def set_terms(actor: Actor, run_code: str, wanted: TermsFacts) -> Terms:
    """The run's terms as they are wanted. They hold for who comes from now on; nobody loses what they have."""
    run = queries.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    if run.facts.state in ("finished", "archived", "cancelled"):
        raise Refused(Refusal.of("run-over", run=run_code))
    if why := terms.refusals(wanted):
        raise Refused(why)
    row = db.session.get(Terms, run.id, populate_existing=True)
    if row is None:
        row = Terms(run_id=run.id, lock=0)
        db.session.add(row)
    new, old = asdict(wanted), asdict(run.terms)
    changed = [name for name in new if new[name] != old[name]]
    for name, value in new.items():
        setattr(row, name, value)
    row.lock += 1
    audit.record(
        actor, "terms.set", ("run", run.id), before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )  # fmt: skip
    return row
