"""Forms of the register book: notes, a national register, documents from before."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from retrain.certificates.book.registry import MOST_COLUMNS
from retrain.certificates.book.wording import REGISTRY_FIELDS
from retrain.certificates.wording import DOCUMENTS
from retrain.web.fields import Asked, at_most, options
from retrain.web.forms import Form


class NoteForm(Form):
    """What is added under a line of the book."""

    text = TextAreaField(
        _l("Note"), [Asked(), at_most(500)],
        description=_l("For example: recorded as taken by proxy by mistake; the holder came. Nothing is erased."),
    )  # fmt: skip


class AnswerForm(Form):
    """The file a register sent back."""

    file = FileField(
        _l("Answer of the register"), [FileRequired(_l("Choose a file."))],
        description=_l("XLSX or CSV, up to 10 MB."),
    )  # fmt: skip


class OldForm(Form):
    """A list of documents from before."""

    kind = SelectField(_l("For which document"), [InputRequired()], choices=options(DOCUMENTS))
    file = FileField(
        _l("List"), [FileRequired(_l("Choose a file."))], description=_l("XLSX or CSV, up to 10 MB.")
    )


class OldConfirmForm(Form):
    """Enters what was looked at."""


def profile_form(kept: Mapping[str, Any]) -> Form:
    """The columns of a register's file in their order, and how its answer is read."""

    class ProfileForm(Form):
        format = RadioField(
            _l("Format"), choices=options([("xlsx", "XLSX"), ("csv", "CSV")]), default=kept["format"]
        )
        days = RadioField(
            _l("Days"),
            choices=options([("dotted", "31.12.2026"), ("iso", "2026-12-31")]),
            default=kept["days"],
        )
        answer_state = StringField(
            _l("Column of the answer"), [Asked(), at_most(100)], default=kept["answer"]["state"]
        )
        answer_message = StringField(
            _l("Column of its explanation"), [at_most(100)], default=kept["answer"]["message"]
        )
        answer_accepted = StringField(
            _l("Words that mean accepted"), [Asked(), at_most(200)], default=kept["answer"]["accepted"],
            description=_l("With commas between them; every other word is an error."),
        )  # fmt: skip

    columns = [*kept["columns"], *[["", ""]] * MOST_COLUMNS][:MOST_COLUMNS]
    for at, (name, title) in enumerate(columns, 1):
        choices = options([("", _l("none")), *REGISTRY_FIELDS.items()])
        setattr(
            ProfileForm, f"field_{at}", SelectField(_l("Column %(n)s", n=at), choices=choices, default=name)
        )
        setattr(ProfileForm, f"title_{at}", StringField(_l("Its title"), [at_most(100)], default=title))
    return ProfileForm()


def profile_of(form: Form) -> dict[str, Any]:
    """The profile a form holds; a column without a title is called as it is called here."""
    chosen = [(form[f"field_{at}"].data, form[f"title_{at}"].data) for at in range(1, MOST_COLUMNS + 1)]
    columns = [[name, (title or "").strip() or str(REGISTRY_FIELDS[name])] for name, title in chosen if name]
    return {
        "format": form["format"].data, "days": form["days"].data, "columns": columns,
        "answer": {
            part: (form[f"answer_{part}"].data or "").strip() for part in ("state", "message", "accepted")
        },
    }  # fmt: skip
