"""Offers: in working hours, in order, never twice to who declined, nobody past those who wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrain.calendar.working_days import WorkingDays
from retrain.enrolment.offers import (
    OfferTerms,
    Waiting,
    all_next,
    expires,
    newcomer_takes,
    next_candidate,
    working_time,
)
from retrain.enrolment.quota_rules import PlacesFacts, QuotaFacts, Taking
from retrain.enrolment.states import QuotaSort
from retrain.refusal import Refusal

NOW = datetime(2026, 9, 7, 5, tzinfo=UTC)  # Monday 10:00 in Tashkent
FAR = datetime(2026, 12, 1, tzinfo=UTC)
START = date(2026, 12, 7)
TERMS = OfferTerms(holds=timedelta(hours=9), timezone="Asia/Tashkent")
X, Y = frozenset({"region:X"}), frozenset({"region:Y"})


def waiting(number, groups=X, **more) -> Waiting:
    return Waiting(number, number, groups, **more)


def run(places, taken=0, **ceilings) -> PlacesFacts:
    quotas = [
        QuotaFacts(n, QuotaSort.CEILING, f"region:{name}", most)
        for n, (name, most) in enumerate(ceilings.items())
    ]
    return PlacesFacts("IT-001", places, taken, tuple(quotas))


def test_an_offer_on_saturday_evening_lasts_over_sunday():
    saturday = datetime(2026, 9, 5, 12, tzinfo=UTC)  # 17:00
    assert expires(TERMS, saturday, FAR, START) == datetime(2026, 9, 7, 12, tzinfo=UTC)


def test_night_and_holidays_do_not_count():
    before = datetime(2026, 8, 31, 15, tzinfo=UTC)  # Monday 20:00; the first of September is a holiday
    assert expires(TERMS, before, FAR, START) == datetime(2026, 9, 2, 13, tzinfo=UTC)


def test_no_offer_holds_past_the_deadline_or_the_start_and_none_comes_too_late():
    closes = NOW + timedelta(hours=3)
    assert expires(TERMS, NOW, closes, START) == closes
    assert expires(TERMS, NOW, FAR, date(2026, 9, 8)) == datetime(2026, 9, 7, 19, tzinfo=UTC)
    for late in (closes, closes + timedelta(days=1), closes - timedelta(hours=1)):
        assert expires(TERMS, late, closes, START) is None
    assert expires(TERMS, NOW, FAR, date(2026, 9, 7)) is None


def test_a_working_day_in_which_the_clock_goes_back_has_its_hours():
    berlin = OfferTerms(
        timedelta(hours=25), day_opens=time(0), day_closes=time(23), timezone="Europe/Berlin",
        days=WorkingDays(frozenset(range(1, 8)), country=None),
    )  # fmt: skip
    sunday = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight; this day has 25 hours, 24 of them worked
    assert expires(berlin, sunday, FAR, START) == datetime(2026, 10, 26, 0, tzinfo=UTC)


@given(st.integers(0, 60 * 24 * 60), st.integers(1, 60))
def test_an_offer_has_exactly_its_working_time(minutes, hours):
    made, terms = NOW + timedelta(minutes=minutes), replace(TERMS, holds=timedelta(hours=hours))
    ends = expires(terms, made, FAR + timedelta(days=60), date(2027, 2, 1))
    assert ends is not None
    assert working_time(terms, made, ends) == timedelta(hours=hours)


def test_who_declined_is_not_asked_again_and_blocks_nobody():
    busy = waiting(2, refusals=[Refusal.of("overlaps", run="EL-001")])
    found = next_candidate(
        [waiting(4), waiting(3, approved=False), busy, waiting(1, declined=True)], run(1), NOW
    )
    assert found.enrolment_id == 4
    assert [(each.enrolment_id, each.why[0].code) for each in found.passed] == [
        (1, "offer-declined"), (2, "overlaps"), (3, "not-approved"),
    ]  # fmt: skip


def test_a_full_quota_stops_only_its_own_people():
    found = next_candidate([waiting(1), waiting(2, Y)], run(5, X=0), NOW)
    assert (found.enrolment_id, found.passed[0].why[0].code) == (2, "quota-full")


def test_a_raised_quota_promotes_only_the_approved():
    people = [waiting(1, approved=False), waiting(2), waiting(3, approved=False), waiting(4), waiting(5)]
    assert [each.enrolment_id for each in all_next(people, run(5, X=2), NOW)] == [2, 4]


def test_a_newcomer_takes_only_what_is_left_over():
    assert newcomer_takes([waiting(1)], run(1), X, NOW) is None
    assert newcomer_takes([waiting(1)], run(2), X, NOW) == Taking(None)
    assert newcomer_takes([waiting(1, declined=True)], run(1), X, NOW) == Taking(None)
    assert newcomer_takes([waiting(1)], run(3, X=0), Y, NOW) == Taking(None)


LISTS = st.lists(st.tuples(st.sampled_from([X, Y]), st.booleans(), st.booleans()), max_size=8)


@given(LISTS, st.integers(0, 6), st.integers(0, 4), st.integers(0, 4), st.randoms())
def test_nobody_is_skipped(lines, places, x, y, chance):
    people = [
        waiting(n, who, approved=approved, declined=declined)
        for n, (who, approved, declined) in enumerate(lines, 1)
    ]
    offered = [
        each.enrolment_id for each in all_next(chance.sample(people, len(people)), run(places, X=x, Y=y), NOW)
    ]
    assert offered == sorted(offered)
    assert len(offered) <= places
    for each in people:
        may = each.approved and not each.declined and each.enrolment_id not in offered
        if may:  # passed over only for want of a place or of one in their quota
            same = [one for one in people if one.enrolment_id in offered and one.groups == each.groups]
            earlier = [one for one in offered if one is not None and one < each.enrolment_id]
            assert len(earlier) == places or len(same) == (x if each.groups == X else y)
            assert all(one.position < each.position for one in same)
