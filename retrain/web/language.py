"""Which language the reader gets, and moments and dates in it."""

from contextlib import AbstractContextManager
from datetime import date, datetime, tzinfo
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale, support
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request, session
from flask.globals import app_ctx
from flask_babel import Domain, force_locale, get_locale
from flask_login import current_user

from retrain import clock
from retrain.extensions import babel

LANGUAGES = {"uz": "O‘zbekcha", "uz-Cyrl": "Ўзбекча", "ru": "Русский", "en": "English"}
"""The codes of our addresses and pages, each language named in itself."""

_TWO_STOPS = "г..".encode()

READERS_CLOCKS = "retrain.readers-clocks"
"""Under this name whoever knows the reader keeps a function for their time zone, for no floor below does."""


class Catalogues(Domain):  # type: ignore[misc]
    """The translations, found in few steps: a page asks for some sixty strings."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[tuple[str, str | None], support.NullTranslations] = {}

    def get_translations(self) -> support.NullTranslations:
        """Those of the language being written now."""
        locale = _locale()
        if locale is None:
            return super().get_translations()
        key = (locale.language, locale.script)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = super().get_translations()
        return found


def _locale() -> Locale | None:
    """What ``get_locale`` gives. Once decided it is read in one step, where that asks for its context four times."""
    if not has_app_context():
        return None
    decided = getattr(app_ctx.g.get("_flask_babel"), "babel_locale", None)
    return decided or get_locale()


def init_app(app: Flask) -> None:
    catalogues = Catalogues()
    babel.domain_instance = catalogues
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogues.get_translations().ugettext(text),
        ngettext=lambda one, many, number: catalogues.get_translations().ungettext(one, many, number),
        pgettext=lambda context, text: catalogues.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, number: catalogues.get_translations().unpgettext(
            context, one, many, number
        ),
        newstyle=True,
    )
    app.before_request(_remember)
    app.after_request(_with_one_stop)
    app.template_filter("date")(shown_date)
    app.template_filter("weekday")(shown_weekday)
    app.template_global("dates")(shown_dates)
    app.template_filter("moment")(shown_moment)
    app.template_filter("clock_time")(clock_time)
    app.template_filter("number")(shown_number)


def _remember() -> None:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = asked
        session.permanent = True


def _with_one_stop(response: Response) -> Response:
    """Sentences are translated with their stop and dates come with their own, so both meet only on the page."""
    if g.get("language") == "ru" and response.mimetype == "text/html" and not response.is_streamed:
        page = response.get_data()
        if _TWO_STOPS in page:
            response.set_data(page.replace(_TWO_STOPS, _TWO_STOPS[:-1]))
    return response


def chosen() -> str:
    """The language asked for in the address, chosen before, set by the person, or understood by the browser."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if current_user and current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    return request.accept_languages.best_match(["uz", "ru", "en"], default="uz") or "uz"


def babel_locale() -> str:
    """The catalogue's name of the reader's language, decided once a request."""
    if not has_request_context():
        return "uz"
    if "language" not in g:
        g.language = chosen()
    return str(g.language).replace("-", "_")


def language_asked() -> str:
    """The language a document is wanted in: the address says it, else it is the reader's."""
    asked = request.args.get("in", current_language())
    return asked if asked in LANGUAGES else "uz"


def written_in(language: str) -> AbstractContextManager[None]:
    """Inside it, texts are in *language*, whatever the reader's."""
    inside: AbstractContextManager[None] = force_locale(language.replace("-", "_"))
    return inside


def current_language() -> str:
    """The code of the language being written now (also inside ``written_in``)."""
    locale = _locale()
    if locale is None:
        return "uz"
    return f"{locale.language}-{locale.script}" if locale.script else str(locale.language)


def shown_date(value: date | None) -> str:
    """A date as people write it in the reader's language; empty for none."""
    from retrain.language.dates import long_date

    return long_date(value, current_language()) if value else ""


def shown_weekday(day: date) -> str:
    """The name of a day of the week in the reader's language, as it begins a heading."""
    from retrain.language.dates import weekday_name

    name = weekday_name(day, current_language())
    return name[0].upper() + name[1:]


def shown_dates(first: date, last: date) -> str:
    """Two days as people write them in the reader's language, nothing said twice."""
    from retrain.language.dates import date_range

    return date_range(first, last, current_language())


def shown_number(value: float | Fraction) -> str:
    """A number with at most one figure after the sign, as people write it in the reader's language."""
    from retrain.language.dates import number

    return number(value, current_language(), 1)


def readers_zone() -> tzinfo:
    """The time zone the reader lives by; the country's for one who works nowhere, and for work in the background."""
    if not has_request_context():
        return clock.COUNTRY
    if "zone" not in g:
        g.zone = current_app.extensions.get(READERS_CLOCKS, lambda: clock.COUNTRY)()
    zone: tzinfo = g.zone
    return zone


def readers_today() -> date:
    """The calendar day it is where the reader is."""
    return clock.today(readers_zone())


def shown_moment(value: datetime | None, zone: tzinfo | None = None) -> str:
    """A moment as date and time on the clocks of *zone*, of the zone it names itself, or else of the reader."""
    if value is None:
        return ""
    local = _local(value, zone)
    return f"{shown_date(local.date())}, {local:%H:%M}"


def clock_time(value: datetime | None, zone: tzinfo | None = None) -> str:
    """The time of day of a moment on the same clocks."""
    return f"{_local(value, zone):%H:%M}" if value else ""


def _local(value: datetime, zone: tzinfo | None) -> datetime:
    own = value.tzinfo if isinstance(value.tzinfo, ZoneInfo) else None
    return value.astimezone(zone or own or readers_zone())
