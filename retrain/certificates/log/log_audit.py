"""Finds what was done to documents or their log behind the program's back: removed, back-dated, changed, smuggled in."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from flask import current_app
from sqlalchemy import select

from retrain.audit import authentic, sealing
from retrain.certificates import freezing
from retrain.certificates.log import public_log
from retrain.certificates.log.public_log import LOG, Told
from retrain.certificates.models import Certificate, CertificateEvent, PublishedHead
from retrain.certificates.states import CertificateState, EventKind
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.ledger import keys, tiles, tree
from retrain.ledger import queries as ledger
from retrain.ledger.models import LedgerLeaf, LedgerLog
from retrain.people import queries as people

LATEST_SEAL = timedelta(minutes=10)
"""What was written just before a head was published may have come into the log after it."""

ENDS = {CertificateState.REPLACED: EventKind.REPLACED, CertificateState.REVOKED: EventKind.REVOKED}


@dataclass(frozen=True)
class Finding:
    """Something that is not as the program left it: what (*kind*), and of which document or part of the log."""

    about: str
    kind: str


@dataclass(frozen=True)
class Kept:
    """A head that somebody outside kept."""

    size: int
    root: str
    at: datetime
    signature: str
    key: str

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Kept":
        """The head in its JSON. Raises ValueError, KeyError or TypeError for anything else."""
        if plain["log"] != LOG:
            raise ValueError(plain["log"])
        at = datetime.fromisoformat(plain["at"])
        return cls(int(plain["size"]), str(plain["root"]), at, str(plain["signature"]), str(plain["key"]))

    @property
    def is_signed(self) -> bool:
        """Whether its signature is by the key it names."""
        said = keys.statement(LOG, self.size, self.root, self.at.isoformat())
        try:
            return keys.is_signed(keys.public_of(self.key), said, self.signature)
        except ValueError:
            return False


@use_case
def verify(kept: Sequence[Kept] = ()) -> list[Finding]:
    """Check every document against the log, the log against its heads and against those that others *kept*."""
    published = [Kept.of(public_log.as_json(head)) for head in db.session.scalars(select(PublishedHead))]
    found = [Finding(part, "log") for part in ledger.problems(LOG)]
    found += [Finding(f"{head.at:%Y-%m-%d}", "head") for head in published if not _holds(head)]
    found += [Finding(f"{head.at:%Y-%m-%d}", "rewritten") for head in kept if not _holds(head)]
    bounds = sorted({(head.at, head.size) for head in (*published, *kept)})
    return found + _events(bounds) + _documents()


def _holds(head: Kept) -> bool:
    """Whether the log still begins with what the head says, under the program's own key."""
    log = db.session.get(LedgerLog, LOG)
    if log is None or head.size > log.size or head.key != keys.public_text() or not head.is_signed:
        return False
    try:
        return tiles.root(LOG, head.size).hex() == head.root
    except LookupError:
        return False


def _events(bounds: Sequence[tuple[datetime, int]]) -> list[Finding]:
    """Leaves without their event, events that say otherwise than their leaf or came later than they say."""
    leaves = select(LedgerLeaf.position, LedgerLeaf.leaf_hash, LedgerLeaf.subject).where(
        LedgerLeaf.log == LOG
    )
    sealed = {place: (leaf, subject) for place, leaf, subject in db.session.execute(leaves)}
    found, ahead = [], _entered_by_the_program("certificate.prepared")
    is_late = _late(bounds)
    for told in public_log.events():
        event, certificate = told[0], told[1]
        if event.position is None:
            continue
        leaf = (tree.leaf_hash(public_log.entry(told)).hex(), str(event.id))
        if sealed.pop(event.position, None) != leaf:
            found.append(Finding(certificate.registration_number, "changed"))
        elif is_late(event) or (
            _is_dated_otherwise(told) and ahead.get(certificate.id) != certificate.digest
        ):  # one dated ahead is told of when the worker comes to it: if it stood still, a day later
            found.append(Finding(certificate.registration_number, "back-dated"))
    return found + [Finding(f"leaf {place}", "removed") for place in sorted(sealed)]


def _late(bounds: Sequence[tuple[datetime, int]]) -> Callable[[CertificateEvent], bool]:
    """Whether a head from well after an event is without it; *bounds*: heads by their moment, with their sizes."""
    moments = [at for at, _size in bounds]
    smallest_since = list(accumulate((size for _at, size in reversed(bounds)), min))[::-1]

    def is_late(event: CertificateEvent) -> bool:
        first = bisect_right(moments, event.at + LATEST_SEAL)
        return first < len(moments) and event.position is not None and event.position >= smallest_since[first]

    return is_late


def _is_dated_otherwise(told: Told) -> bool:
    """Whether the document says another day of issue than the log."""
    event, certificate = told[0], told[1]
    if event.kind is not EventKind.ISSUED:
        return False
    return freezing.day_of(certificate) != event.at.astimezone(people.zone_of(certificate.provider_id)).date()


def _documents() -> list[Finding]:
    """Documents that the log doesn't tell of as they stand, that say otherwise, or that the program never issued."""
    told: dict[int, set[EventKind]] = {}
    for number, kind in db.session.execute(select(CertificateEvent.certificate_id, CertificateEvent.kind)):
        told.setdefault(number, set()).add(kind)
    issued, found = _entered_by_the_program("certificate.issued"), []
    wanted = select(Certificate).where(Certificate.state != CertificateState.PREPARED)
    for row in db.session.scalars(wanted.execution_options(yield_per=public_log.BATCH)):
        kinds = told.get(row.id, set())
        if row.state is CertificateState.REVOKED and kinds == {EventKind.REVOKED}:
            continue  # taken back before its day: it was never issued
        if kinds != {EventKind.ISSUED, *((ENDS[row.state],) if row.state in ENDS else ())}:
            found.append(Finding(row.registration_number, "unlogged"))
        if freezing.digest(row.frozen) != row.digest:
            found.append(Finding(row.registration_number, "changed"))
        if issued.pop(row.id, None) != row.digest:
            found.append(Finding(row.registration_number, "smuggled"))
    return found + [Finding(f"certificate {number}", "removed") for number in sorted(issued)]


def _entered_by_the_program(action: str) -> dict[int, str]:
    """certificate id → the digest the program did this with, from the entries of the audit that are authentic."""
    table, key = sealing.TABLE, authentic.key_of(current_app.config["SECRET_KEY"])
    wanted = select(table).where(table.c.subject_type == "certificate", table.c.action == action)
    rows = db.session.execute(wanted.execution_options(yield_per=public_log.BATCH)).mappings()
    return {
        int(row["subject_id"]): str((row["after"] or {}).get("digest", ""))
        for row in rows
        if sealing.is_authentic(key, dict(row))
    }
