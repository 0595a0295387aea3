"""The page of a run says what it asks, who may come, and what one should know, before anybody presses a button."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment import service
from retrain.enrolment.states import Consent, Funding, QuotaSort, Way
from retrain.extensions import db
from retrain.people.models import Teacher
from tests.harness.places import GIVEN_AT_ONCE
from tests.harness.statements import counted


@pytest.fixture
def asks(run):
    """``asks(staff_kinds=["head"])``: the run asks that of those who come."""

    def ask(audience=(), **conditions) -> None:
        row = db.session.scalar(select(Run).where(Run.code == run.code))
        row.policy = {**row.policy, "conditions": conditions}
        row.version.audience = list(audience)
        db.session.commit()

    return ask


def facts_of(somebody, **values) -> None:
    row = db.session.get(Teacher, somebody.teacher_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


def test_each_condition_stands_with_what_one_has(run, teachers, asks):
    asks(["Payvandlash"], worst_match="related", staff_kinds=["head"], years_from=3, years_to=30,
         categories=["oliy"], due_within_months=6, language=True)  # fmt: skip
    facts_of(teachers[0], specialities=["Tikuvchilik"], teaching_since=date(2015, 9, 1), category="")
    page = teachers[0].browser.get(f"/runs/{run.code}").text
    assert "Speciality: one that is named for the course, or one that the classifier calls related." in page
    assert "You: Tikuvchilik. None of it fits “Payvandlash”." in page
    assert "Kind of staff: Head." in page
    assert "You: Teacher." in page
    assert "At least 3 years of service." in page
    assert page.count("You: 11 full years.") == 2
    assert page.count('aria-label="not met"') == 3
    assert page.count('aria-label="met"') == 4
    for sentence in ("for another speciality", "another kind of staff", "another category"):
        assert sentence in page  # all at once
    assert "Take a place" not in page
    assert "another kind of staff" in teachers[0].browser.post(
        f"/runs/{run.code}/enrol", follow_redirects=True
    ).text  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        ("60610600 Dasturlash", "You: “60610600 Dasturlash”, exactly what is asked."),
        ("60610700 Tarmoqlar", "related to “60610600 Dasturlash” (field 061)"),
        ("", "Nothing is entered for you"),
    ],
)
def test_the_match_is_explained(run, teachers, asks, mine, words):
    asks(["60610600 Dasturlash"], worst_match="related")
    facts_of(teachers[0], specialities=[mine] if mine else [])
    assert words in teachers[0].browser.get(f"/runs/{run.code}").text


def test_who_has_not_signed_in_reads_the_conditions_too(run, client, asks):
    asks(staff_kinds=["head", "master"], distance_grounds=["disability"])
    page = client.get(f"/runs/{run.code}?lang=en").text
    assert "Kind of staff: Training master, Head." in page
    assert "In the distance form only with one of these: a disability." in page
    assert 'aria-label="met"' not in page


def test_what_one_should_know(make_run, teachers):
    terms = replace(
        GIVEN_AT_ONCE, funding=Funding.COLLEGE, price=1_250_000, with_release=True, lodging=True,
        map_url="https://example.org/map?a=1&b=2", to_bring="Ish kiyimi\nPasport <b>",
    )  # fmt: skip
    page = teachers[0].browser.get(f"/runs/{make_run(terms=terms).code}").text
    assert "the college, 1\N{NO-BREAK SPACE}250\N{NO-BREAK SPACE}000 so‘m" in page
    assert "yes, for the days of the run" in page
    assert 'href="https://example.org/map?a=1&amp;b=2"' in page
    assert "Pasport &lt;b&gt;" in page
    assert "to the first who come" in page


def test_a_round_says_so_and_has_no_button(make_run, teachers):
    run = make_run()
    service.set_way(run.id, Way.ROUND)
    page = teachers[0].browser.get(f"/runs/{run.code}").text
    assert "in an allocation round" in page
    assert "Take a place" not in page


def test_free_places_are_those_for_people_like_one(run, teachers, make_teacher, other_college, coordinator):
    service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, "region:UZ-NW", 1)
    assert "1 of the free places is open to you" in teachers[0].browser.get(f"/runs/{run.code}").text
    stranger = make_teacher("Norov", at=other_college)
    assert "2 of the free places are open to you" in stranger.browser.get(f"/runs/{run.code}").text


def test_a_stale_page_after_the_quota_changed_gives_the_list_and_says_so(
    run, teachers, coordinator, standings
):
    assert "Take a place" in teachers[0].browser.get(f"/runs/{run.code}").text
    service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, "region:UZ-NW", 2)
    page = teachers[0].browser.post(f"/runs/{run.code}/enrol", follow_redirects=True).text
    assert "You are number 1 on the waiting list." in page
    assert standings(run) == [("Aliyev", "waitlisted")]


def statements(call) -> list[str]:
    db.session.commit()
    with counted() as said:
        call()
    return [text for text in said if not text.startswith(("BEGIN", "PRAGMA"))]


def test_the_page_of_the_opening_minute_is_lean(run, make_run, teachers, coordinator, asks):
    """A run that asks nothing costs nothing more; conditions and quotas at most three statements."""

    def look() -> None:
        teachers[0].browser.get(f"/runs/{run.code}")

    look()
    plain = statements(look)
    assert len(plain) <= 10, "\n".join(plain)
    service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, "region:UZ-NW", 1)
    assert len(statements(look)) <= len(plain) + 1
    asks(["Payvandlash"], worst_match="exact", due_within_months=6)
    assert len(statements(look)) <= len(plain) + 4


def test_nobody_presses_before_it_opens_or_after_it_closes(run, teachers, clock, standings):
    for moment, words in (
        (datetime(2026, 8, 31, tzinfo=UTC), "Enrolment opens on"),
        (datetime(2026, 9, 18, tzinfo=UTC), "Enrolment closed on"),
    ):
        clock.set(moment)
        assert words in teachers[0].browser.get(f"/runs/{run.code}").text
        assert words in teachers[0].browser.post(f"/runs/{run.code}/enrol", follow_redirects=True).text
    assert standings(run) == []


def test_consents_are_shown_and_asked_for(make_run, teachers, standings):
    run = make_run(terms=replace(GIVEN_AT_ONCE, consent=Consent.BOTH))
    page = teachers[0].browser.get(f"/runs/{run.code}").text
    assert "your college: not asked yet" in page
    assert "Ask for a place" in page
    page = teachers[0].browser.post(f"/runs/{run.code}/enrol", follow_redirects=True).text
    assert "You asked for a place. It needs consent; you will be told." in page
    assert "A request that nobody answers lapses on" in page
    assert standings(run) == [("Aliyev", "requested")]
    page = teachers[0].browser.get(f"/runs/{run.code}").text
    assert "the provider: not answered yet" in page
    page = teachers[0].browser.post(f"/runs/{run.code}/withdraw", data={}, follow_redirects=True).text
    assert "You withdrew from run" in page
    assert standings(run) == [("Aliyev", "withdrawn")]
