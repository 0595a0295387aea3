"""What the timetable holds about a person: where they may teach, what they do, and their calendar's address."""

from sqlalchemy import delete, func, select, tuple_, update

from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.merging import Pair, mover
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.refusal import Refusal, Refused
from retrain.timetable.models import (
    Availability,
    ClassSession,
    HalfOfGroup,
    Lecturer,
    MayTeach,
    Occupancy,
    Scenario,
    ScenarioClass,
    SecretAddress,
    TimetableChange,
)
from retrain.timetable.states import Resource

holdings.belongs(Lecturer.person_id, ClassSession.lecturer_id)
holdings.belongs(SecretAddress.person_id, without=("nonce", "digest"))
holdings.hangs(Availability.lecturer_id, MayTeach.lecturer_id, HalfOfGroup.enrolment_id)
# A scenario is what the machine came to then; once a lecturer is made one with another, it is made anew.
holdings.did(TimetableChange.by_id, Scenario.made_by_id, ScenarioClass.lecturer_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """A lecturer teaches one class at a time: two at once must be put right before the two are made one."""
    kept, gone = pair.kept_person_id, pair.gone_person_id
    busy = (Occupancy.resource_kind == Resource.LECTURER) & (Occupancy.resource_id == kept)
    theirs = (Occupancy.resource_kind == Resource.LECTURER) & (Occupancy.resource_id == gone)
    slots = select(Occupancy.slot).where(busy)
    first = db.session.scalar(
        select(ClassSession)
        .join(Occupancy, Occupancy.session_id == ClassSession.id)
        .where(theirs, Occupancy.slot.in_(slots))
        .order_by(ClassSession.starts_at)
        .limit(1)
    )
    if first is not None:
        raise Refused(Refusal.of("both-teach-at-once", run=first.run.code, on=first.on_date))
    db.session.execute(
        update(Occupancy).where(theirs).values(resource_id=kept).execution_options(synchronize_session=False)
    )
    _bring_together(kept, gone)
    if db.session.scalar(select(SecretAddress.id).where(SecretAddress.person_id == kept)) is not None:
        delete_where(SecretAddress, SecretAddress.person_id == gone)
    places = select(Lecturer.provider_id).where(Lecturer.person_id == kept)
    db.session.execute(
        delete(Lecturer)
        .where(Lecturer.person_id == gone, Lecturer.provider_id.in_(places))
        .execution_options(synchronize_session=False)
    )


def _bring_together(kept: int, gone: int) -> None:
    """Where both teach for a provider, what was said of one's time and modules holds for the one who stays."""
    rows = select(Lecturer.person_id, Lecturer.provider_id, Lecturer.id).where(
        Lecturer.person_id.in_((kept, gone))
    )
    by_person: dict[int, dict[int, int]] = {kept: {}, gone: {}}
    for person_id, provider_id, number in db.session.execute(rows):
        by_person[person_id][provider_id] = number
    for provider_id in by_person[kept].keys() & by_person[gone].keys():
        stays, goes = by_person[kept][provider_id], by_person[gone][provider_id]
        known = select(MayTeach.module_id, MayTeach.kind).where(MayTeach.lecturer_id == stays)
        is_new = tuple_(MayTeach.module_id, MayTeach.kind).not_in(known)
        for change in (
            update(Availability).where(Availability.lecturer_id == goes),
            update(MayTeach).where(MayTeach.lecturer_id == goes, is_new),
        ):
            db.session.execute(change.values(lecturer_id=stays).execution_options(synchronize_session=False))


@keeper
def kept(person_id: int, _teacher_id: int | None) -> list[Kept]:
    """Classes taught stay in the registers of those who were there."""
    last = db.session.scalar(
        select(func.max(ClassSession.on_date)).where(ClassSession.lecturer_id == person_id)
    )
    return [Kept("teaching", end_of("register_years", last), named=True)] if last else []


@forgetter
def forget(person_id: int) -> None:
    """They may be put into no further class; the classes they have stay, and their calendar's address opens nothing."""
    delete_where(SecretAddress, SecretAddress.person_id == person_id)
    delete_where(Lecturer, Lecturer.person_id == person_id)
