"""Dates, times, numbers and hours as each language writes them, whatever the system's locale is.

Months of Cyrillic Uzbek are our own: Babel's leave out the soft sign that documents print (февраль).
"""

from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.numbers import format_decimal

UZBEK, UZBEK_CYRILLIC, RUSSIAN, ENGLISH = "uz", "uz-Cyrl", "ru", "en"
LANGUAGES = (UZBEK, UZBEK_CYRILLIC, RUSSIAN, ENGLISH)

_BABEL_LOCALE = {UZBEK: "uz", UZBEK_CYRILLIC: "uz_Cyrl", RUSSIAN: "ru", ENGLISH: "en_GB"}

_MONTHS = {
    UZBEK: "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    UZBEK_CYRILLIC: "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    RUSSIAN: "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    ENGLISH: "January February March April May June July August September October November December",
}
_RUSSIAN_MONTHS_OF = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
_WEEKDAYS = {
    UZBEK: "dushanba seshanba chorshanba payshanba juma shanba yakshanba",
    UZBEK_CYRILLIC: "душанба сешанба чоршанба пайшанба жума шанба якшанба",
    RUSSIAN: "понедельник вторник среда четверг пятница суббота воскресенье",
    ENGLISH: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_SHORT_WEEKDAYS = {
    UZBEK: "Du Se Ch Pa Ju Sh Ya",
    UZBEK_CYRILLIC: "Ду Се Чо Па Жу Ша Як",
    RUSSIAN: "Пн Вт Ср Чт Пт Сб Вс",
    ENGLISH: "Mon Tue Wed Thu Fri Sat Sun",
}
_HOURS = {
    UZBEK: ("soat", "akademik soat"),
    UZBEK_CYRILLIC: ("соат", "академик соат"),
}
_RUSSIAN_HOURS = {
    False: ("час", "часа", "часов"),
    True: ("академический час", "академических часа", "академических часов"),
}
_ENGLISH_HOURS = {False: ("hour", "hours"), True: ("academic hour", "academic hours")}

Number = int | float | Decimal | Fraction


def language(code: str | None) -> str:
    """One of our four languages for a code in any dress: uz_Cyrl, UZ-cyrl-UZ, ru_RU, en-GB; else Uzbek."""
    parts = (code or "").replace("_", "-").lower().split("-")
    if parts[0] == "uz" and "cyrl" in parts[1:]:
        return UZBEK_CYRILLIC
    return parts[0] if parts[0] in LANGUAGES else UZBEK


def month_name(month: int, lang: str) -> str:
    """The month alone, as a heading of a calendar writes it: fevral, февраль, February."""
    return _MONTHS[language(lang)].split()[month - 1]


def weekday_name(day: date | int, lang: str, *, short: bool = False) -> str:
    """The name of the weekday of *day*, or of its number (Monday is 0)."""
    number_in_week = day if isinstance(day, int) else day.weekday()
    names = _SHORT_WEEKDAYS if short else _WEEKDAYS
    return names[language(lang)].split()[number_in_week]


def long_date(day: date, lang: str) -> str:
    """2026-yil 2-fevral, 2026 йил 2 февраль, 2 февраля 2026 г., 2 February 2026."""
    lang = language(lang)
    return _with_year(day.year, day_and_month(day, lang), lang)


def one_stop(text: str) -> str:
    """A Russian sentence that ends in a date has the stop of “г.” for its own."""
    return text.replace("г..", "г.")


def day_and_month(day: date, lang: str) -> str:
    """2-fevral, 2 февраль, 2 февраля, 2 February."""
    lang = language(lang)
    joint = "-" if lang == UZBEK else " "
    return f"{day.day}{joint}{_month_of(day.month, lang)}"


def month_and_year(day: date, lang: str) -> str:
    """2026-yil fevral, 2026 йил февраль, февраль 2026 г., February 2026."""
    lang = language(lang)
    return _with_year(day.year, month_name(day.month, lang), lang)


def short_date(day: date, lang: str) -> str:
    """02.02.2026; in English 2 Feb 2026, since figures alone mean different days to different readers."""
    if language(lang) == ENGLISH:
        return f"{day.day} {month_name(day.month, ENGLISH)[:3]} {day.year}"
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def date_range(first: date, last: date, lang: str) -> str:
    """Both days, nothing said twice: 2026-yil 2–13-fevral, 2–13 февраля 2026 г., 28 June – 3 July 2026."""
    lang = language(lang)
    if first == last:
        return long_date(first, lang)
    if first.year != last.year:
        return f"{long_date(first, lang)} – {long_date(last, lang)}"
    if first.month == last.month:
        days = f"{first.day}–{day_and_month(last, lang)}"
    else:
        days = f"{day_and_month(first, lang)} – {day_and_month(last, lang)}"
    return _with_year(first.year, days, lang)


def clock_time(moment: time | datetime, lang: str = UZBEK) -> str:
    """09:05; every one of our languages writes 24 hours."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def time_range(start: time | datetime, end: time | datetime, lang: str = UZBEK) -> str:
    """09:00–10:20."""
    return f"{clock_time(start, lang)}–{clock_time(end, lang)}"


def date_time(moment: datetime, lang: str, zone: tzinfo) -> str:
    """The short date and time of an aware *moment* on the clocks of *zone*."""
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    return f"{short_date(local.date(), lang)} {clock_time(local, lang)}"


def number(value: Number, lang: str, decimals: int = 2) -> str:
    """The number with at most *decimals* figures after the sign: 12 345,5 or 12,345.5."""
    shape = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(rounded(value, decimals), format=shape, locale=_BABEL_LOCALE[language(lang)])


def hours(value: Number, lang: str, *, academic: bool = False) -> str:
    """The hours in words: 2 soat, 2 соат, 2 часа, 2 hours; with *academic*, 2 akademik soat."""
    lang = language(lang)
    return f"{number(value, lang)} {_hour_word(rounded(value, 2), lang, academic)}"


def rounded(value: Number, decimals: int = 2) -> Decimal:
    """*value* in decimals, a half going up: what is shown is what a person would reckon."""
    parts = (value.numerator, value.denominator) if isinstance(value, Fraction) else (str(value), 1)
    exact = Decimal(parts[0]) / Decimal(parts[1])
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _month_of(month: int, lang: str) -> str:
    return _RUSSIAN_MONTHS_OF.split()[month - 1] if lang == RUSSIAN else month_name(month, lang)


def _with_year(year: int, days: str, lang: str) -> str:
    match lang:
        case "uz":
            return f"{year}-yil {days}"
        case "uz-Cyrl":
            return f"{year} йил {days}"
        case "ru":
            return f"{days} {year} г."
        case _:
            return f"{days} {year}"


def _hour_word(value: Decimal, lang: str, academic: bool) -> str:
    if lang in _HOURS:
        return _HOURS[lang][academic]
    if lang == ENGLISH:
        return _ENGLISH_HOURS[academic][0 if value == 1 else 1]
    one, few, many = _RUSSIAN_HOURS[academic]
    whole = abs(int(value))
    if value != int(value):
        return "академического часа" if academic else few
    if whole % 10 == 1 and whole % 100 != 11:
        return one
    return few if whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14) else many
