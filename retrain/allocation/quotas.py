"""A run's quotas as an allocation round takes them. Pure."""

from collections.abc import Collection
from datetime import datetime
from itertools import combinations

from retrain.allocation.pools import Pool
from retrain.enrolment.quota_rules import PlacesFacts, QuotaFacts, open_free
from retrain.enrolment.states import QuotaSort
from retrain.refusal import Refusal

OPEN_POOL = "open"
"""The pool of the places that are set aside for nobody."""


def crossing(quotas: Collection[QuotaFacts]) -> list[Refusal]:
    """Why these quotas can't be used in an allocation round: ceilings of region and kind cross.

    A college lies in one region and is of one kind, so it is inside either; a reserved group is inside
    nothing. First come, first served takes any ceilings; see the docstring of ``rules``.
    """
    # Two reserved groups may share people, so each is a name of its own.
    found = [each.group for each in quotas if each.sort is QuotaSort.CEILING]
    names = {group if group.startswith("reserved:") else group.split(":")[0] for group in found}
    return [
        Refusal.of("quotas-cross", first=first, second=second)
        for first, second in combinations(sorted(names), 2)
        if {first, second} not in ({"college", "region"}, {"college", "kind"})
    ]


def pools(run: PlacesFacts, now: datetime) -> tuple[Pool, ...]:
    """The run's free places as an allocation round takes them: set aside first, then those open to all.

    A ceiling bounds the open places; what is set aside for a group has its own number.
    """
    aside = [each for each in run.of_sort(QuotaSort.SET_ASIDE) if each.holds(now) and each.free]
    bounds = {each.group: each.free for each in run.of_sort(QuotaSort.CEILING) if each.holds(now)}
    kept = tuple(Pool(each.group, each.free, each.group) for each in aside)
    return (*kept, Pool(OPEN_POOL, open_free(run, now), None, bounds))
