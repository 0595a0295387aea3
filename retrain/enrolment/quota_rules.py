"""Which places are free for whom at a moment, which are taken together, and how far a quota may change. Pure.

Two sorts. *Set aside*: places of the run kept for a group; each person takes one of them or one of the open
ones. A *ceiling*: no more than so many of a group on open places; what is set aside has its own number.

At ``releases_at`` places set aside that nobody took are open to all, and a ceiling no longer holds. Both are
judged by the moment, no job has to run; whatever the clock says, never more than the run's places are taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from retrain.enrolment.states import QuotaSort
from retrain.refusal import Refusal

Group: TypeAlias = str
"""What quotas speak of: ``region:UZ-XO``, ``college:17``, ``kind:college``, ``reserved:rural``."""


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """A quota of a run. *group* is ``region:UZ-XO``, ``college:17``, ``kind:college`` or ``reserved:rural``."""

    id: int
    sort: QuotaSort
    group: Group
    places: int
    taken: int = 0
    releases_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.releases_at is None or now < self.releases_at

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)


@dataclass(frozen=True, slots=True)
class PlacesFacts:
    """A run's places with its quotas, in the order of their ids. *taken* counts everybody."""

    run: str
    places: int
    taken: int
    quotas: tuple[QuotaFacts, ...] = ()

    def of_sort(self, sort: QuotaSort) -> tuple[QuotaFacts, ...]:
        return tuple(each for each in self.quotas if each.sort is sort)


@dataclass(frozen=True, slots=True)
class Taking:
    """The rows that one place is taken from: the one set aside (None: an open place) and every ceiling."""

    set_aside: int | None
    ceilings: tuple[int, ...] = ()

    @property
    def quotas(self) -> tuple[int, ...]:
        """In the order in which they are locked."""
        return tuple(sorted([*self.ceilings, *([] if self.set_aside is None else [self.set_aside])]))


def groups(region: str, college_id: int, kind: str, reserved: Iterable[str] = ()) -> frozenset[Group]:
    """What a person counts as: their college, its region and kind, and the reserved groups they are of."""
    return frozenset(
        {
            f"region:{region}",
            f"college:{college_id}",
            f"kind:{kind}",
            *(f"reserved:{name}" for name in reserved),
        }
    )


def covering(run: PlacesFacts, person: frozenset[Group]) -> list[QuotaFacts]:
    """The quotas that the person falls into."""
    return [each for each in run.quotas if each.group in person]


def open_free(run: PlacesFacts, now: datetime) -> int:
    """The places that anybody may take: all free ones but those still kept for somebody."""
    kept = sum(each.free for each in run.of_sort(QuotaSort.SET_ASIDE) if each.holds(now))
    return max(0, run.places - run.taken - kept)


def take(run: PlacesFacts, person: frozenset[Group], now: datetime) -> Taking | list[Refusal]:
    """What a place for the person is taken from now, or every reason why there is none."""
    if run.taken >= run.places:
        return [Refusal.of("run-full", run=run.run, places=run.places)]
    over = covering(run, person)
    for each in over:
        if each.sort is QuotaSort.SET_ASIDE and each.holds(now) and each.free:
            return Taking(each.id)
    found = []
    if not open_free(run, now):
        kept = run.places - run.taken
        found.append(Refusal.of("only-set-aside-left", run=run.run, places=run.places, kept=kept))
    ceilings = [each for each in over if each.sort is QuotaSort.CEILING]
    found += [
        Refusal.of("quota-full", run=run.run, quota=each.group, places=each.places, taken=each.taken)
        for each in ceilings
        if each.holds(now) and not each.free
    ]
    # Ceilings are counted after their release too: what is taken stays known, and the hour may be moved.
    return found or Taking(None, tuple(each.id for each in ceilings))


def free_for(run: PlacesFacts, person: frozenset[Group], now: datetime) -> int:
    """How many people like this one could still come now."""
    over = [each for each in covering(run, person) if each.holds(now)]
    own = sum(each.free for each in over if each.sort is QuotaSort.SET_ASIDE)
    ceilings = [each.free for each in over if each.sort is QuotaSort.CEILING]
    return max(0, min(run.places - run.taken, own + min([open_free(run, now), *ceilings])))


def change_refusals(group: Group, wanted: int, taken: int = 0) -> list[Refusal]:
    """Why a quota of which *taken* places are taken can't be *wanted*; raising it is never refused here."""
    if wanted < 0:
        return [Refusal.of("quota-negative", field="places")]
    if wanted < taken:
        return [Refusal.of("quota-below-taken", field="places", quota=group, wanted=wanted, taken=taken)]
    return []


def set_aside_refusals(run: PlacesFacts, wanted: int, quota: QuotaFacts | None = None) -> list[Refusal]:
    """Why so many places can't be set aside: open places that are taken can't be kept for anybody."""
    others = [each for each in run.of_sort(QuotaSort.SET_ASIDE) if quota is None or each.id != quota.id]
    elsewhere = sum(each.places for each in others)
    own_taken = quota.taken if quota else 0
    open_taken = run.taken - own_taken - sum(each.taken for each in others)
    most = run.places - elsewhere - open_taken
    if wanted > most:
        return [Refusal.of("set-aside-too-many", field="places", wanted=wanted, most=max(0, most))]
    return []


def places_refusals(run: PlacesFacts, wanted: int) -> list[Refusal]:
    """Why a run with these quotas can't have so many places in all."""
    aside = run.of_sort(QuotaSort.SET_ASIDE)
    kept = sum(each.places for each in aside)
    least = kept + run.taken - sum(each.taken for each in aside)
    if wanted < least:
        return [
            Refusal.of(
                "places-below-quotas", field="places", wanted=wanted, taken=run.taken, kept=kept, least=least
            )
        ]
    return []


def after(run: PlacesFacts, taking: Taking, by: int = 1) -> PlacesFacts:
    """The run with a place taken (*by* 1) or given back (-1)."""
    quotas = tuple(
        replace(each, taken=each.taken + by) if each.id in taking.quotas else each for each in run.quotas
    )
    return replace(run, taken=run.taken + by, quotas=quotas)
