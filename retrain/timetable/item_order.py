"""What of a term comes before what, and in which weeks of its run each should be taught because of that."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from retrain.catalogue.states import HourKind
from retrain.timetable.solver.parts import cut
from retrain.timetable.states import Part
from retrain.timetable.terms import Facts

if TYPE_CHECKING:
    from retrain.timetable.items import Item


def before(facts: Facts, items: "Sequence[Item]") -> list[tuple[int, int]]:
    """Items of which the first ends before the second begins."""
    by_module: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        if item.run_id in facts.runs:
            by_module[item.run_id, item.module_id].append(number)
    found = []
    for run in facts.runs.values():
        order = facts.orders[run.course_version_id]
        for late, early in order.edges:
            found += [(one, two) for one in by_module[run.id, early] for two in by_module[run.id, late]]
        if order.lectures_first:
            for module in facts.modules[run.course_version_id]:
                mine = by_module[run.id, module.id]
                lectures = [each for each in mine if items[each].kind is HourKind.LECTURE]
                others = [each for each in mine if items[each].kind is not HourKind.LECTURE]
                found += [(one, two) for one in lectures for two in others]
    return found


def weeks(facts: Facts, items: "Sequence[Item]") -> list[range]:
    """The weeks in which each item should be taught, so that what comes before it and after it has its time too."""
    by_run: dict[int, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        by_run[item.run_id].append(number)
    pairs = before(facts, items)
    found = [range(0)] * len(items)
    for run_id, mine in by_run.items():
        run, place = facts.runs[run_id], {number: at for at, number in enumerate(mine)}
        needs = np.array(
            [items[each].count * (1 if items[each].part is Part.WHOLE else 0.5) for each in mine]
        )
        follows = np.zeros((len(mine), len(mine)), np.bool_)
        for one, other in pairs:
            if one in place and other in place:
                follows[place[one], place[other]] = True
        first, last = ((day - facts.calendar.monday).days // 7 for day in (run.starts_on, run.ends_on))
        for number, begin, end in zip(mine, *cut(needs, follows), strict=True):
            length = last - first + 1
            since = min(floor(begin * length), length - 1)
            found[number] = range(first + since, first + max(ceil(end * length), since + 1))
    return found
