"""Settings of a provider for tests, as they are from long ago."""

from datetime import date
from typing import Any

from retrain import clock
from retrain.extensions import db
from retrain.people.models import Organisation, Setting


def set_for(provider: Organisation, key: str, value: Any) -> None:
    """From long ago *key* is *value* for the provider."""
    row = Setting(
        organisation_id=provider.id, key=key, valid_from=date(2020, 1, 1), value=value, created_at=clock.now()
    )
    db.session.add(row)
    db.session.commit()
