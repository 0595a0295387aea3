"""A teacher appeals within their days; seven others hear it, and what they decide holds at once."""

from datetime import date

import pytest

from retrain.audit import Actor
from retrain.catalogue.states import RunState
from retrain.certificates import service as certificates
from retrain.completion import commission_queries, queries
from retrain.completion.commission_models import Appeal
from retrain.completion.deciding import replayed
from retrain.completion.states import Outcome
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.record.models import Credit
from retrain.refusal import Refused
from tests import scenario
from tests.completion.commission import (
    APPEAL,
    FINAL,
    appeal,
    closed,
    compose,
    heard,
    held,
    numbers,
    vote,
)
from tests.documents.paper import text_of
from tests.people.settings_of import set_for


@pytest.fixture
def country(made_once, clock):
    return made_once(heard)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


def test_the_teacher_reads_why_and_appeals_within_ten_days(country, desk, app, clock):
    teacher = closed(country, desk)
    one, two = numbers(country)
    assert "What was decided, and why" in teacher.get("/mine?lang=en").text
    page = teacher.get(f"/enrolments/{two}/outcome?lang=en").text
    assert "40 points in the final assessment; 56 are needed." in page
    assert "You may appeal until" in page
    assert teacher.get(f"/enrolments/{one}/outcome").status_code == 403
    assert "Say what you think is wrong, and why." in appeal(teacher, country, " ").text
    assert "Your appeal is filed." in appeal(teacher, country).text
    assert "Your appeal is under way already." in appeal(teacher, country).text
    told = db.session.scalars(db.select(Message.person_id).where(Message.kind == "appeal.filed")).all()
    assert country.secretary.person_id in told
    assert "Appeals on run" in desk.get("/?lang=en").text
    first = scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))
    page = first.post(f"/enrolments/{one}/appeal?lang=en", data={"why": "more"}).text
    assert "You have completed the course: there is nothing to appeal against." in page
    teacher.post(f"/enrolments/{two}/appeal/take-back")
    clock.advance(days=11)
    page = appeal(teacher, country).text
    assert "Appeals could be filed until" in page


def test_seven_others_hear_the_appeal_and_it_decides(country, desk, app, clock):
    teacher = closed(country, desk)
    appeal(teacher, country)
    _one, two = numbers(country)
    page = compose(desk, country, FINAL[:1] + APPEAL[:5], "appeal")
    assert "6 members vote; the rules of the provider ask for 7." in page
    assert "Rahimov A. sat in the commission of final works" in page
    compose(desk, country, APPEAL, "appeal")
    country.register_order(OrderKind.COMMISSION, "6-k", date(2026, 9, 21))
    page = held(
        desk, country, vote(country, "appeal", 3, **{f"of_{two}": (3, 0, "", "We agree.")}), "appeal"
    ).text
    assert "No quorum: 3 of 7 members came, 4 are needed." in page
    assert db.session.scalars(db.select(Appeal)).one().decided_on is None
    page = held(
        desk, country, vote(country, "appeal", 5, **{f"of_{two}": (4, 1, "", "We agree.")}), "appeal"
    ).text
    assert "The protocol is closed under No. 2/2026." in page
    row = db.session.get_one(type(country.enrolments[1]), two)
    assert row.state is State.COMPLETED
    assert (
        db.session.scalar(db.select(Credit.hours).where(Credit.source == f"enrolment:{two}"))
        == country.run.hours
    )
    page = teacher.get(f"/enrolments/{two}/outcome?lang=en").text
    assert "The appeal was upheld (protocol No. 2/2026)." in page
    for words in ("upheld", "We agree.", "You get the copy by", "it was decided: not completed"):
        assert words in page, words
    assert replayed(country.run) == []
    desk.post(
        f"/manage/runs/{country.run.code}/appeals/{db.session.scalars(db.select(Appeal)).one().id}/copied"
    )
    assert db.session.scalars(db.select(Appeal)).one().copied_on == date(2026, 9, 21)
    assert (
        "The commission has decided on your appeal" in appeal(teacher, country).text
        or row.state is State.COMPLETED
    )


def test_an_appeal_that_gives_points_decides_by_the_rules(country, desk):
    teacher = closed(country, desk)
    appeal(teacher, country)
    _one, two = numbers(country)
    compose(desk, country, APPEAL, "appeal")
    country.register_order(OrderKind.COMMISSION, "6-k", date(2026, 9, 21))
    held(desk, country, vote(country, "appeal", 7, **{f"of_{two}": (7, 0, 70, "Counted again.")}), "appeal")
    assert queries.results(country.run.id)[country.final, two] == 70
    decided = queries.decisions(country.run.id)[two]
    assert decided.outcome is Outcome.COMPLETED, "the commission of appeals has voted in the other's place"
    assert "appeal" not in {each["code"] for each in decided.reasons}
    assert replayed(country.run) == []
    assert country.run.state is RunState.FINISHED


def test_the_terms_are_settings_that_hold_from_a_day(country, desk, clock):
    set_for(
        country.provider,
        "appeal_terms",
        {"file_days": 3, "decide_days": 2, "copy_days": 1, "members": 5, "quorum": 50},
    )
    teacher = closed(country, desk)
    appeal(teacher, country)
    row = db.session.scalars(db.select(Appeal)).one()
    assert row.decide_by == date(2026, 9, 23)
    set_for(country.provider, "commission_terms", {"members": 3, "quorum": 99})
    assert commission_queries.terms_of(country.provider.id, "final").quorum == 99


def test_who_completed_after_the_order_is_named_by_a_second_one_before_a_document(country, desk, app, clock):
    teacher = closed(country, desk)
    country.register_order(OrderKind.COMPLETION, "7-t", date(2026, 9, 21))
    clock.advance(hours=1)
    appeal(teacher, country)
    one, two = numbers(country)
    officer = scenario.signed_in(app, country.coordinator)
    orders, documents = (
        f"/manage/runs/{country.run.code}/{page}?lang=en" for page in ("orders", "documents")
    )
    assert "the order doesn’t say so" not in officer.get(orders).text
    compose(desk, country, APPEAL, "appeal")
    country.register_order(OrderKind.COMMISSION, "6-k", date(2026, 9, 21))
    held(desk, country, vote(country, "appeal", 7, **{f"of_{two}": (7, 0, 70, "Counted again.")}), "appeal")
    assert "1 person has completed the course and the order doesn’t say so." in officer.get(orders).text
    waits = f"Run {country.run.code}: the order of completion lacks who has completed since"
    assert waits in officer.get("/board?lang=en").text
    assert "the order says otherwise" in scenario.signed_in(app, country.hr_officer).get(documents).text
    (first,) = certificates.issue_run(country.hr_officer, country.run.code)
    assert first.enrolment_id == one
    with pytest.raises(Refused) as refused:
        certificates.issue_run(country.hr_officer, country.run.code)
    assert [why.code for why in refused.value.why] == ["completed-after-order"]
    clock.advance(hours=1)
    country.register_order(OrderKind.COMPLETION, "9-t", date(2026, 9, 21))
    order = db.session.scalars(db.select(OfficialOrder).where(OfficialOrder.number == "9-t")).one()
    paper = officer.get(f"/manage/runs/{country.run.code}/orders/{order.id}/sheet.pdf?in=en")
    said = " ".join(text_of(paper.data).split())
    assert "Order No. 7-t of 21 September 2026 is changed" in said
    assert "protocol No. 1/2026 of 21 September 2026 of the commission of final works" in said
    assert "protocol No. 2/2026 of 21 September 2026 of the commission of appeals" in said
    assert waits not in officer.get("/board?lang=en").text
    (late,) = certificates.issue_run(country.hr_officer, country.run.code)
    assert (late.enrolment_id, late.frozen["document"]["order_number"]) == (two, "9-t")
