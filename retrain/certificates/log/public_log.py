"""The log of documents that nobody can rewrite unseen: each issue, replacement and revocation, and daily signed heads.

The log holds hashes alone. What a leaf says is shown to whoever holds the document, with the salt that makes its
hash; a head that somebody keeps binds everything before it.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from retrain import clock
from retrain.certificates.models import Certificate, CertificateEvent, PublishedHead
from retrain.certificates.states import EventKind
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import every
from retrain.ledger import keys, tiles, tree
from retrain.ledger import service as ledger
from retrain.people.models import Organisation

LOG = "certificates"
BATCH = 500

_New = aliased(Certificate)
TOLD = (
    select(CertificateEvent, Certificate, Organisation.code, _New.registration_number)
    .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
    .join(Organisation, Organisation.id == Certificate.provider_id)
    .outerjoin(_New, _New.id == Certificate.replaced_by_id)
)
"""Events with what they are about: the document, its provider's code, and the number that took its place."""

Told = tuple[CertificateEvent, Certificate, str, str | None]


def tell(certificates: Iterable[Certificate], kind: EventKind) -> None:
    """Have the log tell that this happened to *certificates* now; in the transaction in which it does."""
    rows = [
        {
            "certificate_id": row.id,
            "kind": kind,
            "at": row.issued_at if kind is EventKind.ISSUED else clock.now(),
            "salt": secrets.token_hex(16),
        }
        for row in certificates
    ]
    hot.execute(CertificateEvent.__table__.insert(), rows)


def statement(told: Told) -> dict[str, Any]:
    """What a leaf says, as plain JSON."""
    event, certificate, provider, by = told
    said = {
        "event": event.kind.value,
        "number": certificate.registration_number,
        "provider": provider,
        "document": certificate.digest,
        "at": event.at.isoformat(),
        "salt": event.salt,
    }
    if event.kind is EventKind.REPLACED:
        said["by"] = by or ""
    return said


def entry(told: Told) -> bytes:
    """The bytes whose hash is the leaf."""
    return json.dumps(statement(told), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@every(timedelta(seconds=3), thread="seal")
def seal_all() -> None:
    """Put every event there is into the log."""
    while seal():
        pass


def seal() -> int:
    """Put the next events into the log; how many."""
    waiting = select(CertificateEvent.id).where(CertificateEvent.position.is_(None)).limit(1)
    found = db.session.execute(waiting).first()
    db.session.rollback()
    return _seal() if found is not None else 0


@use_case
def _seal() -> int:
    ledger.locked(LOG)
    unsealed = TOLD.where(CertificateEvent.position.is_(None)).order_by(CertificateEvent.id).limit(BATCH)
    rows: list[Told] = [tuple(row) for row in db.session.execute(unsealed)]
    first = ledger.append(LOG, [(str(row[0].id), entry(row)) for row in rows], provable=True)
    places = [{"id": row[0].id, "position": first + offset} for offset, row in enumerate(rows)]
    if places:
        db.session.execute(update(CertificateEvent), places)
    return len(rows)


@every(timedelta(minutes=5), thread="seal")
def publish_daily() -> None:
    """Publish today's head, once: what the log holds from now on is bound by whoever keeps it."""
    seal_all()
    today = select(PublishedHead.size).where(PublishedHead.log == LOG, PublishedHead.on_date == clock.today())
    is_done = db.session.execute(today).first() is not None
    db.session.rollback()
    if not is_done:
        publish()


def are_published(sizes: set[int]) -> bool:
    """Whether a head was published at each of these sizes."""
    found = select(PublishedHead.size).where(PublishedHead.log == LOG, PublishedHead.size.in_(sizes))
    return set(db.session.scalars(found)) == sizes


@use_case
def publish() -> PublishedHead | None:
    """Today's head, signed; None while the log is empty, or the clock stands before the head of another day."""
    row, now, before = ledger.locked(LOG), clock.now(), latest()
    if not row.size:
        return None
    if before is not None and (before.on_date >= clock.today() or before.at >= now):
        if before.on_date > clock.today() or before.at > now:
            structlog.get_logger().error(
                "the clock went back: no head is published", last=before.at.isoformat()
            )
        return None
    root = tree.root_of([bytes.fromhex(peak) for peak in row.peaks]).hex()
    signature = keys.sign(keys.private(), keys.statement(LOG, row.size, root, now.isoformat()))
    head = PublishedHead(
        log=LOG, on_date=clock.today(), size=row.size, root=root, at=now, signature=signature
    )
    db.session.add(head)
    return head


def latest() -> PublishedHead | None:
    """The head that was published last."""
    return next(iter(heads(1)), None)


def heads(most: int) -> list[PublishedHead]:
    """Published heads, the latest first."""
    query = select(PublishedHead).where(PublishedHead.log == LOG).order_by(PublishedHead.on_date.desc())
    return list(db.session.scalars(query.limit(most)))


@dataclass(frozen=True)
class Proof:
    """That an event is in the log of a published head; no *steps* while it waits for the next head."""

    statement: dict[str, Any]
    leaf: str
    position: int | None
    steps: list[str] | None


def proofs(certificate_id: int, head: PublishedHead | None) -> list[Proof]:
    """What the log tells of a document, and how *head* binds it."""
    rows = db.session.execute(
        TOLD.where(CertificateEvent.certificate_id == certificate_id).order_by(CertificateEvent.id)
    )
    return [_proof(tuple(row), head) for row in rows]


def _proof(told: Told, head: PublishedHead | None) -> Proof:
    place, steps = told[0].position, None
    if head is not None and place is not None and place < head.size:
        steps = [step.hex() for step in tiles.inclusion(LOG, place, head.size)]
    return Proof(statement(told), tree.leaf_hash(entry(told)).hex(), place, steps)


def as_json(head: PublishedHead) -> dict[str, Any]:
    """A head as it is kept by others: enough to check its signature and what comes after it."""
    return {
        "log": head.log,
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(),
        "signature": head.signature,
        "key": keys.public_text(),
    }


def events() -> Iterable[Told]:
    """Every event with its document, in the order of the log; those that wait for it last."""
    query = TOLD.order_by(CertificateEvent.position.is_(None), CertificateEvent.position, CertificateEvent.id)
    for row in db.session.execute(query.execution_options(yield_per=BATCH)):
        yield tuple(row)
