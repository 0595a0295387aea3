"""An allocation round of a country: 10,000 teachers, five wishes each, 300 runs with regional quotas.

First the rules alone, then the round as the program does it, on each database: read, reckoned, and given.
"""

import random
import time
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from retrain import clock
from retrain.allocation import queries, reading, service
from retrain.allocation.models import AllocationRound, RoundOutcome, RoundRun
from retrain.allocation.models import Wish as WishRow
from retrain.allocation.pools import Applicant, Offering, Pool, Wish
from retrain.allocation.quotas import pools
from retrain.allocation.reasons import reasons
from retrain.allocation.reckoning import reckon
from retrain.allocation.rules import Result, Seat, allocate
from retrain.allocation.states import RoundState
from retrain.audit import SYSTEM
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import CourseKind, CourseState, DocumentType, RunState, StudyForm
from retrain.database.dialect import count_anew
from retrain.enrolment.models import Enrolment, Quota, Terms
from retrain.enrolment.states import QuotaSort, Source, State, Way
from retrain.enrolment.terms import FIELDS, USUAL
from retrain.extensions import db
from retrain.people.models import Employment, Organisation, Person, Teacher
from retrain.people.states import OrganisationKind
from retrain.people.wording import REGIONS as REGIONS_OF_COUNTRY
from retrain.record.models import Credit
from retrain.record.states import CreditKind
from tests.allocation.stability import choice
from tests.benchmarks.measure import Sample, houses, milliseconds, report, report_sample

TEACHERS, WISHES, RUNS, PLACES, REGIONS, COLLEGES, TIMES = 10_000, 5, 300, 30, 14, 300, 7
REGION_CODES = list(REGIONS_OF_COUNTRY)


def main() -> None:
    offerings, people = country(random.Random(4))
    result = allocate(offerings, people, "benchmark")
    took = milliseconds(lambda: allocate(offerings, people, "benchmark"), TIMES)
    report_sample("allocation", "round", Sample(tuple(each / 1000 for each in took.values)), "s")
    began = time.perf_counter()
    told = Counter(each.code for person in people for each in reasons(result, person))
    report("allocation", "explanations", time.perf_counter() - began, "s")
    report("allocation", "places_offered", RUNS * PLACES, "places")
    report("allocation", "places_given", len(result.seats), "places")
    report("allocation", "wishes_refused_by_quota", told["quota-full"], "wishes")
    report("allocation", "blocking_pairs", blocking(offerings, people, result), "pairs")
    shuffled = random.Random(5).sample(people, len(people))
    report(
        "allocation",
        "same_when_shuffled",
        allocate(offerings, shuffled, "benchmark").seats == result.seats,
        "1",
    )
    with houses() as each:
        for app, database in each:
            with app.app_context():
                fill(random.Random(4))
                from_the_database(database.kind)
                db.session.remove()
                db.engine.dispose()


def from_the_database(kind: str) -> None:
    """The round read and reckoned several times, then given once and looked at by the independent checker."""
    found = queries.allocation_round("BENCH")
    today, now = clock.today(), clock.now()

    def reckoned() -> Any:
        db.session.rollback()
        return reading.outcome_of(queries.allocation_round("BENCH"), today, now)

    took = milliseconds(reckoned, TIMES)
    sample = Sample(tuple(each / 1000 for each in took.values))
    report_sample("allocation", "read_and_round", sample, "s", database=kind)
    report("allocation", "read_and_round_under_5_s", max(sample.values) < 5, "1", database=kind)
    parts(kind, today, now)
    runs = reading.runs_of(found.id)
    entrants = reading.entrants_of(found, runs, today, now)
    offerings = [Offering(run.facts.code, pools(run.places, now)) for run in runs]
    people = [
        Applicant(
            one.key, one.due, one.groups, tuple(Wish(w.run, w.match, w.college_rank) for w in one.wishes)
        )
        for one in entrants
    ]
    digest = reckoned().digest
    began, of_processor = time.perf_counter(), time.process_time()
    service.do_round(SYSTEM, "BENCH", digest)
    took_processor = time.process_time() - of_processor
    report("allocation", "read_round_and_write", time.perf_counter() - began, "s", database=kind)
    # PostgreSQL's own processes are not in it; they are in the time by the clock above.
    report("allocation", "read_round_and_write_processor", took_processor, "s", database=kind)
    report("allocation", "bound_under_10_s_of_processor", took_processor < 10, "1", database=kind)
    rows = (
        select(RoundOutcome.teacher_id, Run.code)
        .join(Enrolment, Enrolment.id == RoundOutcome.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
    )
    given = {str(teacher): code for teacher, code in db.session.execute(rows).tuples()}
    by_key = {one.key: one for one in people}
    seats = {
        key: Seat(code, "", [wish.run for wish in by_key[key].wishes].index(code) + 1)
        for key, code in given.items()
    }
    report("allocation", "enrolments_made", len(given), "places", database=kind)
    blocked = blocking(offerings, people, Result(seats, {}, {}), found.seed)
    report("allocation", "blocking_pairs_in_the_database", blocked, "pairs", database=kind)
    over = db.session.scalar(select(func.count()).select_from(Quota).where(Quota.taken > Quota.places))
    report("allocation", "quotas_passed", over or 0, "quotas", database=kind)


def parts(kind: str, today: date, now: datetime) -> None:
    """Reading and reckoning apart, in processor time, as the work on a round does them: with the collector at rest."""
    db.session.rollback()
    with reading.collector_at_rest():
        found, began = queries.allocation_round("BENCH"), time.process_time()
        runs = reading.runs_of(found.id)
        entrants = reading.entrants_of(found, runs, today, now)
        report("allocation", "reading_processor", time.process_time() - began, "s", database=kind)
        began = time.process_time()
        reckon([run.places for run in runs], entrants, found.seed, now)
        report("allocation", "reckoning_processor", time.process_time() - began, "s", database=kind)


def fill(chance: random.Random) -> None:
    """The same country in the tables, with an earlier course behind everybody."""
    now, today = clock.now(), clock.today()

    def put(model: Any, rows: list[dict[str, Any]]) -> None:
        db.session.execute(insert(model), rows)

    put(
        Organisation,
        [
            {
                "id": number, "code": f"C{number}", "kind": OrganisationKind.COLLEGE, "created_at": now,
                "region": REGION_CODES[number % REGIONS], "rural": chance.random() < 0.2,
            }
            for number in range(1, COLLEGES + 1)
        ]
        + [
            {
                "id": COLLEGES + 1, "code": "U", "kind": OrganisationKind.UNIVERSITY, "created_at": now,
                "region": "UZ-TK", "is_provider": True,
            }
        ],
    )  # fmt: skip
    put(
        Person,
        [
            {
                "id": number, "family": f"Karimov{number}", "given": "Aziz", "created_at": now,
                "sort_key": f"karimov{number}", "search_key": f"karimov{number}",
            }
            for number in range(1, TEACHERS + 1)
        ],
    )  # fmt: skip
    subjects = [f"607{number:05}" for number in range(40)]
    put(
        Teacher,
        [
            {
                "id": number, "person_id": number, "document_country": "KZ", "document_number": f"N{number}",
                "created_at": now, "specialities": chance.sample(subjects, 2),
            }
            for number in range(1, TEACHERS + 1)
        ],
    )  # fmt: skip
    put(
        Employment,
        [
            {"teacher_id": number, "organisation_id": chance.randint(1, COLLEGES), "since": date(2015, 9, 1)}
            for number in range(1, TEACHERS + 1)
        ],
    )
    put(
        Credit,
        [
            {
                "teacher_id": number, "source": f"bench:{number}", "hours": 72, "title": {"uz": "Kurs"},
                "kind": CreditKind.ADVANCED_TRAINING, "on": today - timedelta(days=30 * chance.randint(6, 36)),
                "year": 2024, "created_at": now,
            }
            for number in range(1, TEACHERS + 1)
        ],
    )  # fmt: skip
    fill_runs(chance, subjects)
    fill_round(chance)
    db.session.commit()
    count_anew(db.session())
    db.session.commit()


def fill_runs(chance: random.Random, subjects: list[str]) -> None:
    """300 runs of 60 courses with their quotas, and an old one that everybody completed."""
    now, today = clock.now(), clock.today()
    plain = {
        "kind": CourseKind.ADVANCED_TRAINING, "form": StudyForm.IN_PERSON, "languages": ["uz"], "policy": {},
        "document_type": DocumentType.ADVANCED_TRAINING_CERTIFICATE, "titles": {"uz": "Payvandlash"}, "number": 1,
    }  # fmt: skip
    for number in range(1, 62):
        course = Course(
            id=number, code=f"K{number}", provider_id=COLLEGES + 1, kind=plain["kind"],
            state=CourseState.PUBLISHED, created_at=now,
        )  # fmt: skip
        version = {name: value for name, value in plain.items() if name != "kind"}
        course.versions = [
            CourseVersion(id=number, audience=chance.sample(subjects, 4), published_at=now, **version)
        ]
        db.session.add(course)
    db.session.flush()
    rows = [
        {
            "id": number + 1, "code": f"R{number:03}", "course_version_id": number % 60 + 1, "hours": 72,
            "provider_id": COLLEGES + 1, "state": RunState.PUBLISHED, "kind": plain["kind"], "region": "UZ-TK",
            "starts_on": today + timedelta(days=30), "ends_on": today + timedelta(days=36), "places": PLACES,
            "enrolment_opens": now - timedelta(days=9), "enrolment_closes": now + timedelta(days=9),
            "language": "uz", "form": StudyForm.IN_PERSON, "term": "2026-1", "created_at": now,
        }
        for number in range(RUNS)
    ]  # fmt: skip
    old = rows[0] | {
        "id": RUNS + 1, "code": "OLD", "course_version_id": 61, "starts_on": today - timedelta(days=400),
        "ends_on": today - timedelta(days=390), "places": TEACHERS, "taken": TEACHERS, "state": RunState.ARCHIVED,
    }  # fmt: skip
    db.session.execute(insert(Run), [row | {"taken": 0} for row in rows] + [old])
    quotas = []
    for number in range(1, RUNS + 1):
        quotas.append((number, QuotaSort.SET_ASIDE, "reserved:rural", 3))
        quotas += [(number, QuotaSort.CEILING, f"region:{region}", 3) for region in REGION_CODES]
        some = chance.sample(range(1, COLLEGES + 1), 20)
        quotas += [(number, QuotaSort.CEILING, f"college:{college}", 2) for college in some]
    names = ("run_id", "sort", "of", "places")
    db.session.execute(insert(Quota), [dict(zip(names, quota, strict=True)) for quota in quotas])
    db.session.execute(
        insert(Enrolment),
        [
            {
                "run_id": RUNS + 1, "teacher_id": number, "organisation_id": 1, "state": State.COMPLETED,
                "source": Source.NOMINATION, "requested_at": now, "changed_at": now,
                "since": today - timedelta(days=400),
            }
            for number in range(1, TEACHERS + 1)
        ],
    )  # fmt: skip


def fill_round(chance: random.Random) -> None:
    """The round, closed a minute ago, with everybody's wishes; some runs are wanted far more than others."""
    now = clock.now()
    db.session.add(
        AllocationRound(
            id=1, code="BENCH", provider_id=COLLEGES + 1, titles={"uz": "Taqsimot"}, state=RoundState.PUBLISHED,
            opens_at=now - timedelta(days=7), closes_at=now - timedelta(minutes=1), seed="benchmark", created_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    numbers = range(1, RUNS + 1)
    db.session.execute(insert(RoundRun), [{"run_id": number, "round_id": 1} for number in numbers])
    usual = {name: getattr(USUAL, name) for name in FIELDS} | {"way": Way.ROUND}
    db.session.execute(insert(Terms), [{"run_id": number, **usual} for number in numbers])
    weights = [1 / (number + 10) for number in range(RUNS)]
    wishes = [
        {
            "round_id": 1, "teacher_id": teacher, "run_id": run, "number": place, "made_at": now,
            "college_rank": chance.choice([None, 1, 2, 3]),
        }
        for teacher in range(1, TEACHERS + 1)
        for place, run in enumerate(list(dict.fromkeys(chance.choices(numbers, weights, k=WISHES * 4)))[:WISHES], 1)
    ]  # fmt: skip
    db.session.execute(insert(WishRow), wishes)


def country(chance: random.Random) -> tuple[list[Offering], list[Applicant]]:
    """Some runs are wanted far more than others, as in life."""
    codes = [f"R{number:03}" for number in range(RUNS)]
    offerings = []
    for code in codes:
        ceilings = {f"region:{region}": 3 for region in range(REGIONS)}
        ceilings |= {f"college:{college}": 2 for college in chance.sample(range(COLLEGES), 20)}
        aside = Pool("reserved:rural", 3, "reserved:rural")
        offerings.append(Offering(code, (aside, Pool("open", PLACES - 3, None, ceilings))))
    weights = [1 / (number + 10) for number in range(RUNS)]
    people = []
    for number in range(TEACHERS):
        college = chance.randrange(COLLEGES)
        ranked = list(dict.fromkeys(chance.choices(codes, weights, k=WISHES * 4)))[:WISHES]
        groups = {f"college:{college}", f"region:{college % REGIONS}", "kind:college"}
        if chance.random() < 0.2:
            groups.add("reserved:rural")
        wishes = tuple(Wish(code, chance.randrange(3), chance.choice([None, 1, 2, 3])) for code in ranked)
        due = date(2026, 12, 1) + timedelta(days=30 * chance.randrange(24))
        people.append(Applicant(f"{number:05}", due, frozenset(groups), wishes))
    return offerings, people


def blocking(
    offerings: list[Offering], people: list[Applicant], result: Result, seed: str = "benchmark"
) -> int:
    """How many teachers would rather be in a run that would take them: none, if the round is stable."""
    by_run: dict[str, list[Applicant]] = {each.run: [] for each in offerings}
    by_key = {person.key: person for person in people}
    for key, seat in result.seats.items():
        by_run[seat.run].append(by_key[key])
    known = {each.run: each for each in offerings}
    found = 0
    for person in people:
        seat_of = result.seats.get(person.key)
        better = person.wishes[: seat_of.wish - 1] if seat_of else person.wishes
        for wish in better:
            found += person.key in choice(known[wish.run], [*by_run[wish.run], person], seed)
    return found


if __name__ == "__main__":
    main()
