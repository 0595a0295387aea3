"""Orders as the printed sheet wants them, out of their facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain.catalogue.models import Run
from retrain.catalogue.states import CourseKind
from retrain.documents import orders as printed
from retrain.enrolment.models import OfficialOrder
from retrain.enrolment.states import OrderKind
from retrain.language import pick
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
    rows = settings.get(provider_id, "signatories", on) or []
    return [
        Signatory(str(row.get("name", "")), str(row.get("post", "")), row.get("person_id"))
        for row in rows
        if row.get("name")
    ]


def order_sheet(
    run: Run, kind: OrderKind, facts: dict[str, Any], order: OfficialOrder | None, language: str
) -> printed.OrderSheet:
    """The order as it is printed in *language*; without *order*, the draft."""
    first = next(iter(signatories(run.provider_id)), Signatory("", ""))
    signer = Signatory(order.signer_name or "", order.signer_post or "") if order else first
    retrains = facts["training"] == CourseKind.RETRAINING
    day = order.registered_on if order else None
    curator = people.display_names([run.curator_id]).get(run.curator_id or 0, "")
    return printed.OrderSheet(
        kind=printed.OrderKind(kind.value),
        training=printed.Training.RETRAINING if retrains else printed.Training.ADVANCED_TRAINING,
        organisation=people.organisation_name(run.provider_id, day, language),
        course=pick(facts["course"], language),
        group=facts["group"],
        starts=date.fromisoformat(facts["starts"]),
        ends=date.fromisoformat(facts["ends"]),
        hours=facts["hours"],
        people=tuple(_listed(row, language) for row in facts["people"]),
        not_completed=tuple(_listed(row, language) for row in facts["not_completed"]),
        signer=printed.Signer(signer.post, signer.name),
        number=order.number or "" if order else "",
        day=day,
        curator=curator if kind is OrderKind.ENROLMENT else "",
    )


def _listed(row: dict[str, Any], language: str) -> printed.Listed:
    names = row["names"]
    name = names.get(people.script_of(language).value) or next(iter(names.values()), "")
    return printed.Listed(name, pick(row["workplaces"], language), row["post"])
