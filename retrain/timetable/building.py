"""A term as the solver wants it, out of its facts; and the solver's places as classes again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from retrain.timetable.items import Given, Item, Placement, items_of
from retrain.timetable.solver.problem import FREE, Timetable, Weights
from retrain.timetable.solver.term import Term
from retrain.timetable.term_arrays import Making
from retrain.timetable.terms import Facts


@dataclass(frozen=True)
class Built:
    """The solver's term, and what its numbers stand for."""

    facts: Facts
    term: Term
    items: tuple[Item, ...]
    nobody: tuple[Item, ...]
    """What nobody may give; the term has it without a lecturer."""

    @property
    def no_room(self) -> int:
        """The room that is none: for distance hours."""
        return len(self.facts.rooms)

    def placements(self, timetable: Timetable) -> list[Placement]:
        """The places of all that was to be placed; what waits is left out."""
        problem, found = self.term.problem, []
        for event in np.flatnonzero((problem.fixed_period == FREE) & (timetable.period >= 0)):
            item = self.items[problem.subject[event]]
            day, pair = self.facts.calendar.place(int(timetable.period[event]))
            room = int(timetable.room[event])
            found.append(
                Placement(
                    item.run_id, item.module_id or 0, item.kind, item.part, item.minutes, item.lecturer_id,
                    self.facts.rooms[room].id if room != self.no_room else None, day, pair.number,
                )
            )  # fmt: skip
        return sorted(found, key=lambda each: (each.run_id, each.on_date, each.pair, each.part))

    def waiting(self, timetable: Timetable) -> dict[int, int]:
        """Item → how many of its classes found no place."""
        left = self.term.problem.subject[timetable.period < 0]
        return {int(item): int((left == item).sum()) for item in np.unique(left)}


def build(facts: Facts, weights: Weights, chosen: Iterable[Given] | None = None) -> Built:
    """The term of *facts*; *weights* say what soft parts cost. Who gives what is known when it is *chosen* already."""
    items = items_of(facts, chosen)
    nobody = tuple(each for each in items if each.lecturer_id is None and not each.kept)
    return Built(facts, Making(facts, items, weights).term(), items, nobody)


def weights_of(set_by_provider: Mapping[str, int]) -> Weights:
    """The provider's weights; a part that came after they were set has none."""
    return Weights(**{name: int(number) for name, number in set_by_provider.items()})
