"""Scans of orders: kept when they are sound, and read by whom they concern."""

from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from retrain import files
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.enrolment.door import target_of
from retrain.enrolment.forms import SCANS
from retrain.enrolment.models import Nomination
from retrain.extensions import db
from retrain.files import StoredFile, soundness
from retrain.people import permissions
from retrain.people.acting import current_actor
from retrain.people.permissions import Target


def kept_scan(sent: FileStorage | None, purpose: str) -> int | None:
    """The number under which a scan is kept; none when none was sent. Refused when it is not sound."""
    if sent is None or not sent.filename:
        return None
    row = files.keep(
        cast(BinaryIO, sent.stream),
        sent.filename,
        allowed=SCANS,
        actor=current_actor(),
        purpose=purpose,
        field="scan",
        faults=soundness.refusals,
    )
    return int(row.id)


@files.readable("nomination.scan")
def may_read_nomination(actor: Actor, row: StoredFile) -> bool:
    """Scans of colleges' orders are for the college and for those who see the run's people."""
    found = db.session.scalar(db.select(Nomination).where(Nomination.scan_id == row.id))
    if found is None:
        return False
    if permissions.may(actor, "enrolment.nominate", Target(college_id=found.organisation_id)):
        return True
    return permissions.may(actor, "enrolment.people", target_of(db.session.get_one(Run, found.run_id)))
