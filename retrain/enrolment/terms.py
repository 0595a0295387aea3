"""What a run asks of those who want a place, as plain values; the usual terms hold where nobody set others."""

from dataclasses import dataclass
from typing import Any

from retrain.enrolment.states import Consent, Funding, Way
from retrain.refusal import Refusal

MOST_HOURS = 400
MOST_DAYS = 60
MOST_PRICE = 10**12


@dataclass(frozen=True)
class TermsFacts:
    """*offer_hours* and *request_hours* are working hours; without *offer_hours* a freed place is given at once.

    *withdraw_days* before the first day a place can no longer be given up without the coordinator. *price* is in
    whole so‘m.
    """

    consent: Consent = Consent.NONE
    way: Way = Way.FIRST_COME
    offer_hours: int | None = 16
    request_hours: int = 40
    withdraw_days: int = 0
    funding: Funding = Funding.BUDGET
    price: int | None = None
    with_release: bool = False
    lodging: bool = False
    map_url: str = ""
    to_bring: str = ""


USUAL = TermsFacts()
FIELDS = tuple(TermsFacts.__dataclass_fields__)


def of(row: Any) -> TermsFacts:
    """The terms that a row says; a row without them (an outer join) has the usual ones."""
    return USUAL if row.consent is None else TermsFacts(**{name: getattr(row, name) for name in FIELDS})


def refusals(wanted: TermsFacts) -> list[Refusal]:
    """Why a run can't have these terms."""
    found = []
    if wanted.offer_hours is not None and not 1 <= wanted.offer_hours <= MOST_HOURS:
        found.append(Refusal.of("terms-hours", field="offer_hours", most=MOST_HOURS))
    if not 1 <= wanted.request_hours <= MOST_HOURS:
        found.append(Refusal.of("terms-hours", field="request_hours", most=MOST_HOURS))
    if not 0 <= wanted.withdraw_days <= MOST_DAYS:
        found.append(Refusal.of("terms-days", field="withdraw_days", most=MOST_DAYS))
    if wanted.price is not None and not 0 <= wanted.price <= MOST_PRICE:
        found.append(Refusal.of("terms-price", field="price"))
    if wanted.map_url and not wanted.map_url.startswith(("https://", "http://", "geo:")):
        found.append(Refusal.of("terms-map", field="map_url"))
    return found
