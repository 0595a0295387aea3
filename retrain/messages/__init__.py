"""What people are told: written in the transaction of the change, sent by the worker over each person's channels.

Inside a use case ``messages.later(person_id, "enrolment.enrolled", facts, key=…)`` is one insert. A package
declares its kinds in ``wording.py``: ``MESSAGES = {"enrolment.enrolled": messages.Kind(subject, body)}``.
"""

from retrain.messages.kinds import Kind
from retrain.messages.recipients import Outsider, Recipient, addressed_by, configured_by
from retrain.messages.service import Said, later, later_each, later_many, later_outside
from retrain.messages.states import Channel

__all__ = [
    "Channel",
    "Kind",
    "Outsider",
    "Recipient",
    "Said",
    "addressed_by",
    "configured_by",
    "later",
    "later_each",
    "later_many",
    "later_outside",
]
