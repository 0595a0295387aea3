"""The biggest university's term, on which the timetable is measured: as large as it says, and possible."""

import pytest
from sqlalchemy import func, select

from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.demo import big_term
from retrain.extensions import db
from retrain.timetable import facts, shortfalls
from retrain.timetable.models import Lecturer, Room
from retrain.timetable.need_pages import Ground


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_is_as_large_as_it_says(app):
    term = big_term.add()
    assert (count(Run), count(Lecturer), count(Room)) == (60, 90, 45)
    assert len(facts.sites(term.provider_id)) == 3
    assert 11_500 <= term.pairs <= 12_500
    weeks = [((run.ends_on - run.starts_on).days + 2) // 7 for run in db.session.scalars(select(Run))]
    assert (min(weeks), max(weeks)) == (4, 16)
    assert all(
        term.first <= run.starts_on and run.ends_on <= term.last for run in db.session.scalars(select(Run))
    )


def test_somebody_can_give_and_some_room_can_hold_everything(app):
    term = big_term.add()
    versions = list(db.session.scalars(select(Run.course_version_id).distinct()))
    ground = Ground(term.provider_id, versions)
    assert [each for version in versions for each in ground.of_version(version)] == []
    assert shortfalls.free_cells([], [(1, 0, 90)]) == [(1, 0, 90)]


class Enough(Exception):
    """Takes a term back once it was looked at."""


@use_case
def look(seed: int) -> None:
    term = big_term.add(seed)
    rows = db.session.execute(select(Run.code, Run.starts_on, Run.places).order_by(Run.code)).all()
    raise Enough(term.pairs, rows)


def shape(seed: int) -> object:
    with pytest.raises(Enough) as enough:
        look(seed)
    return enough.value.args


def test_the_same_seed_is_the_same_term(app):
    assert shape(3) == shape(3) != shape(4)
