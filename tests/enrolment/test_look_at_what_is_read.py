"""Objects made of plain rows say what the session's would, and are nobody's to change."""

from sqlalchemy import select

from retrain.catalogue import queries
from retrain.catalogue.models import CourseVersion, Run
from retrain.extensions import db


def held(kind, found):
    return {name: getattr(found, name) for name in kind.__table__.columns.keys()}  # noqa: SIM118 (no mapping)


def test_a_run_to_look_at_is_the_run(run):
    db.session.expire_all()
    theirs = db.session.scalars(select(Run).where(Run.code == run.code)).one()
    ours, _names = queries.run_on_show(run.code)
    assert held(Run, ours) == held(Run, theirs)
    assert held(CourseVersion, ours.version) == held(CourseVersion, theirs.version)
    assert (ours.free, type(ours.state)) == (theirs.free, type(theirs.state))


def test_changing_it_changes_nothing(run):
    shown, _names = queries.run_on_show(run.code)
    before, shown.places = shown.places, 1
    db.session.commit()
    assert queries.run_on_show(run.code)[0].places == before
