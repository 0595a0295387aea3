"""When a person may be moved to another run, and when a colleague may come in their place. Plain values in, why out."""

from collections.abc import Sequence
from datetime import datetime

from retrain.enrolment import quota_rules
from retrain.enrolment.quota_rules import Group, PlacesFacts, Taking
from retrain.enrolment.rules import RunFacts
from retrain.enrolment.states import MOVES, QuotaSort, State
from retrain.refusal import Refusal


def transfer_refusals(
    source: RunFacts, target: RunFacts, state: State, reason: str, now: datetime
) -> list[Refusal]:
    """Why somebody can't be moved from one run to another: who has a place or waits for one can."""
    found = []
    if source.code == target.code:
        found.append(Refusal.of("transfer-same-run", field="target", run=target.code))
    if State.TRANSFERRED not in MOVES[state]:
        found.append(Refusal.of("not-transferable", run=source.code))
    if source.day(now) > source.ends_on:
        found.append(Refusal.of("run-over", run=source.code))
    if not reason.strip():
        found.append(Refusal.of("transfer-reason-missing", field="reason"))
    return found


def no_place(target: PlacesFacts, person: frozenset[Group], now: datetime) -> list[Refusal]:
    """Every reason, with its numbers, why *target* has no place for the person."""
    taking = quota_rules.take(target, person, now)
    return [] if isinstance(taking, Taking) else taking


def substitution_refusals(
    run: RunFacts, state: State, college_id: int, newcomer_at: int | None, now: datetime
) -> list[Refusal]:
    """Why a college's place can't pass to another of its people."""
    if state is not State.ENROLLED:
        return [Refusal.of("nobody-to-substitute", run=run.code)]
    found = []
    if run.has_started(now):
        found.append(Refusal.of("run-started", run=run.code, starts=run.starts_on))
    if newcomer_at != college_id:
        found.append(Refusal.of("not-of-your-college"))
    return found


def same_place(
    run: PlacesFacts, held: Sequence[int], newcomer: frozenset[Group], now: datetime
) -> Taking | list[Refusal]:
    """The place that was just given back, as the newcomer takes it: out of the same quotas.

    *held* are the quotas it was counted in. A quota that the newcomer isn't of can't be filled by them.
    """
    before = [each for each in run.quotas if each.id in held]
    if outside := [each for each in before if each.group not in newcomer]:
        return [
            Refusal.of("substitute-outside-quota", run=run.run, quota=each.group, places=each.places)
            for each in outside
        ]
    if aside := next((each for each in before if each.sort is QuotaSort.SET_ASIDE), None):
        return Taking(aside.id)
    ceilings = [each for each in quota_rules.covering(run, newcomer) if each.sort is QuotaSort.CEILING]
    full = [each for each in ceilings if each.id not in held and each.holds(now) and not each.free]
    if full:
        return [
            Refusal.of("quota-full", run=run.run, quota=each.group, places=each.places, taken=each.taken)
            for each in full
        ]
    return Taking(None, tuple(each.id for each in ceilings))
