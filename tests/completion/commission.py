"""Scenes of a commission: two people whose course is over, who sits there, and a session as it is posted."""

from datetime import UTC, date, datetime

from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.completion import service
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind
from tests import scenario

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)
FINAL = ("Rahimov A.", "Aliyev B.", "Valiyev V.")
APPEAL = tuple(f"Hakam {number}" for number in range(7))


def heard(clock):
    """Two people on a run whose policy asks for a commission; the classes are over."""
    country = scenario.country(MONDAY, people=2)
    country.secretary = scenario.role(scenario.person("Kotibova"), RoleKind.SECRETARY, country.provider)
    country.run.policy = country.run.policy | {"commission_required": True}
    db.session.commit()
    clock.set(AFTER)
    country.register_order(OrderKind.ENROLMENT, "1-k", MONDAY)
    catalogue.move_run(country.coordinator, country.run.code, RunState.RUNNING)
    final = service.add_assessment(
        country.coordinator, country.run.code, {"en": "Test"}, AssessmentKind.FINAL, 56
    )
    country.final = final.id
    return country


def at(country, purpose, more=""):
    return f"/manage/runs/{country.run.code}/commissions/{purpose}{more}?lang=en"


def compose(desk, country, names, purpose="final", **more):
    data = {}
    for number, name in enumerate(names):
        data |= {
            f"members-{number}-seat": "member" if number else "chair", f"members-{number}-name": name,
            f"members-{number}-post": "dotsent", f"members-{number}-workplace": "TDTU",
        }  # fmt: skip
    return desk.post(at(country, purpose, "/members"), data=data, follow_redirects=True, **more).text


def ordered(country, desk, number="5-k"):
    assert "No commission" not in desk.get(at(country, "final")).text
    country.register_order(OrderKind.COMMISSION, number, date(2026, 9, 20))


def vote(country, purpose, came, **of):
    """A posted session: who came by their place, ``of_7=(for, against, points, text)``."""
    data = {"held_on": "2026-09-21", **{f"came-{number}": "1" for number in range(came)}}
    for name, (yes, no, points, text) in of.items():
        number = name.removeprefix("of_")
        data |= {
            f"heard-{number}": "1", f"for-{number}": str(yes), f"against-{number}": str(no),
            f"score-{number}": str(points), f"title-{number}": text, f"note-{number}": text,
        }  # fmt: skip
    return data


def held(desk, country, data, purpose="final", **more):
    return desk.post(
        at(country, purpose, "/sessions/new"), data=data | {"close": "1"}, follow_redirects=True, **more
    )


def numbers(country):
    return [row.id for row in country.enrolments]


def both_heard(country, desk):
    compose(desk, country, FINAL)
    ordered(country, desk)
    one, two = numbers(country)
    said = {f"of_{one}": (3, 0, 90, "Payvand choki"), f"of_{two}": (1, 2, 40, "Elektrod")}
    return held(desk, country, vote(country, "final", 3, **said))


def closed(country, desk):
    both_heard(country, desk)
    service.close_run(country.coordinator, country.run.code)
    return scenario.signed_in(desk.application, Actor(country.teachers[1].person_id, "teacher"))


def appeal(teacher, country, why="The votes were counted wrongly."):
    number = numbers(country)[1]
    return teacher.post(f"/enrolments/{number}/appeal?lang=en", data={"why": why}, follow_redirects=True)
