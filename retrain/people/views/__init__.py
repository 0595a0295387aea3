"""The pages of people: accounts, roles, staff, rosters, organisations, settings."""

from flask import Blueprint, Flask

bp = Blueprint("people", __name__)

from retrain.people.views import (  # noqa: E402 - the rooms hang their routes on the blueprint above
    account,
    accounts_admin,
    activation,
    organisations,
    roles,
    rosters,
    settings,
    signing,
    slips,
    staff,
    teacher,
)

__all__ = [
    "account", "accounts_admin", "activation", "bp", "init_app", "organisations", "roles", "rosters", "settings",
    "signing", "slips", "staff", "teacher",
]  # fmt: skip


def init_app(app: Flask) -> None:
    from retrain.people import wording
    from retrain.people.contacts import shown_phone
    from retrain.people.pinfl import mask

    app.template_filter("phone")(shown_phone)
    app.template_filter("masked_pinfl")(mask)
    app.jinja_env.globals["people_words"] = wording
