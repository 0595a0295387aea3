"""People for the tests of the ground floor, which lies below the package that makes them."""

from datetime import UTC, datetime
from typing import Any

from retrain.extensions import db
from retrain.people.models import Person


def new_person(**values: Any) -> Person:
    """A person in the database."""
    plain: dict[str, Any] = {
        "family": "Aliyev", "given": "Bek", "patronymic": "", "sort_key": "aliyev bek", "search_key": "aliyev bek",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    person = Person(**(plain | values))
    db.session.add(person)
    db.session.commit()
    return person
