"""The database floor: types, the one transaction a use case runs in, and how the two databases differ."""

from retrain.database.types import NUMBERED_ONCE, Base, UtcDateTime, words

__all__ = ["NUMBERED_ONCE", "Base", "UtcDateTime", "words"]
