"""Organisations, people, teachers, roles, sign-in, dated settings and rosters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain import clock
from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.people.states import (
    BatchState,
    CodePurpose,
    OrganisationKind,
    RequestState,
    RoleKind,
    Script,
    Sex,
    StaffKind,
)

NAME = 300
"""The longest part of a name that is taken; longer ones are refused with a sentence."""


class Organisation(db.Model):
    """A university, college, employer, regional centre or ministry. Giving courses is a trait, not a kind."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code"),
        Index(None, "kind", "region"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(words(OrganisationKind))
    region: Mapped[str] = mapped_column(String(6))
    is_provider: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str] = mapped_column(String(64), default=clock.COUNTRY.key)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    rural: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    names: Mapped[list["OrganisationName"]] = relationship(
        back_populates="organisation", order_by="OrganisationName.valid_from", cascade="all, delete-orphan"
    )


class OrganisationName(db.Model):
    """What an organisation is called from a day on, in up to four languages.

    ``search_key`` and ``fold_key`` hold a key for each language between bars: ``|key|key|``.
    """

    __tablename__ = "organisation_name"
    __table_args__ = (UniqueConstraint("organisation_id", "valid_from", name="uq_organisation_name_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    names: Mapped[dict[str, str]]
    search_key: Mapped[str] = mapped_column(Text)
    fold_key: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text)
    organisation: Mapped[Organisation] = relationship(back_populates="names")


class Person(db.Model):
    """Somebody with an account, whether or not they have ever signed in.

    ``email`` and ``phone`` are what one signs in with, so they are nobody else's; ``contact_email`` and
    ``contact_phone`` are where messages go and may be a whole office's. The name is kept dated in
    ``person_name``; here is the present one.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint("merged_into_id <> id", name="merged_into"),
        Index(None, "contact_email"),
        Index(None, "contact_phone"),
        Index(None, "search_key"),
        Index(None, "sort_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(16))
    telegram: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="uz")
    family: Mapped[str] = mapped_column(String(NAME))
    given: Mapped[str] = mapped_column(String(NAME))
    patronymic: Mapped[str] = mapped_column(String(NAME), default="")
    sort_key: Mapped[str] = mapped_column(String(600))
    search_key: Mapped[str] = mapped_column(String(1000))
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_step: Mapped[int | None]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    names: Mapped[list["PersonName"]] = relationship(
        back_populates="person", order_by="PersonName.valid_from", cascade="all, delete-orphan"
    )
    teacher: Mapped["Teacher | None"] = relationship(
        back_populates="person", foreign_keys="Teacher.person_id"
    )

    @property
    def full_name(self) -> str:
        """Family name, given name, patronymic, as official lists have it."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)


class PersonName(db.Model):
    """A person's name in one script from a day on; the old one stays for the documents that bear it."""

    __tablename__ = "person_name"
    __table_args__ = (UniqueConstraint("person_id", "script", "valid_from", name="uq_person_name_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    script: Mapped[Script] = mapped_column(words(Script))
    family: Mapped[str] = mapped_column(String(NAME))
    given: Mapped[str] = mapped_column(String(NAME))
    patronymic: Mapped[str] = mapped_column(String(NAME), default="")
    valid_from: Mapped[date]
    person: Mapped[Person] = relationship(back_populates="names")


class Teacher(db.Model):
    """A person as somebody who is retrained: known by a PINFL or a foreign document, never by a name."""

    __tablename__ = "teacher"
    __table_args__ = (
        UniqueConstraint("document_country", "document_number", name="uq_teacher_document"),
        CheckConstraint("pinfl IS NOT NULL OR document_number IS NOT NULL", name="known_by"),
        CheckConstraint("length(pinfl) = 14", name="pinfl"),
        CheckConstraint("(document_country IS NULL) = (document_number IS NULL)", name="document"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    pinfl: Mapped[str | None] = mapped_column(String(14), unique=True)
    document_country: Mapped[str | None] = mapped_column(String(2))
    document_number: Mapped[str | None] = mapped_column(String(32))
    birth_date: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(words(Sex))
    staff_kind: Mapped[StaffKind] = mapped_column(words(StaffKind), default=StaffKind.TEACHER)
    category: Mapped[str] = mapped_column(String(64), default="")
    specialities: Mapped[list[str]] = mapped_column(default=list)
    # What some courses ask; None: nobody has told the program, and nobody is turned away for that.
    teaching_since: Mapped[date | None]
    languages: Mapped[list[str] | None]
    # Grounds for the distance form; seen by the person, their college and who decides on the form only.
    youngest_child_born: Mapped[date | None]
    disability: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    lock: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(back_populates="teacher", foreign_keys=[person_id])
    employments: Mapped[list["Employment"]] = relationship(
        back_populates="teacher", order_by="Employment.since", cascade="all, delete-orphan"
    )


class Employment(db.Model):
    """Where a teacher works from a day to a day. A change of college ends one and begins another."""

    __tablename__ = "employment"
    __table_args__ = (
        CheckConstraint("until >= since", name="days"),
        Index(
            "uq_employment_living", "teacher_id", unique=True,
            sqlite_where=db.text("until IS NULL"), postgresql_where=db.text("until IS NULL"),
        ),
        Index(None, "teacher_id", "since"),
        Index(None, "organisation_id", "until"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    post: Mapped[str] = mapped_column(String(NAME), default="")
    since: Mapped[date]
    until: Mapped[date | None]
    teacher: Mapped[Teacher] = relationship(back_populates="employments")
    organisation: Mapped[Organisation] = relationship()


class Role(db.Model):
    """What a person may do for an organisation, from a day to a day, of their own right or delegated."""

    __tablename__ = "role"
    __table_args__ = (
        CheckConstraint("until >= since", name="days"),
        CheckConstraint("delegated_by_id IS NULL OR until IS NOT NULL", name="delegation_ends"),
        Index(None, "person_id"),
        Index(None, "organisation_id", "kind"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[RoleKind] = mapped_column(words(RoleKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    delegated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    delegated_from_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()


class AccountSession(db.Model):
    """One signed-in browser. The cookie holds a token, here is only its digest."""

    __tablename__ = "account_session"
    __table_args__ = (Index(None, "person_id", "ended_at"), Index(None, "expires_at"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")


class OneTimeCode(db.Model):
    """A mailed link or a printed slip: opens one thing for one person, once, for a while.

    Kept as a keyed digest, so that the table alone opens nothing.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "person_id", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[CodePurpose] = mapped_column(words(CodePurpose))
    printed: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str | None] = mapped_column(String(254))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(db.Model):
    """Failures of one kind under one key: account and address together, so that nobody locks others out."""

    __tablename__ = "throttle"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"), Index(None, "last_at"))

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    until: Mapped[datetime | None]


class Setting(db.Model):
    """What holds from a day on, for an organisation or, without one, for everybody."""

    __tablename__ = "setting"
    __table_args__ = (
        Index(
            "uq_setting_organisation", "organisation_id", "key", "valid_from", unique=True,
            sqlite_where=db.text("organisation_id IS NOT NULL"),
            postgresql_where=db.text("organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_setting_everybody", "key", "valid_from", unique=True,
            sqlite_where=db.text("organisation_id IS NULL"),
            postgresql_where=db.text("organisation_id IS NULL"),
        ),
        NUMBERED_ONCE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    value: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RosterMapping(db.Model):
    """Which column means what under a header once mapped, remembered for the organisation that mapped it."""

    __tablename__ = "roster_mapping"
    __table_args__ = (
        Index(
            "uq_roster_mapping_organisation", "organisation_id", "header", unique=True,
            sqlite_where=db.text("organisation_id IS NOT NULL"),
            postgresql_where=db.text("organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_roster_mapping_everybody", "header", unique=True,
            sqlite_where=db.text("organisation_id IS NULL"),
            postgresql_where=db.text("organisation_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    header: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, int]]
    changed_at: Mapped[datetime]


class RosterBatch(db.Model):
    """One roster somebody confirmed, applied in chunks by a job and shown as one thing.

    ``after_row`` is the last row of the file whose effect is committed. The file itself is full of numbers and
    is forgotten after a while.
    """

    __tablename__ = "roster_batch"
    __table_args__ = (Index(None, "organisation_id", "created_at"), Index(None, "stored_file_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    only_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    stored_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str] = mapped_column(String(255))
    columns: Mapped[dict[str, int]]
    state: Mapped[BatchState] = mapped_column(words(BatchState), default=BatchState.WAITING)
    mail_links: Mapped[bool] = mapped_column(default=False)
    after_row: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[Any]] = mapped_column(default=list)
    job_id: Mapped[int | None]
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None]


class ErasureRequest(db.Model):
    """A person asks that what is known about them be erased; what must be kept is named in the answer."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index(
            "uq_erasure_request_open", "person_id", unique=True,
            sqlite_where=db.text("state = 'asked'"), postgresql_where=db.text("state = 'asked'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.ASKED)
    why: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept: Mapped[list[str]] = mapped_column(default=list)
    answer: Mapped[str] = mapped_column(Text, default="")
