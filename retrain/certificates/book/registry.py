"""A national register: the file it is sent, in the columns it wants, and what it answered for each document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from retrain import audit, clock, files
from retrain.audit import Actor
from retrain.certificates import numbering
from retrain.certificates.book.models import RegistryLine, RegistrySending
from retrain.certificates.models import Certificate
from retrain.certificates.paper import blank_queries
from retrain.certificates.states import LIVING, CertificateState, RegistryState
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.files import XLSX, StoredFile
from retrain.language import pick
from retrain.language.keys import search_key
from retrain.people import permissions, rosters, settings
from retrain.people import service as people_service
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.tabular.table import Row, Table
from retrain.tabular.write import write_csv, write_xlsx

SETTING = "register_export"
ACTION = "certificate.print"
DEFAULT: dict[str, Any] = {
    "format": "xlsx",
    "days": "dotted",
    # The columns of a centre's own register (its import template), in its words.
    "columns": [
        ["name", "Tinglovchi"], ["workplace", "Asosiy ish joyi"], ["course", "Kursi"], ["series", "Seriyasi"],
        ["number", "Raqami"], ["period", "O‘qish muddati (davri)"], ["state", "Holati"],
    ],
    "answer": {"state": "Natija", "message": "Izoh", "accepted": "qabul qilindi, принято, accepted"},
}  # fmt: skip
MOST_COLUMNS = 16


def profile(provider_id: int) -> dict[str, Any]:
    """How the provider's file looks: format, days, columns with their titles, and how answers are read."""
    kept: dict[str, Any] = settings.get(provider_id, SETTING)
    return DEFAULT | kept


def set_profile(actor: Actor, provider_id: int, wanted: Mapping[str, Any]) -> None:
    """Change how the file looks. Without a number no answer could be matched, so it has to be among the columns."""
    fields = {name for name, _title in wanted["columns"]}
    if not ("registration" in fields or {"series", "number"} <= fields):
        raise Refused(Refusal.of("registry-no-number"))
    people_service.set_setting(actor, provider_id, SETTING, clock.today(), dict(wanted))


@dataclass(frozen=True)
class Standing:
    """A document of the book and where it stands with the register; no *line* when it was never sent."""

    certificate: Certificate
    line: RegistryLine | None

    @property
    def refused(self) -> bool:
        """Whether the register sent it back."""
        return self.line is not None and self.line.state is RegistryState.ERROR

    @property
    def waits(self) -> bool:
        """Whether the next file takes it: never sent, sent back with an error, or changed since."""
        return (
            self.line is None
            or self.line.state is RegistryState.ERROR
            or self.line.said != said_of(self.certificate)
        )


def said_of(row: Certificate) -> str:
    """What a register is to know of a document: it is valid, replaced or revoked."""
    return "valid" if row.state in LIVING else row.state.value


def standings(provider_id: int, series: str, year: int) -> list[Standing]:
    """Every document of a book with its latest line."""
    rows, latest = numbering.register(provider_id, series, year), _latest(provider_id)
    return [Standing(row, latest.get(row.id)) for row in rows if row.state is not CertificateState.PREPARED]


def _latest(provider_id: int) -> dict[int, RegistryLine]:
    lines = db.session.scalars(
        select(RegistryLine)
        .join(RegistrySending, RegistrySending.id == RegistryLine.sending_id)
        .where(RegistrySending.provider_id == provider_id)
        .order_by(RegistryLine.sending_id)
    )
    return {line.certificate_id: line for line in lines}


@use_case
def send(actor: Actor, provider_id: int, series: str, year: int) -> StoredFile:
    """The file of everything in a book that the register does not know yet; each document in it is sent from now on."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    # Two officers at once: the second waits here, and then finds nothing left.
    db.session.execute(
        select(Certificate.id)
        .where(Certificate.provider_id == provider_id, Certificate.series == series, Certificate.year == year)
        .order_by(Certificate.id)
        .with_for_update()
    )
    wanted = [row.certificate for row in standings(provider_id, series, year) if row.waits]
    if not wanted:
        raise Refused(Refusal.of("registry-nothing"))
    wish = profile(provider_id)
    content = written(wish, wanted)
    name = f"reestr-{series}-{year}.{wish['format']}"
    kind = XLSX if wish["format"] == "xlsx" else "text/csv"
    stored = files.keep(content, name, allowed={kind}, actor=actor, purpose="certificates.registry")
    sending = RegistrySending(
        provider_id=provider_id, file_id=stored.id, made_at=clock.now(), made_by_id=actor.person_id
    )
    db.session.add(sending)
    db.session.flush()
    db.session.add_all(
        RegistryLine(
            sending_id=sending.id, certificate_id=row.id, said=said_of(row), state=RegistryState.SENT
        )
        for row in wanted
    )
    audit.record(
        actor, "registry.sent", ("organisation", provider_id),
        after={"documents": len(wanted), "series": series, "year": year, "file": stored.digest},
    )  # fmt: skip
    return stored


def written(wish: Mapping[str, Any], rows: Sequence[Certificate]) -> bytes:
    """The documents in the columns, words and format of a profile."""
    blanks = blank_queries.blanks_of([row.id for row in rows])
    titles = [title for _name, title in wish["columns"]]
    table = [
        [value(row, name, blanks.get(row.id, ""), wish["days"]) for name, _title in wish["columns"]]
        for row in rows
    ]
    return write_xlsx(titles, table, "Reestr") if wish["format"] == "xlsx" else write_csv(titles, table)


def value(row: Certificate, name: str, blank: str, days: str) -> str | int:
    """One field of a document as a register takes it."""
    document, public = row.frozen["document"], row.frozen["public"]

    def day(iso: str) -> str:
        return date.fromisoformat(iso).strftime("%d.%m.%Y") if iso and days == "dotted" else iso

    found: dict[str, str | int] = {
        "registration": row.registration_number, "series": row.series, "number": f"{row.number:06d}", "blank": blank,
        "document": row.document_type.value, "state": said_of(row), "group": row.run.group_name or row.run.code,
        "title": pick(public["titles"], document["language"]), "check": document["check_url"],
        "period": f"{day(document['starts_on'])} – {day(document['ends_on'])}",
    }  # fmt: skip
    if name in found:
        return found[name]
    told: str | int = document.get({"order": "order_number"}.get(name, name), "")
    return day(str(told)) if name.endswith("_on") else told


@dataclass
class Answered:
    """What a register's answer said: how many it took, how many not, and the rows nobody could make sense of."""

    accepted: int = 0
    errors: int = 0
    unread: list[Refusal] = field(default_factory=list)


@use_case
def answer(actor: Actor, provider_id: int, content: bytes, filename: str) -> Answered:
    """Record what the register answered, row by row; a row that names no document sent is told, the others are kept."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    wish, table = profile(provider_id), rosters.open_table(content, filename)
    header, columns = _header(wish, table)
    sent, words = _by_number(provider_id), _accepted(wish)
    found = Answered()
    for row in table.rows:
        if row.number <= header:
            continue
        lines = [sent[key] for key in _keys(row, columns) if key in sent]
        if not lines:
            found.unread.append(Refusal.of("registry-row-unknown", row=row.number))
            continue
        took = search_key(row.cell(columns["state"]).text) in words
        line = lines[0]
        line.state = RegistryState.ACCEPTED if took else RegistryState.ERROR
        message = row.cell(columns["message"]).text if "message" in columns else ""
        line.answer, line.answered_at = message or row.cell(columns["state"]).text, clock.now()
        found.accepted, found.errors = found.accepted + took, found.errors + (not took)
    audit.record(
        actor, "registry.answered", ("organisation", provider_id),
        after={"accepted": found.accepted, "errors": found.errors, "unread": len(found.unread)},
    )  # fmt: skip
    return found


def _header(wish: Mapping[str, Any], table: Table) -> tuple[int, dict[str, int]]:
    """The number of the header's row, and where the number, the answer and its message stand."""
    titles = {name: search_key(title) for name, title in wish["columns"]}
    told = {name: titles[name] for name in ("registration", "series", "number") if name in titles}
    told |= {name: search_key(wish["answer"][name]) for name in ("state", "message") if wish["answer"][name]}
    for row in table.rows[:20]:
        said = [search_key(text) for text in row.texts()]
        columns = {name: said.index(title) for name, title in told.items() if title in said}
        if "state" in columns and ("registration" in columns or {"series", "number"} <= columns.keys()):
            return row.number, columns
    raise Refused(
        Refusal.of("registry-no-columns", field="file", wanted=", ".join(filter(None, _titles(wish))))
    )


def _titles(wish: Mapping[str, Any]) -> Iterator[str]:
    yield from (title for name, title in wish["columns"] if name in ("registration", "series", "number"))
    yield str(wish["answer"]["state"])


def _accepted(wish: Mapping[str, Any]) -> set[str]:
    return {search_key(word) for word in str(wish["answer"]["accepted"]).split(",") if word.strip()}


def _by_number(provider_id: int) -> dict[str, RegistryLine]:
    """Each document sent, the latest line of it, by every way its number may be written; the later year wins."""
    latest = _latest(provider_id)
    rows = db.session.scalars(
        select(Certificate).where(Certificate.id.in_(latest)).order_by(Certificate.year, Certificate.number)
    )
    return {
        key: latest[row.id]
        for row in rows
        for key in (row.registration_number, f"{row.series.upper()} {row.number}")
    }


def _keys(row: Row, columns: Mapping[str, int]) -> Iterator[str]:
    if "registration" in columns:
        yield row.cell(columns["registration"]).text.strip()
    if "number" in columns and "series" in columns:
        number = row.cell(columns["number"]).text.strip()
        if number.isdecimal() and len(number) < 10:
            yield f"{row.cell(columns['series']).text.strip().upper()} {int(number)}"


@files.readable("certificates.registry")
def may_read(actor: Actor, stored: StoredFile) -> bool:
    """A file for the register is for the office that made it."""
    sending = db.session.scalar(select(RegistrySending).where(RegistrySending.file_id == stored.id))
    return sending is not None and permissions.may(actor, ACTION, Target(provider_id=sending.provider_id))
