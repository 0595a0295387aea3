"""A place in the dormitory: asked for by who comes, given or refused by the coordinator."""

from collections.abc import Sequence

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment import going, queries, reading_people, reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import OPEN, Lodging
from retrain.enrolment.telling import tell
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def ask_lodging(actor: Actor, enrolment_id: int, wanted: bool = True) -> Enrolment:
    """Ask for a place in the dormitory, or say that none is needed after all."""
    row, run = going.locked(actor, enrolment_id, "enrolment.withdraw")
    if row.state not in OPEN:
        raise Refused(Refusal.of("not-on-run", run=run.facts.code))
    if wanted and not run.terms.lodging:
        raise Refused(Refusal.of("no-lodging", run=run.facts.code))
    if wanted and row.lodging in (Lodging.GIVEN, Lodging.REFUSED):
        raise Refused(Refusal.of("lodging-answered"))
    _put(actor, row, Lodging.ASKED if wanted else Lodging.NONE)
    return row


@use_case
def answer_lodging(actor: Actor, run_code: str, enrolment_ids: Sequence[int], given: bool) -> int:
    """Give or refuse places in the dormitory to those who asked; how many were answered, each told once."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    to = Lodging.GIVEN if given else Lodging.REFUSED
    chosen = set(enrolment_ids)
    rows = [row for row in queries.open_enrolments(run.id) if row.id in chosen]
    rows = [row for row in rows if row.lodging not in (Lodging.NONE, to)]
    persons = {
        each.id: each.person_id for each in reading_people.teachers_at_desk([row.teacher_id for row in rows])
    }
    for row in rows:
        _put(actor, row, to)
        _tell(run, row, persons[row.teacher_id])
    return len(rows)


def _put(actor: Actor, row: Enrolment, to: Lodging) -> None:
    if row.lodging is not to:
        audit.record(actor, "enrolment.lodging", row, before={"lodging": row.lodging}, after={"lodging": to})
        row.lodging = to


def _tell(run: RunAtDesk, row: Enrolment, person_id: int) -> None:
    again = f"lodging:{clock.now().isoformat()}"
    tell(run, row, person_id, f"enrolment.lodging_{row.lodging}", queries.steps(row.id), again=again)
