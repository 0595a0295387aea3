"""What a round promises, tried with quotas and read from the database: stable, the same each time, fair to nobody's loss."""

import random
from datetime import date

import pytest
from sqlalchemy import select, update

from retrain.allocation import giving, queries, reading, service
from retrain.allocation.models import RoundOutcome, RoundRun, Wish
from retrain.allocation.pools import Applicant, Offering
from retrain.allocation.pools import Wish as Ranked
from retrain.allocation.quotas import pools
from retrain.allocation.reckoning import reckon
from retrain.catalogue.models import Run
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment, Quota
from retrain.enrolment.states import QuotaSort
from retrain.extensions import db
from retrain.people.models import Employment, Organisation
from retrain.refusal import Refused
from tests.allocation.conftest import AFTER
from tests.allocation.stability import blocking_pairs, choice

NOW = AFTER


@pytest.fixture
def crowd(make_run, make_round, make_teacher, coordinator, college, other_college):
    """Three runs with quotas, and sixteen teachers of two colleges who rank them as chance has it."""
    chance = random.Random(4)
    runs = [make_run(places=places) for places in (3, 4, 2)]
    actor = coordinator.actor
    enrolment.set_quota(actor, runs[0].code, QuotaSort.CEILING, "region:UZ-BU", 1)
    enrolment.set_quota(actor, runs[1].code, QuotaSort.SET_ASIDE, "reserved:rural", 1)
    enrolment.set_quota(actor, runs[1].code, QuotaSort.SET_ASIDE, "region:UZ-NW", 1)
    enrolment.set_quota(actor, runs[1].code, QuotaSort.CEILING, f"college:{college}", 1)
    db.session.execute(update(Organisation).where(Organisation.id == other_college).values(rural=True))
    db.session.commit()
    code = make_round(runs).code
    people = []
    for number in range(16):
        teacher = make_teacher(f"Karimov{number:02}", at=chance.choice([college, other_college]))
        row = db.session.scalars(select(Employment).where(Employment.teacher_id == teacher.teacher_id)).one()
        row.since = date(2024, chance.randint(1, 3), 1)
        db.session.commit()
        wanted = chance.sample(runs, chance.randint(1, 3))
        service.rank(teacher.actor, code, [run.code for run in wanted])
        people.append(teacher)
    return code, runs, people


def plain(code):
    """The round as the independent checker reads it, straight from the tables."""
    found = queries.allocation_round(code)
    offerings = [Offering(run.facts.code, pools(run.places, NOW)) for run in reading.runs_of(found.id)]
    people = []
    for entrant in reading.entrants_of(found, reading.runs_of(found.id), date(2026, 9, 14), NOW):
        wishes = tuple(Ranked(wish.run, wish.match, wish.college_rank) for wish in entrant.wishes)
        people.append(Applicant(entrant.key, entrant.due, entrant.groups, wishes))
    return offerings, people, found.seed


def give(clock, coordinator, code):
    clock.set(AFTER)
    outcome = service.reckon_round(coordinator.actor, code)
    service.do_round(coordinator.actor, code, outcome["digest"])
    return outcome


def given(code):
    """teacher → run, of the enrolments that the round made."""
    rows = (
        select(RoundOutcome.teacher_id, Run.code)
        .join(Enrolment, Enrolment.id == RoundOutcome.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
    )
    return {str(teacher): run for teacher, run in db.session.execute(rows).tuples()}


def test_a_done_round_is_stable(clock, crowd, coordinator):
    code, _runs, _people = crowd
    offerings, people, seed = plain(code)
    give(clock, coordinator, code)
    outcome = given(code)
    assert outcome
    assert blocking_pairs(offerings, people, seed, outcome) == []
    for offering in offerings:
        members = [person for person in people if outcome.get(person.key) == offering.run]
        assert choice(offering, members, seed) == {person.key for person in members}


def test_places_come_from_where_the_round_found_them(clock, crowd, coordinator):
    code, _runs, _people = crowd
    outcome = give(clock, coordinator, code)
    db.session.commit()
    quotas = {row.id: row for row in db.session.scalars(select(Quota))}
    for row in quotas.values():
        taken = [one for one in db.session.scalars(select(Enrolment)) if row.id in one.taken_from]
        assert len(taken) == row.taken <= row.places
    for _teacher, run, _wish, pool in outcome["list"]:
        if pool and pool != "open":
            assert any(row.of == pool and row.taken for row in quotas.values()), (run, pool)
    for teacher, run, _wish, pool in outcome["list"]:
        if run is None:
            continue
        held = db.session.scalars(select(Enrolment).where(Enrolment.teacher_id == teacher)).one()
        aside = [
            quotas[number].of for number in held.taken_from if quotas[number].sort is QuotaSort.SET_ASIDE
        ]
        assert aside == ([] if pool == "open" else [pool])


def test_the_same_input_gives_the_same_digest_in_any_order(crowd):
    code, _runs, _people = crowd
    found = queries.allocation_round(code)
    runs = reading.runs_of(found.id)
    entrants = reading.entrants_of(found, runs, date(2026, 9, 14), NOW)
    places = [run.places for run in runs]
    first = reckon(places, entrants, found.seed, NOW)
    for seed in range(5):
        chance = random.Random(seed)
        again = reckon(
            chance.sample(places, len(places)), chance.sample(entrants, len(entrants)), found.seed, NOW
        )
        assert (again.digest, again.seats, again.told) == (first.digest, first.seats, first.told)
    assert reckon(places, entrants, "another seed", NOW).digest != first.digest
    assert reckon(places, entrants[1:], found.seed, NOW).digest != first.digest


def test_everybody_reads_a_sentence_for_each_wish(clock, crowd, coordinator):
    code, _runs, people = crowd
    give(clock, coordinator, code)
    got = given(code)
    for teacher in people:
        page = teacher.browser.get(f"/rounds/{code}/mine")
        assert page.status_code == 200
        assert ("You got your wish number" in page.text) == (str(teacher.teacher_id) in got)
        told = queries.outcome(queries.allocation_round(code).id, teacher.teacher_id)
        assert [each["wish"] for each in told.reasons] == list(range(1, len(told.reasons) + 1))


@pytest.mark.parametrize("language", ["uz", "uz-Cyrl", "ru", "en"])
def test_reasons_are_told_in_every_language(clock, crowd, coordinator, language):
    code, _runs, people = crowd
    give(clock, coordinator, code)
    for teacher in people[:8]:
        page = teacher.browser.get(f"/rounds/{code}/mine?lang={language}").text
        assert "%(" not in page


def test_crossing_ceilings_are_refused_with_both_names(make_run, coordinator, make_round, run, college):
    actor = coordinator.actor
    enrolment.set_quota(actor, run.code, QuotaSort.CEILING, "region:UZ-BU", 1)
    enrolment.set_quota(actor, run.code, QuotaSort.CEILING, "kind:college", 1)
    code = make_round([], publish=False).code
    answer = coordinator.browser.post(
        f"/manage/rounds/{code}/runs", data={"runs": [run.code]}, follow_redirects=True
    )
    assert f"Run {run.code} limits both kinds of organisation and regions, and the two cross." in answer.text
    assert list(db.session.scalars(select(RoundRun))) == []


def test_a_ceiling_that_begins_to_cross_later_stops_the_trial_in_words(
    make_run, coordinator, make_round, run, run_jobs
):
    actor = coordinator.actor
    code = make_round([run]).code
    enrolment.set_quota(actor, run.code, QuotaSort.CEILING, "region:UZ-BU", 1)
    enrolment.set_quota(actor, run.code, QuotaSort.CEILING, "kind:college", 1)
    coordinator.browser.post(f"/manage/rounds/{code}/trial")
    run_jobs()
    page = coordinator.browser.get(f"/manage/rounds/{code}").text
    assert "The limits for kinds of organisation and regions cross." in page


def test_the_colleges_order_decides_between_equals(
    clock, make_run, make_round, make_teacher, office, coordinator
):
    run = make_run(places=1)
    code = make_round([run]).code
    first, second = make_teacher("Aliyev"), make_teacher("Boboyev")
    for teacher in (first, second):
        service.rank(teacher.actor, code, [run.code])
    office.browser.post(
        f"/rounds/{code}/order",
        data={"run": run.code, f"rank-{second.teacher_id}": "1", f"rank-{first.teacher_id}": "2"},
    )
    give(clock, coordinator, code)
    assert given(code) == {str(second.teacher_id): run.code}
    told = first.browser.get(f"/rounds/{code}/mine").text
    assert "Your college ranked you number 2; the last one admitted was ranked number 1 by theirs." in told


def test_a_colleges_order_survives_a_teachers_new_list(make_run, make_round, make_teacher, office):
    runs = [make_run(), make_run()]
    code, teacher = make_round(runs).code, make_teacher("Aliyev")
    service.rank(teacher.actor, code, [runs[0].code])
    service.order(office.actor, code, runs[0].code, {teacher.teacher_id: 1})
    service.rank(teacher.actor, code, [runs[1].code, runs[0].code])
    rows = db.session.scalars(select(Wish).order_by(Wish.number)).all()
    assert [(row.run_id, row.college_rank) for row in rows] == [(runs[1].id, None), (runs[0].id, 1)]


def test_each_number_of_an_order_is_given_once(make_run, make_round, teachers, office):
    run = make_run()
    code = make_round([run]).code
    for teacher in teachers[:2]:
        service.rank(teacher.actor, code, [run.code])
    ranks = {f"rank-{teacher.teacher_id}": "1" for teacher in teachers[:2]}
    answer = office.browser.post(
        f"/rounds/{code}/order", data={"run": run.code, **ranks}, follow_redirects=True
    )
    assert "Number 1 is given twice" in answer.text
    with pytest.raises(Refused) as refused:
        service.order(office.actor, code, run.code, {teachers[0].teacher_id: 3})
    assert [why.code for why in refused.value.why] == ["order-out-of-range"]
    assert {row.college_rank for row in db.session.scalars(select(Wish))} == {None}


def test_a_place_set_aside_is_named_in_the_reason(clock, crowd, coordinator):
    code, _runs, people = crowd
    outcome = give(clock, coordinator, code)
    aside = next(line for line in outcome["list"] if giving.pool_name(line[3]))
    teacher = next(one for one in people if one.teacher_id == aside[0])
    assert "It was set aside for" in teacher.browser.get(f"/rounds/{code}/mine").text
