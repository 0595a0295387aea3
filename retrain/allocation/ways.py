"""How places of a run are given: changed when it comes into a round, and when the round is over."""

from dataclasses import asdict

from retrain.enrolment import terms
from retrain.enrolment.models import Terms
from retrain.enrolment.states import Way
from retrain.extensions import db


def set_way(run_id: int, way: Way) -> None:
    """From now on places of the run are given like this. Called while the run's row is held."""
    row = db.session.get(Terms, run_id)
    if row is None:
        if way is Way.FIRST_COME:
            return
        row = Terms(run_id=run_id, **asdict(terms.USUAL))
        db.session.add(row)
    elif row.way is not way:
        row.lock += 1
    row.way = way
    db.session.flush()
