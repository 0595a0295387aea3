"""Registers of every class that was held, marked and signed; some of the last days still wait for a signature."""

from datetime import date, timedelta
from random import Random

from retrain.attendance.models import Mark, MarkChange, Register
from retrain.attendance.rules import Marked, missed
from retrain.attendance.states import MarkKind, RegisterState
from retrain.catalogue.states import RunState
from retrain.demo.country import Country
from retrain.demo.habits import HOUR
from retrain.demo.rows import Row
from retrain.demo.runs import OVER, Held
from retrain.demo.staff import actor_of
from retrain.people.states import RoleKind

EXCUSES = (
    "Kasallik varaqasi",
    "Oilaviy sharoit, ariza bor",
    "Xizmat safari",
    "Sud majlisi, chaqiruv qog‘ozi",
)
_LATE = "Ertalabki ro‘yxatda xato: tinglovchi birinchi soatga kechikkan, kelmagan emas."


def make(country: Country, runs: list[Held]) -> None:
    """Registers and marks up to the evening before the country's day."""
    chance = country.chance("registers")
    for held in runs:
        if held.state is RunState.RUNNING or held.state in OVER:
            _run(country, chance, held)


def _run(country: Country, chance: Random, held: Held) -> None:
    for member in held.members:
        member["absent"] = chance.choices((0.01, 0.05, 0.3), (88, 9, 3))[0]
        if country.is_by_hand(member["teacher"]):
            member["absent"] = 0.0
    for member in held.gone:
        member["absent"] = 0.6
    open_days = _open_days(country, chance, held)
    last = max(
        (row["on_date"] for row in held.sessions if row["on_date"] < country.today), default=held.first
    )
    for session in held.sessions:
        if session["on_date"] >= country.today:
            continue
        if session["on_date"] in open_days and session["on_date"] != last:
            continue  # not even begun
        _register(country, chance, held, session, is_open=session["on_date"] in open_days)


def _open_days(country: Country, chance: Random, held: Held) -> set[date]:
    """Days whose registers wait."""
    past = sorted({row["on_date"] for row in held.sessions if row["on_date"] < country.today})
    if held.state in OVER or held.flag == "to-close" or not past:
        return set()
    if held.code.startswith("TQ"):
        return set(past[-3:])
    return {past[-1]} if held.flag == "main" or chance.random() < 0.4 else set()


def _register(country: Country, chance: Random, held: Held, session: Row, *, is_open: bool) -> None:
    lecturer = session["lecturer_id"]
    signed_at = session["ends_at"] + timedelta(minutes=10)
    row = country.rows.add(
        Register, session_id=session["id"], state=RegisterState.OPEN if is_open else RegisterState.SIGNED,
        signed_by_id=None if is_open else lecturer, signed_at=None if is_open else signed_at,
        taught_by_id=None if is_open else lecturer,
    )  # fmt: skip
    due = [member for member in (*held.members, *held.gone) if _is_due(member["row"], session["on_date"])]
    if is_open:  # half of the list is marked
        due = due[: len(due) // 2]
    for member in due:
        member["marks"] = [*member.get("marks", []), *_mark(country, chance, row, session, member, is_open)]
    actor = actor_of({"id": lecturer}, RoleKind.LECTURER, held.row["provider_id"])
    subject = ("register", row["id"])
    marked = session["starts_at"] + timedelta(minutes=20)
    country.happened(marked, "register.marked", subject, actor, after={"marks": len(due)})
    if not is_open:
        country.happened(signed_at, "register.signed", subject, actor, after={"marks": len(due)})


def _is_due(row: Row, day: date) -> bool:
    return bool(row["since"] <= day and (row["until"] is None or day <= row["until"]))


def _mark(
    country: Country, chance: Random, register: Row, session: Row, member: Row, is_open: bool
) -> list[tuple[MarkKind, int, int]]:
    """One mark; returned as completion counts it, and not at all while the register is open."""
    kind, reason, late = MarkKind.PRESENT, "", 0
    if chance.random() < member["absent"]:
        kind = MarkKind.ABSENT
    elif (drawn := chance.random()) < 0.02:
        kind, late = MarkKind.LATE, HOUR
    elif drawn < 0.035:
        kind, reason = MarkKind.EXCUSED, chance.choice(EXCUSES)
    lost = missed(Marked(member["row"]["id"], kind, late, reason), session["minutes"])
    country.rows.add(
        Mark, register_id=register["id"], enrolment_id=member["row"]["id"], kind=kind, missed_minutes=lost,
        reason=reason, marked_by_id=session["lecturer_id"], marked_at=session["starts_at"] + timedelta(minutes=20),
    )  # fmt: skip
    return [] if is_open else [(kind, session["minutes"], lost)]


def correct_one(country: Country, held: Held) -> None:
    """A signed register in which a mark was corrected later, with a reason."""
    session = held.sessions[0]
    register = next(row for row in country.rows.of(Register) if row["session_id"] == session["id"])
    mark = next(
        row
        for row in country.rows.of(Mark)
        if row["register_id"] == register["id"] and row["kind"] is MarkKind.PRESENT
    )
    at = session["ends_at"] + timedelta(days=1)
    country.rows.add(
        MarkChange, mark_id=mark["id"], was=MarkKind.ABSENT, was_missed_minutes=session["minutes"],
        changed_by_id=session["lecturer_id"], changed_at=at, why=_LATE,
    )  # fmt: skip
    member = next(each for each in held.members if each["row"]["id"] == mark["enrolment_id"])
    first = member["marks"].index((MarkKind.PRESENT, session["minutes"], 0))
    member["marks"][first] = (MarkKind.LATE, session["minutes"], HOUR)
    mark.update(kind=MarkKind.LATE, missed_minutes=HOUR)
    register.update(state=RegisterState.CORRECTED, signed_at=at)
    actor = actor_of({"id": session["lecturer_id"]}, RoleKind.LECTURER, held.row["provider_id"])
    country.happened(
        at, "register.corrected", ("register", register["id"]), actor,
        before={"kind": "absent", "missed": session["minutes"]}, after={"kind": "late", "missed": HOUR}, why=_LATE,
    )  # fmt: skip
