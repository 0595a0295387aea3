"""What people fill in about courses and runs, and its way to plain values and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms import (
    Form as Part,
)
from wtforms.validators import InputRequired, Length, Optional

from retrain.catalogue import defaults, wording
from retrain.catalogue.plan import LONGEST_TITLE, CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.states import CourseKind, DocumentType, HourKind, StudyForm
from retrain.web.fields import Choice, Day, Moment, Whole, options, several
from retrain.web.forms import Form
from retrain.web.language import LANGUAGES, current_language

FIELD_OF = {"uz": "uz", "uz-Cyrl": "cyrl", "ru": "ru", "en": "en"}
"""The form field of each language's text."""

_NEEDED = InputRequired(_l("This is needed."))
_SHORT = Length(max=LONGEST_TITLE, message=_l("Use at most %(max)d letters."))


class Titles:
    """A text in up to four languages."""

    uz = StringField(LANGUAGES["uz"], [_SHORT])
    cyrl = StringField(LANGUAGES["uz-Cyrl"], [_SHORT])
    ru = StringField(LANGUAGES["ru"], [_SHORT])
    en = StringField(LANGUAGES["en"], [_SHORT])

    def first(self) -> Any:
        """The field that is shown, the others being folded away: the reader's, or the one that is filled."""
        fields = [self[FIELD_OF[code]] for code in (current_language(), *FIELD_OF)]  # type: ignore[index]
        return next((field for field in fields if field.data), fields[0])

    def others(self) -> list[Any]:
        """The fields of the other languages."""
        return [self[name] for name in FIELD_OF.values() if self[name] is not self.first()]  # type: ignore[index]

    def opened(self) -> bool:
        """Whether the others must be seen, because something is wrong in them."""
        return any(field.errors for field in self.others())


class TopicPart(Titles, Part):
    """One line of a thematic plan."""

    kind = Choice(_l("Kind"), [_NEEDED], choices=options(wording.HOUR_KINDS), default=HourKind.LECTURE)
    hours = Whole(_l("Hours"), [Optional()])


class ModulePart(Titles, Part):
    """A module: its title, its hours by kind, its topics."""

    lecture = Whole(wording.HOUR_KINDS[HourKind.LECTURE], [Optional()])
    practical = Whole(wording.HOUR_KINDS[HourKind.PRACTICAL], [Optional()])
    independent = Whole(wording.HOUR_KINDS[HourKind.INDEPENDENT], [Optional()])
    distance = Whole(wording.HOUR_KINDS[HourKind.DISTANCE], [Optional()])
    internship = Whole(wording.HOUR_KINDS[HourKind.INTERNSHIP], [Optional()])
    topics = FieldList(FormField(TopicPart), _l("Topics"), min_entries=1, max_entries=200)


class CourseForm(Titles, Form):
    """Everything about a course."""

    code = StringField(
        _l("Code"),
        [Length(max=24)],
        description=_l("IT gives runs IT-001, IT-002. Left empty, we propose one."),
    )
    kind = Choice(_l("Kind"), [_NEEDED], choices=options(wording.KINDS), default=CourseKind.ADVANCED_TRAINING)
    cyrillic = BooleanField(_l("Write Cyrillic from the Latin where it is empty"), default=True)
    summary_uz = TextAreaField(LANGUAGES["uz"], [Length(max=4000)])
    summary_cyrl = TextAreaField(LANGUAGES["uz-Cyrl"], [Length(max=4000)])
    summary_ru = TextAreaField(LANGUAGES["ru"], [Length(max=4000)])
    summary_en = TextAreaField(LANGUAGES["en"], [Length(max=4000)])
    languages = several(_l("Languages it is given in"), choices=options(LANGUAGES))
    form = Choice(_l("Form of study"), [_NEEDED], choices=options(wording.FORMS), default=StudyForm.IN_PERSON)
    document_type = Choice(_l("Document"), [_NEEDED], choices=options(wording.DOCUMENTS))
    audience = TextAreaField(_l("For whom"), description=_l("A speciality a line; empty is for everyone."))
    max_unexcused_hours = Whole(_l("Most hours missed without an excuse"), [Optional()])
    min_attendance_hours = Whole(_l("Fewest hours attended"), [Optional()])
    excused_counts = BooleanField(_l("Hours missed with an excuse are not counted against the teacher"))
    pass_mark = Whole(_l("Pass mark, of 100 points"), [Optional()])
    final_required = BooleanField(_l("There is a final assessment"))
    grounds = several(
        _l("Orders without which no document is issued"),
        choices=options(
            {
                "enrolment_order": _l("order of enrolment"),
                "completion_order": _l("order of completion"),
            }
        ),
    )
    unpaid_blocks_documents = BooleanField(_l("No document before the course is paid for"))
    commission_required = BooleanField(_l("A commission decides on everybody's final work"))
    unpaid_blocks_completion = BooleanField(_l("Nobody completes the course before it is paid for"))
    hours_reduced = BooleanField(
        _l("The document names the hours attended"),
        description=_l(
            "Hours missed are taken off, with a remark; otherwise it names the hours of the course."
        ),
    )
    least_lecture = Whole(wording.HOUR_KINDS[HourKind.LECTURE], [Optional()])
    least_practical = Whole(wording.HOUR_KINDS[HourKind.PRACTICAL], [Optional()])
    least_independent = Whole(wording.HOUR_KINDS[HourKind.INDEPENDENT], [Optional()])
    least_distance = Whole(wording.HOUR_KINDS[HourKind.DISTANCE], [Optional()])
    least_internship = Whole(wording.HOUR_KINDS[HourKind.INTERNSHIP], [Optional()])
    worst_match = Choice(
        _l("Speciality"), [Optional()], choices=options({"": _l("any"), **wording.GRADES}), default=""
    )
    staff_kinds = several(_l("Kind of staff"), choices=options(wording.STAFF_KINDS))
    categories = StringField(_l("Categories"), [Length(max=300)], description=_l("With commas between them."))
    years_from = Whole(_l("Fewest years of service"), [Optional()])
    years_to = Whole(_l("Most years of service"), [Optional()])
    due_within_months = Whole(
        _l("Due within months after the first day"),
        [Optional()],
        description=_l("0 is for those who are due by then."),
    )
    ask_language = BooleanField(_l("Only for those who know the language of the run"))
    distance_grounds = several(_l("The distance form only with"), choices=options(wording.GROUNDS))
    modules = FieldList(FormField(ModulePart), _l("Modules"), min_entries=1, max_entries=60)
    seen = HiddenField()


class QuickCourseForm(Form):
    """As little as a course needs; the rest is proposed and can be changed later."""

    title = StringField(_l("Title"), [_NEEDED, _SHORT])
    language = Choice(_l("Language of the course and of these texts"), [_NEEDED], choices=options(LANGUAGES))
    kind = Choice(_l("Kind"), [_NEEDED], choices=options(wording.KINDS), default=CourseKind.ADVANCED_TRAINING)
    hours = Whole(_l("Hours"), [Optional()], description=_l("Left empty, the sum of the topics."))
    topics = TextAreaField(
        _l("Thematic plan"),
        [Length(max=60_000)],
        description=_l("A topic a line: “topic; kind; hours”, or rows pasted from a table. "
                       "A line with a title alone begins a module."),
    )  # fmt: skip
    code = StringField(_l("Code"), [Length(max=24)], description=_l("Left empty, we propose one."))


class RunForm(Form):
    """When, where and for how many a course is given."""

    starts_on = Day(wording.FIELDS["starts_on"], [_NEEDED])
    ends_on = Day(wording.FIELDS["ends_on"], [_NEEDED])
    places = Whole(wording.FIELDS["places"], [_NEEDED])
    enrolment_opens = Moment(wording.FIELDS["enrolment_opens"], [_NEEDED])
    enrolment_closes = Moment(wording.FIELDS["enrolment_closes"], [_NEEDED])
    language = Choice(wording.FIELDS["language"], [_NEEDED])
    form = Choice(wording.FIELDS["form"], [_NEEDED], choices=options(wording.FORMS))
    region = Choice(wording.FIELDS["region"], [_NEEDED], choices=options(wording.REGIONS))
    place_text = StringField(wording.FIELDS["place_text"], description=_l("Address, building, room."))
    group_name = StringField(wording.FIELDS["group_name"])
    curator_id = Choice(wording.FIELDS["curator_id"], coerce=lambda value: int(value) if value else None)
    lock = HiddenField()


class CancelForm(Form):
    """Why a run is called off."""

    why = TextAreaField(
        _l("Reason"),
        [_NEEDED, Length(max=1000)],
        description=_l("Everyone enrolled will read it."),
    )


def run_form(languages: list[str], curators: list[tuple[int, str]], **more: Any) -> RunForm:
    """A form for a run of a course given in *languages*, whose curator is one of *curators*."""
    form = RunForm(**more)
    form.language.choices = options((code, LANGUAGES.get(code, code)) for code in languages)
    form.curator_id.choices = options([("", _l("nobody yet")), *curators])
    return form


def run_data(values: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """*values* of a run as the form shows them: moments on the provider's clock."""
    return {
        name: value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def run_plan(form: RunForm, zone: ZoneInfo) -> RunPlan:
    """What was typed, as plain values: moments in UTC."""
    values = {name: form[name].data for name in RunPlan.__dataclass_fields__}
    for name in ("enrolment_opens", "enrolment_closes"):
        values[name] = values[name].replace(tzinfo=zone).astimezone(UTC)
    values["form"] = StudyForm(values["form"])
    values["place_text"] = (values["place_text"] or "").strip()
    values["group_name"] = (values["group_name"] or "").strip()
    return RunPlan(**values)


def _texts(part: Any, prefix: str = "") -> dict[str, str]:
    typed = {code: (part[prefix + name].data or "").strip() for code, name in FIELD_OF.items()}
    return {code: text for code, text in typed.items() if text}


def _text_data(texts: Any, prefix: str = "") -> dict[str, str]:
    return {prefix + name: texts.get(code, "") for code, name in FIELD_OF.items()}


def course_plan(form: CourseForm) -> CoursePlan:
    """What was typed, as plain values; rows left wholly empty are passed over."""
    kind = CourseKind(form.kind.data)
    policy = {
        "min_attendance_hours": form.min_attendance_hours.data,
        "max_unexcused_hours": form.max_unexcused_hours.data,
        "excused_counts": form.excused_counts.data,
        "pass_mark": form.pass_mark.data,
        "final_required": form.final_required.data,
        "grounds": list(form.grounds.data or ()),
    }
    if form.unpaid_blocks_documents.data:
        policy["unpaid_blocks_documents"] = True
    for name in ("commission_required", "unpaid_blocks_completion", "hours_reduced"):
        if form[name].data:
            policy[name] = True
    if least := {kind.value: hours for kind in HourKind if (hours := form[f"least_{kind.value}"].data)}:
        policy["least_by_kind"] = least
    if asked := _conditions(form):
        policy["conditions"] = asked
    modules = [_module_plan(entry.form) for entry in form.modules.entries]
    plan = CoursePlan(
        kind=kind, titles=_texts(form), languages=tuple(form.languages.data or ()),
        form=StudyForm(form.form.data), document_type=DocumentType(form.document_type.data), policy=policy,
        modules=tuple(module for module in modules if module.titles or module.topics or module.hours),
        summary=_texts(form, "summary_"), audience=tuple((form.audience.data or "").splitlines()),
    )  # fmt: skip
    return plan.with_cyrillic() if form.cyrillic.data else plan


def _conditions(form: CourseForm) -> dict[str, Any]:
    """What is asked of those who come; what isn't asked is not kept."""
    categories = [word.strip() for word in (form.categories.data or "").split(",")]
    asked = {
        "worst_match": form.worst_match.data, "staff_kinds": sorted(form.staff_kinds.data or ()),
        "categories": [word for word in categories if word], "years_from": form.years_from.data,
        "years_to": form.years_to.data, "due_within_months": form.due_within_months.data,
        "language": form.ask_language.data or None, "distance_grounds": sorted(form.distance_grounds.data or ()),
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value not in (None, "", [])}


def _conditions_data(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions as the form shows them."""
    return {
        **asked, "worst_match": asked.get("worst_match", ""), "ask_language": bool(asked.get("language")),
        "categories": ", ".join(asked.get("categories", ())), "language": None,
    }  # fmt: skip


def _module_plan(part: Any) -> ModulePlan:
    topics = tuple(
        TopicPlan(titles, HourKind(entry.form.kind.data), entry.form.hours.data or 0)
        for entry in part.topics.entries
        if (titles := _texts(entry.form)) or entry.form.hours.data
    )
    hours = {kind.value: part[kind.value].data for kind in HourKind if part[kind.value].data}
    return ModulePlan(_texts(part), hours, topics)


def course_data(plan: CoursePlan) -> dict[str, Any]:
    """A course as the form shows it."""
    policy = {name: value for name, value in plan.policy.items() if name in CourseForm.__dict__}
    return {
        **_text_data(plan.titles), **_text_data(plan.summary, "summary_"), **policy,
        **_conditions_data(plan.policy.get("conditions") or {}),
        **{f"least_{kind}": hours for kind, hours in (plan.policy.get("least_by_kind") or {}).items()},
        "kind": plan.kind, "languages": list(plan.languages), "form": plan.form,
        "document_type": plan.document_type, "audience": "\n".join(plan.audience),
        "modules": [
            {**_text_data(module.titles), **module.hours,
             "topics": [{**_text_data(topic.titles), "kind": topic.kind, "hours": topic.hours}
                        for topic in module.topics]}
            for module in plan.modules
        ],
    }  # fmt: skip


def blank_course(kind: CourseKind = CourseKind.ADVANCED_TRAINING) -> dict[str, Any]:
    """What the form of a new course begins with."""
    plan = CoursePlan(
        kind=kind, titles={}, languages=(current_language(),), form=StudyForm.IN_PERSON,
        document_type=defaults.document(kind), policy=defaults.policy(kind),
    )  # fmt: skip
    return course_data(plan)


def quick_plan(form: QuickCourseForm, modules: tuple[ModulePlan, ...]) -> CoursePlan:
    """A course with everything that was not asked proposed."""
    kind, language = CourseKind(form.kind.data), form.language.data
    languages = (language, "uz-Cyrl") if language == "uz" else (language,)
    plan = CoursePlan(
        kind=kind, titles={language: form.title.data}, languages=languages, form=StudyForm.IN_PERSON,
        document_type=defaults.document(kind), policy=defaults.policy(kind), modules=modules,
    )  # fmt: skip
    return plan.with_cyrillic()


def change_rows(form: Any, asked: Any) -> bool:
    """Add or remove a row as the pressed button says, keeping what was typed; False for other buttons."""
    if name := asked.get("add"):
        rows = _rows(form, name)
        if rows is not None and (rows.max_entries is None or len(rows.entries) < rows.max_entries):
            rows.append_entry()
        return True
    if name := asked.get("remove"):
        rows = _rows(form, name.rpartition("-")[0])
        if rows is not None:
            rows.entries = [entry for entry in rows.entries if entry.name != name]
            if not rows.entries:
                rows.append_entry()
        return True
    return False


def _rows(form: Any, name: str) -> FieldList | None:
    """The rows called *name*, as deep in the form as they may be."""
    for field in form:
        if isinstance(field, FieldList):
            if field.name == name:
                return field
            for entry in field.entries:
                if isinstance(entry, FormField) and (found := _rows(entry.form, name)) is not None:
                    return found
    return None
