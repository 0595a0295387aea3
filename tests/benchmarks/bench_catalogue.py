"""The public catalogue with 5,000 runs: the list filtered and searched, and the page of one run.

The rivals' figures are cited, not measured here: their own lists and pages with 200 events, from their
current releases on a machine of two cores, as the project's notes of November 2026 give them.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, text

from retrain import clock
from retrain.catalogue import defaults, keys, service
from retrain.catalogue.models import Course, Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, TopicPlan
from retrain.catalogue.states import CourseKind, HourKind, RunState, StudyForm
from retrain.extensions import db
from tests.benchmarks.measure import Sample, houses, milliseconds, report, report_sample
from tests.harness.actors import Somebody, organisation, somebody

RUNS, COURSES, PROVIDERS, ROUNDS = 5000, 40, 8, 60
REGIONS = ("UZ-BU", "UZ-SA", "UZ-TK", "UZ-FA", "UZ-AN", "UZ-NG", "UZ-QR", "UZ-XO")
WORDS = (
    "O‘qituvchi",
    "Payvandlash",
    "Dasturlash",
    "Agronomiya",
    "Elektr",
    "Qurilish",
    "Tikuvchilik",
    "Pedagogika",
)
QUESTIONS = (
    "/runs",
    "/runs?q=o'qituvchi",
    "/runs?q=Ўқитувчи&region=UZ-SA&open=free",
    "/runs?q=payvandlash&language=ru&sort=-free&page=2",
    "/runs?form=in_person&kind=advanced_training&when=all&sort=title&page=40",
)
CITED = {
    "list": (("Indico, 200 events (cited)", 107.0, 12), ("pretix, 200 events (cited)", 131.0, 7)),
    "page": (("Indico, 200 events (cited)", 92.0, 24),),
}


def main() -> None:
    with houses() as each:
        for app, database in each:
            with app.app_context():
                codes = fill(app)
                pages = [f"/runs/{code}" for code in random.Random(7).sample(codes, 5)]
                measure(app, database.kind, "list", QUESTIONS)
                measure(app, database.kind, "page", pages)
                db.session.remove()
                db.engine.dispose()


def measure(app: Flask, database: str, what: str, addresses: Any) -> None:
    """Ask every address, the least often asked as often as the others, and print time and queries."""
    client = app.test_client()
    values: list[float] = []
    processor: list[float] = []
    for address in addresses:
        values += milliseconds(partial(answer, client, address), ROUNDS, warm=3).values
        processor += [processor_milliseconds(client, address) for _ in range(ROUNDS)]
    sample, most = Sample(tuple(values)), max(queries(client, address) for address in addresses)
    for rival, needed, asked in CITED[what]:
        report_sample(
            "catalogue",
            f"{what}: server time, median",
            sample,
            database=database,
            rival=rival,
            rival_value=needed,
        )
        report(
            "catalogue",
            f"{what}: queries",
            most,
            "queries",
            database=database,
            rival=rival,
            rival_value=asked,
        )
    report("catalogue", f"{what}: server time, p95", sample.p95, "ms", database=database, runs=sample.runs)
    cost = Sample(tuple(processor))
    report("catalogue", f"{what}: processor time, p95", cost.p95, "ms", database=database, runs=cost.runs)


def processor_milliseconds(client: Any, address: str) -> float:
    """What the page costs this process, whatever else the machine is doing; with SQLite that is all of it."""
    began = time.process_time()
    answer(client, address)
    return (time.process_time() - began) * 1000


def answer(client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def queries(client: Any, address: str) -> int:
    """How many statements the page sends to the database."""
    with counted() as statements:
        answer(client, address)
    return len(statements)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith("BEGIN"):
            statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fill(app: Flask) -> list[str]:
    """Providers, courses and 5,000 published runs over the coming year; their codes."""
    chance, now = random.Random(1), clock.now()
    people = [provider(app, number) for number in range(PROVIDERS)]
    courses = [course(people[number % PROVIDERS], number) for number in range(COURSES)]
    db.session.execute(insert(Run), [row(chance, number, courses, people, now) for number in range(RUNS)])
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return [f"R{number // 1000}-{number:04}" for number in range(RUNS)]


def provider(app: Flask, number: int) -> Somebody:
    place = organisation(f"OTM{number}", f"{number}-universitet", region=REGIONS[number])
    return somebody(app, "coordinator", place)


def course(by: Somebody, number: int) -> Course:
    word = WORDS[number % len(WORDS)]
    titles = {"uz": f"{word} {number}", "ru": f"Курс {number}", "en": f"Course {number}"}
    topics = tuple(TopicPlan({"uz": f"{word} mavzu {at}"}, HourKind.LECTURE, 6) for at in range(24))
    kind = CourseKind.ADVANCED_TRAINING
    plan = CoursePlan(
        kind=kind, titles=titles, languages=("uz", "ru"), form=StudyForm.IN_PERSON, document_type=defaults.document(kind),
        policy=defaults.policy(kind), modules=(ModulePlan({"uz": word}, {"lecture": 144}, topics),),
    )  # fmt: skip
    return service.quick_course(by.actor, by.organisation_id, plan.with_cyrillic(), f"K{number}")


def row(
    chance: random.Random, number: int, courses: list[Course], people: list[Somebody], now: Any
) -> dict[str, Any]:
    found = courses[number % COURSES]
    by, version, code = people[number % PROVIDERS], found.versions[0], f"R{number // 1000}-{number:04}"
    starts: date = now.date() + timedelta(days=chance.randrange(1, 360))
    places = chance.randrange(20, 40)
    return {
        "code": code, "course_version_id": version.id, "provider_id": found.provider_id, "state": RunState.PUBLISHED,
        "kind": found.kind, "region": chance.choice(REGIONS), "hours": version.hours, "starts_on": starts,
        "ends_on": starts + timedelta(days=26), "places": places, "taken": chance.randrange(0, places + 1),
        "waiting_seq": 0, "enrolment_opens": now - timedelta(days=10), "policy": version.policy, "lock": 1,
        "enrolment_closes": now + timedelta(days=chance.randrange(1, 200)), "language": chance.choice(["uz", "ru"]),
        "form": version.form, "group_name": code, "curator_id": by.person_id, "place_text": "2-bino",
        "term": defaults.term(starts), "search_key": keys.of_run(code, version.search_key, "2-bino"),
        "sort_key": version.sort_key, "created_at": now, "published_at": now,
    }  # fmt: skip


if __name__ == "__main__":
    main()
