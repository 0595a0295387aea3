"""The pure rules of fitting, tried with whatever can be thought of."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retrain.timetable import fitting, shortfalls
from retrain.timetable.availability import WeekTime, joined
from retrain.timetable.fitting import Load, Need, Order, RoomFacts, Said, Stay, Taught, When
from retrain.timetable.shortfalls import Group
from retrain.timetable.states import Stance, Standing

DAY = date(2026, 9, 14)
START = datetime(2026, 9, 14, 4, tzinfo=UTC)
THINGS = st.frozensets(st.sampled_from(("lathe", "projector", "computers")))
MINUTES = st.integers(0, 1440)


def room(
    seats: int = 30, things: frozenset[str] = frozenset(), site: str = "", closed: date | None = None
) -> RoomFacts:
    return RoomFacts("101", seats, things, site, closed)


@st.composite
def stretches(draw) -> tuple[int, int]:
    one, other = draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True))
    return min(one, other), max(one, other)


def said(
    stance: Stance, starts: int, ends: int, weekday: int | None = 1, standing: Standing = Standing.AGREED
) -> Said:
    dates = (None, None) if weekday else (DAY, DAY)
    return Said(stance, standing, weekday, *dates, starts, ends)


@given(st.integers(1, 80), st.integers(1, 80), THINGS, THINGS)
def test_a_room_fits_when_it_is_large_enough_and_has_everything(seats, people, has, needed):
    found = {why.code for why in fitting.room_refusals(room(seats, has), Need(needed), people, DAY)}
    assert ("room-too-small" in found) == (people > seats)
    assert ("room-lacks" in found) == (not needed <= has)


@given(st.integers(-3, 3))
def test_a_room_is_closed_from_its_day_on(days):
    found = fitting.room_refusals(room(closed=DAY), Need(), 1, DAY + timedelta(days=days))
    assert [why.code for why in found] == (["room-closed"] if days >= 0 else [])


@given(stretches(), stretches(), st.sampled_from(Stance), st.sampled_from(Standing))
def test_only_what_was_agreed_that_one_can_not_do_refuses(mine, theirs, stance, standing):
    found = fitting.lecturer_refusals(
        "N", When(DAY, *mine), [said(stance, *theirs, standing=standing)], Load()
    )
    meets = any(theirs[0] <= minute < theirs[1] for minute in range(*mine))
    holds = stance is Stance.UNAVAILABLE and standing is Standing.AGREED
    assert bool(found) == (meets and holds)


@given(st.integers(1, 7), st.integers(0, 60))
def test_a_weekday_is_that_day_of_every_week(weekday, days):
    on = DAY + timedelta(days=days)
    assert said(Stance.WISHED, 0, 1440, weekday).meets(When(on, 0, 90)) == (on.isoweekday() == weekday)


@given(
    st.one_of(st.none(), st.integers(1, 8)),
    st.one_of(st.none(), st.integers(1, 20)),
    st.integers(0, 8),
    st.integers(0, 20),
)
def test_limits_hold_to_the_pair(a_day, a_week, that_day, that_week):
    load = Load(a_day, a_week, that_day=that_day, that_week=that_week)
    found = {why.code for why in fitting.lecturer_refusals("N", When(DAY, 0, 90), [], load)}
    assert ("lecturer-day-full" in found) == (a_day is not None and that_day >= a_day)
    assert ("lecturer-week-full" in found) == (a_week is not None and that_week >= a_week)
    assert fitting.lecturer_refusals("N", When(DAY, 0, 90), [], load, is_new_pair=False) == []


@given(st.integers(-200, 200), st.integers(0, 120), st.sampled_from(("A", "B")))
def test_the_way_is_refused_exactly_when_the_break_is_shorter(offset, minutes, site):
    here = Stay("A", START, START + timedelta(minutes=90))
    starts = START + timedelta(minutes=offset)
    there = Stay(site, starts, starts + timedelta(minutes=60))
    travel = {("A", "B"): minutes, ("B", "A"): minutes}
    found = fitting.travel_refusals("late", "N", here, [there], travel)
    spare = offset - 90 if offset >= 90 else -offset - 60 if offset <= -60 else None
    assert bool(found) == (site == "B" and spare is not None and spare < minutes)
    back = fitting.travel_refusals("late", "N", there, [here], travel)
    assert bool(back) == bool(found)


@given(st.integers(-5, 5), st.booleans(), st.booleans())
def test_lectures_come_first_from_whichever_side_one_looks(hours, is_lecture, wanted):
    starts = START + timedelta(hours=2 * hours)
    ends = starts + timedelta(minutes=90)
    other = Taught(1, not is_lecture, START, START + timedelta(minutes=90))
    found = fitting.order_advice(1, is_lecture, starts, ends, Order(lectures_first=wanted), [other])
    before = starts < START
    wrong = (not is_lecture and before) or (is_lecture and starts >= START and hours > 0)
    assert bool(found) == (wanted and (wrong or hours == 0))


@given(st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda edge: edge[0] > edge[1])))
def test_what_only_looks_back_never_goes_round(edges):
    assert not fitting.goes_round(edges)
    if edges:
        late, early = max(edges)
        assert fitting.goes_round(edges | {(early, late)})


@given(st.lists(st.tuples(st.integers(1, 3), stretches(), st.sampled_from(Stance))))
def test_joined_times_say_the_same_of_every_minute(rows):
    times = [WeekTime(weekday, *stretch, stance) for weekday, stretch, stance in rows]

    def minutes(of: list[WeekTime]) -> set[tuple[int, Stance, int]]:
        return {
            (each.weekday, each.stance, minute)
            for each in of
            for minute in range(each.from_minute, each.to_minute)
        }

    found = joined(times)
    assert minutes(found) == minutes(times)
    for one, other in pairwise(found):
        assert (one.weekday, one.stance) != (other.weekday, other.stance) or one.to_minute < other.from_minute


@given(
    st.lists(stretches(), max_size=4),
    st.lists(st.tuples(st.integers(1, 6), st.just(0), st.just(90)), unique=True),
)
def test_a_pair_is_free_when_nothing_agreed_meets_it(blocked, cells):
    rows = [said(Stance.UNAVAILABLE, *each) for each in blocked] + [said(Stance.UNWISHED, 0, 1440, 2)]
    free = shortfalls.free_cells(rows, cells)
    for cell in cells:
        assert (cell in free) == (
            cell[0] != 1 or not any(starts < 90 and ends > 0 for starts, ends in blocked)
        )


@given(st.lists(st.tuples(st.integers(1, 60), THINGS), min_size=1), THINGS, st.integers(1, 60), st.booleans())
def test_no_room_is_said_exactly_when_none_would_do(rooms, needed, places, in_halves):
    need = Need(needed, in_halves=in_halves)
    found = shortfalls.no_room_for(need, [room(seats, has) for seats, has in rooms], [Group("R-1", places)])
    people = (places + 1) // 2 if in_halves else places
    assert (found == []) == any(
        fitting.room_refusals(room(seats, has), need, people, DAY) == [] for seats, has in rooms
    )


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 3)), st.frozensets(st.integers(1, 7)))
def test_somebody_can_give_it_when_one_who_may_has_a_free_pair(free, teachers):
    found = shortfalls.nobody_for(Need(teachers=teachers), free, {})
    able = [pairs for person, pairs in free.items() if not teachers or person in teachers]
    assert (found == []) == any(able)
