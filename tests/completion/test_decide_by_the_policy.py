"""Hours by kind, debts, reduced hours, two people against the rules; and every decision gives the same answer later."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.attendance import service as attendance
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.certificates import freezing
from retrain.certificates import queries as certificates
from retrain.completion import commission_rules, deciding, queries, rules, service
from retrain.completion.commission_rules import Member
from retrain.completion.models import DecisionChange, Override
from retrain.completion.rules import Attended, Graded, Policy, Standing, Vote
from retrain.completion.states import AssessmentKind, Outcome, Seat
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people.models import Person
from retrain.people.states import RoleKind
from retrain.record.models import Credit
from tests import scenario
from tests.documents.paper import text_of
from tests.people.settings_of import set_for

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)


def taught(clock):
    """Three people over four classes, two lectures and two practicals: one missed a practical, one owes."""
    country = scenario.country(MONDAY)
    sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    country.signatory = scenario.role(scenario.person("Rektorov"), RoleKind.SIGNATORY, country.provider)
    clock.set(AFTER)
    one, two, three = (row.id for row in country.enrolments)
    for number, meeting in enumerate(sessions):
        absent = MarkKind.ABSENT if number == 3 else MarkKind.PRESENT
        marks = [Marked(one, MarkKind.PRESENT), Marked(two, absent), Marked(three, MarkKind.PRESENT)]
        attendance.save_marks(country.coordinator, meeting.id, marks)
        attendance.sign(country.coordinator, meeting.id)
    final = service.add_assessment(
        country.coordinator, country.run.code, {"en": "Test"}, AssessmentKind.FINAL, 56
    )
    service.enter_results(
        country.coordinator, country.run.code, {(final.id, number): 80 for number in (one, two, three)}
    )
    country.final = final.id
    return country


@pytest.fixture
def country(made_once, clock):
    return made_once(taught)


def under(country, **policy: Any) -> None:
    country.run.policy = country.run.policy | policy
    db.session.commit()


def numbers(country):
    return [row.id for row in country.enrolments]


def outcomes(country):
    found = queries.decisions(country.run.id)
    return [found[number].outcome.value for number in numbers(country)]


def page(app, country, actor=None):
    client = scenario.signed_in(app, actor or country.coordinator)
    return client.get(f"/manage/runs/{country.run.code}/completion?lang=en").text


def test_hours_of_a_kind_and_debts_are_conditions_with_their_numbers(country, app):
    under(country, least_by_kind={"practical": 4, "lecture": 4}, unpaid_blocks_completion=True)
    _one, _two, three = numbers(country)
    row = country.enrolments[2]
    row.funding, row.price = "own", 1200000
    db.session.commit()
    service.close_run(country.coordinator, country.run.code)
    assert outcomes(country) == ["completed", "not_completed", "not_completed"]
    text = page(app, country)
    assert "practical: 2 of the 4 hours that are needed." in text
    assert "lecture: 4 of the 4 hours that are needed." in text
    assert "The course is not paid for: 1,200,000 so‘m are owed." in text
    failed = queries.decisions(country.run.id)[three].reasons
    assert [each["code"] for each in failed if not each["held"]] == ["debts"]


def test_hours_on_the_document_are_those_attended_where_the_policy_says_so(country, app):
    under(country, hours_reduced=True)
    service.close_run(country.coordinator, country.run.code)
    one, two, _three = numbers(country)
    hours = dict(db.session.execute(db.select(Credit.source, Credit.hours)).tuples().all())
    assert (hours[f"enrolment:{one}"], hours[f"enrolment:{two}"]) == (8, 6)
    rows = certificates.decided(country.run.id)
    issue = freezing.Issue.of(country.run, date(2026, 9, 21), rows)
    said = {row.id: freezing.trial(issue, "MO", row, person, kept).hours for row, person, kept in rows}
    assert (said[one], said[two]) == (8, 6)
    remarks = {row.id: freezing.trial(issue, "MO", row, person, kept).remark for row, person, kept in rows}
    assert (remarks[one], remarks[two]) == ("", "kursning 8 soatidan; qoldirilgan soatlar chegirildi")
    client = scenario.signed_in(app, country.coordinator)
    text = client.get(f"/enrolments/{two}/outcome?lang=en").text
    assert "The document names 6 of 8 hours, because hours were missed." in text
    paper = text_of(client.get(f"/enrolments/{two}/hours.pdf?in=en").data)
    assert "6 of 8" in paper
    assert "practicals" in paper


def test_every_decision_replays_a_year_later_whatever_was_set_since(country, clock):
    under(country, least_by_kind={"practical": 4}, hours_reduced=True)
    service.close_run(country.coordinator, country.run.code)
    clock.advance(days=400)
    set_for(country.provider, "academic_hour", 45)
    later = db.session.execute(
        db.text("UPDATE setting SET valid_from = '2027-01-01', value = '60' WHERE key = 'academic_hour'")
    )
    db.session.commit()
    assert later.rowcount == 1
    assert len(queries.decisions(country.run.id)) == 3
    assert deciding.replayed(country.run) == []
    row = queries.decisions(country.run.id)[numbers(country)[0]]
    row.facts = row.facts | {"attended": row.facts["attended"] | {"unexcused": 40.0}}
    db.session.commit()
    assert [(each.source, each.enrolment_id) for each in deciding.replayed(country.run)] == [
        ("kept", row.enrolment_id)
    ]


def propose(app, country, number, outcome="completed", why="Was ill; the paper came late."):
    client = scenario.signed_in(app, country.coordinator)
    return client.post(
        f"/enrolments/{number}/override?lang=en", data={"outcome": outcome, "why": why}, follow_redirects=True
    ).text


def answer(app, country, actor, **data):
    row = db.session.scalars(db.select(Override).order_by(Override.id.desc())).first()
    client = scenario.signed_in(app, actor)
    return client.post(
        f"/manage/runs/{country.run.code}/overrides/{row.id}?lang=en", data=data, follow_redirects=True
    )


def test_what_one_proposes_against_the_rules_another_confirms(country, app):
    under(country, max_unexcused_hours=2)
    one, two, _three = numbers(country)
    assert "Say why the rules should not decide here" in propose(app, country, two, why=" ")
    assert "The rules come to the same" in propose(app, country, one)
    assert "It is proposed." in propose(app, country, two)
    assert "is proposed or confirmed for this person already" in propose(app, country, two)
    refused = answer(app, country, country.coordinator, confirm="1")
    assert "You proposed it yourself. Another person has to confirm it." in refused.text
    assert "Run" in scenario.signed_in(app, country.signatory).get("/?lang=en").text
    assert "It is confirmed." in answer(app, country, country.signatory, confirm="1").text
    service.close_run(country.coordinator, country.run.code)
    assert outcomes(country) == ["completed", "completed", "completed"]
    text = page(app, country)
    assert "2 hours missed; the limit is 2." in text
    assert (
        "Decided otherwise than by the rules, by two people. The reason: Was ill; the paper came late."
        in text
    )
    assert deciding.replayed(country.run) == []


def test_nobody_proposes_or_confirms_what_is_decided_on_themself(country, app):
    under(country, max_unexcused_hours=2)
    two = numbers(country)[1]
    themself = db.session.get_one(Person, country.teachers[1].person_id)
    both = scenario.role(themself, RoleKind.COORDINATOR, country.provider)
    ours = "What is decided on yourself is for others to propose and to confirm."
    own = scenario.signed_in(app, both)
    typed = {"outcome": "completed", "why": "I was ill."}
    assert ours in own.post(f"/enrolments/{two}/override?lang=en", data=typed).text
    propose(app, country, two)
    assert ours in answer(app, country, both, confirm="1").text
    assert "It is confirmed." in answer(app, country, country.signatory, confirm="1").text


def test_after_closing_it_decides_at_once_and_takes_nobodys_completion_back(country, app):
    under(country, max_unexcused_hours=2)
    service.close_run(country.coordinator, country.run.code)
    one, two, _three = numbers(country)
    assert "a completion is not taken back here" in propose(app, country, one, "not_completed")
    propose(app, country, two)
    assert answer(app, country, country.hr_officer, confirm="1").status_code == 403
    assert "Say why you do not confirm it." in answer(app, country, country.signatory).text
    answer(app, country, country.signatory, confirm="1")
    assert outcomes(country) == ["completed", "completed", "completed"]
    assert db.session.scalars(db.select(DecisionChange.was)).all() == [Outcome.NOT_COMPLETED]
    assert deciding.replayed(country.run) == []


policies = st.builds(
    Policy, max_unexcused_hours=st.none() | st.integers(0, 40), min_attendance_hours=st.none() | st.integers(0, 144),
    excused_counts=st.booleans(), final_required=st.booleans(), commission_required=st.booleans(),
    unpaid_blocks_completion=st.booleans(), hours_reduced=st.booleans(),
    least_by_kind=st.dictionaries(st.sampled_from(["lecture", "practical"]), st.integers(0, 50), max_size=2),
)  # fmt: skip
hours = st.integers(0, 1440).map(lambda tenths: tenths / 10)
attended = st.builds(Attended, due=hours, unexcused=hours, excused=hours)
graded = st.lists(
    st.builds(
        Graded, st.integers(1, 99), st.sampled_from(AssessmentKind), st.integers(0, 100),
        st.none() | st.integers(0, 100), st.integers(1, 5),
    ),
    max_size=4,
)  # fmt: skip
votes = st.none() | st.builds(
    Vote, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans(), st.just("1/2026")
)
standings = st.builds(
    Standing, by_kind=st.dictionaries(st.sampled_from(["lecture", "practical"]), hours, max_size=2),
    owes=st.none() | st.integers(0, 10**7), vote=votes,
    override=st.none() | st.builds(lambda outcome: {"outcome": outcome.value, "why": "x"}, st.sampled_from(Outcome)),
)  # fmt: skip


@given(policies, attended, graded, standings)
def test_what_is_kept_replays_to_the_same_outcome_and_reasons(policy, there, results, standing):
    decided = rules.decide(policy, there, results, standing)
    kept = json.loads(json.dumps(rules.facts(policy, there, results, standing, 144)))
    outcome, conditions = rules.replay(kept)
    assert (outcome, deciding.reasons(conditions)) == (decided[0], deciding.reasons(decided[1]))


@given(policies, attended, graded, standings)
def test_without_people_deciding_all_conditions_hold_exactly_for_who_completes(
    policy, there, results, standing
):
    outcome, conditions = rules.decide(
        policy, there, results, Standing(standing.by_kind, standing.owes, standing.vote)
    )
    assert (outcome is Outcome.COMPLETED) == all(each.held for each in conditions)


@given(policies, attended, st.integers(1, 576))
def test_a_document_never_names_more_hours_than_the_course_nor_fewer_than_none(policy, there, run_hours):
    named = rules.credited_hours(policy, run_hours, there)
    assert 0 <= named <= run_hours
    if policy.hours_reduced:
        assert named <= max(0, run_hours - there.unexcused)


@given(st.integers(1, 40), st.integers(0, 99))
def test_a_quorum_is_more_than_its_share_and_never_more_than_all(voting, quorum):
    least = commission_rules.needed(voting, quorum)
    assert 1 <= least <= voting
    assert least * 100 > voting * quorum or least == voting
    members = [Member(Seat.MEMBER, str(number), present=number < least - 1) for number in range(voting)]
    terms = commission_rules.Terms(quorum=quorum)
    assert "no-quorum" in {why.code for why in commission_rules.quorum_refusals(members, terms)}
