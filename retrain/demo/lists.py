"""What changes the list of a group after the rector ordered it: who came late, and who was taken off."""

from datetime import datetime, timedelta

from retrain.demo.country import Country, day_of, moment
from retrain.demo.enrolling import Pool, change, enrol, order_day
from retrain.demo.orders import draft, order, send, send_back, sign
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.enrolment.states import Source, State
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind

EXCLUDED_FOR = "Darslarga uzrsiz sabab bilan qatnashmadi."
CALLED_AWAY = "Texnikum direktorining xatiga ko‘ra ishga chaqirib olindi."
RETURNED_FOR = "Ikki tinglovchining ish joyi aniqlansin."


def make(country: Country, runs: list[Held], pool: Pool) -> None:
    """Orders that change the list of one run; those of others are on their way."""
    for held in runs:
        match held.flag:
            case "changed":
                _come_late(country, held, pool)
                at = moment(held.first + timedelta(days=23), 16)
                _exclude_by_order(country, held, at)
            case "to-exclude":
                _exclude(country, held, country.now - timedelta(hours=17), CALLED_AWAY)
            case "soon":
                _come_back(country, held)
            case "signed":
                _signed_off(country, held)


def _come_late(country: Country, held: Held, pool: Pool) -> None:
    """Somebody was put on the run when the list had been ordered; another order adds them."""
    at = moment(order_day(country, held), 17)
    row = enrol(
        country, held, pool.take(held, held.row["region"], 1)[0], at, Source.COORDINATOR, has_place=True
    )
    order(country, held, OrderKind.CHANGE, held.first, held.first)
    row["since"] = held.first


def _exclude_by_order(country: Country, held: Held, at: datetime) -> None:
    move = _exclude(country, held, at, EXCLUDED_FOR)
    row = order(country, held, OrderKind.EXCLUSION, day_of(at) + timedelta(days=2), day_of(at))
    move["order_id"] = row["id"]


def _exclude(country: Country, held: Held, at: datetime, why: str) -> Row:
    """Take one off the run after its first day; their marks stay. The change of their enrolment."""
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    member = next(each for each in held.members if not country.is_by_hand(each["teacher"]))
    row = member["row"]
    move = change(country, held, row, at, State.EXCLUDED, actor, why)
    row["until"] = max(day_of(at), row["since"])
    held.row["taken"] -= 1
    held.members.remove(member)
    held.gone.append({**member, "why": why})
    held.told.append((held.gone[-1], "removed", at))
    return move


def _come_back(country: Country, held: Held) -> None:
    """The signatory found something to put right."""
    sent = country.now - timedelta(days=1, hours=22)
    row = draft(country, held, OrderKind.ENROLMENT, sent - timedelta(hours=1))
    send(country, held, row, sent, held.first)
    send_back(country, held, row, sent + timedelta(hours=25), RETURNED_FOR)


def _signed_off(country: Country, held: Held) -> None:
    """Signed on the screen; the number is still to come."""
    sent = country.now - timedelta(hours=22)
    row = draft(country, held, OrderKind.ENROLMENT, sent - timedelta(hours=1))
    send(country, held, row, sent, held.first)
    sign(country, held, row, sent + timedelta(hours=5))
