"""What people's own tables, and those of the floors below, hold about a person."""

from sqlalchemy import String, cast, exists, or_, select

from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.database.bulk import delete_where
from retrain.extensions import db
from retrain.files.models import StoredFile
from retrain.jobs import service as jobs
from retrain.jobs.models import Job
from retrain.messages.models import Delivery, Message, MessagePreference
from retrain.people import holdings
from retrain.people.merging import Pair, mover
from retrain.people.models import (
    AccountSession,
    Employment,
    ErasureRequest,
    OneTimeCode,
    Person,
    PersonName,
    Role,
    RosterBatch,
    Setting,
    Teacher,
)
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, keeper, name_in_messages
from retrain.people.roster_batches import forget_rows
from retrain.people.states import RequestState

holdings.belongs(Person.merged_into_id, without=("password_hash", "totp_secret", "totp_step"))
holdings.belongs(Role.person_id, Role.delegated_by_id, ErasureRequest.person_id, MessagePreference.person_id)
holdings.belongs(Message.person_id, without=("secret",))
holdings.belongs(Job.wanted_by_id, without=("worker", "lease_until"))
holdings.did(AuditEntry.actor_id, ErasureRequest.decided_by_id, OneTimeCode.created_by_id, Role.granted_by_id)
holdings.did(RosterBatch.created_by_id, Setting.created_by_id, StoredFile.kept_by_id)
holdings.apart(AccountSession.person_id, Employment.teacher_id, OneTimeCode.person_id, PersonName.person_id)
holdings.apart(Teacher.person_id)
holdings.hangs(Delivery.message_id, without=("worker", "error"))
holdings.beside(AccountSession.role_id, Role.delegated_from_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One preference a channel and one open request to be erased: those of who stays."""
    ours = select(MessagePreference.channel).where(MessagePreference.person_id == pair.kept_person_id)
    delete_where(
        MessagePreference,
        MessagePreference.person_id == pair.gone_person_id,
        MessagePreference.channel.in_(ours.scalar_subquery()),
    )
    requests = {
        row.person_id: row
        for row in db.session.scalars(
            select(ErasureRequest).where(
                ErasureRequest.person_id.in_((pair.kept_person_id, pair.gone_person_id)),
                ErasureRequest.state == RequestState.ASKED,
            )
        )
    }
    if len(requests) == 2:
        requests[pair.gone_person_id].state = RequestState.TAKEN_BACK


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[Kept]:
    """The log is sealed: what it has of a person, their names among it, stays as it is."""
    about = (AuditEntry.subject_type == "person") & (AuditEntry.subject_id == str(person_id))
    taught = (AuditEntry.subject_type == "teacher") & (AuditEntry.subject_id == str(teacher_id))
    logged = select(exists().where(or_(AuditEntry.actor_id == person_id, about, taught)))
    return [Kept("audit")] if db.session.scalar(logged) else []


@keeper
def named_as_lender(person_id: int, _teacher_id: int | None) -> list[Kept]:
    """Whoever was lent a role was told by whom."""
    lent = select(cast(Role.id, String)).where(Role.delegated_by_id == person_id)
    told = (AuditEntry.action == "role.delegated") & AuditEntry.subject_id.in_(lent)
    return name_in_messages(told)


@forgetter
def forget_messages(person_id: int) -> None:
    """What was written to somebody who is erased, and where it was sent, goes with them."""
    for model in (Message, MessagePreference):
        delete_where(model, model.person_id == person_id)


@forgetter
def forget_jobs(person_id: int) -> None:
    """The long work they asked for, with its results, once it has ended."""
    jobs.forget_of(person_id)


@forgetter
def forget_rosters(person_id: int) -> None:
    """The files that may hold their row as an office sent it, and their name beside rows that were refused.

    A file can't lose one line and be the same file; so those of the colleges they worked at, and of several
    colleges at once, go whole. What was imported from them stays.
    """
    person = db.session.get_one(Person, person_id)
    teacher = select(Teacher.id).where(Teacher.person_id == person_id).scalar_subquery()
    colleges = select(Employment.organisation_id).where(Employment.teacher_id == teacher)
    mine = RosterBatch.organisation_id.is_(None) | RosterBatch.organisation_id.in_(colleges)
    names = {key for key in person.search_key.split(" | ") if key}
    for batch in db.session.scalars(select(RosterBatch).where(mine).order_by(RosterBatch.id)):
        forget_rows(batch, names)
