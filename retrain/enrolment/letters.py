"""Messages a coordinator writes to groups of people around a run, after seeing who would get them."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue_queries
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP, LIVING, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Person, Role, Teacher
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True)
class Audience:
    """A group of people around a run to write to. Later packages add theirs in ``work.audiences``."""

    key: str
    label: str
    person_ids: Callable[[], Sequence[int]]


def new_token() -> str:
    """What makes one message of a form sent twice."""
    return uuid.uuid4().hex


def people_in(run: Run, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """The persons whose enrolments on the run meet the conditions."""
    found = (
        select(Person.id)
        .join(Teacher, Teacher.person_id == Person.id)
        .join(Enrolment, Enrolment.teacher_id == Teacher.id)
        .where(Enrolment.run_id == run.id, *conditions)
    )
    return db.session.scalars(found.order_by(Person.sort_key)).all()


def with_place(run: Run) -> Sequence[int]:
    return people_in(run, Enrolment.state.in_(IN_GROUP))


def waiting(run: Run) -> Sequence[int]:
    return people_in(run, Enrolment.state == State.WAITLISTED)


def without_account(run: Run) -> Sequence[int]:
    """Those with a place who have never signed in."""
    return people_in(run, Enrolment.state.in_(IN_GROUP), Person.activated_at.is_(None))


def college_offices(run: Run) -> Sequence[int]:
    """The HR people of the colleges whose teachers are on the run."""
    colleges = select(Enrolment.organisation_id).where(
        Enrolment.run_id == run.id, Enrolment.state.in_(LIVING)
    )
    found = (
        select(Person.id)
        .join(Role, Role.person_id == Person.id)
        .where(Role.kind == RoleKind.COLLEGE_HR, Role.organisation_id.in_(colleges))
        .where(people.role_lives(clock.today()), Person.disabled_at.is_(None))
        .distinct()
    )
    return db.session.scalars(found).all()


@use_case
def write(actor: Actor, run_code: str, person_ids: Sequence[int], subject: str, text: str, token: str) -> int:
    """Send a message to the persons, each once whatever is sent twice; to how many it goes."""
    run = catalogue_queries.run(run_code)
    permissions.require(
        actor, "enrolment.write", Target(provider_id=run.provider_id, curator_id=run.curator_id)
    )
    found = []
    if not subject.strip():
        found.append(Refusal.of("letter-subject-missing", field="subject"))
    if not text.strip():
        found.append(Refusal.of("letter-text-missing", field="text"))
    if not person_ids:
        found.append(Refusal.of("letter-nobody", field="audience"))
    if found:
        raise Refused(found)
    sender = people.display_names([actor.person_id]).get(actor.person_id or 0, "")
    facts = {"subject": f"{run_code}: {subject.strip()}", "text": text.strip(), "sender": sender}
    messages.later_many(
        person_ids, "message.written", {**facts, "path": f"/runs/{run_code}"}, about=("run", run.id),
        key_prefix=f"letter:{token}",
    )  # fmt: skip
    audit.record(actor, "run.written_to", run, after={"people": len(person_ids), "subject": subject.strip()})
    return len(person_ids)
