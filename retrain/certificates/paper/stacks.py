"""The documents of a run as one stack for the printer: at once, or by a worker when they are many."""

import tempfile
from collections.abc import Collection

from retrain import audit, files, jobs
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import printing, queries
from retrain.certificates.models import Certificate
from retrain.certificates.states import LIVING, VALID, Rendition
from retrain.database.use_case import use_case
from retrain.jobs.models import Job
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

JOB = "certificates.stack"
AT_ONCE = 150
"""Documents that are printed while one waits; a larger stack is made by a worker, and its page shows how far it is."""
LARGEST = 4 * 1024 * 1024 * 1024


def print_run(
    actor: Actor,
    code: str,
    rendition: Rendition = Rendition.FULL,
    shift: printing.Shift = printing.NOWHERE,
    only: Collection[int] = (),
) -> bytes:
    """The living documents of a run as one PDF, in the order of the hand-over list; with *only*, those of them."""
    run, chosen = _chosen(actor, code, only)
    made = printing.printed(chosen, rendition, shift)
    _record_printing(actor, run, len(chosen), rendition, made.digest, made.by_weasyprint)
    return made.pdf


@use_case
def want(actor: Actor, code: str, only: Collection[int] = ()) -> Job:
    """Have the same made by a worker, for white paper."""
    run, chosen = _chosen(actor, code, only)
    return jobs.want(JOB, {"run": run.code, "documents": [row.id for row in chosen]}, actor=actor)


@jobs.handler(JOB, lane=jobs.Lane.HEAVY)
def make(work: jobs.Work) -> None:
    """Put the documents into one file piece by piece, however many they are."""
    run, chosen = _chosen(work.actor, work.payload["run"], work.payload["documents"])
    count, code = len(chosen), run.code
    with tempfile.TemporaryFile() as stack:
        digest, by_weasyprint = printing.print_into(stack, chosen, lambda done: work.progress(done, count))
        stored = files.keep(
            stack, f"{code}.pdf", allowed={files.PDF}, limit=LARGEST, actor=work.actor, purpose="certificates"
        )
    _record_printing(work.actor, run, count, Rendition.FULL, digest, by_weasyprint)
    work.result = {"documents": count, "url": f"/files/{stored.id}"}


def _chosen(actor: Actor, code: str, only: Collection[int]) -> tuple[Run, list[Certificate]]:
    run, certificates = printable(actor, code)
    wanted = set(only)
    chosen = [row for row in certificates if row.id in wanted] if only else certificates
    if not chosen:
        raise Refused(Refusal.of("nothing-issued"))
    return run, chosen


def printable(actor: Actor, code: str) -> tuple[Run, list[Certificate]]:
    """The run and its living documents, for who may print them. Raises Refused when there are none."""
    run = catalogue.run(code)
    permissions.require(actor, "certificate.print", Target(provider_id=run.provider_id))
    certificates = [row for row in queries.of_run(run.id) if row.state in LIVING]
    if not certificates:
        raise Refused(Refusal.of("nothing-issued"))
    return run, certificates


def issued(actor: Actor, code: str) -> tuple[Run, list[Certificate]]:
    """Those of them that are valid today: what is dated ahead goes to nobody yet."""
    run, certificates = printable(actor, code)
    valid = [row for row in certificates if row.state in VALID]
    if not valid:
        raise Refused(Refusal.of("nothing-issued"))
    return run, valid


@use_case
def _record_printing(
    actor: Actor, run: Run, count: int, rendition: Rendition, digest: str, by_weasyprint: int
) -> None:
    told = {"count": count, "rendition": rendition, "digest": digest, "by_weasyprint": by_weasyprint}
    audit.record(actor, "certificates.printed", run, after=told)
