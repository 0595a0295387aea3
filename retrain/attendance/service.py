"""The use cases of registers. The only writers of registers and marks.

Each has its room: ``marking`` marks and takes back, ``sending`` takes in what devices held while they had no network,
``settling`` decides between two of them, ``signing`` signs and corrects, ``guests``, ``substitutes`` and ``papers``
do what they are called.
"""

from retrain.attendance.devices.sending import take_in
from retrain.attendance.devices.settling import settle
from retrain.attendance.entitled import target
from retrain.attendance.guests import add as add_guest
from retrain.attendance.guests import dismiss as dismiss_guest
from retrain.attendance.guests import take as take_guest
from retrain.attendance.marking import facts, save_marks, undo
from retrain.attendance.papers import attach as attach_paper
from retrain.attendance.signing import correct, sign
from retrain.attendance.substitutes import give as give_to_substitute

__all__ = [
    "add_guest",
    "attach_paper",
    "correct",
    "dismiss_guest",
    "facts",
    "give_to_substitute",
    "save_marks",
    "settle",
    "sign",
    "take_guest",
    "take_in",
    "target",
    "undo",
]
