"""The documents' own files, made by the worker once they are issued: printed, signed and kept, many at a time.

Whoever opens a document before the worker came to it has it made there and then; the first file is the only one.
"""

from collections.abc import Sequence

from sqlalchemy import select, update

from retrain import files, jobs
from retrain.audit import Actor
from retrain.certificates import finishing, printing
from retrain.certificates.models import Certificate
from retrain.database.use_case import use_case
from retrain.extensions import db

JOB = "certificates.files"
SHARE = 500
"""Documents of one job: the shares of a large run are made by several processes."""
BITE = 125
"""Files that come to the disk and into the database together."""


@use_case
def want(actor: Actor, documents: Sequence[Certificate]) -> None:
    """Have the files of *documents* made, which are one provider's."""
    numbers = [row.id for row in documents]
    for start in range(0, len(numbers), SHARE):
        jobs.want(JOB, {"documents": numbers[start : start + SHARE]}, actor=actor)


@jobs.handler(JOB, lane=jobs.Lane.HEAVY)
def make(work: jobs.Work) -> None:
    """Make what is not made yet. A worker that is killed leaves bytes without a row, which another makes anew."""
    numbers = work.payload["documents"]
    for start in range(0, len(numbers), BITE):
        make_bite(numbers[start : start + BITE])
        work.progress(min(start + BITE, len(numbers)), len(numbers))
    work.result = {"documents": len(numbers)}


def make_bite(numbers: Sequence[int]) -> None:
    """Make the files of these documents of one provider that have none, and keep them together."""
    wanted = select(Certificate).where(Certificate.id.in_(numbers), Certificate.file_digest.is_(None))
    provider_id = db.session.scalar(wanted.with_only_columns(Certificate.provider_id).limit(1))
    if provider_id is None:
        return
    hand = finishing.hand_of(provider_id)  # before the documents: it may make the provider's first key
    rows = list(db.session.scalars(wanted.order_by(Certificate.id)))
    contents = [
        (file_name(row), finishing.finished(row, pdf, hand))
        for row, pdf in zip(rows, printing.own_files(rows), strict=True)
    ]
    ids = [row.id for row in rows]
    _enter(ids, files.write_made(contents))


@use_case
def _enter(ids: Sequence[int], made: Sequence[files.Made]) -> None:
    """Each document gets its file, unless somebody opened it meanwhile and it has one."""
    free = select(Certificate.id).where(Certificate.id.in_(ids), Certificate.file_digest.is_(None))
    still = set(db.session.scalars(free.order_by(Certificate.id).with_for_update()))
    taken = {number: one for number, one in zip(ids, made, strict=True) if number in still}
    if taken:
        db.session.execute(
            update(Certificate), [{"id": number, "file_digest": one.digest} for number, one in taken.items()]
        )
    files.enter_made(list(taken.values()), files.PDF, "certificate")


def file_name(row: Certificate) -> str:
    """How a document's own file is called."""
    return f"{row.series}{row.number:06d}.pdf"
