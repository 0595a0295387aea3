"""The coordinator's page of terms and quotas: set, changed, refused with the numbers, copied with the run."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.enrolment import queries, reading_runs, service
from retrain.enrolment.models import Terms
from retrain.enrolment.states import Consent, Funding, Lodging, QuotaSort, Way
from retrain.extensions import db
from tests.harness.actors import organisation, somebody
from tests.harness.places import GIVEN_AT_ONCE

TERMS = {
    "way": "first_come", "consent": "both", "request_hours": "24", "offer_hours": "", "withdraw_days": "3",
    "funding": "own", "price": "900000", "with_release": "y", "lodging": "y",
    "map_url": "https://maps.example.org/1", "to_bring": "Pasport",
}  # fmt: skip


@pytest.fixture
def save(coordinator, run):
    """``save(price="-1")``: the form of terms as it was opened, sent with these answers; the page that follows."""

    def send(browser=coordinator.browser, **changed) -> str:
        lock = {"lock": str(db.session.get(Terms, run.id).lock)}
        data = {**lock, **TERMS, **changed}
        return browser.post(f"/manage/runs/{run.code}/terms", data=data, follow_redirects=True).text

    return send


def set_quota(coordinator, run, **data) -> str:
    wanted = {"of": "region:UZ-NW", "sort": "set_aside", "places": "1", "releases_at": ""} | data
    return coordinator.browser.post(
        f"/manage/runs/{run.code}/quotas", data=wanted, follow_redirects=True
    ).text


def test_the_terms_are_kept_as_typed_and_shown_again(run, coordinator, save):
    page = coordinator.browser.get(f"/manage/runs/{run.code}").text
    assert f"/manage/runs/{run.code}/terms" in page
    assert "The terms are saved." in save()
    kept = reading_runs.run_at_desk(run.code).terms
    assert (kept.consent, kept.way, kept.funding) == (Consent.BOTH, Way.FIRST_COME, Funding.OWN)
    assert (kept.offer_hours, kept.request_hours, kept.withdraw_days, kept.price) == (None, 24, 3, 900_000)
    assert (kept.with_release, kept.lodging, kept.to_bring) == (True, True, "Pasport")
    assert (
        'value="https://maps.example.org/1"' in coordinator.browser.get(f"/manage/runs/{run.code}/terms").text
    )
    said = select(AuditEntry).where(AuditEntry.action == "terms.set").order_by(AuditEntry.id)
    entry = db.session.scalars(said).all()[-1]
    assert entry.after["price"] == 900_000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"offer_hours": "0"}, "Write a number of working hours from 1 to 400."),
        ({"request_hours": "401"}, "Write a number of working hours from 1 to 400."),
        ({"request_hours": ""}, "This is needed."),
        ({"withdraw_days": "-1"}, "Write a number of days from 0 to 60."),
        ({"price": "-5"}, "Write the price as a whole number"),
        ({"price": "much"}, "Write a whole number in figures"),
        ({"map_url": "javascript:alert(1)"}, "Write a full address that begins with https://."),
        ({"consent": "everybody"}, "Choose one from the list."),
        ({"lock": "0"}, "Somebody else saved these terms meanwhile."),
    ],
)
def test_wrong_terms_are_said_at_their_field_and_what_was_typed_stays(run, save, wrong, words):
    page = save(to_bring="Ish kiyimi", **wrong)
    assert words in page
    assert "Ish kiyimi" in page
    assert reading_runs.run_at_desk(run.code).terms == GIVEN_AT_ONCE


def test_a_quota_is_set_changed_and_removed(run, coordinator):
    assert "The quota is saved." in set_quota(coordinator, run, releases_at="2026-09-15T09:00")
    page = coordinator.browser.get(f"/manage/runs/{run.code}/terms").text
    assert "Navoi" in page
    assert "0/1" in page
    assert "1 kept for groups" in page
    (quota,) = reading_runs.quotas_of(run.id)
    assert quota.releases_at == datetime(2026, 9, 15, 4, tzinfo=UTC)
    page = coordinator.browser.get(f"/manage/runs/{run.code}/terms?quota={quota.id}").text
    assert 'value="2026-09-15T09:00"' in page
    set_quota(coordinator, run, places="2")
    assert [(each.places, each.releases_at) for each in reading_runs.quotas_of(run.id)] == [(2, None)]
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/quotas/{quota.id}/remove", follow_redirects=True
    ).text  # fmt: skip
    assert "The quota is taken away." in page
    assert reading_runs.quotas_of(run.id) == ()


def test_a_quota_below_what_is_taken_is_refused_with_the_numbers(run, coordinator, teachers, college):
    of = f"college:{college}"
    set_quota(coordinator, run, of=of, places="2")
    for teacher in teachers[:2]:
        service.enrol_self(teacher.actor, run.code)
    assert "2 places of this quota are taken, so it can&#39;t be lowered to 1." in set_quota(
        coordinator, run, of=of, places="1"
    )
    assert "No more than 0 places can be set aside here" in set_quota(coordinator, run)
    (quota,) = reading_runs.quotas_of(run.id)
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/quotas/{quota.id}/remove", follow_redirects=True
    ).text  # fmt: skip
    assert "2 places of this quota are taken. Lower it to that number instead." in page
    assert [(each.places, each.taken) for each in reading_runs.quotas_of(run.id)] == [(2, 2)]
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/places", data={"places": "1"}, follow_redirects=True
    )
    assert "places are taken" in page.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"of": "region:XX"}, "Choose one from the list."),
        ({"of": "college:999999"}, "Choose one from the list."),
        ({"sort": "most"}, "Choose one from the list."),
        ({"places": "-1"}, "A quota has no fewer than 0 places."),
        ({"places": "3"}, "No more than 2 places can be set aside here"),
        ({"places": ""}, "This is needed."),
        ({"releases_at": "soon"}, "There is no such moment."),
    ],
)
def test_wrong_quotas_are_refused_in_words(run, coordinator, wrong, words):
    assert words in set_quota(coordinator, run, **wrong)
    assert reading_runs.quotas_of(run.id) == ()


def test_a_raised_ceiling_promotes_those_who_wait(run, coordinator, teachers, standings):
    set_quota(coordinator, run, of="region:UZ-BU", sort="ceiling", places="1")
    for teacher in teachers[:2]:
        service.enrol_self(teacher.actor, run.code)
    assert standings(run) == [("Aliyev", "enrolled"), ("Boboyev", "waitlisted")]
    set_quota(coordinator, run, of="region:UZ-BU", sort="ceiling", places="2")
    assert standings(run) == [("Aliyev", "enrolled"), ("Boboyev", "enrolled")]


def test_another_provider_s_run_is_none_of_theirs(app, run, save):
    stranger = somebody(app, "coordinator", organisation("SDU", "Samarqand universiteti"), "Begona")
    assert stranger.browser.get(f"/manage/runs/{run.code}/terms").status_code == 403
    save(stranger.browser)
    assert reading_runs.run_at_desk(run.code).terms == GIVEN_AT_ONCE
    assert stranger.browser.post(f"/manage/runs/{run.code}/quotas", data={}).status_code == 403


def test_a_copied_run_has_the_same_terms_and_quotas(run, coordinator, save):
    save()
    set_quota(coordinator, run, releases_at="2026-09-15T09:00")
    copy = catalogue.copy_run(coordinator.actor, run.code, date(2026, 10, 19))
    assert reading_runs.run_at_desk(copy.code).terms == reading_runs.run_at_desk(run.code).terms
    (quota,) = reading_runs.quotas_of(copy.id)
    assert (quota.sort, quota.group, quota.places, quota.taken) == (QuotaSort.SET_ASIDE, "region:UZ-NW", 1, 0)
    assert quota.releases_at == datetime(2026, 10, 13, 4, tzinfo=UTC)


def test_a_place_in_the_dormitory_is_asked_for_given_and_refused(make_run, coordinator, teachers, run_jobs):
    run = make_run(places=3, terms=replace(GIVEN_AT_ONCE, lodging=True))
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    numbers = [row.id for row in rows]
    for teacher in teachers[:2]:
        assert "Ask for a place in the dormitory" in teacher.browser.get(f"/runs/{run.code}").text
        page = teacher.browser.post(f"/runs/{run.code}/lodging", follow_redirects=True).text
        assert "You asked for a place in the dormitory." in page
    page = coordinator.browser.get(f"/manage/runs/{run.code}/people?lacking=lodging").text
    assert "Aliyev" in page
    assert "Dadayev" not in page

    def answer(what, chosen) -> str:
        data = {"people": [str(number) for number in chosen], "lodging": what}
        return coordinator.browser.post(
            f"/manage/runs/{run.code}/lodging", data=data, follow_redirects=True
        ).text  # fmt: skip

    assert "1 person who asked for the dormitory has an answer." in answer("given", numbers[::2])
    assert "1 person who asked for the dormitory has an answer." in answer("refused", numbers[1:2])
    assert "0 people who asked" in answer("refused", numbers[1:2])
    states = [queries.enrolment(number).lodging for number in numbers]
    assert states == [Lodging.GIVEN, Lodging.REFUSED, Lodging.NONE]
    assert "Has a place in the dormitory." in teachers[0].browser.get("/mine").text
    assert "You have a place in the dormitory" in teachers[0].browser.get("/messages").text
    page = teachers[1].browser.post(f"/runs/{run.code}/lodging", follow_redirects=True).text
    assert "This was answered already." in page
    assert teachers[4].browser.post(f"/runs/{run.code}/lodging").status_code == 404


def test_a_run_without_a_dormitory_has_none_to_ask_for(run, teachers):
    service.enrol_self(teachers[0].actor, run.code)
    assert "Ask for a place in the dormitory" not in teachers[0].browser.get(f"/runs/{run.code}").text
    page = teachers[0].browser.post(f"/runs/{run.code}/lodging", follow_redirects=True).text
    assert "has no dormitory to ask a place in" in page
