"""Days written out as documents write them; the system's locale is never asked."""

from datetime import date

LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")

_MONTHS = {
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "uz-Cyrl": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
_WHOLE = {
    "uz": "{year}-yil {day}-{month}",
    "uz-Cyrl": "{year} йил {day} {month}",
    "ru": "{day} {month} {year} г.",
    "en": "{day} {month} {year}",
}


def written(day: date, lang: str) -> str:
    """*day* in words: 2026-yil 5-yanvar, 2026 йил 5 январь, 5 января 2026 г., 5 January 2026."""
    month = _MONTHS[lang].split()[day.month - 1]
    return _WHOLE[lang].format(day=day.day, month=month, year=day.year).replace(" ", "\u00a0")


def period(first: date, last: date, lang: str) -> str:
    """From *first* to *last*, both written out; the line may break only at the dash."""
    return f"{written(first, lang)} — {written(last, lang)}"
