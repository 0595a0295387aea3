"""Commissions with their orders, sessions and protocols, and the appeals of who was decided against."""

from collections.abc import Sequence
from datetime import date, timedelta

from retrain.completion import commission_queries
from retrain.completion.commission_models import Appeal, Commission, CommissionMember, ProtocolLine, Sitting
from retrain.completion.rules import Vote
from retrain.completion.states import AppealState, Purpose, Seat
from retrain.demo.country import Country, Told, moment
from retrain.demo.names import invented
from retrain.demo.orders import order
from retrain.demo.rows import Row
from retrain.demo.runs import OVER, Held
from retrain.demo.staff import actor_of
from retrain.enrolment.states import State
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind, Sex

HEARD = ("failed", "to-issue", "to-close")
"""The runs whose final works a commission hears; that of the last one has not sat yet."""

LATELY = timedelta(days=10)

POSTS = (
    "professor",
    "dotsent",
    "bosh muhandis",
    "kafedra mudiri",
    "katta o‘qituvchi",
    "dotsent",
    "ustaxona mudiri",
)
WORKS = (
    "Dual ta’limda ustaxona mashg‘uloti", "Baholash mezonlari va namunaviy topshiriqlar",
    "Amaliy mashg‘ulot uchun raqamli qo‘llanma", "Korxonada o‘quv amaliyotini rejalashtirish",
)  # fmt: skip
APPEALED_FOR = "Yakuniy testdagi ikkita savol dasturda yo‘q edi, qayta ko‘rib chiqishni so‘rayman."
REJECTED_FOR = "Savollar tasdiqlangan dasturdan olingan; ball o‘zgarmaydi."


def hear(country: Country, held: Held) -> dict[int, Vote]:
    """enrolment → what the commission of the run voted, where one has sat."""
    if held.flag not in HEARD:
        return {}
    seats = _compose(country, held, Purpose.FINAL, 3)
    return _hear(country, held, seats) if held.state in OVER else {}


def appeal(country: Country, held: Held) -> None:
    """Of who was decided against, one has been answered for long, and one waits for an answer."""
    against = [each for each in held.members if each["row"]["state"] is State.NOT_COMPLETED]
    if held.flag == "failed":
        _rejected(country, held, against[0])
    elif against and not country.rows.of(Appeal)[1:] and country.today - held.last < LATELY:
        _appeal(country, against[0], country.today - timedelta(days=1))


def _compose(country: Country, held: Held, purpose: Purpose, voting: int) -> list[Row]:
    """A commission with a secretary, made official by an order five days before it may sit."""
    commission = country.rows.add(Commission, run_id=held.row["id"], purpose=purpose)
    workplace = country.names[held.row["provider_id"]]["uz"]
    chance, names = country.chance(f"hearings/{held.code}/{purpose}"), list[str]()
    while len(names) < voting + 1:
        name = invented(chance, chance.choice(list(Sex))).full
        if name not in names:
            names.append(name)
    seats = [Seat.CHAIR, *[Seat.MEMBER] * (voting - 1), Seat.SECRETARY]
    found = [
        country.rows.add(
            CommissionMember, commission_id=commission["id"], seat=seat, name=name, post=POSTS[place % len(POSTS)],
            workplace=workplace,
        )
        for place, (seat, name) in enumerate(zip(seats, names, strict=True))
    ]  # fmt: skip
    on = held.last - timedelta(days=5)
    after = {"run": held.code, "purpose": purpose, "members": names}
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    subject = ("commission", commission["id"])
    country.happened(
        moment(on, 9), "commission.composed", subject, actor, before={"members": []}, after=after
    )
    if purpose is Purpose.FINAL:
        order(country, held, OrderKind.COMMISSION, on, on)
    return found


def _hear(country: Country, held: Held, seats: Sequence[Row]) -> dict[int, Vote]:
    """The protocol of final works: each member's title, votes, and the points that stand as the result."""
    lines = []
    for place, member in enumerate(held.members):
        points = member["points"][max(member["points"])]  # the final assessment is planned last
        passed = points >= held.row["policy"]["pass_mark"]
        lines.append({
            "enrolment_id": member["row"]["id"], "title": WORKS[place % len(WORKS)], "votes_for": 3 if passed else 1,
            "votes_against": 0 if passed else 2, "chair_for": passed, "points": points,
        })  # fmt: skip
    sitting = Sitting(**_sit(country, held, seats, held.last, lines))
    return {
        line["enrolment_id"]: commission_queries.vote_of(ProtocolLine(**line, abstained=0), sitting)
        for line in lines
    }


def _sit(country: Country, held: Held, seats: Sequence[Row], on: date, lines: list[Row]) -> Row:
    """A closed session under the next number of its provider's year; runs come in the order of their days."""
    secretary, provider = country.actors[held.provider, RoleKind.SECRETARY], held.row["provider_id"]
    taken = [
        row for row in country.rows.of(Sitting) if (row["provider_id"], row["year"]) == (provider, on.year)
    ]
    sitting = country.rows.add(
        Sitting, commission_id=seats[0]["commission_id"], provider_id=provider, held_on=on, year=on.year,
        number=len(taken) + 1, closed_at=moment(on, 16), closed_by_id=secretary["person"]["id"],
        members=[
            {"seat": seat["seat"].value, "name": seat["name"], "post": seat["post"], "workplace": seat["workplace"],
             "present": True}
            for seat in seats
        ],
    )  # fmt: skip
    for line in lines:
        country.rows.add(ProtocolLine, sitting_id=sitting["id"], abstained=0, **line)
    after = {"run": held.code, "on": on.isoformat(), "came": len(seats), "lines": len(lines)}
    subject = ("sitting", sitting["id"])
    country.happened(moment(on, 15, 40), "sitting.saved", subject, secretary, after=after)
    closed = {"run": held.code, "number": sitting["number"], "year": on.year}
    country.happened(sitting["closed_at"], "sitting.closed", subject, secretary, after=closed)
    return sitting


def _rejected(country: Country, held: Held, member: Row) -> None:
    """Who failed appealed in time; seven others heard it, and the decision stayed."""
    filed, decided = held.last + timedelta(days=4), held.last + timedelta(days=9)
    seats = _compose(country, held, Purpose.APPEAL, 7)
    line = {
        "enrolment_id": member["row"]["id"], "votes_for": 2, "votes_against": 5, "chair_for": False, "points": None,
        "note": REJECTED_FOR,
    }  # fmt: skip
    sitting = _sit(country, held, seats, decided, [line])
    row = _appeal(country, member, filed)
    row.update(
        state=AppealState.REJECTED, decided_on=decided, sitting_id=sitting["id"], answer=REJECTED_FOR,
        copy_by=decided + timedelta(days=3), copied_on=decided + timedelta(days=1),
    )  # fmt: skip
    secretary = country.actors[held.provider, RoleKind.SECRETARY]
    at, after = moment(decided, 16), {"enrolment": member["row"]["id"]}
    subject = ("appeal", row["id"])
    country.happened(at, "appeal.rejected", subject, secretary, after=after, why=REJECTED_FOR)
    facts = {
        "run": held.code, "title": held.course["version"]["titles"], "why": REJECTED_FOR,
        "path": f"/enrolments/{member['row']['id']}/outcome",
    }  # fmt: skip
    key = f"appeal:{row['id']}"
    country.told.append(Told(member["teacher"]["person"]["id"], "appeal.rejected", at, facts, subject, key))


def _appeal(country: Country, member: Row, on: date) -> Row:
    """An appeal as the teacher files it."""
    at = moment(on, 18)
    row = country.rows.add(
        Appeal,
        enrolment_id=member["row"]["id"],
        why=APPEALED_FOR,
        filed_at=at,
        decide_by=on + timedelta(days=10),
    )
    after = {"enrolment": member["row"]["id"], "decide_by": row["decide_by"].isoformat()}
    teacher = actor_of(member["teacher"]["person"], RoleKind.TEACHER, member["teacher"]["college"]["id"])
    country.happened(at, "appeal.filed", ("appeal", row["id"]), teacher, after=after)
    return row
