"""What enrolment does when a run changes its state, and as time passes."""

from collections.abc import Collection
from datetime import timedelta

from retrain import jobs
from retrain.audit import Actor
from retrain.catalogue import moves
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment import reminders, service, telling


@moves.follow(RunState.CANCELLED)
def close_what_is_open(actor: Actor, run: Run, why: str | None) -> None:
    """Whoever is on a cancelled run, or waits for it, is told and set free."""
    service.close_what_is_open(actor, run, why)


@moves.follow_changes
def pass_on_places(actor: Actor, run: Run, changed: Collection[str]) -> None:
    """Places added to a run go to those who wait; who is on it reads its new days and place."""
    if telling.SHOWN & set(changed):
        service.tell_of_change(run)
    service.after_change(actor, run)


@moves.follow_copies
def copy_terms(actor: Actor, run: Run, copy: Run) -> None:
    """A copied run asks what the earlier one asked."""
    service.copy_terms(actor, run, copy)


@moves.follow(RunState.FINISHED)
def end_waiting(actor: Actor, run: Run, _why: str | None) -> None:
    """Nobody waits for a run that is over."""
    service.end_waiting(actor, run)


@jobs.every(timedelta(minutes=1))
def keep_the_hours() -> None:
    """Offers and requests end when their time is over, quotas are released at their hour, reminders go out."""
    service.release_due()
    service.end_what_is_due()
    service.remind()


@jobs.every(timedelta(minutes=10))
def say_what_is_near() -> None:
    """Runs that soon begin and requests that wait are said once a day, from the morning on."""
    reminders.say_what_begins()
    reminders.say_what_waits()
