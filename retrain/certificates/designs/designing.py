"""An officer's own version of the shipped designs: kept from a day on, seen with the hardest names first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from retrain import clock, files
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import DocumentType
from retrain.certificates import check_code, freezing, printing, telling
from retrain.certificates.designs import changing, composing, design, places, supplement
from retrain.certificates.frozen import Frozen, ModuleLine, Signatory
from retrain.certificates.issuer import Issuer
from retrain.database.use_case import use_case
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.files.sniff import JPEG, PNG
from retrain.language import pick
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people import service as people_service
from retrain.people.models import Person, Teacher
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

ACTION = "certificate.design"
SUPPLEMENT = supplement.GROUND
LOGO_LIMIT = 1024 * 1024

PLACES = (
    "authority", "provider", "title", "about", "number", "given", "name", "name_second", "work", "completed",
    "course", "course_second", "speciality", "duplicate_of", "facts", "legal_basis", "supplement", "supplement_number",
    "who", "course_line", "issued_line", "without",
)  # fmt: skip
"""The places an officer may move, in the order they stand on the sheets."""


def of(provider_id: int, name: str, day: date | None = None) -> dict[str, Any]:
    """What the provider changed of a design: changes and the digest of its emblem."""
    found: dict[str, Any] = freezing.designs_of(provider_id, day or clock.today()).get(name, {})
    return found


@use_case
def save(actor: Actor, name: str, changes: Mapping[str, Any], logo: Any = None) -> None:
    """From today on documents of this design are set with *changes*; those issued before stay as they are.

    *logo* is an uploaded picture, or None to keep what there is.
    """
    provider_id = actor.organisation_id or 0
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    digest = of(provider_id, name).get("logo")
    if logo is not None:
        digest = files.keep(
            logo, "emblem", allowed={PNG, JPEG}, limit=LOGO_LIMIT, actor=actor, purpose="design", field="logo"
        ).digest
    checked(name, changes, printing.logo_bytes(digest))
    today = clock.today()
    known = dict(freezing.designs_of(provider_id, today))
    known[name] = {"changes": dict(changes), "logo": digest}
    people_service.set_setting(actor, provider_id, "document_designs", today, known)


def checked(name: str, changes: Mapping[str, Any], logo: bytes | None) -> places.Drawn:
    """The design with the changes. Raises Refused when no sheet can be set with them."""
    try:
        return places.drawn(name, design.CURRENT[name], changes, logo)
    except changing.NotAChange as wrong:
        raise Refused(Refusal.of(f"design-{wrong.code}", what=wrong.what)) from None


def hardest(provider_id: int, language: str, name: str = "advanced_training") -> list[Frozen]:
    """Sheets with the longest, the next longest and the shortest of the provider's real names, on its longest course,
    from the college with the longest name; numbered as the documents of that design are."""
    persons, today = _persons(provider_id), clock.today()
    first, second = (
        people.whole_names(persons, people.script_of(lang), today)
        for lang in (language, freezing.SECOND[language])
    )
    names = {first[person.id]: second[person.id] for person in persons if first[person.id]}
    ordered = sorted(names, key=len, reverse=True)
    sample = replace(
        _sample(provider_id, language, _kind(name)), workplace=_longest_workplace(provider_id, language)
    )
    if name == "duplicate":
        sample = replace(sample, duplicate_of=telling.named(sample, design.CURRENT[name]))
    chosen = [*ordered[:2], *ordered[-1:]] or ["—"]
    return [
        replace(sample, name=each, name_second=other if (other := names.get(each, each)) != each else "")
        for each in dict.fromkeys(chosen)
    ]


def _kind(name: str) -> DocumentType:
    """The documents a design is for; a duplicate is shown as that of a diploma, which has most on it."""
    kinds = {design: kind for kind, (design, _version) in freezing.DESIGNS.items()}
    return kinds.get(name, DocumentType.RETRAINING_DIPLOMA)


def _longest_workplace(provider_id: int, language: str) -> str:
    """Of the colleges that sent people, the one with the longest name."""
    sent = (
        select(Enrolment.organisation_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Run.provider_id == provider_id, Enrolment.organisation_id.is_not(None))
        .distinct()
        .limit(500)
    )
    names = people.organisation_names(list(db.session.scalars(sent)), clock.today())
    return max((pick(each, language) for each in names.values()), key=len, default="")


def _persons(provider_id: int) -> list[Person]:
    here = (
        select(Teacher.person_id)
        .join(Enrolment, Enrolment.teacher_id == Teacher.id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Run.provider_id == provider_id)
    )
    mine, size = select(Person).where(Person.id.in_(here)), func.length(Person.sort_key)
    longest = db.session.scalars(mine.order_by(size.desc(), Person.id).limit(3))
    shortest = db.session.scalars(mine.order_by(size, Person.id).limit(1))
    return list({person.id: person for person in (*longest, *shortest)}.values())


def _longest_course(provider_id: int, language: str, kind: DocumentType) -> CourseVersion | None:
    """Of the provider's courses with such documents, or of all, the one with the longest title."""
    given = select(Run.course_version_id).where(Run.provider_id == provider_id)
    rows = db.session.execute(
        select(CourseVersion.id, CourseVersion.titles, CourseVersion.document_type)
        .where(CourseVersion.id.in_(given))
        .order_by(CourseVersion.id)
        .limit(500)
    ).tuples()
    ranked = [(of is kind, len(pick(titles, language)), number) for number, titles, of in rows]
    return catalogue.with_modules(max(ranked)[2]) if ranked else None


def _sample(provider_id: int, language: str, kind: DocumentType) -> Frozen:
    """A document with something in each of its places, of no person yet."""
    today, course = clock.today(), _longest_course(provider_id, language, kind)
    series, day = str(settings.get(provider_id, "document_series", today)[kind.value]), today.isoformat()
    titles = course.titles if course else {language: "—"}
    issuer = Issuer.of(provider_id, kind, language, today)
    return Frozen(
        language=language, series=series, number=831, registration_number=f"{series} 000831/{today.year}",
        check_code="7K2M9QXA", check_url=freezing.check_address(check_code.new_token()), name="", workplace="",
        course=pick(titles, language), course_second=titles.get(freezing.SECOND[language], ""),
        starts_on=day, ends_on=day, hours=144, issued_on=day, protocol_number="7", protocol_on=day,
        order_number="14-T", order_on=day, provider=pick(issuer.names, language),
        authority=issuer.authority, place=issuer.place, legal_basis=issuer.legal_basis,
        signatories=issuer.signatories or (Signatory("—", "—"),), result="86",
        modules=tuple(
            ModuleLine(pick(row.titles, language), sum(row.hours.values()), "86")
            for row in (course.modules if course else ())
        ),
    )  # fmt: skip


def problem(record: Frozen, drawn: places.Drawn) -> str:
    """The place in which a text of the sheet does not fit; empty when all fit."""
    try:
        composing.compose(record, drawn)
    except composing.TooLong as long:
        return long.place
    return ""
