"""The solver on a term of our own: a big university's, beside what a coordinator gets by hand.

By hand means: run by run, for each class the earliest free place in the smallest room that fits; what finds none waits.
"""

import sys
from datetime import date

from retrain.demo import big_term
from retrain.people import settings
from retrain.timetable import building, terms
from retrain.timetable.solver.ahead import compile_ahead
from retrain.timetable.solver.cost import Cost, cost
from retrain.timetable.solver.solve import Better, Result, by_hand, solve
from retrain.timetable.solver.term import Term
from retrain.timetable.states import Keep
from tests.benchmarks.measure import houses, peak_megabytes, report

RIVAL = "by hand, run by run"
BEFORE_ALL = date(2026, 7, 1)


def measure(seconds: float, seed: int) -> None:
    """Print what the machine makes of the term in so many seconds."""
    term = _term(seed)
    compile_ahead()
    hand = by_hand(term.problem, term.run)
    print(f"own term: {term.problem.events} pairs, by hand {hand.cost}, {hand.waiting} wait", file=sys.stderr)
    found = solve(term.problem, seconds=seconds, seed=1)
    _report(hand, cost(term.problem, hand.timetable), found)


def _term(seed: int) -> Term:
    with houses(("sqlite",)) as each:
        for app, _ in each:
            with app.app_context():
                made = big_term.add(seed)
                ask = terms.Ask(
                    made.provider_id, made.first, made.last, tuple(made.run_ids), Keep.PINNED, BEFORE_ALL
                )
                weights = settings.get(made.provider_id, "timetable_weights")
                return building.build(terms.read(ask), building.weights_of(weights)).term
    raise AssertionError


def _report(hand: Better, by_part: Cost, found: Result) -> None:
    waiting = found.best.waiting if found.best else None
    assert found.best is not None, "no class has a place"
    report("timetable", "own term waiting", waiting or 0, "pairs", rival=RIVAL, rival_value=hand.waiting)
    if found.cost is None:
        print(f"NOT FEASIBLE: {waiting} pairs wait after {found.seconds} s.", file=sys.stderr)
        return
    assert found.cost.violations == 0
    report("timetable", "own term first feasible", found.first_feasible_seconds or 0.0, "s")
    report("timetable", "own term cost", found.cost.total, "cost", rival=RIVAL, rival_value=hand.cost)
    for part, value in found.cost.soft.items():
        if value or by_part.soft[part]:
            rival = by_part.soft[part]
            report("timetable", f"own term {part}", value, "cost", rival=RIVAL, rival_value=rival)
    report("timetable", "own term steps", found.steps, "steps")
    report("timetable", "own term memory", peak_megabytes(), "MB")
