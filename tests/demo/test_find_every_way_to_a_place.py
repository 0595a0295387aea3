"""What can become of a place is in the country, each case to be found, and holds by the program's own rules."""

from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from retrain.allocation import queries, reading
from retrain.allocation.models import AllocationRound, RoundOutcome
from retrain.catalogue.models import Run
from retrain.demo.country import day_of, moment
from retrain.enrolment import classifying
from retrain.enrolment.match import Grade, match
from retrain.enrolment.models import Approval, Enrolment, Quota, Terms
from retrain.enrolment.states import Consent, Funding, Lodging, QuotaSort, Side, Source, State
from retrain.extensions import db
from tests.demo.conftest import TODAY

NOW = moment(TODAY, 11)


def rows(model, *conditions):
    return db.session.scalars(select(model).where(*conditions)).all()


def test_rounds_stand_in_every_state(country: Flask) -> None:
    found = {row.code: row for row in rows(AllocationRound)}
    assert Counter(row.state for row in found.values()) == {
        "draft": 1,
        "published": 2,
        "done": 1,
        "cancelled": 1,
    }
    assert {row.closes_at > NOW for row in found.values() if row.state == "published"} == {True, False}
    closed = next(row for row in found.values() if row.state == "published" and row.closes_at < NOW)
    tried = queries.last_trial(closed.id)
    assert tried is not None
    again = reading.outcome_of(closed, day_of(closed.closes_at), closed.closes_at)
    assert tried.result["digest"] == again.digest
    done = next(row for row in found.values() if row.state == "done")
    told = rows(RoundOutcome, RoundOutcome.round_id == done.id)
    assert {row.enrolment_id is None for row in told} == {True, False}
    assert {each["code"] for row in told for each in row.reasons} >= {"given", "quota-full"}


def test_quotas_are_counted_as_they_are_taken(country: Flask) -> None:
    found = rows(Quota)
    assert {row.sort for row in found} == set(QuotaSort)
    taken = Counter(number for row in rows(Enrolment) for number in row.taken_from)
    assert {row.id: row.taken for row in found if row.taken} == taken
    assert {row.of.partition(":")[0] for row in found} >= {"region", "college", "reserved"}


def test_requests_wait_for_either_side_and_one_is_about_to_lapse(country: Flask) -> None:
    asked = {row.consent for row in rows(Terms)}
    assert asked == set(Consent)
    waiting = rows(Enrolment, Enrolment.state == State.REQUESTED)
    soon = [row for row in waiting if row.lapses_at < NOW + timedelta(hours=6)]
    assert soon
    assert all(row.reminded_at for row in soon)
    assert {row.side for row in rows(Approval, Approval.given.is_(None))} == set(Side)
    assert rows(Approval, Approval.given.is_(False))


def test_offers_moves_money_and_beds_are_all_there(country: Flask) -> None:
    found = rows(Enrolment)
    (offer,) = [row for row in found if row.state is State.OFFERED]
    assert offer.offer_expires_at > NOW
    assert {State.TRANSFERRED, State.SUBSTITUTED} <= {row.state for row in found}
    assert {Source.ROUND, Source.TRANSFER, Source.SUBSTITUTION} <= {row.source for row in found}
    called_off = {row.id for row in rows(Run, Run.state == "cancelled")}
    assert [row for row in found if row.run_id in called_off and row.state is State.TRANSFERRED]
    assert [row for row in found if row.attempt == 2 and row.repeat_of_id]
    assert {(row.funding, row.paid_on is not None) for row in found if row.price} >= {
        (Funding.COLLEGE, True), (Funding.OWN, True), (Funding.OWN, False),
    }  # fmt: skip
    assert {row.lodging for row in found} == set(Lodging)


def test_the_classifier_tells_related_from_strange(country: Flask) -> None:
    known = classifying.current()
    grades = {
        mine: match(["Dasturlash"], [mine], classifier=known).grade
        for mine in ("Dasturlash", "Informatika", "Agronomiya")
    }
    assert grades == {"Dasturlash": Grade.EXACT, "Informatika": Grade.RELATED, "Agronomiya": Grade.NONE}
