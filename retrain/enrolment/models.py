"""Enrolments, what a run asks of them, and quotas and consents, with the constraints that keep them true."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.enrolment.states import LIVING, Consent, Funding, Lodging, QuotaSort, Side, Source, State, Way
from retrain.extensions import db


def _in(states: frozenset[State]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states)))


class Nomination(db.Model):
    """A college puts its teachers forward for a run, under an order of its own."""

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_run_id_organisation_id", "run_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    order_number: Mapped[str | None]
    order_date: Mapped[date | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Enrolment(db.Model):
    """One person and one run. Its state changes; past rows are never rewritten into another run or person."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_living",
            "run_id",
            "teacher_id",
            unique=True,
            sqlite_where=text(_in(LIVING)),
            postgresql_where=text(_in(LIVING)),
        ),
        UniqueConstraint("run_id", "position", name="uq_enrolment_run_id_position"),
        Index("ix_enrolment_run_id_state_position", "run_id", "state", "position"),
        Index("ix_enrolment_teacher_id_state", "teacher_id", "state"),
        Index("ix_enrolment_organisation_id_state", "organisation_id", "state"),
        CheckConstraint("state <> 'waitlisted' OR position IS NOT NULL", name="waiting_has_position"),
        CheckConstraint(
            "state NOT IN ('enrolled', 'completed', 'not_completed') OR since IS NOT NULL",
            name="member_has_first_day",
        ),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="until_after_since"),
        CheckConstraint("attempt >= 1 AND (attempt = 1) = (repeat_of_id IS NULL)", name="repeat_is_linked"),
        CheckConstraint("(state = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_expires"),
        CheckConstraint("(state = 'requested') = (lapses_at IS NOT NULL)", name="request_lapses"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("instead_of_id <> id", name="instead_of_another"),
        Index(
            "ix_enrolment_offer_expires_at", "offer_expires_at",
            sqlite_where=text("state = 'offered'"), postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_enrolment_lapses_at", "lapses_at",
            sqlite_where=text("state = 'requested'"), postgresql_where=text("state = 'requested'"),
        ),
        NUMBERED_ONCE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    # The college of that day: whoever changes college keeps this past where it happened.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[State] = mapped_column(words(State))
    # From run.waiting_seq, kept after promotion: the proof that nobody was passed over.
    position: Mapped[int | None]
    source: Mapped[Source] = mapped_column(words(Source))
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # First and last day in the group; the run's own dates bound them.
    since: Mapped[date | None]
    until: Mapped[date | None]
    attempt: Mapped[int] = mapped_column(default=1)
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    # The quotas this place is counted in, so that it goes back where it came from.
    taken_from: Mapped[list[int]] = mapped_column(default=list)
    offer_expires_at: Mapped[datetime | None]
    lapses_at: Mapped[datetime | None]
    # When the person, or whoever is to consent, was told that an offer or a request is about to end.
    reminded_at: Mapped[datetime | None]
    # The enrolment whose place this one took: on another run after a transfer, a colleague's after a substitution.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    funding: Mapped[Funding] = mapped_column(words(Funding), default=Funding.BUDGET)
    contract: Mapped[str | None] = mapped_column(String(80))
    # Whole so‘m.
    price: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    lodging: Mapped[Lodging] = mapped_column(words(Lodging), default=Lodging.NONE)


class EnrolmentChange(db.Model):
    """One move of an enrolment's state: what it was, what it became, who did it and why."""

    __tablename__ = "enrolment_change"
    __table_args__ = (Index("ix_enrolment_change_enrolment_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    before: Mapped[State] = mapped_column(words(State))
    after: Mapped[State] = mapped_column(words(State, "after"))
    reason: Mapped[str | None]
    # Written by orders, the next stage, when one makes the move official.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("official_order.id"))


class Terms(db.Model):
    """What a run asks of those who want a place, and what they should know before. No row: ``terms.USUAL``."""

    __tablename__ = "run_terms"
    __table_args__ = (
        CheckConstraint("offer_hours >= 1", name="offer_hours"),
        CheckConstraint("request_hours >= 1", name="request_hours"),
        CheckConstraint("withdraw_days >= 0", name="withdraw_days"),
        CheckConstraint("price >= 0", name="price"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    consent: Mapped[Consent] = mapped_column(words(Consent))
    way: Mapped[Way] = mapped_column(words(Way))
    # Working hours within which an offer is answered; None: a freed place is given at once, without asking.
    offer_hours: Mapped[int | None]
    # Working hours after which a request that nobody answered lapses.
    request_hours: Mapped[int]
    # Days before the first one until which a teacher may withdraw without the coordinator.
    withdraw_days: Mapped[int]
    funding: Mapped[Funding] = mapped_column(words(Funding))
    price: Mapped[int | None] = mapped_column(BigInteger)
    with_release: Mapped[bool]
    lodging: Mapped[bool]
    map_url: Mapped[str] = mapped_column(String(500))
    to_bring: Mapped[str] = mapped_column(Text)
    lock: Mapped[int] = mapped_column(default=1)


class Quota(db.Model):
    """Places of a run kept for a group (set aside), or the most of a group on its open places (ceiling)."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("run_id", "sort", "of", name="uq_quota_run_id_sort_of"),
        CheckConstraint("places >= 0", name="places"),
        # A ceiling may be passed once its hour has come; ``quota_rules`` holds it until then.
        CheckConstraint(
            "taken >= 0 AND (taken <= places OR (sort = 'ceiling' AND releases_at IS NOT NULL))", name="taken"
        ),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    sort: Mapped[QuotaSort] = mapped_column(words(QuotaSort))
    # ``region:UZ-XO``, ``college:17``, ``kind:college``, ``reserved:rural``.
    of: Mapped[str] = mapped_column(String(80))
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    releases_at: Mapped[datetime | None]
    # When what nobody took was passed on to those who wait.
    released_at: Mapped[datetime | None]


class Approval(db.Model):
    """One side's answer to one teacher and one run; it may be given before the teacher asks for a place."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("run_id", "teacher_id", "side", name="uq_approval_run_id_teacher_id_side"),
        CheckConstraint("(given IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("given IS NULL OR given OR reason IS NOT NULL", name="refused_with_reason"),
        Index("ix_approval_teacher_id", "teacher_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    side: Mapped[Side] = mapped_column(words(Side))
    # None: asked for and not answered yet.
    given: Mapped[bool | None]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
