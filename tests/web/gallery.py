"""A small app that shows every shared component on one page, under the policy of the real one."""

from collections import namedtuple
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, render_template, render_template_string, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice

from retrain.web import addresses, icons, pieces
from retrain.web.context import in_language
from retrain.web.headers import POLICY

MenuItem = namedtuple("MenuItem", "label url current")
Acting = namedtuple("Acting", "role_name organisation_name")
GALLERY = Path(__file__).with_name("gallery.html").read_text(encoding="utf-8")


def choices(words):
    return [SelectChoice(value, label) for value, label in words.items()]


class TopicForm(Form):
    topic = StringField("Topic", [validators.InputRequired()])
    hours = IntegerField("Hours", [validators.InputRequired()])


class GalleryForm(FlaskForm):
    name = StringField("Name of the course", [validators.InputRequired("Write the name of the course.")])
    pinfl = StringField("PINFL", [validators.Optional()], description="14 figures, as in the passport.")
    region = SelectField("Region", choices=choices({"": "Choose", "bu": "Bukhara", "sa": "Samarkand"}))
    form_of_study = RadioField(
        "Form of study",
        choices=choices({"full": "Full time", "part": "Distance and full time"}),
        validators=[validators.InputRequired("Choose the form of study.")],
    )
    languages = SelectMultipleField(
        "Languages",
        choices=choices({"uz": "O‘zbekcha", "ru": "Русский"}),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    begins = DateField(
        "First day", [validators.InputRequired("Give the first day, for example 5 October 2026.")]
    )
    about = TextAreaField("What it is about")
    scan = FileField("Scan of the order", description="PDF, at most 10 MB.")
    open_to_all = BooleanField("Open to every college", description="Otherwise only those with a quota.")
    topics = FieldList(FormField(TopicForm), "Topics", min_entries=2)


class Person:
    is_authenticated = True
    display_name = "Nodira G‘ulomova"


class Page:
    page, pages, total = 2, 9, 54

    def iter_pages(self, **edges):
        return iter([1, 2, 3, None, 9])


def marks(**cells):
    return {
        key: dict(zip(("tone", "label", "text", "url"), value, strict=True)) for key, value in cells.items()
    }


STEPS = [
    {"key": "published", "label": "pub", "full": "Published"},
    {"key": "places", "label": "places"},
    {"key": "order", "label": "order", "full": "Order of enrolment"},
    {"key": "timetable", "label": "time", "full": "Timetable"},
    {"key": "registers", "label": "reg", "full": "Registers"},
    {"key": "documents", "label": "doc", "full": "Documents"},
]
BOARD = [
    {
        "code": "IT-014",
        "title": "Programming in vocational education",
        "url": "#it-014",
        "detail": "5 Oct – 31 Oct",
        "cells": marks(
            published=("done", "published", "", ""),
            places=("done", "28 of 30 places taken", "28/30", "#p"),
            order=("done", "order 214 of 2 October", "", "#o"),
            timetable=("done", "published", "", "#t"),
            registers=("problem", "2 registers not signed", "2", "#r"),
            documents=("idle", "not due yet", "", ""),
        ),
    },
    {
        "code": "EL-003",
        "title": "Electrical installation",
        "url": "#el-003",
        "detail": "12 Oct – 7 Nov",
        "cells": marks(
            published=("done", "published", "", ""),
            places=("done", "30 of 30 places taken, 12 waiting", "30/30 +12", "#p"),
            order=("waiting", "waits for its number", "", "#o"),
            timetable=("problem", "6 hours not placed", "6", "#t"),
            registers=("idle", "not due yet", "", ""),
            documents=("idle", "not due yet", "", ""),
        ),
    },
    {
        "code": "AG-021",
        "title": "Agronomy: precision irrigation",
        "url": "#ag-021",
        "detail": "1 Sep – 26 Sep",
        "cells": marks(
            published=("done", "published", "", ""),
            places=("done", "25 of 25 places taken", "25/25", "#p"),
            order=("done", "order 190", "", "#o"),
            timetable=("done", "published", "", "#t"),
            registers=("done", "all signed", "", "#r"),
            documents=("issued", "25 issued", "25", "#d"),
        ),
    },
]
DAYS = [
    {
        "key": f"2026-10-{5 + n:02}",
        "label": f"{name} {5 + n}",
        "today": n == 1,
        "off": "day off" if n == 5 else "",
    }
    for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"))
]
PAIRS = [
    {"key": 1, "label": "1", "time": "08:30–09:50"},
    {"key": 2, "label": "2", "time": "10:00–11:20"},
    {"key": 3, "label": "3", "time": "11:30–12:50"},
]
SESSIONS = {
    (1, "2026-10-05"): [{"topic": "Lathe work", "lecturer": "Nodirov A.", "room": "room 4", "url": "#s1"}],
    (2, "2026-10-05"): [{"topic": "Safety", "lecturer": "Karimova D.", "room": "room 4", "url": "#s2"}],
    (1, "2026-10-06"): [
        {
            "topic": "Milling",
            "lecturer": "Nodirov A.",
            "room": "room 2",
            "url": "#s3",
            "problem": "Nodirov A. teaches EL-003 at this time.",
        }
    ],
    (2, "2026-10-07"): [
        {"topic": "Pedagogy", "lecturer": "Saidova M.", "room": "hall 1", "tone": "waiting", "note": "draft"}
    ],
}
TEACHERS = [
    {
        "id": 7,
        "name": "Aliyev Akmal Botirovich",
        "college": "Bukhara Technical College No. 2",
        "hours": 72,
        "tone": "done",
        "state": "enrolled",
        "row": "",
    },
    {
        "id": 8,
        "name": "Каримова Дилноза Шухратовна",
        "college": "Samarkand College of Construction",
        "hours": 1044,
        "tone": "waiting",
        "state": "waiting list, 3",
        "row": "waiting",
    },
    {
        "id": 9,
        "name": "Qodirov Sardor",
        "college": "Nukus Technical School of Water Management",
        "hours": 0,
        "tone": "problem",
        "state": "22 hours absent",
        "row": "problem",
    },
]

JOB = {"state": "running", "done": 120, "total": 3000, "sentence": "120 of 3,000 rows are read."}
STUBS = {
    "web.home": "/",
    "catalogue.runs": "/runs",
    "people.sign_in": "/sign-in",
    "people.sign_out": "/sign-out",
    "people.act_as": "/act-as",
    "people.account": "/account",
    "messages.inbox": "/messages",
    "certificates.verify": "/verify",
}
LANGUAGES = {"uz": "O‘zbekcha", "uz-Cyrl": "Ўзбекча", "ru": "Русский", "en": "English"}
DESTINATIONS = ("What waits", "Term board", "Courses", "Timetable", "Teachers", "Documents", "Settings")


def context():
    return {
        "current_user": Person(),
        "acting": Acting("Coordinator", "Tashkent State Technical University"),
        "menu": tuple(MenuItem(word, "/" + word, word == "Term board") for word in DESTINATIONS),
        "languages": tuple((code, name, in_language(code), code == "en") for code, name in LANGUAGES.items()),
        "signed_in": True,
        "html_lang": "en",
        "unread": 3,
    }


def show():
    form = GalleryForm(data={"begins": date(2026, 10, 5)} if request.method == "GET" else None)
    if form.is_submitted():
        form.validate()
    return render_template_string(
        GALLERY, form=form, board=BOARD, steps=STEPS, teachers=TEACHERS, page=Page(), days=DAYS, pairs=PAIRS,
        sessions=SESSIONS,
    )  # fmt: skip


def problem(kind):
    words = SimpleNamespace(
        title="Nothing is here", sentence="The address may be mistyped.", advice="Start again."
    )
    return render_template(f"errors/{kind}.html", problem=words)


def gallery_app():
    app = Flask("retrain")
    app.config.update(SECRET_KEY="only for the gallery", BOOTSTRAP_SERVE_LOCAL=True, TESTING=True)
    Babel(app)
    Bootstrap5(app)
    CSRFProtect(app)
    app.context_processor(context)
    for floor in (addresses, icons, pieces):
        floor.init_app(app)
    for endpoint, path in STUBS.items():
        app.add_url_rule(path, endpoint, lambda: "here", methods=["GET", "POST"])
    app.add_url_rule("/gallery", view_func=show, methods=["GET", "POST"])
    app.add_url_rule("/problem/<kind>", view_func=problem)
    app.add_url_rule("/number", "show_number", lambda: {"value": "30101850014567"}, methods=["POST"])
    app.add_url_rule("/job.json", "job", lambda: JOB)

    @app.after_request
    def protect(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app
