"""A commission is composed by order, votes in a session with a quorum, and an appeal against it is heard by others."""

import re
from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.certificates import service as certificates
from retrain.completion import commission_queries, queries, service
from retrain.completion.commission_models import Appeal, Sitting
from retrain.completion.deciding import replayed
from retrain.completion.states import AssessmentKind, Outcome
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages import kinds
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind
from retrain.record.models import Credit
from retrain.refusal import Refused
from tests import scenario
from tests.documents.paper import text_of
from tests.people.settings_of import set_for

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


@pytest.fixture
def country(made_once, clock):
    return made_once(heard)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


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


def closed(country, desk):
    both_heard(country, desk)
    service.close_run(country.coordinator, country.run.code)
    return scenario.signed_in(desk.application, Actor(country.teachers[1].person_id, "teacher"))


def appeal(teacher, country, why="The votes were counted wrongly."):
    number = numbers(country)[1]
    return teacher.post(f"/enrolments/{number}/appeal?lang=en", data={"why": why}, follow_redirects=True)


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
    assert "Order No. 7-t of 21 September 2026 is changed" in " ".join(text_of(paper.data).split())
    assert waits not in officer.get("/board?lang=en").text
    (late,) = certificates.issue_run(country.hr_officer, country.run.code)
    assert (late.enrolment_id, late.frozen["document"]["order_number"]) == (two, "9-t")


def test_who_is_to_be_heard_is_invited_in_their_own_language(country, desk, clock):
    compose(desk, country, FINAL)
    page = at(country, "final", "/invitation")
    assert "Invite to a session" in desk.get(at(country, "final")).text
    assert "This moment is over." in desk.post(page, data={"at": "2026-09-20T10:00", "place": "2"}).text
    assert "Say where the commission sits." in desk.post(page, data={"at": "2026-09-25T10:00"}).text
    typed = {"at": "2026-09-25T10:00", "place": "Room 204"}
    assert "2 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    assert "0 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    letters = db.session.scalars(db.select(Message).where(Message.kind == "commission.session_final")).all()
    assert {row.person_id for row in letters} == {each.person_id for each in country.teachers}
    for language, word in (("en", "Your final work"), ("ru", "работ"), ("uz", "ish")):
        with force_locale(language):
            said = kinds.text_of(letters[0].kind, letters[0].facts)
        assert word.lower() in said.subject.lower()
        assert "Room 204" in said.body
        assert "10:00" in said.body
    nobody = desk.post(at(country, "appeal", "/invitation"), data=typed)
    assert nobody.status_code == 404, "no commission of appeals is composed"
    compose(desk, country, APPEAL, "appeal")
    assert (
        "The commission has nobody to hear now."
        in desk.post(at(country, "appeal", "/invitation"), data=typed).text
    )
