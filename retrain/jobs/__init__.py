"""Long work with progress: wanted in a transaction, done by a worker, never lost and never done twice.

A package declares handlers in its ``handlers.py``::

    @jobs.handler("roster.apply", lane=jobs.Lane.HEAVY)
    def apply(work: jobs.Work) -> None:
        for start in range((work.cursor or {}).get("row", 0), rows, 100):
            service.apply_chunk(work, start)      # a use case that calls work.progress(...) inside

and wants it done inside a use case with ``jobs.want("roster.apply", {...}, actor=actor)``.
"""

from retrain.jobs.registry import every, handler
from retrain.jobs.runner import Work, run_waiting
from retrain.jobs.service import want
from retrain.jobs.states import JobState, Lane

__all__ = ["JobState", "Lane", "Work", "every", "handler", "run_waiting", "want"]
