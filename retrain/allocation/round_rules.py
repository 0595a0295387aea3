"""What may be done with a round at a moment, and what teachers and colleges may write in it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from retrain.allocation.states import MOST_WISHES, RoundState, may_move
from retrain.refusal import Refusal

LONGEST_TITLE = 200


@dataclass(frozen=True)
class RoundFacts:
    """A round as its rules see it."""

    code: str
    state: RoundState
    opens: datetime
    closes: datetime

    @property
    def is_open_state(self) -> bool:
        """Whether its runs still wait for it."""
        return self.state in (RoundState.DRAFT, RoundState.PUBLISHED)

    def takes_wishes(self, now: datetime) -> bool:
        return self.state is RoundState.PUBLISHED and self.opens <= now < self.closes

    def is_closed(self, now: datetime) -> bool:
        """Whether wishes are in and the outcome is to be confirmed."""
        return self.state is RoundState.PUBLISHED and now >= self.closes


@dataclass(frozen=True)
class RunForRound:
    """What a round looks at in a run that is to be in it."""

    code: str
    state: str
    same_provider: bool
    in_round: str | None
    asks_consent: bool
    people_wait: bool
    opens: datetime
    closes: datetime
    starts_on: date


def plan_refusals(
    titles: Mapping[str, str], opens: datetime, closes: datetime, now: datetime
) -> list[Refusal]:
    """Why a round can't be called that, or can't have that window."""
    found = []
    if not any(text.strip() for text in titles.values()):
        found.append(Refusal.of("round-title-missing", field="uz"))
    if any(len(text) > LONGEST_TITLE for text in titles.values()):
        found.append(Refusal.of("round-title-long", most=LONGEST_TITLE))
    if closes <= opens:
        found.append(Refusal.of("round-window", field="closes_at"))
    elif closes <= now:
        found.append(Refusal.of("round-closes-in-past", field="closes_at"))
    return found


def change_refusals(before: RoundFacts, opens: datetime, now: datetime) -> list[Refusal]:
    """Why a round can't be changed at all, or not in its opening any more."""
    if not before.is_open_state:
        return [Refusal.of(f"round-{before.state}", round=before.code)]
    if before.is_closed(now):
        return [Refusal.of("round-closed", round=before.code, closes=before.closes)]
    if before.takes_wishes(now) and opens != before.opens:
        return [Refusal.of("round-open-already", field="opens_at", opens=before.opens)]
    return []


def runs_refusals(found: RoundFacts) -> list[Refusal]:
    """Why runs can't be put in or taken out: what teachers rank is settled when the round is published."""
    return [] if found.state is RoundState.DRAFT else [Refusal.of("round-not-draft", round=found.code)]


def run_refusals(run: RunForRound, closes: datetime) -> list[Refusal]:
    """Why a run can't be in a round that closes then, every reason."""
    if not run.same_provider:
        return [Refusal.of("round-other-provider", run=run.code)]
    found = []
    if run.in_round is not None:
        found.append(Refusal.of("run-in-other-round", run=run.code, round=run.in_round))
    if run.state not in ("draft", "published", "confirmed"):
        found.append(Refusal.of("round-run-over", run=run.code))
    if run.asks_consent:
        found.append(Refusal.of("round-run-asks-consent", run=run.code))
    if run.people_wait:
        found.append(Refusal.of("round-run-has-waiting", run=run.code))
    return found + window_refusals(run, closes)


def window_refusals(run: RunForRound, closes: datetime) -> list[Refusal]:
    """Why a run can't be in a round that closes then: its enrolment must be open, so that what is left can be taken."""
    if closes < run.opens or closes >= run.closes:
        return [Refusal.of("round-run-window", run=run.code, opens=run.opens, closes=run.closes)]
    return []


def publish_refusals(found: RoundFacts, runs: Sequence[RunForRound], now: datetime) -> list[Refusal]:
    """Why a round can't be put before the teachers."""
    if not may_move(found.state, RoundState.PUBLISHED):
        return [Refusal.of(f"round-{found.state}", round=found.code)]
    why = []
    if not runs:
        why.append(Refusal.of("round-without-runs", round=found.code))
    if found.closes <= now:
        why.append(Refusal.of("round-closes-in-past", field="closes_at"))
    for run in runs:
        if run.state == "draft":
            why.append(Refusal.of("round-run-draft", run=run.code))
        why += window_refusals(run, found.closes)
    return why


def cancel_refusals(found: RoundFacts) -> list[Refusal]:
    """Why a round can't be called off."""
    if may_move(found.state, RoundState.CANCELLED):
        return []
    return [Refusal.of(f"round-{found.state}", round=found.code)]


def window_for_wishes(found: RoundFacts, now: datetime) -> list[Refusal]:
    """Why wishes and rankings are not taken now."""
    if found.state in (RoundState.DONE, RoundState.CANCELLED):
        return [Refusal.of(f"round-{found.state}", round=found.code)]
    if now < found.opens or found.state is RoundState.DRAFT:
        return [Refusal.of("round-not-open", opens=found.opens)]
    if now >= found.closes:
        return [Refusal.of("round-closed", round=found.code, closes=found.closes)]
    return []


def wishes_refusals(wanted: Sequence[str], in_round: Mapping[str, Sequence[Refusal]]) -> list[Refusal]:
    """Why this list can't be kept. *in_round*: the runs of the round, each with why this teacher may not have it."""
    found = []
    if len(wanted) > MOST_WISHES:
        found.append(Refusal.of("too-many-wishes", most=MOST_WISHES, wanted=len(wanted)))
    for run in dict.fromkeys(wanted):
        if wanted.count(run) > 1:
            found.append(Refusal.of("wished-twice", run=run))
        if run not in in_round:
            found.append(Refusal.of("run-not-in-round", run=run))
        found += [Refusal.of("wish-not-allowed", run=run, why=why) for why in in_round.get(run, ())]
    return found


def order_refusals(ranks: Mapping[int, int | None]) -> list[Refusal]:
    """Why a college can't rank its teachers like this: each number once, from 1 on; nobody has to be ranked."""
    given = [rank for rank in ranks.values() if rank is not None]
    if any(rank < 1 or rank > len(ranks) for rank in given):
        return [Refusal.of("order-out-of-range", most=len(ranks))]
    twice = sorted({rank for rank in given if given.count(rank) > 1})
    return [Refusal.of("order-twice", rank=rank) for rank in twice]


def do_refusals(found: RoundFacts, now: datetime) -> list[Refusal]:
    """Why places can't be given yet, or any more."""
    if found.state is not RoundState.PUBLISHED:
        return [Refusal.of(f"round-{found.state}", round=found.code)]
    if now < found.closes:
        return [Refusal.of("round-still-open", round=found.code, closes=found.closes)]
    return []
