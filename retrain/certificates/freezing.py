"""What a document will say for ever, put together once when it is issued."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import current_app

from retrain import clock
from retrain.catalogue.models import Run
from retrain.catalogue.states import DocumentType
from retrain.catalogue.wording import FORMS
from retrain.certificates import results_lines, telling
from retrain.certificates.frozen import Frozen, from_dict, to_dict
from retrain.certificates.issuer import Issuer, in_language
from retrain.certificates.models import Certificate
from retrain.certificates.queries import Decided
from retrain.certificates.states import Part
from retrain.completion import commission_queries
from retrain.completion.models import Decision
from retrain.documents.paper_wording import PAPER
from retrain.enrolment.models import Enrolment
from retrain.language import pick
from retrain.orders import queries as order_queries
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.models import Person

DESIGNS = {
    DocumentType.ADVANCED_TRAINING_CERTIFICATE: ("advanced_training", "v2"),
    DocumentType.RETRAINING_DIPLOMA: ("retraining_diploma", "v2"),
    DocumentType.PARTICIPATION: ("participation", "v2"),
}

CURRENT = {"duplicate": "v2"}

SECOND = {"uz": "en", "uz-Cyrl": "en", "ru": "en", "en": "uz"}
"""The language of the second lines of a document, by its first."""


def check_address(token: str) -> str:
    """The address the QR code opens."""
    return f"{current_app.config['RETRAIN'].public_url}/verify/{token}"


@dataclass(frozen=True)
class Numbered:
    """The numbers and codes of one document."""

    series: str
    number: int
    registration: str
    token: str
    check_code: str


@dataclass(frozen=True)
class Issue:
    """What all documents of one run share, read once."""

    run: Run
    day: date
    design: str
    design_version: str
    changes: dict[str, Any]
    logo: str | None
    issuer: Issuer
    form_of_study: str
    results: results_lines.Results
    protocols: dict[int, tuple[str, date]]
    order: tuple[str, str]
    names: dict[int, str]
    second_names: dict[int, str]
    workplaces: dict[int, dict[str, str]]
    posts: dict[int, str]

    @classmethod
    def of(cls, run: Run, day: date, rows: Sequence[Decided]) -> "Issue":
        """What the documents of *run* share when they are issued on *day*."""
        language = run.language
        design, version = DESIGNS[run.version.document_type]
        persons = [person for _, person, _ in rows]
        order = order_queries.order_of(run, OrderKind.COMPLETION)
        own = designs_of(run.provider_id, day).get(design, {})
        return cls(
            run=run,
            day=day,
            design=design,
            design_version=version,
            changes=own.get("changes", {}),
            logo=own.get("logo"),
            issuer=Issuer.of(run.provider_id, run.version.document_type, language, day),
            form_of_study=in_language(language, FORMS[run.form]),
            results=results_lines.Results.of(run, day),
            protocols=commission_queries.protocols(run.id),
            order=_number_and_day(order),
            names=people.whole_names(persons, people.script_of(language), day),
            second_names=people.whole_names(persons, people.script_of(SECOND[language]), day),
            workplaces=people.organisation_names([row.organisation_id for row, _, _ in rows], day),
            posts=people.posts_on([row.teacher_id for row, _, _ in rows], day),
        )


def day_of(row: Certificate) -> date:
    """The day of issue that a document bears."""
    return date.fromisoformat(row.frozen["public"]["issued_on"])


def _number_and_day(order: OfficialOrder | None) -> tuple[str, str]:
    if order is None or order.registered_on is None:
        return "", ""
    return order.number or "", order.registered_on.isoformat()


PARTS: dict[Part, tuple[str, ...]] = {
    Part.NAME: ("name", "name_second"),
    Part.WORKPLACE: ("workplace", "post"),
    Part.COURSE: ("course", "course_second", "modules"),
    Part.PERIOD: ("starts_on", "ends_on", "hours", "remark"),
    Part.RESULT: ("result", "modules", "protocol_number", "protocol_on"),
    Part.ORDER: ("order_number", "order_on"),
}
"""The fields of a document that belong together, and are put right together."""

OWN = (
    "series", "number", "registration_number", "check_code", "check_url", "issued_on", "signatories",
)  # fmt: skip
"""What each document has of its own, even when it repeats another."""


@dataclass(frozen=True)
class Like:
    """What a document repeats of an earlier one, already put right where that is wanted."""

    document: Frozen
    titles: dict[str, str]
    issuer: dict[str, str]

    def under(self, new: Frozen) -> Frozen:
        """The same under the numbers, the day and the signatures of *new*."""
        return replace(self.document, **{name: getattr(new, name) for name in OWN})


def like(old: dict[str, Any], issue: Issue, row: Decided, parts: Collection[Part]) -> Like:
    """What *old* said, but for *parts*: the name as it is now, the rest as it is known today of that day."""
    before, public = from_dict(old["document"]), old["public"]
    blank = Numbered("", 0, "", "", "")
    now = _document(issue, *row, blank)
    then = now
    if set(parts) - {Part.NAME}:
        then = _document(Issue.of(issue.run, date.fromisoformat(before.issued_on), [row]), *row, blank)
    changes = {
        name: getattr(now if part is Part.NAME else then, name) for part in parts for name in PARTS[part]
    }
    titles = issue.run.version.titles if Part.COURSE in parts else public["titles"]
    return Like(replace(before, **changes), titles, public["issuer"])


def duplicate(old: Certificate, issue: Issue, like: Like) -> tuple[Issue, Like]:
    """The same issued as a duplicate: set in that design, and saying which document it stands in for."""
    before = from_dict(old.frozen["document"])
    first = before.duplicate_of or telling.named(before, CURRENT["duplicate"])
    own = designs_of(issue.run.provider_id, issue.day).get("duplicate", {})
    set_as = replace(
        issue, design="duplicate", design_version=CURRENT["duplicate"],
        changes=own.get("changes", {}), logo=own.get("logo"),
    )  # fmt: skip
    return set_as, replace(like, document=replace(like.document, duplicate_of=first))


def emblem_of(run: Run) -> str | None:
    """The digest of the provider's own emblem on documents like those of *run*, if it has one."""
    design, _version = DESIGNS[run.version.document_type]
    found: str | None = designs_of(run.provider_id, clock.today()).get(design, {}).get("logo")
    return found


def designs_of(provider_id: int, day: date) -> dict[str, Any]:
    """A provider's changes to the shipped designs as they hold on *day*, by the design."""
    found: dict[str, Any] = settings.get(provider_id, "document_designs", day)
    return found


def trial(
    issue: Issue,
    series: str,
    row: Enrolment,
    person: Person,
    decision: Decision,
    *,
    like: Like | None = None,
) -> Frozen:
    """The document as it would be, under numbers as long as real ones: to be tried before any is taken."""
    numbered = Numbered(series, 999_999, f"{series} 999999/{issue.day.year}", "W" * 22, "W" * 8)
    document = _document(issue, row, person, decision, numbered)
    return like.under(document) if like else document


def freeze(
    issue: Issue,
    row: Enrolment,
    person: Person,
    decision: Decision,
    numbered: Numbered,
    like: Like | None = None,
) -> dict[str, Any]:
    """Everything the document and its check page say, as plain JSON; never read from anywhere else again.

    *like* is what it repeats of an earlier one, under its own numbers and day.
    """
    document = _document(issue, row, person, decision, numbered)
    if like is not None:
        document = like.under(document)
    public = {
        "name": document.name,
        "titles": like.titles if like else issue.run.version.titles,
        "hours": document.hours,
        "starts_on": document.starts_on,
        "ends_on": document.ends_on,
        "issued_on": document.issued_on,
        "issuer": like.issuer if like else issue.issuer.names,
    }
    kept = {"document": to_dict(document), "public": public}
    if issue.changes or issue.logo:
        kept["design"] = {"changes": issue.changes, "logo": issue.logo}
    return kept


def _document(issue: Issue, row: Enrolment, person: Person, decision: Decision, numbered: Numbered) -> Frozen:
    run, language = issue.run, issue.run.language
    second = SECOND[language]
    protocol, protocol_on = issue.protocols.get(row.id, ("", None))
    name, titles = issue.names[person.id], run.version.titles
    other_name, other_title = issue.second_names[person.id], titles.get(second, "")
    return Frozen(
        language=language,
        series=numbered.series,
        number=numbered.number,
        registration_number=numbered.registration,
        check_code=numbered.check_code,
        check_url=check_address(numbered.token),
        provider=pick(issue.issuer.names, language),
        authority=issue.issuer.authority,
        name=name,
        name_second=other_name if other_name != name else "",
        workplace=pick(issue.workplaces.get(row.organisation_id or 0), language),
        post=issue.posts.get(row.teacher_id, ""),
        course=pick(titles, language),
        course_second=other_title,
        starts_on=run.starts_on.isoformat(),
        ends_on=run.ends_on.isoformat(),
        hours=decision.facts.get("hours", run.hours),
        issued_on=issue.day.isoformat(),
        signatories=issue.issuer.signatories,
        form_of_study=issue.form_of_study,
        place=issue.issuer.place,
        result=issue.results.final(decision.facts),
        protocol_number=protocol,
        protocol_on=protocol_on.isoformat() if protocol_on else "",
        order_number=issue.order[0],
        order_on=issue.order[1],
        legal_basis=issue.issuer.legal_basis,
        modules=issue.results.lines(decision.facts),
        remark=_remark(decision.facts, language),
    )


def _remark(facts: dict[str, Any], language: str) -> str:
    """Why the document names fewer hours than the course has, in its own language; mostly nothing."""
    named, whole = facts.get("hours"), facts.get("run_hours")
    if named is None or whole is None or named >= whole:
        return ""
    return PAPER[language]["hours_reduced"].format(all=whole)


def digest(frozen: dict[str, Any]) -> str:
    """The digest of all that is frozen, over its canonical JSON."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
