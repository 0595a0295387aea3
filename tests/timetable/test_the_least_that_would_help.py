"""What a reason says would help is enough, and no less is: tried for any number of free pairs of people and rooms."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.people.models import Setting
from retrain.timetable import building, queries, terms, why_not
from retrain.timetable.fitting import Said
from retrain.timetable.models import Room, TeachingNeed
from retrain.timetable.states import Keep, Stance, Standing
from retrain.timetable.terms import Ask, Facts
from tests import scenario

MONDAY = date(2026, 9, 14)
DAYS = [MONDAY + timedelta(days=number) for number in range(6)]
ONE_SCENE = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WEIGHTS = building.weights_of({})


def read(country) -> Facts:
    return terms.read(Ask(country.provider.id, MONDAY, DAYS[-1], (country.run.id,), Keep.PINNED, MONDAY))


def reasons(facts: Facts) -> dict[str, dict[str, object]]:
    """What is found by counting: code → its facts."""
    return {each.code: each.facts for each in why_not.reasons(building.build(facts, WEIGHTS))}


def one_pair_a_day(country, clock) -> None:
    db.session.add(
        Setting(
            organisation_id=country.provider.id, key="bells", valid_from=date(2020, 1, 1),
            value=[{"pair": 1, "starts": "08:30", "ends": "10:00"}], created_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()


def away(days: list[date]) -> list[Said]:
    return [Said(Stance.UNAVAILABLE, Standing.AGREED, None, day, day, 0, 24 * 60) for day in days]


def test_so_many_pairs_more_of_the_only_lecturer_are_enough_and_no_fewer_are(made_once, clock):
    country = made_once(scenario.beginning, MONDAY)
    one_pair_a_day(country, clock)
    facts, person = read(country), country.lecturer.person_id

    @ONE_SCENE
    @given(st.lists(st.sampled_from(DAYS), unique=True))
    def holds(days):
        free = len(DAYS) - len(days)
        found = reasons(replace(facts, said={person: away(days)}))
        if free >= 4:
            assert found == {}
            return
        told = (
            found.get("people-too-few")
            or found.get("lecturer-too-little-time")
            or found.get("lecturer-never-free")
        )
        assert told is not None
        lacking = told["lacking"]
        assert 0 < lacking <= 4 - free
        for more in range(len(days) + 1):
            still = reasons(replace(facts, said={person: away(days[more:])}))
            assert bool(still) is (free + more < 4)

    holds()


def test_so_many_pairs_more_of_the_only_room_with_a_thing_are_enough_and_no_fewer_are(made_once, clock):
    country = made_once(scenario.beginning, MONDAY)
    one_pair_a_day(country, clock)
    module = queries.modules(country.run)[0]
    for kind in (HourKind.LECTURE, HourKind.PRACTICAL):
        db.session.add(TeachingNeed(module_id=module.id, kind=kind, equipment=["dastgoh"]))
    db.session.commit()
    facts = read(country)

    def with_room_out(days: list[date]) -> Facts:
        out = [{"first": day.isoformat(), "last": day.isoformat(), "note": ""} for day in days]
        room = Room(id=1, provider_id=1, name="101", site="", capacity=30, equipment=["dastgoh"], outages=out)
        return replace(facts, rooms=[room])

    @ONE_SCENE
    @given(st.lists(st.sampled_from(DAYS), unique=True))
    def holds(days):
        free = len(DAYS) - len(days)
        found = reasons(with_room_out(days))
        if free >= 4:
            assert found == {}
            return
        assert found["room-alone-has"]["lacking"] == 4 - free
        assert reasons(with_room_out(days[4 - free :])) == {}
        assert "room-alone-has" in reasons(with_room_out(days[3 - free :]))

    holds()


def test_a_room_so_much_larger_is_enough_and_halves_are_named_only_where_they_help(made_once, clock):
    country = made_once(scenario.beginning, MONDAY)
    facts = read(country)

    @ONE_SCENE
    @given(st.integers(1, 40), st.integers(1, 40))
    def holds(people, seats):
        run = next(iter(facts.runs.values()))
        with db.session.no_autoflush:
            run.taken = people
            found = reasons(
                replace(
                    facts,
                    rooms=[
                        Room(
                            id=1, provider_id=1, name="101", site="", capacity=seats, equipment=[], outages=[]
                        )
                    ],
                )
            )
            codes = {code for code in found if code.startswith("no-room-large-enough")}
            if people <= seats:
                assert codes == set()
                return
            (code,) = codes
            assert found[code]["lacking"] == people - seats
            assert (code == "no-room-large-enough") is ((people + 1) // 2 <= seats)

    holds()
    db.session.rollback()


def test_so_many_days_more_hold_what_a_run_lacks(made_once, clock):
    country = made_once(scenario.beginning, MONDAY)
    one_pair_a_day(country, clock)

    @ONE_SCENE
    @given(st.integers(0, 2))
    def holds(last):
        run = next(iter(read(country).runs.values()))
        with db.session.no_autoflush:
            run.ends_on = MONDAY + timedelta(days=last)
            told = reasons(read_again(country, run))["run-too-short"]
            for more, enough in ((told["days"] - 1, False), (told["days"], True)):
                run.ends_on = MONDAY + timedelta(days=last + more)
                assert ("run-too-short" not in reasons(read_again(country, run))) is enough
        db.session.rollback()

    def read_again(country, run) -> Facts:
        return replace(read_once, runs={run.id: run})

    read_once = read(country)
    holds()
