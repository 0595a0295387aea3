"""The conditions of a course as its policy keeps them under ``conditions``: read into values, and written back."""

from collections.abc import Mapping, Sequence
from typing import Any

from retrain.enrolment.eligibility import GROUNDS, Conditions
from retrain.enrolment.match import NO_CLASSIFIER, Classifier, Grade

KEY = "conditions"
GRADES = {"exact": Grade.EXACT, "related": Grade.RELATED, "by-diploma": Grade.BY_DIPLOMA, "any": Grade.NONE}


def read(
    policy: Mapping[str, Any], audience: Sequence[str], language: str, classifier: Classifier = NO_CLASSIFIER
) -> Conditions:
    """What a run asks, from its policy, its course's audience and the language it is given in."""
    kept = policy.get(KEY) or {}
    return Conditions(
        audience=tuple(audience),
        worst_match=GRADES.get(kept.get("worst_match", "any"), Grade.NONE),
        staff_kinds=frozenset(kept.get("staff_kinds", ())),
        categories=frozenset(kept.get("categories", ())),
        years_from=kept.get("years_from"),
        years_to=kept.get("years_to"),
        due_within_months=kept.get("due_within_months"),
        language=language if kept.get("language") else None,
        distance_grounds=frozenset(kept.get("distance_grounds", ())) & frozenset(GROUNDS),
        classifier=classifier,
    )


def asks_anything(asked: Conditions) -> bool:
    """Whether anything is looked at in a teacher beyond the work and the runs they have."""
    return any(
        (
            asked.worst_match < Grade.NONE, asked.staff_kinds, asked.categories, asked.years_from is not None,
            asked.years_to is not None, asked.due_within_months is not None, asked.language,
            asked.distance_grounds,
        )
    )  # fmt: skip
