"""An office in its busiest weeks: a provider with 5,000 applications, a college with 400 teachers."""

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import insert

from retrain import clock
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import CourseKind, CourseState, DocumentType, RunState, StudyForm
from retrain.database.dialect import count_anew
from retrain.enrolment.models import Approval, Enrolment, Terms
from retrain.enrolment.states import Consent, Funding, Side, Source, State
from retrain.enrolment.terms import FIELDS, USUAL
from retrain.extensions import db
from retrain.people.models import Employment, Person, Teacher
from retrain.planning.models import PlanItem
from retrain.record.models import Credit
from retrain.record.states import CreditKind
from tests.harness.actors import Somebody, organisation, somebody

COLLEGES, STAFF, RUNS, APPLICATIONS = 24, 400, 60, 5000
SUBJECTS = ("Informatika", "Payvandlash ishlari", "Agronomiya", "Elektr ta’minoti")


OF_COORDINATOR = (
    "/board", "/manage/people", "/manage/people?q=karimov12&sort=-since", "/manage/people?state=requested&page=9",
    "/manage/requests", "/manage/requests?run=R-007", "/manage/places", "/manage/where",
    "/manage/runs/R-007/people", "/manage/runs/R-007/requests", "/manage/runs/R-007/terms",
)  # fmt: skip
OF_COLLEGE = (
    "/", "/college", "/college?due=overdue", "/plan", "/consents", "/staff", "/runs/R-007/nominate", "/plan/report",
)  # fmt: skip
"""The pages on which they work."""


class Offices(NamedTuple):
    """Who works there."""

    coordinator: Somebody
    hr: Somebody


def fill(app: Flask, applications: int = APPLICATIONS, staff: int = STAFF) -> Offices:
    """Runs of one provider with that many applications in every state; the first college has so many teachers."""
    chance = random.Random(5)
    provider = organisation("U-1", "Universitet")
    colleges = [
        organisation(f"C-{number}", f"{number}-son texnikum", "college") for number in range(COLLEGES)
    ]
    made = Offices(
        somebody(app, "coordinator", provider, "Koordinatorov"),
        somebody(app, "college_hr", colleges[0], "Kadrova"),
    )
    teachers = _teachers(chance, colleges, applications, staff)
    courses = _courses(provider)
    runs = _runs(chance, provider, courses)
    db.session.flush()
    _enrolments(chance, runs, teachers, applications)
    _plan(chance, colleges[0], courses, teachers, staff)
    db.session.commit()
    count_anew(db.session())
    db.session.commit()
    return made


def _put(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Rows in the order in which they are given, with the numbers they got."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))


def _teachers(
    chance: random.Random, colleges: list[int], applications: int, staff: int
) -> list[tuple[int, int]]:
    """(teacher, college): the first college's *staff*, then the others'."""
    now, count = clock.now(), staff + applications
    people = _put(
        Person,
        [
            {
                "family": f"Karimov{number}", "given": "Aziz", "created_at": now, "language": "uz",
                "sort_key": f"karimov{number:05}", "search_key": f"karimov{number} aziz",
                "activated_at": now if number % 4 else None,
            }
            for number in range(count)
        ],
    )  # fmt: skip
    numbers = _put(
        Teacher,
        [
            {
                "person_id": person, "document_country": "KZ", "document_number": f"B{person}", "created_at": now,
                "specialities": chance.sample(SUBJECTS, 1),
            }
            for person in people
        ],
    )  # fmt: skip
    work = [colleges[0] if place < staff else chance.choice(colleges[1:]) for place in range(count)]
    since = [{"since": date(2010, 9, 1), "post": "o‘qituvchi"}] * count
    rows = [
        {"teacher_id": number, "organisation_id": college, **more}
        for number, college, more in zip(numbers, work, since, strict=True)
    ]
    db.session.execute(insert(Employment), rows)
    db.session.execute(
        insert(Credit),
        [
            {
                "teacher_id": number, "source": f"office:{number}", "hours": 72, "title": {"uz": "Kurs"}, "year": 2024,
                "kind": CreditKind.ADVANCED_TRAINING, "created_at": now,
                "on": clock.today() - timedelta(days=30 * chance.randint(6, 44)),
            }
            for number in numbers
        ],
    )  # fmt: skip
    return list(zip(numbers, work, strict=True))


def _courses(provider: int) -> list[tuple[int, int]]:
    """(course, version), one for each subject and one for everybody."""
    now, found = clock.now(), []
    for number, audience in enumerate([[subject] for subject in SUBJECTS] + [[]]):
        course = Course(
            code=f"K{number}", provider_id=provider, kind=CourseKind.ADVANCED_TRAINING,
            state=CourseState.PUBLISHED, created_at=now,
        )  # fmt: skip
        version = CourseVersion(
            number=1, titles={"uz": f"Kurs {number}"}, languages=["uz"], form=StudyForm.IN_PERSON, policy={},
            document_type=DocumentType.ADVANCED_TRAINING_CERTIFICATE, audience=audience, published_at=now,
        )  # fmt: skip
        course.versions = [version]
        db.session.add(course)
        db.session.flush()
        found.append((course.id, version.id))
    return found


def _runs(chance: random.Random, provider: int, courses: list[tuple[int, int]]) -> list[int]:
    now, today = clock.now(), clock.today()
    numbers = _put(
        Run,
        [
            {
                "code": f"R-{number:03}", "course_version_id": chance.choice(courses)[1], "hours": 72,
                "provider_id": provider, "state": RunState.PUBLISHED, "kind": CourseKind.ADVANCED_TRAINING,
                "region": "UZ-BU", "starts_on": today + timedelta(days=20 + number), "places": 200,
                "ends_on": today + timedelta(days=26 + number), "enrolment_opens": now - timedelta(days=9),
                "enrolment_closes": now + timedelta(days=15), "language": "uz", "form": StudyForm.IN_PERSON,
                "term": "2026-2", "created_at": now,
            }
            for number in range(RUNS)
        ],
    )  # fmt: skip
    terms = {name: getattr(USUAL, name) for name in FIELDS} | {"consent": Consent.BOTH}
    db.session.execute(insert(Terms), [{"run_id": number, **terms} for number in numbers])
    return numbers


def _enrolments(
    chance: random.Random, runs: list[int], teachers: list[tuple[int, int]], applications: int
) -> None:
    """Half have a place, a quarter asked and waits for both answers, the rest waits or left."""
    now, today, places = clock.now(), clock.today(), dict.fromkeys(runs, 0)
    states = [State.ENROLLED] * 10 + [State.REQUESTED] * 5 + [State.WAITLISTED] * 3 + [State.WITHDRAWN] * 2
    rows, asked = [], []
    for teacher, college in chance.sample(teachers, applications):
        run, state = chance.choice(runs), chance.choice(states)
        places[run] += 1
        rows.append(
            {
                "run_id": run, "teacher_id": teacher, "organisation_id": college, "state": state,
                "source": Source.SELF, "requested_at": now, "changed_at": now,
                "since": today if state is State.ENROLLED else None,
                "position": places[run] if state is State.WAITLISTED else None,
                "lapses_at": now + timedelta(hours=chance.randint(5, 200)) if state is State.REQUESTED else None,
                "funding": chance.choice(list(Funding)),
            }
        )  # fmt: skip
        if state is State.REQUESTED:
            asked += [{"run_id": run, "teacher_id": teacher, "side": side, "asked_at": now} for side in Side]
    db.session.execute(insert(Enrolment), rows)
    db.session.execute(insert(Approval), asked)


def _plan(
    chance: random.Random, college: int, courses: list[tuple[int, int]], teachers: list[tuple[int, int]], staff: int
) -> None:  # fmt: skip
    lines = [
        {
            "organisation_id": college, "teacher_id": teacher, "course_id": chance.choice(courses)[0],
            "year": clock.today().year, "month": chance.randint(1, 12), "created_at": clock.now(),
        }
        for teacher, _ in teachers[: staff // 2]
    ]  # fmt: skip
    db.session.execute(insert(PlanItem), lines)
