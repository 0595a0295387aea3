"""Orders as the printed sheet wants them, out of their facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain.catalogue.models import Run
from retrain.catalogue.states import CourseKind
from retrain.documents import dates, notes
from retrain.documents import orders as printed
from retrain.documents.wording import ORDER
from retrain.extensions import db
from retrain.language import pick
from retrain.language.transliteration import in_letters_of
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people import queries as people
from retrain.people import settings


@dataclass(frozen=True)
class Signatory:
    """Who may sign for a provider, as its settings say."""

    name: str
    post: str
    person_id: int | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, {self.post}" if self.post else self.name


def signatories(provider_id: int, on: date | None = None) -> list[Signatory]:
    """The provider's signatories on a day."""
    return as_signatories(settings.get(provider_id, "signatories", on))


def as_signatories(value: Any) -> list[Signatory]:
    """What the setting holds."""
    return [
        Signatory(str(row.get("name", "")), str(row.get("post", "")), row.get("person_id"))
        for row in value or []
        if row.get("name")
    ]


def is_named(family: str, signatory: Signatory) -> bool:
    """Whether that line of the settings is of somebody with the family name."""
    return bool(family) and family.casefold() in signatory.name.casefold()


def signer_of(names: tuple[str, str], known: list[Signatory]) -> Signatory:
    """How a person with a family and given name stands under an order: as the settings have them, else as they are."""
    family, given = names
    found = (each for each in known if is_named(family, each))
    return next(found, Signatory(f"{given[:1]}. {family}" if given else family, ""))


def training_of(kind: str) -> printed.Training:
    """What papers call a course of that kind: whatever does not retrain is advanced training."""
    retrains = kind == CourseKind.RETRAINING
    return printed.Training.RETRAINING if retrains else printed.Training.ADVANCED_TRAINING


def order_sheet(
    run: Run, kind: OrderKind, facts: dict[str, Any], order: OfficialOrder | None, language: str
) -> printed.OrderSheet:
    """The order as it is printed in *language*; without *order*, the draft."""
    first = next(iter(signatories(run.provider_id)), Signatory("", ""))
    if order and order.signer_name:
        first = Signatory(order.signer_name, order.signer_post or "")
    day = order.registered_on if order else None

    def listed(part: str) -> tuple[printed.Listed, ...]:
        return tuple(_listed(row, language) for row in facts.get(part, ()))

    return printed.OrderSheet(
        kind=printed.OrderKind(kind.value),
        training=training_of(facts["training"]),
        organisation=people.organisation_name(run.provider_id, day, language),
        course=pick(facts["course"], language),
        group=facts["group"],
        starts=date.fromisoformat(facts["starts"]),
        ends=date.fromisoformat(facts["ends"]),
        hours=facts["hours"],
        signer=printed.Signer(in_letters_of(first.post, language), in_letters_of(first.name, language)),
        number=order.number or "" if order else "",
        day=day,
        basis="; ".join(_basis(each, language) for each in facts.get("basis", ())),
        curator=in_letters_of(facts.get("curator", ""), language) if kind is OrderKind.ENROLMENT else "",
        effective=order.effective_on if order else None,
        changes=_changed(order),
        people=listed("people"),
        not_completed=listed("not_completed"),
        added=listed("added"),
        removed=listed("removed"),
        members=tuple(
            _member(row, language) for row in facts.get("members", ()) if row["purpose"] == "final"
        ),
        appeal_members=tuple(
            _member(row, language) for row in facts.get("members", ()) if row["purpose"] == "appeal"
        ),
    )


def _changed(order: OfficialOrder | None) -> tuple[str, date] | None:
    """The order whose annex this one says anew; an order of a changed list names the first one as its basis."""
    if order is None or order.changes_id is None or order.kind is OrderKind.CHANGE:
        return None
    earlier = db.session.get_one(OfficialOrder, order.changes_id)
    return (earlier.number or "", earlier.registered_on) if earlier.registered_on else None


def _member(row: dict[str, Any], language: str) -> printed.Listed:
    name, workplace, post = (in_letters_of(row[part], language) for part in ("name", "workplace", "post"))
    return printed.Listed(name, workplace, post, ORDER[language][f"seat_{row['seat']}"])


def _basis(facts: dict[str, Any], language: str) -> str:
    words, day = ORDER[language], dates.written(date.fromisoformat(facts["on"]), language)
    return words.get(f"{facts['kind']}_of", words["order_of"]).format(number=facts["number"], day=day)


def _listed(row: dict[str, Any], language: str) -> printed.Listed:
    names, note = row["names"], row.get("note") or {}
    name = names.get(people.script_of(language).value) or next(iter(names.values()), "")
    left = date.fromisoformat(note["left"]) if note.get("left") else None
    return printed.Listed(
        name,
        pick(row["workplaces"], language),
        in_letters_of(row["post"], language),
        notes.worded(note, language),
        left,
    )


def likely_effective(run: Run, kind: OrderKind, facts: dict[str, Any], today: date) -> date:
    """The day from which an order of the kind usually holds."""
    match kind:
        case OrderKind.ENROLMENT:
            return run.starts_on
        case OrderKind.COMPLETION:
            return run.ends_on
        case OrderKind.COMMISSION:
            return today
    rows = [*facts.get("removed", ()), *(facts["people"] if kind is OrderKind.EXCLUSION else ())]
    left = [date.fromisoformat(row["note"]["left"]) for row in rows if (row.get("note") or {}).get("left")]
    return min(max(left, default=today), run.ends_on)
