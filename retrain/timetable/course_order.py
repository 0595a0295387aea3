"""Whether a class keeps to the order of its course where it is to stand, asked of classes that are moved in memory."""

from collections.abc import Mapping
from datetime import datetime

from retrain.catalogue.states import HourKind
from retrain.refusal import Refusal
from retrain.timetable import fitting, queries
from retrain.timetable.spots import Spot
from retrain.timetable.surroundings import Surroundings

Orders = Mapping[int, fitting.Order]
"""Course version → its order."""


class InOrder:
    """The order of each run's course, beside its classes as they stand in the surroundings now."""

    def __init__(self, around: Surroundings, orders: Orders) -> None:
        self._around, self._orders = around, orders
        self._taught: dict[int, list[fitting.Taught]] = {}

    def forget(self, run_id: int) -> None:
        """A class of the run was moved."""
        self._taught.pop(run_id, None)

    def allows(self, one: Spot, was: Spot) -> bool:
        """Whether the class breaks no order there that it did not break where it was. It must have been taken up."""
        broken = self._broken(one)
        return not broken or all(each in self._broken(was) for each in broken)

    def _broken(self, one: Spot) -> list[Refusal]:
        order = self._orders.get(self._around.runs[one.run_id].course_version_id)
        if order is None or one.module_id is None or one.kind not in queries.IN_CLASS:
            return []
        if one.starts is None or one.ends is None:
            return []
        is_lecture = one.kind is HourKind.LECTURE
        taught = self._of_run(one.run_id)
        return fitting.order_advice(one.module_id, is_lecture, one.starts, one.ends, order, taught)

    def _of_run(self, run_id: int) -> list[fitting.Taught]:
        if run_id not in self._taught:
            self._taught[run_id] = _taught(self._around.classes_of(run_id))
        return self._taught[run_id]


def _taught(classes: list[Spot]) -> list[fitting.Taught]:
    spans: dict[tuple[int, bool], tuple[datetime, datetime]] = {}
    for one in classes:
        if (
            one.module_id is None
            or one.kind not in queries.IN_CLASS
            or one.starts is None
            or one.ends is None
        ):
            continue
        key = (one.module_id, one.kind is HourKind.LECTURE)
        first, last = spans.get(key, (one.starts, one.ends))
        spans[key] = (min(first, one.starts), max(last, one.ends))
    return [fitting.Taught(*key, *span) for key, span in spans.items()]
