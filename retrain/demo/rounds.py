"""Allocation rounds of the main university: a draft, one open for wishes, one closed, one done, one called off."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from retrain.allocation import queries, reading
from retrain.allocation.giving import kept
from retrain.allocation.models import AllocationRound, RoundOutcome, RoundRun, Wish
from retrain.allocation.reckoning import Outcome
from retrain.allocation.states import RoundState
from retrain.audit import SYSTEM
from retrain.catalogue.models import Run
from retrain.demo import agreements
from retrain.demo.country import Country, Told, day_of, moment
from retrain.demo.enrolling import Pool
from retrain.demo.habits import MAIN
from retrain.demo.places import four
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.demo.staff import actor_of
from retrain.enrolment import quota_rules
from retrain.enrolment.models import Enrolment, Quota
from retrain.enrolment.quota_rules import Taking
from retrain.enrolment.states import QuotaSort, Source, State, Way
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.jobs.states import JobState, Lane
from retrain.people.models import Employment, Teacher
from retrain.people.states import RoleKind

CALLED_OFF_FOR = "Ikkala oqim ham keyingi yilga ko‘chirildi."
_TITLES = {
    "done": four("Qish boshidagi kurslar", "Курсы начала зимы", "Courses of early winter"),
    "closed": four("Yanvar kurslari", "Январские курсы", "January courses"),
    "open": four("Qish oxiridagi kurslar", "Курсы конца зимы", "Courses of late winter"),
    "draft": four("Bahorgi kurslar", "Весенние курсы", "Spring courses"),
    "cancelled": four("Kuzgi taqsimot", "Осенний раунд", "Autumn round"),
}
_WINDOWS = {
    "done": (-16, -4),
    "closed": (-9, -1),
    "open": (-4, 9),
    "draft": (12, 22),
    "cancelled": (-60, -50),
}
"""First and last day of each, counted from the country's day."""

_STATES = {
    "done": RoundState.PUBLISHED, "closed": RoundState.PUBLISHED, "open": RoundState.PUBLISHED,
    "draft": RoundState.DRAFT, "cancelled": RoundState.CANCELLED,
}  # fmt: skip
DONE = f"{MAIN}-R2"
"""Its state is written last, when its places are."""

_ENTRANTS = {"done": 74, "closed": 66, "open": 41}


def make(country: Country, runs: list[Held], pool: Pool) -> None:
    """Rounds with their runs and wishes; what came of the one that is done is given in ``give``."""
    for number, name in enumerate(("cancelled", "done", "closed", "open", "draft"), 1):
        held = [each for each in runs if each.flag == f"round-{name}"]
        row = _round(country, name, number)
        for each in held:
            country.rows.add(RoundRun, run_id=each.row["id"], round_id=row["id"])
            agreements.terms_of(country, each, Way.FIRST_COME if name == "done" else Way.ROUND)
            if name in ("done", "open"):
                _limits(country, each)
        if name in _ENTRANTS:
            _wishes(country, row, held, _people(country, held, pool, _ENTRANTS[name], name))


def _round(country: Country, name: str, number: int) -> Row:
    first, last = _WINDOWS[name]
    opens, closes = (moment(country.today + timedelta(days=day), 9) for day in (first, last))
    made, coordinator = (
        min(opens, country.now) - timedelta(days=6),
        country.actors[MAIN, RoleKind.COORDINATOR],
    )
    row = country.rows.add(
        AllocationRound, code=f"{MAIN}-R{number}", provider_id=country.organisations[MAIN]["id"],
        titles=_TITLES[name], state=_STATES[name], opens_at=opens, closes_at=closes, created_at=made,
        seed=f"{country.chance(f'seed of round {name}').getrandbits(128):032x}",
        created_by_id=coordinator["person"]["id"],
    )  # fmt: skip
    subject = ("allocation_round", row["id"])
    after = {
        "code": row["code"], "seed": row["seed"], "opens_at": opens.isoformat(), "closes_at": closes.isoformat(),
    }  # fmt: skip
    country.happened(made, "round.created", subject, coordinator, after=after)
    if name != "draft":
        country.happened(made + timedelta(hours=1), "round.published", subject, coordinator, after={})
    if name == "cancelled":
        country.happened(
            opens + timedelta(days=2), "round.cancelled", subject, coordinator, before={"state": "published"},
            after={"state": "cancelled"}, why=CALLED_OFF_FOR,
        )  # fmt: skip
    return row


def _limits(country: Country, held: Held) -> None:
    """No region takes more than six of the run's places; three are kept for colleges in the country."""
    at, coordinator = held.row["published_at"], country.actors[held.provider, RoleKind.COORDINATOR]
    regions = sorted({row["region"] for row in country.organisations.values() if row["kind"] == "college"})
    wanted = [(QuotaSort.SET_ASIDE, "reserved:rural", 3)]
    wanted += [(QuotaSort.CEILING, f"region:{region}", 6) for region in regions]
    for sort, of, places in wanted:
        row = country.rows.add(Quota, run_id=held.row["id"], sort=sort, of=of, places=places)
        after = {"run": held.code, "sort": sort, "of": of, "places": places}
        country.happened(at, "quota.set", ("quota", row["id"]), coordinator, after=after)


def _people(country: Country, held: list[Held], pool: Pool, count: int, name: str) -> list[Row]:
    """Who ranks: half of them those whom the first of the runs is meant for, and the demo teacher."""
    people = pool.take(held[0], held[0].row["region"], count // 2)
    people += pool.take(held[1], held[1].row["region"], count - len(people))
    return [country.by_hand["account"], *people] if name != "closed" else people


def _wishes(country: Country, row: Row, held: list[Held], people: list[Row]) -> None:
    """Most rank both runs, the one that is nearer to their work first; some colleges rank theirs."""
    chance = country.chance(f"wishes of {row['code']}")
    last = min(row["closes_at"], country.now - timedelta(hours=16))
    for teacher in people:
        at = row["opens_at"] + (last - row["opens_at"]) * chance.random()
        ranked = list(held) if chance.random() < 0.8 else held[:1]
        if chance.random() < 0.35:
            ranked.reverse()
        for number, each in enumerate(ranked, 1):
            country.rows.add(
                Wish, round_id=row["id"], teacher_id=teacher["id"], run_id=each.row["id"], number=number,
                college_rank=None, made_at=at.replace(microsecond=0),
            )  # fmt: skip
        own = actor_of(teacher["person"], RoleKind.TEACHER, teacher["college"]["id"])
        after = {"round": row["code"], "wishes": [each.code for each in ranked]}
        country.happened(
            at, "round.ranked", ("teacher", teacher["id"]), own, before={"wishes": []}, after=after
        )


def give(country: Country, runs: list[Held]) -> None:
    """What comes of the rounds whose wishes are in, by the program's own reckoning over the rows in the database."""
    rounds = {row["code"]: row for row in country.rows.of(AllocationRound)}
    for row in rounds.values():
        if row["closes_at"] > country.now or row["state"] in (RoundState.DRAFT, RoundState.CANCELLED):
            continue
        found, at = queries.allocation_round(row["code"]), row["closes_at"] + timedelta(minutes=1)
        outcome = reading.outcome_of(found, day_of(at), at)
        _job(country, row, outcome, at)
        if row["code"] == DONE:
            _bind(country, row, outcome, {held.code: held for held in runs})


def _job(country: Country, row: Row, outcome: Outcome, at: datetime) -> None:
    """The work that reckoned at the close, which pages read the outcome from."""
    result = {**kept(outcome), "at": at.isoformat(), "url": f"/manage/rounds/{row['code']}"}
    country.rows.add(
        Job, kind=queries.CLOSED, payload={"round": row["code"]}, state=JobState.DONE, lane=Lane.HEAVY,
        key=f"round:{row['id']}:closed", result=result, attempts=1, not_before=at, enqueued_at=at,
        actor=asdict(SYSTEM), created_at=at, started_at=at, finished_at=at + timedelta(seconds=1),
    )  # fmt: skip


def _bind(country: Country, row: Row, outcome: Outcome, held: dict[str, Held]) -> None:
    """Places as the coordinator confirmed them two days ago."""
    at, coordinator = country.now - timedelta(days=2, hours=-2), country.actors[MAIN, RoleKind.COORDINATOR]
    teachers = {each["id"]: each for each in country.rows.of(Teacher)}
    colleges = {each["teacher_id"]: each["organisation_id"] for each in country.rows.of(Employment)}
    made = _seats(country, row, outcome, held, at, colleges)
    for number, told in sorted(outcome.told.items()):
        enrolment = made.get(number)
        country.rows.add(
            RoundOutcome, round_id=row["id"], teacher_id=number, enrolment_id=enrolment, reasons=list(told)
        )
        _tell(country, row, outcome, held, number, teachers[number]["person_id"], at)
    subject, after = ("allocation_round", row["id"]), {"digest": outcome.digest, "given": len(made)}
    country.happened(at, "round.done", subject, coordinator, after=after)
    values = {"id": row["id"], "state": RoundState.DONE, "done_at": at, "digest": outcome.digest, "lock": 3}
    db.session.execute(update(AllocationRound), [values])


def _seats(
    country: Country, row: Row, outcome: Outcome, held: dict[str, Held], at: datetime, colleges: dict[int, int]
) -> dict[int, int]:  # fmt: skip
    """teacher id → enrolment id; places are counted where the round found them."""
    coordinator = country.actors[MAIN, RoleKind.COORDINATOR]
    pools = {
        (run["run"], pool[0]): place
        for run in outcome.numbers["runs"]
        for place, pool in enumerate(run["pools"])
    }
    people = reading.candidacies(db.select(Wish.teacher_id).where(Wish.round_id == row["id"]), day_of(at))
    places = {run.facts.code: run.places for run in reading.runs_of(row["id"])}
    made: dict[int, int] = {}
    counted: dict[int, int] = defaultdict(int)
    seats = sorted(
        outcome.seats.items(), key=lambda one: (one[1].run, pools[one[1].run, one[1].pool], one[0])
    )
    for number, seat in seats:
        taking = quota_rules.take(places[seat.run], people[number].groups, at)
        assert isinstance(taking, Taking)  # the round gives no more than there is
        places[seat.run] = quota_rules.after(places[seat.run], taking)
        for quota in taking.quotas:
            counted[quota] += 1
        enrolment = country.rows.add(
            Enrolment, run_id=held[seat.run].row["id"], teacher_id=number, organisation_id=colleges[number],
            state=State.ENROLLED, source=Source.ROUND, requested_at=at, changed_at=at, since=day_of(at),
            taken_from=list(taking.quotas),
        )  # fmt: skip
        made[number] = enrolment["id"]
        after = {"run": seat.run, "state": State.ENROLLED, "position": None, "source": Source.ROUND}
        country.happened(at, "enrolment.created", ("enrolment", enrolment["id"]), coordinator, after=after)
    db.session.execute(
        update(Run),
        [{"id": held[code].row["id"], "taken": each.taken} for code, each in sorted(places.items())],
    )
    db.session.execute(update(Quota), [{"id": each, "taken": many} for each, many in sorted(counted.items())])
    return made


def _tell(
    country: Country, row: Row, outcome: Outcome, held: dict[str, Held], number: int, person_id: int, at: datetime
) -> None:  # fmt: skip
    facts: dict[str, Any] = {
        "round": row["code"], "title": row["titles"], "closes": row["closes_at"].isoformat(),
        "zone": country.organisations[MAIN]["timezone"], "path": f"/rounds/{row['code']}/mine",
    }  # fmt: skip
    seat = outcome.seats.get(number)
    if seat is not None:
        run = held[seat.run]
        facts |= {
            "run": seat.run, "course": run.course["version"]["titles"], "starts": run.first.isoformat(),
            "ends": run.last.isoformat(), "wish": seat.wish,
        }  # fmt: skip
    kind = "round.given" if seat is not None else "round.none"
    about = ("allocation_round", row["id"])
    country.told.append(Told(person_id, kind, at, facts, about, f"round:{row['id']}:{person_id}"))
