"""Runs made ready for a page: every word in the reader's language, nothing left to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from flask import current_app, get_template_attribute, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from retrain.catalogue import queries, rules, wording
from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import ON_OFFER, RunState
from retrain.language import pick
from retrain.language.dates import date_range, month_and_year
from retrain.people import queries as people
from retrain.web.language import LANGUAGES, current_language, shown_moment

PLANS = "retrain.plans"
KEPT_PLANS = 2000


@dataclass(frozen=True)
class RunCard:
    """A run in a list."""

    code: str
    url: str
    title: str
    title_language: str
    provider: str
    region: str
    dates: str
    hours: int
    language: str
    form: str
    kind: str
    tone: str
    places: str
    free: int


def cards(runs: Sequence[Run], names: Mapping[int, Mapping[str, str]], now: datetime) -> list[RunCard]:
    """The *runs* as a list shows them; *names* are those of their providers."""
    words = _words(current_language())
    people.zones_of({run.provider_id for run in runs if now < run.enrolment_opens})
    return [_card(run, names, now, words) for run in runs]


def cards_of(runs: Sequence[Run], now: datetime) -> list[RunCard]:
    """The same, with the providers' names looked up in one query."""
    return cards(runs, people.organisation_names({run.provider_id for run in runs}), now)


class _Words:
    """The reader's language and the words of a list in it, translated once and not for every row."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.forms = {form: str(word) for form, word in wording.FORMS.items()}
        self.kinds = {kind: str(word) for kind, word in wording.KINDS.items()}
        self.regions = {code: str(word) for code, word in wording.REGIONS.items()}


@cache
def _words(language: str) -> _Words:
    """Words do not change while the program runs; *language* is the reader's, in which they come out."""
    return _Words(language)


def _card(run: Run, names: Mapping[int, Mapping[str, str]], now: datetime, words: _Words) -> RunCard:
    language, titles = words.language, run.version.titles
    tone, places = enrolment(run, now)
    title = pick(titles, language)
    return RunCard(
        code=run.code, url=url_for("catalogue.run", code=run.code),
        title=title, title_language=next((code for code in titles if titles[code] == title), language),
        provider=pick(names.get(run.provider_id), language), region=words.regions.get(run.region, run.region),
        dates=date_range(run.starts_on, run.ends_on, language), hours=run.hours,
        language=LANGUAGES.get(run.language, run.language), form=words.forms[run.form],
        kind=words.kinds[run.kind], tone=tone, places=places, free=run.free,
    )  # fmt: skip


def enrolment(run: Run, now: datetime) -> tuple[str, str]:
    """Whether one may enrol now, as a tone and in words."""
    if run.state not in ON_OFFER:
        return wording.TONES[run.state], str(wording.RUN_STATES[run.state])
    if now < run.enrolment_opens:
        return "waiting", _(
            "enrolment opens on %(moment)s",
            moment=shown_moment(run.enrolment_opens, people.zone_of(run.provider_id)),
        )
    if not rules.is_open(run.enrolment_opens, run.enrolment_closes, run.state, now):
        return "idle", _("enrolment is closed")
    return ("done" if run.free > 0 else "waiting"), wording.places(run.free, run.places)


def thematic_plan(version: CourseVersion) -> Markup:
    """A published version's modules and topics as they stand on a page. They never change, so it is kept."""
    kept: dict[tuple[object, ...], Markup] = current_app.extensions.setdefault(PLANS, {})
    key = (version.id, version.version_lock, version.published_at, current_language())
    if version.published_at is None or key not in kept:
        macro = get_template_attribute("catalogue/_plan.html", "thematic_plan")
        plan = Markup(macro(queries.with_modules(version.id), wording))  # noqa: S704 (what the macro escaped)
        if version.published_at is None:
            return plan
        if len(kept) >= KEPT_PLANS:
            kept.clear()
        kept[key] = plan
    return kept[key]


def region(code: str) -> str:
    """The name of a region."""
    return str(wording.REGIONS.get(code, code))


def months(today: date, count: int = 12) -> list[tuple[str, str]]:
    """This month and the following ones: as the address has them and as people read them."""
    found = []
    for ahead in range(count):
        years, month = divmod(today.month - 1 + ahead, 12)
        first = date(today.year + years, month + 1, 1)
        found.append((f"{first:%Y-%m}", month_and_year(first, current_language())))
    return found


def term(code: str) -> str:
    """A term in words: autumn 2026."""
    year, _sep, half = code.partition("-")
    if half == "autumn":
        return _("Autumn %(year)s", year=year)
    return _("Spring %(year)s", year=year) if half == "spring" else code


def badge(run: Run) -> tuple[str, str]:
    """The run's state as a tone and a word."""
    return wording.TONES[RunState(run.state)], str(wording.RUN_STATES[RunState(run.state)])
