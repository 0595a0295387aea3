"""One form for each setting, all made alike: fields out of a value, a value out of fields."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms import (
    Form as SubForm,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from retrain.language.transliteration import with_cyrillic
from retrain.people.settings import KEYS, periods
from retrain.people.wording import CHANNELS, DOCUMENT_TYPES, HEAVY, RETENTION, WEEKDAYS, WEIGHTS
from retrain.web.fields import Choice, Day, Whole, at_most, options, required
from retrain.web.forms import Form

REQUIRED = required()
KEPT = _l("Left empty, the one there is stays.")
LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")


class SettingForm(Form):
    """The day from which the value holds, beside the value itself."""

    valid_from = Day(_l("Holds from"), [REQUIRED])

    def show(self, value: Any) -> None:
        """Put *value* into the fields."""
        raise NotImplementedError

    def value(self) -> Any:
        """The value the fields make."""
        raise NotImplementedError


class PairForm(SubForm):
    starts = StringField(_l("Begins"), [Optional(), at_most(5)], render_kw={"placeholder": "08:30"})
    ends = StringField(_l("Ends"), [Optional(), at_most(5)], render_kw={"placeholder": "10:00"})


class BellsForm(SettingForm):
    bells = FieldList(FormField(PairForm), label=_l("Pairs"), min_entries=1, max_entries=20)

    def show(self, value: Any) -> None:
        _fill(self.bells, [{"starts": pair["starts"], "ends": pair["ends"]} for pair in value])

    def value(self) -> Any:
        typed = [(entry.form.starts.data or "", entry.form.ends.data or "") for entry in self.bells]
        filled = [
            (starts.strip().zfill(5), ends.strip().zfill(5)) for starts, ends in typed if starts or ends
        ]
        return [{"pair": number, "starts": one, "ends": two} for number, (one, two) in enumerate(filled, 1)]


class AcademicHourForm(SettingForm):
    academic_hour = Whole(_l("Minutes"), [REQUIRED, NumberRange(1, 600, _l("Give a number of minutes."))])

    def show(self, value: Any) -> None:
        self.academic_hour.data = value

    def value(self) -> Any:
        return self.academic_hour.data


class SecondAttemptForm(SettingForm):
    second_attempt_months = Whole(
        _l("Months"), [REQUIRED, NumberRange(1, 120, _l("Give a number of months from 1 to 120."))]
    )

    def show(self, value: Any) -> None:
        self.second_attempt_months.data = value

    def value(self) -> Any:
        return self.second_attempt_months.data


class RegistersForm(SettingForm):
    correction_days = Whole(
        _l("Days in which the lecturer corrects"),
        [InputRequired(), NumberRange(0, 60, _l("Give a number of days from 0 to 60."))],
        description=_l("Counted from the day of the class; later the coordinator does it."),
    )
    curator_marks = BooleanField(_l("The curator of a group marks its registers too"))

    def show(self, value: Any) -> None:
        self.correction_days.data, self.curator_marks.data = value["correction_days"], value["curator_marks"]

    def value(self) -> Any:
        return {
            "correction_days": self.correction_days.data,
            "curator_marks": bool(self.curator_marks.data),
        }


class AbsenceWarningsForm(SettingForm):
    advanced_training = StringField(_l("Advanced training"), [Optional(), at_most(80)])
    retraining = StringField(_l("Retraining"), [Optional(), at_most(80)])
    event = StringField(
        _l("Events"),
        [Optional(), at_most(80)],
        description=_l("Hours, with commas between them. Nobody is warned where none stand."),
    )

    def show(self, value: Any) -> None:
        for kind in ABSENCE_KINDS:
            self[kind].data = ", ".join(map(str, value.get(kind, ())))

    def value(self) -> Any:
        return {kind: _steps(self[kind].data or "") for kind in ABSENCE_KINDS}


ABSENCE_KINDS = ("advanced_training", "retraining", "event")


def _steps(typed: str) -> list[Any]:
    """The hours typed, in order; what is no number stays, to be refused."""
    words = typed.replace(",", " ").replace(";", " ").split()
    if not all(word.isdecimal() and len(word) < 6 for word in words):
        return list(words)
    return sorted(int(word) for word in words)


class MentorLinkForm(SettingForm):
    mentor_link_days = Whole(
        _l("Days"), [REQUIRED, NumberRange(1, 120, _l("Give a number of days from 1 to 120."))]
    )

    def show(self, value: Any) -> None:
        self.mentor_link_days.data = value

    def value(self) -> Any:
        return self.mentor_link_days.data


class _Terms(SettingForm):
    """How many sit in a commission and how many must come."""

    members = Whole(
        _l("Members who vote"), [REQUIRED, NumberRange(1, 50, _l("Give a number from 1 to 50."))],
        description=_l("At least so many, with the chair."),
    )  # fmt: skip
    quorum = Whole(
        _l("Quorum, in percent"), [InputRequired(), NumberRange(0, 99, _l("Give a number from 0 to 99."))],
        description=_l("More than this share of them must come."),
    )  # fmt: skip

    def show(self, value: Any) -> None:
        for name in value:
            self[name].data = value[name]

    def value(self) -> Any:
        return {name: self[name].data for name in KEYS[self.key].default}


class CommissionTermsForm(_Terms):
    key = "commission_terms"


_DAYS = [REQUIRED, NumberRange(1, 366, _l("Give a number of days from 1 to 366."))]


class AppealTermsForm(_Terms):
    key = "appeal_terms"
    file_days = Whole(_l("Days to appeal"), _DAYS)
    decide_days = Whole(_l("Days to decide"), _DAYS)
    copy_days = Whole(_l("Days to hand over a copy"), _DAYS)


class GradeForm(SubForm):
    start = Whole(_l("From points"), [Optional()])
    uz = StringField(_l("Uzbek, Latin"), [Optional(), at_most(80)])
    ru = StringField(_l("Russian"), [Optional(), at_most(80)])
    en = StringField(_l("English"), [Optional(), at_most(80)])


class GradeWordsForm(SettingForm):
    grade_words = FieldList(FormField(GradeForm), label=_l("Words"), min_entries=1, max_entries=12)

    def show(self, value: Any) -> None:
        rows = sorted(value, key=lambda row: -row["from"])
        words = [{name: row["words"].get(name, "") for name in ("uz", "ru", "en")} for row in rows]
        _fill(
            self.grade_words, [{"start": row["from"], **each} for row, each in zip(rows, words, strict=True)]
        )

    def value(self) -> Any:
        rows = [entry.form for entry in self.grade_words if entry.form.start.data is not None]
        return [
            {"from": row.start.data, "words": _in_all({name: row[name].data for name in ("uz", "ru", "en")})}
            for row in sorted(rows, key=lambda row: -row.start.data)
        ]


def _in_all(typed: Mapping[str, str | None]) -> dict[str, str]:
    """The words in each language they were typed in; Cyrillic Uzbek comes from the Latin."""
    return with_cyrillic({name: text.strip() for name, text in typed.items() if text and text.strip()})


SOURCE = _l("Where it stands")


class CycleHoursForm(SettingForm):
    cycle_hours = Whole(
        _l("Hours"), [REQUIRED, NumberRange(1, 2000, _l("Give a number of hours from 1 to 2000."))]
    )
    source = StringField(
        SOURCE,
        [Optional(), at_most(300)],
        description=_l("The regulation and its paragraph, for whoever asks."),
    )

    def show(self, value: Any) -> None:
        self.cycle_hours.data, self.source.data = value["hours"], value["source"]

    def value(self) -> Any:
        return {"hours": self.cycle_hours.data, "source": (self.source.data or "").strip()}


class ClassifierForm(SettingForm):
    source = StringField(SOURCE, [Optional(), at_most(300)])
    level_digits = Whole(
        _l("Digits for the level"), [InputRequired(), NumberRange(0, 4, _l("Give a number from 0 to 4."))],
        description=_l("The first digits of a code, which tell college from university, are left out."),
    )  # fmt: skip
    field_digits = Whole(
        _l("Digits for the field"), [REQUIRED, NumberRange(1, 6, _l("Give a number from 1 to 6."))],
        description=_l("Specialities are related when the digits that follow are the same."),
    )  # fmt: skip
    classifier = TextAreaField(
        _l("Specialities"), [Optional(), at_most(200_000)], render_kw={"rows": 16},
        description=_l("One on a line: its code, a space, its name as it is written in the list of teachers."),
    )  # fmt: skip

    def show(self, value: Any) -> None:
        self.source.data = value["source"]
        self.level_digits.data, self.field_digits.data = value["level_digits"], value["field_digits"]
        self.classifier.data = "\n".join(f"{row['code']} {row['name']}" for row in value["specialities"])

    def value(self) -> Any:
        lines = (line.split(maxsplit=1) for line in (self.classifier.data or "").splitlines())
        return {
            "source": (self.source.data or "").strip(),
            "level_digits": self.level_digits.data,
            "field_digits": self.field_digits.data,
            "specialities": [
                {"code": line[0], "name": line[1].strip() if len(line) > 1 else ""} for line in lines if line
            ],
        }


class WorkingDaysForm(SettingForm):
    working_days = SelectMultipleField(
        _l("Days"), coerce=int, choices=options(WEEKDAYS), widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip

    def show(self, value: Any) -> None:
        self.working_days.data = value

    def value(self) -> Any:
        return sorted(self.working_days.data)


class DayForm(SubForm):
    on = Day(_l("Day"), [Optional()])
    working = Choice(_l("What it is"), choices=options([("off", _l("day off")), ("working", _l("worked"))]))
    name = StringField(_l("Title"), [Optional(), at_most(200)])


class HolidaysForm(SettingForm):
    holidays = FieldList(FormField(DayForm), label=_l("Days"), min_entries=1, max_entries=100)

    def show(self, value: Any) -> None:
        from datetime import date

        _fill(
            self.holidays,
            [
                {
                    "on": date.fromisoformat(day["on"]),
                    "working": "working" if day["working"] else "off",
                    "name": day.get("name", ""),
                }
                for day in value
            ],
        )

    def value(self) -> Any:
        days = [entry.form for entry in self.holidays if entry.form.on.data]
        return [
            {
                "on": day.on.data.isoformat(),
                "working": day.working.data == "working",
                "name": day.name.data or "",
            }
            for day in sorted(days, key=lambda day: day.on.data)
        ]


class SignatoryForm(SubForm):
    post = StringField(_l("Post"), [Optional(), at_most(200)])
    name = StringField(_l("Name as printed"), [Optional(), at_most(200)])


class SignatoriesForm(SettingForm):
    signatories = FieldList(FormField(SignatoryForm), label=_l("Signatories"), min_entries=1, max_entries=20)

    def show(self, value: Any) -> None:
        _fill(self.signatories, value)

    def value(self) -> Any:
        rows = [(entry.form.post.data or "", entry.form.name.data or "") for entry in self.signatories]
        return [{"post": post.strip(), "name": name.strip()} for post, name in rows if name.strip()]


def _per(names: Mapping[str, Any], make: Any) -> dict[str, Any]:
    return {f"of_{name}": make(label) for name, label in names.items()}


class _LegalTexts(SettingForm):
    def show(self, value: Any) -> None:
        for name in DOCUMENT_TYPES:
            for lang in LANGUAGES:
                self[_legal(name, lang)].data = (value.get(name) or {}).get(lang, "")

    def value(self) -> Any:
        found: dict[str, dict[str, str]] = {}
        for name in DOCUMENT_TYPES:
            texts = {lang: (self[_legal(name, lang)].data or "").strip() for lang in LANGUAGES}
            found[name] = {lang: text for lang, text in texts.items() if text}
        return found


def _legal(name: str, lang: str) -> str:
    return f"of_{name}_{lang.replace('-', '_')}"


LegalTextsForm = type(
    "LegalTextsForm",
    (_LegalTexts,),
    {
        _legal(name, lang): TextAreaField(
            _l("%(document)s, %(language)s", document=label, language=language),
            [Optional(), at_most(2000)],
        )
        for name, label in DOCUMENT_TYPES.items()
        for lang, language in zip(
            LANGUAGES, (_l("Uzbek, Latin"), _l("Uzbek, Cyrillic"), _l("Russian"), _l("English")), strict=True
        )
    },
)


class _Series(SettingForm):
    def show(self, value: Any) -> None:
        for name in DOCUMENT_TYPES:
            self[f"of_{name}"].data = value.get(name, "")

    def value(self) -> Any:
        return {name: (self[f"of_{name}"].data or "").strip().upper() for name in DOCUMENT_TYPES}


DocumentSeriesForm = type(
    "DocumentSeriesForm",
    (_Series,),
    _per(DOCUMENT_TYPES, lambda label: StringField(label, [REQUIRED, at_most(5)])),
)


class _Retention(SettingForm):
    def show(self, value: Any) -> None:
        known = periods(value)
        for name in RETENTION:
            self[f"of_{name}"].data = known[name]

    def value(self) -> Any:
        return {name: self[f"of_{name}"].data for name in RETENTION}


RetentionForm = type("RetentionForm", (_Retention,), _per(RETENTION, lambda label: Whole(label, [REQUIRED])))


class ChannelsForm(SettingForm):
    email_on = BooleanField(CHANNELS["email"])
    sms_on = BooleanField(CHANNELS["sms"])
    sms_url = StringField(_l("Address of the SMS gateway"), [Optional(), at_most(500)])
    sms_sender = StringField(_l("Sender the SMS gateway shows"), [Optional(), at_most(40)])
    sms_token = PasswordField(_l("Key to the SMS gateway"), [Optional(), at_most(500)], description=KEPT)
    telegram_on = BooleanField(CHANNELS["telegram"])
    telegram_token = PasswordField(
        _l("Key of the Telegram bot"), [Optional(), at_most(500)], description=KEPT
    )
    telegram_url = StringField(
        _l("Address of the Telegram service, when not its own"), [Optional(), at_most(500)]
    )

    def show(self, value: Any) -> None:
        for name in CHANNELS:
            channel = value.get(name) or {}
            self[f"{name}_on"].data = bool(channel.get("on"))
            for part in ("url", "sender"):
                if f"{name}_{part}" in self:
                    self[f"{name}_{part}"].data = channel.get(part, "")

    def value(self) -> Any:
        return {name: self._channel(name) for name in CHANNELS}

    def _channel(self, name: str) -> dict[str, Any]:
        found = {"on": bool(self[f"{name}_on"].data)}
        typed = {
            part: self[f"{name}_{part}"] for part in ("url", "sender", "token") if f"{name}_{part}" in self
        }
        return found | {part: (field.data or "").strip() for part, field in typed.items()}


def _fill(entries: FieldList, rows: list[Any]) -> None:
    while entries.entries:
        entries.pop_entry()
    for row in rows or [{}]:
        entries.append_entry(row)


class WeightsForm(SettingForm):
    def show(self, value: Any) -> None:
        for name in WEIGHTS:
            self[name].data = value.get(name, 0)

    def value(self) -> Any:
        return {name: self[name].data for name in WEIGHTS}


for _name, _words in WEIGHTS.items():
    setattr(WeightsForm, _name, Choice(_words, coerce=int, choices=options(HEAVY)))


FORMS: dict[str, type[SettingForm]] = {
    "bells": BellsForm,
    "academic_hour": AcademicHourForm,
    "second_attempt_months": SecondAttemptForm,
    "registers": RegistersForm,
    "commission_terms": CommissionTermsForm,
    "appeal_terms": AppealTermsForm,
    "grade_words": GradeWordsForm,
    "working_days": WorkingDaysForm,
    "absence_warnings": AbsenceWarningsForm,
    "mentor_link_days": MentorLinkForm,
    "holidays": HolidaysForm,
    "signatories": SignatoriesForm,
    "legal_texts": LegalTextsForm,
    "document_series": DocumentSeriesForm,
    "cycle_hours": CycleHoursForm,
    "classifier": ClassifierForm,
    "channels": ChannelsForm,
    "retention": RetentionForm,
    "timetable_weights": WeightsForm,
}
