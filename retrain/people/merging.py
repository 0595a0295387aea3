"""One person entered twice made one, after somebody looked at both.

Rows that ``holdings`` calls the person's own pass over. Where two rows of both can't stand side by side, the
package that keeps them settles it first, or refuses, in a function it puts into ``MOVERS``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.names import name_key
from retrain.people import holdings, permissions, queries
from retrain.people.models import Employment, OneTimeCode, Person, PersonName, Teacher
from retrain.people.roles import refuse_stronger
from retrain.people.teachers import set_keys, target_of
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True)
class Pair:
    """Who stays and who goes; teachers' numbers are None for people who are none."""

    kept_person_id: int
    gone_person_id: int
    kept_teacher_id: int | None
    gone_teacher_id: int | None


Mover = Callable[[Actor, Pair], None]

MOVERS: list[Mover] = []
"""Called inside the merge's transaction before the rows pass over, in the order of the packages. May raise
Refused: then nothing is merged."""


def mover(settle: Mover) -> Mover:
    """Have *settle* called at each merge."""
    MOVERS.append(settle)
    return settle


TAKEN = ("name", "number", "email", "phone")
"""What may be taken from the one who goes; everything else of the one who stays stands."""


@use_case
def merge(actor: Actor, kept_id: int, gone_id: int, take: Collection[str] = (), why: str = "") -> Person:
    """Teacher *gone_id* becomes teacher *kept_id*: work, roles and all that later packages hold move over."""
    if kept_id == gone_id:
        raise Refused(Refusal.of("merged-with-itself"))
    for number in sorted((kept_id, gone_id)):
        db.session.get(Teacher, number, with_for_update=True, populate_existing=True)
    kept, gone = queries.teacher(kept_id), queries.teacher(gone_id)
    for teacher in (kept, gone):
        permissions.require(actor, "staff.merge", target_of(teacher))
        if teacher.person.merged_into_id is not None or teacher.person.erased_at is not None:
            raise Refused(Refusal.of("merged-already"))
    refuse_stronger(actor, (kept.person_id, gone.person_id))
    pair = Pair(kept.person_id, gone.person_id, kept.id, gone.id)
    _take_number(kept, gone, "number" in take)
    _take_person(kept.person, gone.person, take)
    _take_employments(kept, gone)
    kept.specialities = list(dict.fromkeys([*kept.specialities, *gone.specialities]))
    kept.category = kept.category or gone.category
    _take_course_facts(kept, gone)
    for settle in MOVERS:
        settle(actor, pair)
    moved = holdings.pass_on(
        {"person": pair.kept_person_id, "teacher": pair.kept_teacher_id},
        {"person": pair.gone_person_id, "teacher": pair.gone_teacher_id},
    )
    audit.record(
        actor, "person.merged", gone.person,
        after={"into": kept.person_id, "taken": sorted(take), "moved": moved}, why=why or None,
    )  # fmt: skip
    return kept.person


def _take_course_facts(kept: Teacher, gone: Teacher) -> None:
    """What courses ask: the longer service, all languages, the younger child."""
    began = [day for day in (kept.teaching_since, gone.teaching_since) if day]
    kept.teaching_since = min(began, default=None)
    if kept.languages is not None or gone.languages is not None:
        kept.languages = sorted({*(kept.languages or ()), *(gone.languages or ())})
    births = [day for day in (kept.youngest_child_born, gone.youngest_child_born) if day]
    kept.youngest_child_born = max(births, default=None)
    kept.disability = kept.disability or gone.disability


def _take_number(kept: Teacher, gone: Teacher, wanted: bool) -> None:
    """The PINFL or document that stays; the other is left on nobody."""
    theirs = (gone.pinfl, gone.document_country, gone.document_number, gone.birth_date, gone.sex)
    gone.pinfl, gone.document_country, gone.document_number = None, "--", f"merged-{gone.id}"
    db.session.flush()
    if wanted or (kept.pinfl is None and theirs[0] is not None):
        ours = (kept.pinfl, kept.document_country, kept.document_number)
        kept.pinfl, kept.document_country, kept.document_number, kept.birth_date, kept.sex = theirs
        if kept.document_number is None and ours[0] is None:
            kept.document_country, kept.document_number = ours[1], ours[2]


def _take_person(kept: Person, gone: Person, take: Collection[str]) -> None:
    email, phone = gone.email, gone.phone
    gone.email = gone.phone = None
    if kept.activated_at is None:  # an open account stays as its owner has it
        kept.telegram = kept.telegram or gone.telegram
    gone.telegram = None
    gone.merged_into_id, gone.password_hash, gone.totp_secret = kept.id, None, None
    db.session.execute(db.delete(OneTimeCode).where(OneTimeCode.person_id == gone.id))
    db.session.flush()
    for kind, login in (("email", email), ("phone", phone)):
        contact = getattr(gone, f"contact_{kind}")
        if login and (kind in take or getattr(kept, kind) is None):
            setattr(kept, kind, login)
        if contact and (kind in take or getattr(kept, f"contact_{kind}") is None):
            setattr(kept, f"contact_{kind}", contact)
    have = {(row.script, row.valid_from) for row in kept.names}
    for row in gone.names:
        if (row.script, row.valid_from) not in have:
            kept.names.append(
                PersonName(
                    script=row.script, family=row.family, given=row.given, patronymic=row.patronymic,
                    valid_from=row.valid_from,
                )
            )  # fmt: skip
    if "name" in take:
        kept.family, kept.given, kept.patronymic = gone.family, gone.given, gone.patronymic
    set_keys(kept)
    from retrain.people.accounts import end_sessions

    end_sessions(audit.SYSTEM, gone.id)


def _take_employments(kept: Teacher, gone: Teacher) -> None:
    """Where both worked at one place at once it is one employment; a second living one ended yesterday."""
    living = next((each for each in kept.employments if each.until is None), None)
    yesterday = clock.today() - timedelta(days=1)
    for theirs in list(gone.employments):
        same = next((each for each in kept.employments if _meet(each, theirs)), None)
        if same is not None:
            same.since = min(same.since, theirs.since)
            same.post = same.post or theirs.post
            continue
        until = theirs.until
        if until is None and living is not None:
            until = yesterday
        if until is None or until >= theirs.since:
            kept.employments.append(
                Employment(
                    organisation_id=theirs.organisation_id, post=theirs.post, since=theirs.since, until=until
                )
            )
    for theirs in gone.employments:
        theirs.until = theirs.until or max(theirs.since, yesterday)


def _meet(one: Employment, other: Employment) -> bool:
    if one.organisation_id != other.organisation_id:
        return False
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )


def candidates(teacher: Teacher, limit: int = 20) -> list[Teacher]:
    """Teachers who may be the same person: born on the same day, or called the same."""
    query = (
        db.select(Teacher)
        .join(Person, Person.id == Teacher.person_id)
        .where(Teacher.id != teacher.id, Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .where(
            (Person.sort_key == teacher.person.sort_key)
            | ((Teacher.birth_date == teacher.birth_date) & Teacher.birth_date.is_not(None))
        )
        .order_by(Person.sort_key)
        .limit(200)
    )
    found = db.session.scalars(query).all()
    mine = name_key(teacher.person.full_name).split()
    return sorted(found, key=lambda each: -len({*mine} & {*name_key(each.person.full_name).split()}))[:limit]
