"""The documents of a run as one stack for the printer."""

from collections.abc import Collection, Sequence

from retrain import audit
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import printing, queries
from retrain.certificates.models import Certificate
from retrain.certificates.states import LIVING, Rendition
from retrain.database.use_case import use_case
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


def print_run(
    actor: Actor,
    code: str,
    rendition: Rendition = Rendition.FULL,
    shift: printing.Shift = printing.NOWHERE,
    only: Collection[int] = (),
) -> bytes:
    """The living documents of a run as one PDF, in the order of the hand-over list; with *only*, those of them."""
    run, certificates = printable(actor, code)
    chosen = [row for row in certificates if row.id in set(only)] if only else certificates
    if not chosen:
        raise Refused(Refusal.of("nothing-issued"))
    made = printing.printed(chosen, rendition, shift)
    _record_printing(actor, run, chosen, rendition, made)
    return made.pdf


def printable(actor: Actor, code: str) -> tuple[Run, list[Certificate]]:
    """The run and its living documents, for who may print them. Raises Refused when there are none."""
    run = catalogue.run(code)
    permissions.require(actor, "certificate.print", Target(provider_id=run.provider_id))
    certificates = [row for row in queries.of_run(run.id) if row.state in LIVING]
    if not certificates:
        raise Refused(Refusal.of("nothing-issued"))
    return run, certificates


@use_case
def _record_printing(
    actor: Actor, run: Run, certificates: Sequence[Certificate], rendition: Rendition, made: printing.Printed
) -> None:
    told = {"count": len(certificates), "rendition": rendition, "digest": made.digest}
    audit.record(actor, "certificates.printed", run, after=told | {"by_weasyprint": made.by_weasyprint})
