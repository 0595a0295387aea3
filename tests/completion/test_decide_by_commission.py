"""A commission is composed by order, and votes in a session with a quorum; its protocol stays as it was closed."""

import re
from datetime import date

import pytest

from retrain.completion import queries, service
from retrain.completion.commission_models import Sitting
from retrain.completion.deciding import replayed
from retrain.extensions import db
from retrain.orders.states import OrderKind
from tests import scenario
from tests.completion.commission import (
    FINAL,
    at,
    both_heard,
    compose,
    heard,
    held,
    numbers,
    ordered,
    vote,
)
from tests.documents.paper import text_of


@pytest.fixture
def country(made_once, clock):
    return made_once(heard)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


def test_a_commission_needs_a_chair_enough_members_and_an_order(country, desk):
    page = compose(desk, country, FINAL[:2])
    assert "2 members vote; the rules of the provider ask for 3." in page
    page = compose(desk, country, (*FINAL[:2], FINAL[0]))
    assert "Rahimov A. stands there twice." in page
    assert "stands in no registered order" in compose(desk, country, FINAL)
    (one, _two) = numbers(country)
    page = held(desk, country, vote(country, "final", 3, **{f"of_{one}": (3, 0, 90, "Ish")})).text
    assert "stands in no registered order" in page
    ordered(country, desk)
    page = desk.get(at(country, "final")).text
    assert "by order No. 5-k" in page
    assert "Hold a session" in page
    officer = scenario.signed_in(desk.application, country.coordinator)
    orders = officer.get(f"/manage/runs/{country.run.code}/orders?lang=en").text
    assert "Order of the commission" in orders
    order = db.session.execute(db.text("SELECT id FROM official_order WHERE kind = 'commission'")).scalar()
    paper = text_of(officer.get(f"/manage/runs/{country.run.code}/orders/{order}/sheet.pdf?in=en").data)
    assert "Members of the commission of final works" in paper
    assert "Valiyev V." in paper


def test_without_a_quorum_nobody_decides_and_votes_have_to_add_up(country, desk):
    compose(desk, country, FINAL)
    ordered(country, desk)
    one, _two = numbers(country)
    page = held(desk, country, vote(country, "final", 1, **{f"of_{one}": (1, 0, 90, "Ish")})).text
    assert "No quorum: 1 of 3 members came, 2 are needed. Nobody can decide." in page
    page = held(desk, country, vote(country, "final", 3, **{f"of_{one}": (2, 0, 101, "")})).text
    assert "2 votes are counted, but 3 members who vote came." in page
    assert "101 is not on the scale" in page or "-1 is not on the scale" in page
    assert "Write the title of the final work." in page
    assert all(row.number is None for row in db.session.scalars(db.select(Sitting)))


def test_how_the_chair_voted_stays_in_a_session_that_is_refused(country, desk):
    compose(desk, country, FINAL)
    ordered(country, desk)
    one, two = numbers(country)
    data = vote(country, "final", 3, **{f"of_{one}": (1, 1, 101, "Ish"), f"of_{two}": (1, 1, 60, "Ish")})
    page = held(desk, country, data | {f"chair-{one}": "against"}).text
    assert re.search(rf'id="chair-{one}"[^>]* checked', page)
    assert not re.search(rf'id="chair-{two}"[^>]* checked', page)


def test_a_protocol_has_the_next_number_its_votes_and_its_points_count(country, desk, app):
    page = both_heard(country, desk).text
    assert "The protocol is closed under No. 1/2026." in page
    one, two = numbers(country)
    assert queries.results(country.run.id) == {(country.final, one): 90, (country.final, two): 40}
    row = db.session.scalars(db.select(Sitting)).one()
    paper = text_of(
        desk.get(at(country, "final", f"/sessions/{row.id}/protocol.pdf").replace("lang", "in")).data
    )
    assert "3 of 3 members who vote were present" in paper
    for words in ("Protocol", "No. 1/2026", "order No. 5-k", "Payvand choki", "not passed"):
        assert words in paper, paper
    assert "1/2/0" in paper.replace(" / ", "/"), "the votes, however a reader of PDF spaces them"
    again = desk.post(at(country, "final", f"/sessions/{row.id}"), data=vote(country, "final", 3))
    assert "The protocol of this session is closed and changes no more." in again.text
    assert service.close_sitting(country.secretary, country.run.code, row.id).number == 1, "twice is once"
    service.close_run(country.coordinator, country.run.code)
    page = (
        scenario.signed_in(app, country.coordinator)
        .get(f"/manage/runs/{country.run.code}/completion?lang=en")
        .text
    )
    assert "The commission: 3 for, 0 against, 0 abstained (protocol No. 1/2026)." in page
    assert replayed(country.run) == []


def test_a_closed_protocol_keeps_its_order_and_who_was_taken_off_since(country, desk, clock):
    both_heard(country, desk)
    row = db.session.scalars(db.select(Sitting)).one()
    paper = at(country, "final", f"/sessions/{row.id}/protocol.pdf").replace("lang", "in")
    before = text_of(desk.get(paper).data)
    clock.advance(minutes=1)
    compose(desk, country, ("Yangi Rais", *FINAL[1:]))
    country.register_order(OrderKind.COMMISSION, "9-k", date(2026, 9, 21))
    assert "by order No. 9-k" in desk.get(at(country, "final")).text
    service.close_run(country.coordinator, country.run.code)
    late = vote(country, "final", 3, **{f"of_{numbers(country)[1]}": (3, 0, "", "Elektrod")})
    assert "Hold a session" not in desk.get(at(country, "final")).text
    assert "This run is over or was cancelled" in held(desk, country, late).text
    clock.advance(days=11)
    _one, two = numbers(country)
    service.exclude(country.coordinator, country.run.code, two, "They want no second attempt.")
    assert replayed(country.run) == []
    assert "order No. 5-k" in before
    assert text_of(desk.get(paper).data) == before
    assert "Elektrod" in desk.get(at(country, "final", f"/sessions/{row.id}")).text


def test_a_page_that_is_sent_twice_writes_one_session_and_one_protocol(country, desk):
    compose(desk, country, FINAL)
    ordered(country, desk)
    data = vote(country, "final", 3, **{f"of_{numbers(country)[0]}": (3, 0, 90, "Payvand choki")})
    for _ in range(2):
        assert "The protocol is closed under No. 1/2026." in held(desk, country, data).text
    assert db.session.scalars(db.select(Sitting.number)).all() == [1]
