"""The people of a run under their names in the letters of the page that shows them."""

from dataclasses import replace

from retrain.catalogue.models import Run
from retrain.enrolment import queries as enrolment
from retrain.enrolment.queries import Member
from retrain.people import shown_names


def group(run: Run, *, everyone: bool = False) -> list[Member]:
    """The group in the order of its list; with *everyone* also who has left it after it began."""
    members = enrolment.group(run, everyone=everyone)
    known = shown_names.of_teachers({member.teacher_id for member in members})
    return [replace(member, name=known.get(member.teacher_id, member.name)) for member in members]


def of_run(run: Run) -> dict[int, str]:
    """enrolment → full name, of everybody who is or was in the group."""
    return {member.enrolment_id: member.name for member in group(run, everyone=True)}
