"""Documents to the colleges: one message to each college's HR with the list, and a page with the files."""

import hashlib
from collections import defaultdict

from retrain import audit, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import queries
from retrain.certificates.models import Certificate
from retrain.certificates.paper import stacks
from retrain.certificates.states import VALID
from retrain.database.use_case import use_case
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import NotThere


@use_case
def tell_colleges(actor: Actor, code: str) -> int:
    """Each college is told once of its teachers' documents as they stand; how many colleges there are.

    Pressed again after more were issued, a college is told again, with the whole list.
    """
    run, certificates = stacks.issued(actor, code)
    of_college: dict[int, list[Certificate]] = defaultdict(list)
    for row in certificates:
        if row.enrolment.organisation_id:
            of_college[row.enrolment.organisation_id].append(row)
    for college_id, rows in of_college.items():
        names = "; ".join(f"{row.frozen['public']['name']} ({row.registration_number})" for row in rows)
        told = hashlib.sha256(names.encode()).hexdigest()[:16]
        for person in people.holders(college_id, RoleKind.COLLEGE_HR):
            messages.later(
                person.id, "certificates.college",
                {"title": run.version.titles, "names": names, "path": f"/documents/of-college/{code}"},
                about=("run", run.id), key=f"certificates.college:{run.id}:{person.id}:{told}",
            )  # fmt: skip
    audit.record(actor, "certificates.sent", run, after={"colleges": sorted(of_college)})
    return len(of_college)


def of_college(actor: Actor, code: str) -> tuple[Run, list[Certificate]]:
    """The run and the living documents of the actor's own college in it; NotThere when there are none."""
    run, college_id = catalogue.run(code), actor.organisation_id
    permissions.require(actor, "certificate.open", Target(college_id=college_id))
    found = [
        row
        for row in queries.of_run(run.id)
        if row.state in VALID and row.enrolment.organisation_id == college_id
    ]
    if not found:
        raise NotThere(code)
    return run, found
