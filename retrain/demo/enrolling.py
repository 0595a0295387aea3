"""Who has, had or waits for a place on each run, and the orders of enrolment."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from retrain.catalogue.states import RunState
from retrain.demo import habits
from retrain.demo.country import Country, day_of, moment
from retrain.demo.habits import MAIN
from retrain.demo.orders import ORDER_BEFORE, order
from retrain.demo.rows import Row
from retrain.demo.runs import BEGUN, CANCELLED_FOR, Held, moved
from retrain.demo.staff import HOME, actor_of
from retrain.enrolment.match import match
from retrain.enrolment.models import Enrolment, EnrolmentChange, Nomination
from retrain.enrolment.states import Funding, Source, State
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind

WAITING = 7
_BY_HAND = {
    "main": "account",
    "waiting": "account",
    "teacher": "account",
    "moved": "moved",
    "failed": "again",
}
"""Who is on which flagged run, whatever the dice say."""

_SOURCES = (Source.SELF, Source.NOMINATION, Source.COORDINATOR)
WITHDREW = "Oilaviy sharoit tufayli kela olmayman."


class Pool:
    """The teachers who are still free; everybody is on one run at most, but for those chosen by hand."""

    def __init__(self, country: Country, teachers: list[Row]) -> None:
        self._free = list(teachers)
        country.chance("pool").shuffle(self._free)

    def take(self, held: Held, region: str, count: int) -> list[Row]:
        """People for a run: those whose speciality it is meant for, then those of a related one; the near ones first."""
        wanted = tuple(held.course["version"]["audience"])

        def fits(teacher: Row) -> tuple[int, bool]:
            return (
                _grade(wanted, tuple(teacher["row"]["specialities"])),
                teacher["college"]["region"] != region,
            )

        self._free.sort(key=fits)
        taken, self._free = self._free[:count], self._free[count:]
        return taken

    def keep(self, teacher: Row) -> Row:
        """Take out one who is put onto runs by hand."""
        self._free.remove(teacher)
        return teacher

    def of_college(self, code: str, count: int) -> list[Row]:
        """People of one college."""
        found = [teacher for teacher in self._free if teacher["college"]["code"] == code][:count]
        return [self.keep(teacher) for teacher in found]


@cache
def _grade(audience: tuple[str, ...], specialities: tuple[str, ...]) -> int:
    return match(audience, specialities, classifier=habits.classifier()).grade


def make(country: Country, runs: list[Held], pool: Pool) -> None:
    """Enrolments of all runs but drafts."""
    chance = country.chance("enrolling")
    for held in runs:
        if held.state is RunState.DRAFT or held.row["enrolment_opens"] >= country.now or held.in_round:
            continue
        people = _people(country, chance, held, pool)
        _fill(country, chance, held, people)
        if held.state not in (RunState.PUBLISHED, RunState.CANCELLED) and held.flag != "no-order":
            _order(country, held)
        elif held.flag == "no-order":
            begin(country, held)
        if held.state is RunState.CANCELLED and held.flag != "moved-on":
            call_off(country, held)


def _people(country: Country, chance: Random, held: Held, pool: Pool) -> list[Row]:
    """Who came, in the order in which they came; more than there are places when some have to wait."""
    places = held.row["places"]
    match held.flag, held.state:
        case "one-left", _:
            count = places - 2  # a second attempt takes one more (see ``awkward``)
        case "waiting", _:
            count = places + WAITING + 1  # one of them has an offer by now (see ``agreements``)
        case "main", _:
            count = places
        case "by-both" | "by-college" | "by-provider", _:
            count = places - 9  # some wait for an answer, and some come from other runs
        case "changed", _:
            count = places - 3  # one more comes late (see ``lists``)
        case _, RunState.CANCELLED:
            count = chance.randint(5, 9)
        case _, RunState.PUBLISHED if held.flag != "soon":
            count = chance.randint(places // 5, places * 2 // 3)
        case _:
            count = chance.randint(places * 3 // 4, places)
    region = held.row["region"]
    chosen = country.by_hand.get(_BY_HAND.get(held.flag, ""))
    home = pool.of_college(HOME, 2) if held.provider == MAIN and count > 8 else []
    people = [*home, *pool.take(held, region, count - len(home) - (chosen is not None))]
    chance.shuffle(people)
    if chosen is not None:
        people.insert(len(people) - 2 if held.flag == "waiting" else 3, chosen)
    return people


def _moments(country: Country, chance: Random, held: Held, count: int) -> Iterator[datetime]:
    """When they came: on working hours between the opening and the closing, and before the present."""
    first = held.row["enrolment_opens"]
    last = min(held.row["enrolment_closes"], country.now - timedelta(hours=16))
    if held.state is not RunState.PUBLISHED and held.flag != "late-order":
        last = min(last, moment(order_day(country, held) - timedelta(days=1), 12))
    days = (last - first).days
    found = [
        first + timedelta(days=chance.randint(0, days), seconds=chance.randrange(9 * 3600))
        for _ in range(count)
    ]
    yield from sorted(min(at, last) for at in found)


def _fill(country: Country, chance: Random, held: Held, people: list[Row]) -> None:
    places, nominations = held.row["places"], dict[int, Row]()
    for at, teacher in zip(_moments(country, chance, held, len(people)), people, strict=True):
        source = chance.choices(_SOURCES, (45, 45, 10))[0]
        if source is Source.SELF and teacher["person"]["activated_at"] is None:
            source = Source.NOMINATION
        has_place = held.row["taken"] < places
        row = enrol(country, held, teacher, at, source, has_place)
        if source is Source.NOMINATION:
            row["nomination_id"] = _nomination(country, held, teacher["college"], at, nominations)["id"]
        if held.state in BEGUN and has_place and chance.random() < 0.04 and not country.is_by_hand(teacher):
            _withdraw(country, held, held.members.pop(), at + timedelta(hours=20))


def enrol(country: Country, held: Held, teacher: Row, at: datetime, source: Source, has_place: bool) -> Row:
    """One enrolment, with a place or a spot on the waiting list."""
    run = held.row
    if not has_place:
        run["waiting_seq"] += 1
    row = country.rows.add(
        Enrolment, run_id=run["id"], teacher_id=teacher["id"], organisation_id=teacher["college"]["id"],
        state=State.ENROLLED if has_place else State.WAITLISTED, source=source,
        position=None if has_place else run["waiting_seq"], requested_at=at, changed_at=at,
        since=day_of(at) if has_place else None,
        funding=Funding.OWN if teacher["id"] % 17 == 0 else Funding.BUDGET,
    )  # fmt: skip
    actor = {
        Source.SELF: actor_of(teacher["person"], RoleKind.TEACHER, teacher["college"]["id"]),
        Source.NOMINATION: _hr(country, teacher["college"]),
        Source.SUBSTITUTION: _hr(country, teacher["college"]),
    }.get(source, country.actors[held.provider, RoleKind.COORDINATOR])
    after = {"run": run["code"], "state": row["state"], "position": row["position"], "source": source}
    country.happened(at, "enrolment.created", ("enrolment", row["id"]), actor, after=after)
    member = {"row": row, "teacher": teacher}
    if has_place:
        run["taken"] += 1
        held.members.append(member)
    held.told.append((member, "nominated" if source is not Source.SELF else "enrolled", at))
    return row


def _hr(country: Country, college: Row) -> Row:
    return country.actors[college["code"], RoleKind.COLLEGE_HR]


def _nomination(country: Country, held: Held, college: Row, at: datetime, known: dict[int, Row]) -> Row:
    """The college's nomination for the run; one for all its people."""
    if college["id"] not in known:
        hr = _hr(country, college)
        row = country.rows.add(
            Nomination, run_id=held.row["id"], organisation_id=college["id"], created_at=at,
            order_number=f"{held.row['id']}-{college['id']}", order_date=day_of(at) - timedelta(days=1),
            created_by_id=hr["person"]["id"],
        )  # fmt: skip
        known[college["id"]] = row
        country.happened(at, "nomination.created", ("nomination", row["id"]), hr, after={"run": held.code})
    return known[college["id"]]


def change(
    country: Country,
    held: Held,
    row: Row,
    at: datetime,
    to: State,
    actor: Row | None,
    why: str | None = None,
) -> Row:
    """A move of an enrolment's state, kept beside it."""
    before = row["state"]
    move = country.rows.add(
        EnrolmentChange, enrolment_id=row["id"], at=at, before=before, after=to, reason=why,
        by_id=actor["person"]["id"] if actor else None,
    )  # fmt: skip
    row.update(state=to, changed_at=at)
    country.happened(
        at, "enrolment.moved", ("enrolment", row["id"]), actor,
        before={"state": before}, after={"state": to}, why=why,
    )  # fmt: skip
    return move


def _withdraw(country: Country, held: Held, member: Row, at: datetime) -> None:
    row, teacher = member["row"], member["teacher"]
    actor = actor_of(teacher["person"], RoleKind.TEACHER, teacher["college"]["id"])
    change(country, held, row, at, State.WITHDRAWN, actor, WITHDREW)
    row["until"] = max(day_of(at), row["since"])
    held.row["taken"] -= 1


def order_day(country: Country, held: Held) -> date:
    """When the order of enrolment is registered."""
    if held.flag == "late-order":
        return min(held.first + timedelta(days=12), country.today - timedelta(days=1))
    return min(held.first - ORDER_BEFORE, country.today - timedelta(days=1))


def _order(country: Country, held: Held) -> None:
    """The order of enrolment, and what it moves."""
    on = order_day(country, held)
    order(country, held, OrderKind.ENROLMENT, on, held.first)
    for member in held.members:
        member["row"]["since"] = held.first
    late = held.flag == "late-order"
    if not late:
        moved(country, held, moment(on, 15), RunState.PUBLISHED, RunState.CONFIRMED)
    if held.state in BEGUN:
        before = RunState.PUBLISHED if late else RunState.CONFIRMED
        begin(country, held, before)


def begin(country: Country, held: Held, before: RunState = RunState.PUBLISHED) -> None:
    """The first class; the run is running."""
    moved(country, held, moment(held.first, 8), before, RunState.RUNNING)


def called_off_at(country: Country, held: Held) -> datetime:
    """When a cancelled run was called off."""
    return min(moment(held.first - timedelta(days=10), 16), country.now - timedelta(days=1))


def call_off(country: Country, held: Held) -> None:
    """Whoever has a place on the run loses it, with the reason."""
    at = called_off_at(country, held)
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    for member in held.members:
        row = member["row"]
        if row["requested_at"] > at:
            row["requested_at"] = row["changed_at"] = at - timedelta(hours=1)
            row["since"] = day_of(row["requested_at"])
        change(country, held, row, at, State.LAPSED, actor, CANCELLED_FOR)
        row["until"] = max(day_of(at), row["since"])
        held.told.append((member, "cancelled", at))
    held.row["taken"] = 0
    held.members.clear()
