"""The use cases of completion: the only writers of this package's tables, gathered under one name."""

from retrain.completion.appeals import file_appeal, hand_copy, take_appeal_back
from retrain.completion.commissions import close_sitting, compose, drop_sitting, save_sitting
from retrain.completion.deciding import close_run, preview, refusals_to_close, replayed
from retrain.completion.excluding import exclude
from retrain.completion.grading import (
    OPEN,
    add_assessment,
    close_statement,
    correct_result,
    enter_results,
    plan_assessment,
)
from retrain.completion.inviting import call_off, invite
from retrain.completion.overriding import answer_override, propose_override

__all__ = [
    "OPEN",
    "add_assessment",
    "answer_override",
    "call_off",
    "close_run",
    "close_sitting",
    "close_statement",
    "compose",
    "correct_result",
    "drop_sitting",
    "enter_results",
    "exclude",
    "file_appeal",
    "hand_copy",
    "invite",
    "plan_assessment",
    "preview",
    "propose_override",
    "refusals_to_close",
    "replayed",
    "save_sitting",
    "take_appeal_back",
]  # fmt: skip
