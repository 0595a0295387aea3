"""Every person's own file of a run in one ZIP, made by a worker."""

import tempfile
import zipfile

from retrain import files, jobs
from retrain.audit import Actor
from retrain.certificates import sending, service
from retrain.certificates.models import Certificate
from retrain.certificates.paper import stacks
from retrain.database.use_case import use_case
from retrain.files.sniff import ZIP
from retrain.jobs.models import Job

JOB = "certificates.parcel"
LARGEST = 4 * 1024 * 1024 * 1024
BITE = 20
"""Files between two signs of progress."""


@use_case
def want(actor: Actor, code: str) -> Job:
    """Have the ZIP of a run's documents made."""
    run, _certificates = stacks.issued(actor, code)
    return jobs.want(JOB, {"run": run.code}, actor=actor)


@use_case
def want_of_college(actor: Actor, code: str) -> Job:
    """Have the ZIP of the documents of the actor's own college made."""
    run, _certificates = sending.of_college(actor, code)
    return jobs.want(JOB, {"run": run.code, "college": True}, actor=actor)


@jobs.handler(JOB, lane=jobs.Lane.HEAVY)
def make(work: jobs.Work) -> None:
    """Put each document's own file, the one its holder gets, into the ZIP; a file is made once and for all."""
    found = sending.of_college if work.payload.get("college") else stacks.issued
    run, certificates = found(work.actor, work.payload["run"])
    with tempfile.TemporaryFile() as parcel:
        # The files are compressed already.
        with zipfile.ZipFile(parcel, "w", zipfile.ZIP_STORED) as archive:
            for start in range(0, len(certificates), BITE):
                for row in certificates[start : start + BITE]:
                    stored = service.file_of(work.actor, row.id)
                    archive.write(files.path(stored), arcname=file_name(row))
                work.progress(min(start + BITE, len(certificates)), len(certificates))
        stored = files.keep(
            parcel, f"{run.code}.zip", allowed={ZIP}, limit=LARGEST, actor=work.actor, purpose="certificates"
        )
    work.result = {"documents": len(certificates), "url": f"/files/{stored.id}"}


def file_name(row: Certificate) -> str:
    """How a person's file is called in the ZIP: by its number first, so that they lie in order."""
    name = "".join(sign for sign in row.frozen["public"]["name"] if sign not in '/\\:*?"<>|')
    return f"{row.series}{row.number:06d} {name}"[:120].strip() + ".pdf"
