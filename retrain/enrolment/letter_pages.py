"""The coordinator or curator writes to people around a run, after seeing who would get it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from retrain.enrolment import letters
from retrain.enrolment.door import bp, managed, shared
from retrain.enrolment.forms import LetterForm
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.web import work
from retrain.web.forms import submit


@bp.route("/manage/runs/<code>/letter", methods=["GET", "POST"])
@allow("enrolment.write")
def letter(code: str) -> Any:
    """Write, look at who gets it, send."""
    run, actor = managed(code, "enrolment.write"), current_actor()
    audiences = {each.key: each for each in work.gather("audiences", run, actor)}
    form = LetterForm(token=letters.new_token(), audience=request.args.get("to"))
    form.audience.choices = [(each.key, each.label) for each in audiences.values()]
    readers: list[int] = []
    if form.validate_on_submit():
        readers = list(dict.fromkeys(audiences[form.audience.data].person_ids()))
        sends = request.form.get("step") == "send"
        if sends and (sent := submit(form, lambda: _sent(code, form, readers))):
            flash(_told(sent), "done")
            return redirect(url_for(".run_people", code=code), 303)
    names = people.display_names(readers)
    return render_template(
        "enrolment/letter.html",
        form=form,
        checked=bool(readers) and not form.problems,
        nobody=form.is_submitted() and not form.errors and not readers,
        readers=[names[number] for number in readers],
        **shared(run),
    )


def _told(number: int) -> str:
    return ngettext("The message goes to %(num)s person.", "The message goes to %(num)s people.", number)


def _sent(code: str, form: LetterForm, readers: list[int]) -> int:
    return letters.write(
        current_actor(), code, readers, form.subject.data, form.text.data, form.token.data or ""
    )
