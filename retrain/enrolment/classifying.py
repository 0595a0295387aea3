"""The classifier of specialities that holds today, out of the country's settings."""

from functools import lru_cache

from retrain.enrolment.match import NO_CLASSIFIER, Classifier
from retrain.people import settings


def current() -> Classifier:
    """Which specialities are related; without a classifier only codes that are written out can tell."""
    kept = settings.get(None, "classifier")
    names = tuple((row["name"], row["code"]) for row in kept["specialities"])
    return _made(names, kept["level_digits"], kept["field_digits"]) if names else NO_CLASSIFIER


@lru_cache(maxsize=4)
def _made(names: tuple[tuple[str, str], ...], level_digits: int, field_digits: int) -> Classifier:
    """Made once for each wording: the keys of a thousand names take longer than reading them."""
    return Classifier.of(dict(names), level_digits, field_digits)
