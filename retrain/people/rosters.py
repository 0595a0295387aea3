"""Rosters against the database: what would come of one, without writing, and what its columns mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.names import full_name
from retrain.people import permissions, queries, roster, roster_columns
from retrain.people.models import (
    Employment,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    RosterMapping,
    Teacher,
)
from retrain.people.permissions import Scope, Target
from retrain.people.roster_columns import Header
from retrain.people.roster_line import Colleges, Outcome, Reading, Verdict
from retrain.refusal import Refusal, Refused
from retrain.tabular.read import read_table
from retrain.tabular.table import Table, UnreadableFile

_AT_ONCE = 500


@dataclass(frozen=True)
class Preview:
    """What would come of a roster. *columns* maps fields to columns; *headings* are what the file calls them."""

    sheet: str
    header: Header
    columns: Mapping[str, int]
    verdicts: list[Verdict]
    remembered: bool = False

    def count(self, outcome: Outcome) -> int:
        return sum(verdict.outcome is outcome for verdict in self.verdicts)

    @property
    def accepted(self) -> int:
        return self.count(Outcome.ACCEPTED)

    @property
    def merged(self) -> int:
        return self.count(Outcome.MERGED)

    @property
    def refused(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome is Outcome.REFUSED]

    @property
    def changed(self) -> int:
        """Merged rows that bring something new."""
        return sum(bool(verdict.changes) for verdict in self.verdicts)


def open_table(content: bytes, filename: str) -> Table:
    """The table in a file somebody sent; Refused with what is wrong with it."""
    try:
        return read_table(content, filename)
    except UnreadableFile as error:
        raise Refused(Refusal(f"file-{error.code}", dict(error.facts), "file")) from None


def preview(
    actor: Actor,
    table: Table,
    *,
    college_id: int | None = None,
    columns: Mapping[str, int] | None = None,
    on: date | None = None,
) -> Preview:
    """What would come of importing *table*; writes nothing. Refused when no header or no identity is found."""
    header = header_of(table)
    mapped = columns or remembered(actor, header)
    chosen = dict(mapped or roster_columns.columns_of(header.headings))
    reading = reading_for(actor, chosen, college_id, on)
    rows = [row for row in table.rows if row.number > header.row]
    if not roster_columns.is_enough(chosen):
        raise Refused(Refusal.of("columns-missing", field="columns"))
    return Preview(
        table.sheet, header, chosen, roster.preview(rows, reading, known), remembered=mapped is not None
    )


def header_of(table: Table) -> Header:
    """The row of column names; Refused when there is none."""
    header = roster_columns.find_header(table.rows)
    if header is None:
        raise Refused(Refusal.of("header-missing", field="file"))
    return header


def reading_for(
    actor: Actor, columns: Mapping[str, int], college_id: int | None, on: date | None = None
) -> Reading:
    """How the actor may read a roster: a college's HR sees only their own college's rows accepted."""
    own = permissions.scope(actor, "roster.import") is Scope.COLLEGE
    default = actor.organisation_id if own else college_id
    if default is not None:
        college = queries.organisation_by_id(default)
        permissions.require(actor, "roster.import", Target(college_id=college.id, region=college.region))
    else:
        permissions.require(actor, "roster.import", Target())
    return Reading(columns, colleges(), on or clock.today(), default, default if own or college_id else None)


def colleges() -> Colleges:
    """Every organisation by every name it has had."""
    today = clock.today()
    by_code: dict[str, int] = {}
    closed = set()
    for number, code, closed_on in db.session.execute(
        db.select(Organisation.id, Organisation.code, Organisation.closed_on)
    ):
        by_code[code] = number
        if closed_on is not None and closed_on <= today:
            closed.add(number)
    exact: dict[str, int | None] = {}
    loose: dict[str, int | None] = {}
    for number, searched, folded in db.session.execute(
        db.select(OrganisationName.organisation_id, OrganisationName.search_key, OrganisationName.fold_key)
    ):
        for keys, table in ((searched, exact), (folded, loose)):
            for key in keys.strip("|").split("|"):
                table[key] = number if table.get(key, number) == number else None
    return Colleges(by_code, exact, loose, frozenset(closed))


def known(keys: Sequence[str]) -> dict[str, roster.Known]:
    """The teachers we have among these keys (a PINFL, or ``country:number``), few queries for many."""
    found: dict[str, roster.Known] = {}
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        numbers = [key.partition(":")[2] for key in part if ":" in key]
        query = (
            db.select(
                Teacher.id, Teacher.pinfl, Teacher.document_country, Teacher.document_number, Teacher.birth_date,
                Teacher.specialities, Teacher.category, Person.id.label("person_id"), Person.family, Person.given,
                Person.patronymic, Person.contact_email, Person.contact_phone,
                Employment.organisation_id, Employment.post, Employment.since,
            )
            .join(Person, Person.id == Teacher.person_id)
            .outerjoin(Employment, (Employment.teacher_id == Teacher.id) & Employment.until.is_(None))
            .where(Teacher.pinfl.in_(part) | Teacher.document_number.in_(numbers))
        )  # fmt: skip
        rows = db.session.execute(query).all()
        names = _names([row.person_id for row in rows])
        for row in rows:
            key = row.pinfl or f"{row.document_country}:{row.document_number}"
            found[key] = _known(row, names.get(row.person_id, []))
    return found


def _names(person_ids: Sequence[int]) -> dict[int, list[str]]:
    """Every name each person has had, in every script."""
    query = db.select(PersonName.person_id, PersonName.family, PersonName.given, PersonName.patronymic)
    found: dict[int, list[str]] = {}
    for person_id, *parts in db.session.execute(query.where(PersonName.person_id.in_(person_ids))):
        found.setdefault(person_id, []).append(full_name(*parts))
    return found


def _known(row: Any, names: Sequence[str]) -> roster.Known:
    return roster.Known(
        teacher_id=row.id,
        names=frozenset([full_name(row.family, row.given, row.patronymic), *names]),
        organisation_id=row.organisation_id,
        birth_date=row.birth_date,
        email=row.contact_email,
        phone=row.contact_phone,
        post=row.post or "",
        specialities=tuple(row.specialities),
        category=row.category,
        since=row.since,
    )


def remembered(actor: Actor, header: Header) -> dict[str, int] | None:
    """The mapping confirmed before for this header by the actor's organisation."""
    ours = RosterMapping.organisation_id == actor.organisation_id
    if actor.organisation_id is None:
        ours = RosterMapping.organisation_id.is_(None)
    row = db.session.scalar(db.select(RosterMapping).where(ours, RosterMapping.header == header.digest))
    return dict(row.columns) if row else None


def columns_for(actor: Actor, header: Header) -> dict[str, int]:
    """What the columns hold: as remembered, else as guessed."""
    return remembered(actor, header) or roster_columns.columns_of(header.headings)


@use_case
def remember(actor: Actor, header: Header, columns: Mapping[str, int]) -> None:
    """Next time a file with this header comes, its columns mean the same."""
    permissions.require(actor, "roster.import", Target(college_id=actor.organisation_id))
    if not roster_columns.is_enough(columns):
        raise Refused(Refusal.of("columns-missing"))
    if any(not 0 <= at < len(header.headings) for at in columns.values()):
        raise Refused(Refusal.of("columns-missing"))
    ours = RosterMapping.organisation_id == actor.organisation_id
    if actor.organisation_id is None:
        ours = RosterMapping.organisation_id.is_(None)
    row = db.session.scalar(db.select(RosterMapping).where(ours, RosterMapping.header == header.digest))
    if row is None:
        row = RosterMapping(organisation_id=actor.organisation_id, header=header.digest)
        db.session.add(row)
    row.columns, row.changed_at = dict(columns), clock.now()
    db.session.flush()
    audit.record(actor, "roster_mapping.remembered", row, after={"columns": dict(columns)})
