"""The long work of the timetable: the machine at a term, thousands of classes moved at once, a term on paper."""

from retrain import jobs
from retrain.timetable import bundles, many, repairing, shifting, solving


@jobs.handler(solving.JOB, lane=jobs.Lane.HEAVY)
def make_timetable(work: jobs.Work) -> None:
    """A timetable for the scenario, its cost told as it falls; whole in the end, or begun anew by another worker."""
    solving.solve(work)


@jobs.handler(repairing.JOB)
def repair_timetable(work: jobs.Work) -> None:
    """A repair of what is published, which a coordinator waits for: seconds, and never behind a search of half an hour.

    Whole in the end, or begun anew by another worker.
    """
    repairing.make(work)


@jobs.handler(shifting.JOB, lane=jobs.Lane.HEAVY)
def shift_classes(work: jobs.Work) -> None:
    """Every class of a term some days later; a worker killed at it leaves everything as it was."""
    shifting.carry_out(work)


@jobs.handler(bundles.JOB, lane=jobs.Lane.HEAVY)
def print_timetables(work: jobs.Work) -> None:
    """The timetables of all runs, rooms or lecturers as one PDF."""
    bundles.make(work)


@jobs.handler(many.PUBLISH, lane=jobs.Lane.HEAVY)
def publish_timetable(work: jobs.Work) -> None:
    """A whole term's timetable published; a worker killed at it leaves everything as it was."""
    many.publish(work)


@jobs.handler(many.TURN, lane=jobs.Lane.HEAVY)
def turn_change(work: jobs.Work) -> None:
    """An action of thousands of classes taken back or done again, all of it or nothing."""
    many.turn(work)
