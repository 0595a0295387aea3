"""What people fill in about rounds."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from retrain.allocation.models import AllocationRound
from retrain.allocation.service import RoundPlan
from retrain.catalogue.forms import FIELD_OF, Titles
from retrain.web.fields import Moment, required
from retrain.web.forms import Form
from retrain.web.requests import whole


class RoundForm(Titles, Form):
    """A round's name in four languages, and when teachers may rank."""

    opens_at = Moment(_l("Ranking opens"), [required()])
    closes_at = Moment(_l("Ranking closes"), [required()], description=_l("Places are given after that."))
    lock = HiddenField(validators=[Optional(), Length(max=9)])


class CallOffForm(Form):
    """Why a round is called off."""

    why = TextAreaField(
        _l("Reason"),
        [Length(max=500)],
        description=_l("Whoever ranked runs will read it."),
        render_kw={"rows": 3},
    )


def round_data(found: AllocationRound, zone: ZoneInfo) -> dict[str, Any]:
    """A round as the form shows it, on the provider's clocks."""
    return {
        **{FIELD_OF[code]: text for code, text in found.titles.items()},
        "opens_at": _wall(found.opens_at, zone), "closes_at": _wall(found.closes_at, zone), "lock": found.lock,
    }  # fmt: skip


def round_plan(form: RoundForm, zone: ZoneInfo) -> RoundPlan:
    """What was filled in, as plain values."""
    titles = {code: form[name].data or "" for code, name in FIELD_OF.items()}
    return RoundPlan(titles, _moment(form.opens_at.data, zone), _moment(form.closes_at.data, zone))


def lock_of(form: RoundForm) -> int:
    """Which version of the round was before the person who saves."""
    return whole(form.lock.data)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
