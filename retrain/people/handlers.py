"""What the worker does for people, and how messages find them."""

from collections.abc import Collection
from datetime import timedelta

from retrain import clock, jobs, messages
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.service import forget_before as forget_jobs_before
from retrain.messages.service import forget_before as forget_messages_before
from retrain.people import privacy_erasing, settings
from retrain.people.accounts import retention
from retrain.people.models import AccountSession, OneTimeCode, Person, RosterBatch
from retrain.people.roster_batches import finish_batch, forget_rows


@jobs.handler("roster.apply", lane=jobs.Lane.HEAVY)
def apply_batch(work: jobs.Work) -> None:
    """Apply what is left of a confirmed roster."""

    def progress(done: int, total: int) -> None:
        work.progress(done, total, cursor={"done": done})

    batch = finish_batch(work.actor, work.payload["batch"], progress)
    work.result = {"accepted": batch.accepted, "merged": batch.merged, "refused": len(batch.refused)}


@jobs.every(timedelta(hours=6))
@use_case
def tidy_up() -> None:
    """What is older than the administrator wants kept is forgotten: sessions, codes, rosters, messages, jobs.

    And the names of erased people, once what was kept under them has had its time.
    """
    now = clock.now()
    kept = timedelta(days=retention("session_days"))
    db.session.execute(db.delete(AccountSession).where(AccountSession.expires_at < now - kept))
    # Those used stay: they say how an account was opened, which counts when its owner is given a role.
    unused = OneTimeCode.used_at.is_(None)
    db.session.execute(db.delete(OneTimeCode).where(OneTimeCode.expires_at < now - kept, unused))
    forget_messages_before(now - timedelta(days=retention("message_days")))
    forget_jobs_before(now - timedelta(days=retention("job_days")))
    old = db.select(RosterBatch).where(
        RosterBatch.applied_at < now - timedelta(days=retention("roster_days")),
        RosterBatch.stored_file_id.is_not(None),
    )
    for batch in db.session.scalars(old):
        forget_rows(batch)
    privacy_erasing.finish()


@messages.addressed_by
def recipients(person_ids: Collection[int]) -> dict[int, messages.Recipient]:
    """Where people are reached; without those who were merged or erased."""
    reached = db.select(Person).where(
        Person.id.in_(person_ids), Person.merged_into_id.is_(None), Person.erased_at.is_(None)
    )
    return {
        person.id: messages.Recipient(
            name=person.full_name,
            language=person.language,
            email=person.contact_email or person.email,
            phone=person.contact_phone or person.phone,
            telegram=person.telegram,
        )
        for person in db.session.scalars(reached)
    }


@messages.configured_by
def channel_settings() -> dict[str, dict[str, object]]:
    """The administrator's settings of the channels."""
    return dict(settings.KEYS["channels"].default | settings.get(None, "channels"))
