"""What a document will say for ever, put together once when it is issued."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import DocumentType
from retrain.certificates import check_code
from retrain.completion.models import Decision
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import OrderKind
from retrain.language import pick
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.models import Person

SCHEMA = 1

DESIGNS = {
    DocumentType.ADVANCED_TRAINING_CERTIFICATE: ("advanced_training", "v1"),
    DocumentType.RETRAINING_DIPLOMA: ("retraining_diploma", "v1"),
    DocumentType.PARTICIPATION: ("advanced_training", "v1"),
}


def check_address(token: str) -> str:
    """The address the QR code opens."""
    return f"{current_app.config['RETRAIN'].public_url}/verify/{token}"


@dataclass(frozen=True)
class Issue:
    """What all documents of one run share, read once."""

    run: Run
    day: date
    design: str
    design_version: str
    shared: dict[str, Any]
    names: dict[int, str]
    workplaces: dict[int, dict[str, str]]

    @classmethod
    def of(cls, run: Run, day: date, rows: Sequence[tuple[Enrolment, Person, Decision]]) -> "Issue":
        """What the documents of *run* share when they are issued on *day*."""
        design, version = DESIGNS[run.version.document_type]
        signatories = settings.get(run.provider_id, "signatories", day)
        legal = settings.get(run.provider_id, "legal_texts", day)
        modules = catalogue.with_modules(run.course_version_id).modules
        shared = {
            "titles": run.version.titles,
            "hours": run.hours,
            "starts_on": run.starts_on.isoformat(),
            "ends_on": run.ends_on.isoformat(),
            "issued_on": day.isoformat(),
            "issuer": people.organisation_names([run.provider_id], day)[run.provider_id],
            "language": run.language,
            "document_type": run.version.document_type.value,
            "kind": run.kind.value,
            "signatories": signatories,
            "legal": legal,
            "modules": [{"titles": module.titles, "hours": sum(module.hours.values())} for module in modules],
            "orders": {kind.value: _order(run, kind) for kind in (OrderKind.ENROLMENT, OrderKind.COMPLETION)},
            "group": run.group_name,
            "run": run.code,
        }
        script = people.script_of(run.language)
        parts = people.names_of([person for _, person, _ in rows], script, day)
        return cls(
            run,
            day,
            design,
            version,
            shared,
            names={number: " ".join(part for part in name if part) for number, name in parts.items()},
            workplaces=people.organisation_names([row.organisation_id for row, _, _ in rows], day),
        )


def _order(run: Run, kind: OrderKind) -> dict[str, Any] | None:
    order = enrolment.order_of(run, kind)
    if order is None or order.registered_on is None:
        return None
    return {"number": order.number, "on": order.registered_on.isoformat()}


def freeze(
    issue: Issue, row: Enrolment, person: Person, decision: Decision,
    series: str, number: int, registration: str, token: str, code: str,
) -> dict[str, Any]:  # fmt: skip
    """Everything the document and its check page say, as plain JSON; never read from anywhere else again."""
    shared = issue.shared
    name = issue.names[person.id]
    workplace = issue.workplaces.get(row.organisation_id or 0, {})
    employment = people.employment_on(row.teacher_id, issue.day)
    return {
        "schema": SCHEMA,
        "public": {
            "name": name,
            "titles": shared["titles"],
            "hours": shared["hours"],
            "starts_on": shared["starts_on"],
            "ends_on": shared["ends_on"],
            "issued_on": shared["issued_on"],
            "issuer": shared["issuer"],
        },
        "shared": shared,
        "person": {
            "name": name,
            "workplace": pick(workplace, issue.run.language),
            "post": employment.post if employment else "",
            "mark": decision.facts.get("final_mark"),
        },
        "series": series,
        "number": number,
        "shown_number": check_code.shown(series, number),
        "registration": registration,
        "check_code": code,
        "check_address": check_address(token),
    }


def digest(frozen: dict[str, Any]) -> str:
    """The digest of what is frozen, over its canonical JSON."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
