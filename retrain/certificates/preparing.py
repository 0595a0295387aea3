"""Documents that are dated ahead: on their day the worker issues them, and the log and the people are told."""

from datetime import timedelta

from retrain import clock
from retrain.audit import SYSTEM
from retrain.certificates import freezing, issuing, making, queries
from retrain.certificates.models import Certificate
from retrain.certificates.states import CertificateState
from retrain.completion import queries as completion
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import every
from retrain.people import queries as people

BITE = 500


@every(timedelta(minutes=1))
def issue_due() -> None:
    """Issue everything whose day has come, by the clock of its provider."""
    waiting = queries.providers_with_prepared()
    db.session.rollback()
    for provider_id in waiting:
        while _issue(provider_id):
            pass


@use_case
def _issue(provider_id: int) -> int:
    """The next of a provider's documents whose day has come; how many."""
    today = clock.today(people.zone_of(provider_id))
    waiting = queries.prepared_of(provider_id).order_by(Certificate.id).with_for_update()
    due = [row for row in db.session.scalars(waiting) if freezing.day_of(row) <= today][:BITE]
    if not due:
        return 0
    holders = completion.persons_of([row.enrolment_id for row in due])
    for row in due:
        row.state, row.issued_at = CertificateState.ISSUED, clock.now()
    db.session.flush()
    issuing.announce(SYSTEM, [(row, holders[row.enrolment_id]) for row in due])
    making.want(SYSTEM, due)
    return len(due)
