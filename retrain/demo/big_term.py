"""The biggest university's own term, for tests and benchmarks of the timetable; the ordinary demo does without it.

Sixty runs of four to sixteen weeks, ninety lecturers, forty-five rooms on three sites, about twelve thousand pairs to
place. The same seed and first day give the same term.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from retrain.catalogue import defaults
from retrain.catalogue.models import Course, CourseVersion, Module, Run, Topic
from retrain.catalogue.states import CourseKind, CourseState, HourKind, RunState, StudyForm
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import fold_key, search_key, sort_key
from retrain.people.models import Organisation, OrganisationName, Person
from retrain.people.states import OrganisationKind
from retrain.timetable.models import (
    Availability,
    Lecturer,
    MayTeach,
    ModuleOrder,
    Room,
    TeachingNeed,
    Travel,
)
from retrain.timetable.states import Stance

CODE = "U-KATTA"
FIRST_DAY = date(2026, 9, 7)
RUNS_A_COURSE, LECTURERS, HOURS_A_WEEK = 3, 90, 30
WEEKS = (16,) * 7 + (14,) * 4 + (12,) * 3 + (10,) * 2 + (8, 6, 4, 4)
"""How long the runs of each of the twenty courses last."""

SITES = ("Asosiy bino", "Muhandislik korpusi", "Amaliyot bazasi")
WAYS = {(0, 1): 15, (0, 2): 40, (1, 2): 30}
ROOMS: tuple[tuple[int, int, int, tuple[str, ...]], ...] = (
    (0, 6, 60, ("proyektor", "mikrofon")),
    (0, 8, 32, ("proyektor",)),
    (0, 6, 30, ("proyektor", "kompyuterlar")),
    (1, 7, 36, ("proyektor",)),
    (1, 4, 30, ("proyektor", "kompyuterlar")),
    (1, 4, 18, ("laboratoriya",)),
    (2, 4, 30, ("proyektor",)),
    (2, 3, 16, ("tokarlik dastgohi",)),
    (2, 3, 16, ("payvandlash posti",)),
)
"""Site, how many, seats, and what is in them: forty-five rooms."""

WORKSHOPS = ("laboratoriya", "tokarlik dastgohi", "payvandlash posti")
"""What stands in rooms so small that a group comes by halves."""

FAMILIES = (
    "Aliyev",
    "Karimov",
    "Rahimov",
    "Yusupov",
    "Tursunov",
    "Qodirov",
    "Ergashev",
    "Nazarov",
    "Saidov",
    "Umarov",
)
GIVEN = ("Aziz", "Bahodir", "Dilnoza", "Gulnora", "Jasur", "Lola", "Malika", "Nodir", "Sherzod")


@dataclass
class Term:
    """The term as numbers: what was made, for whoever measures on it."""

    provider_id: int
    first: date
    last: date
    run_ids: list[int] = field(default_factory=list)
    pairs: int = 0


@use_case
def add(seed: int = 1, first: date = FIRST_DAY) -> Term:
    """Put the university and its term into the database."""
    chance = Random(f"{seed}/big term")  # noqa: S311 (a term must come out the same again)
    now = datetime.combine(first - timedelta(days=60), time(4), UTC)
    provider = _provider(now)
    lecturers = _lecturers(provider.id, chance, now)
    _rooms(provider.id)
    term = Term(provider.id, first, first + timedelta(days=16 * 7 - 2))
    load: Counter[int] = Counter()
    for number, weeks in enumerate(WEEKS, 1):
        version = _course(provider.id, number, weeks, now)
        pairs = _needs(version, lecturers, load, weeks, chance)
        for each in range(RUNS_A_COURSE):
            run = _run(provider.id, version, (number, each), weeks, first, chance)
            term.run_ids.append(run.id)
            term.pairs += pairs
    db.session.flush()
    return term


def _provider(now: datetime) -> Organisation:
    name = "Katta texnika universiteti"
    row = Organisation(
        code=CODE, kind=OrganisationKind.UNIVERSITY, region="UZ-TK", is_provider=True, created_at=now
    )
    row.names = [
        OrganisationName(
            valid_from=date(2020, 1, 1), names={"uz": name}, sort_key=sort_key(name),
            search_key=f"|{search_key(name)}|", fold_key=f"|{fold_key(name)}|",
        )
    ]  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _rooms(provider_id: int) -> None:
    for floor, (site, count, seats, things) in enumerate(ROOMS, 1):
        for number in range(1, count + 1):
            name = f"{floor}{number:02d}"
            room = Room(
                provider_id=provider_id, name=name, site=SITES[site], capacity=seats, equipment=list(things)
            )
            db.session.add(room)
    for (one, other), minutes in WAYS.items():
        first, second = sorted((SITES[one], SITES[other]))
        db.session.add(Travel(provider_id=provider_id, one_site=first, other_site=second, minutes=minutes))


def _lecturers(provider_id: int, chance: Random, now: datetime) -> list[int]:
    """Lecturers with limits; a third can't come at some times, some have wishes."""
    found = []
    for number in range(LECTURERS):
        family, given = FAMILIES[number % 10], GIVEN[number // 10]
        name = f"{family} {given}"
        person = Person(
            family=family, given=given, sort_key=sort_key(name), search_key=search_key(name), created_at=now
        )
        db.session.add(person)
        db.session.flush()
        row = Lecturer(
            person_id=person.id, provider_id=provider_id, post="dotsent", pairs_a_day=chance.choice((3, 4, 4, 5)),
            pairs_a_week=chance.choice((14, 16, 18)), hours_a_year=900,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        found.append(row.id)
        db.session.add_all(_time(row.id, number, chance))
    return found


def _time(lecturer_id: int, number: int, chance: Random) -> list[Availability]:
    said = []
    if number % 3 == 0:  # teaches elsewhere on a day of the week
        said.append(
            Availability(lecturer_id=lecturer_id, stance=Stance.UNAVAILABLE, weekday=chance.randint(1, 6))
        )
    if number % 4 == 1:
        said.append(
            Availability(
                lecturer_id=lecturer_id,
                stance=Stance.UNWISHED,
                weekday=6,
                from_minute=12 * 60,
                to_minute=24 * 60,
            )
        )
    if number % 5 == 2:
        weekday = chance.randint(1, 5)
        said.append(
            Availability(lecturer_id=lecturer_id, stance=Stance.WISHED, weekday=weekday, to_minute=14 * 60)
        )
    return said


def _course(provider_id: int, number: int, weeks: int, now: datetime) -> CourseVersion:
    kind = CourseKind.RETRAINING if weeks >= 12 else CourseKind.ADVANCED_TRAINING
    course = Course(
        code=f"KT-{number:02d}",
        provider_id=provider_id,
        kind=kind,
        state=CourseState.PUBLISHED,
        created_at=now,
    )
    title = {"uz": f"Muhandislik ta’limi, {number}-kurs", "en": f"Engineering education, course {number}"}
    version = CourseVersion(
        course=course, number=1, titles=title, languages=["uz"], form=StudyForm.IN_PERSON,
        document_type=defaults.document(kind), policy=defaults.policy(kind), hours=weeks * HOURS_A_WEEK, published_at=now,
        search_key=search_key(title["uz"]), sort_key=sort_key(title["uz"]),
    )  # fmt: skip
    count = 3 + weeks // 4
    for position in range(1, count + 1):
        hours = weeks * HOURS_A_WEEK // count + (weeks * HOURS_A_WEEK % count if position == count else 0)
        lectures = hours * 2 // 5
        split = {HourKind.LECTURE: lectures, HourKind.PRACTICAL: hours - lectures}
        version.modules.append(
            Module(
                position=position, titles={"uz": f"{position}-modul", "en": f"Module {position}"},
                hours={kind.value: value for kind, value in split.items()},
                topics=[
                    Topic(position=place, titles={"uz": f"{position}.{place}-mavzu"}, kind=kind, hours=value)
                    for place, (kind, value) in enumerate(split.items(), 1)
                ],
            )
        )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def _needs(
    version: CourseVersion, lecturers: list[int], load: Counter[int], weeks: int, chance: Random
) -> int:
    """Who may give each module and where; how many pairs a run of it has, halves counted by themselves."""
    pairs = 0
    for module in version.modules:
        thing = ""
        if module.position % 3 == 2:
            thing = "kompyuterlar"
        elif module.position == 3 and chance.random() < 0.75:
            thing = chance.choice(WORKSHOPS)
        halves = thing in WORKSHOPS
        for kind in (HourKind.LECTURE, HourKind.PRACTICAL):
            hours = module.hours[kind.value]
            needed = ("proyektor",) if kind is HourKind.LECTURE else (thing,) if thing else ()
            split = halves and kind is HourKind.PRACTICAL
            db.session.add(
                TeachingNeed(module_id=module.id, kind=kind, equipment=list(needed), in_halves=split)
            )
            own = -(-hours // 2) * (2 if split else 1)
            pairs += own
            # Whoever has least to do so far is named first, so that nobody is wanted more than they can give.
            able = sorted(lecturers, key=lambda each: (load[each], chance.random()))[: 4 + len(module.titles)]
            for each in able:
                load[each] += own * RUNS_A_COURSE
                db.session.add(MayTeach(module_id=module.id, kind=kind, lecturer_id=each))
    if weeks >= 8:
        first, second = version.modules[:2]
        db.session.add(ModuleOrder(module_id=second.id, after_id=first.id))
    return pairs


def _run(
    provider_id: int,
    version: CourseVersion,
    numbers: tuple[int, int],
    weeks: int,
    first: date,
    chance: Random,
) -> Run:
    starts = first + timedelta(weeks=chance.randint(0, 16 - weeks))
    opens = datetime.combine(first - timedelta(days=50), time(4), UTC)
    code = f"KT-{numbers[0]:02d}-{numbers[1] + 1}"
    run = Run(
        code=code, version=version, provider_id=provider_id, state=RunState.PUBLISHED, kind=version.course.kind,
        region="UZ-TK", hours=version.hours, starts_on=starts, ends_on=starts + timedelta(days=weeks * 7 - 2),
        places=chance.choice((20, 24, 25, 28, 30)), enrolment_opens=opens, enrolment_closes=opens + timedelta(days=40),
        language="uz", form=StudyForm.IN_PERSON, group_name=code, policy=version.policy, term=f"{first.year}-autumn",
        search_key=search_key(code), sort_key=sort_key(code), created_at=opens, published_at=opens,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run
