"""One's own account: password, language, contacts, second step, browsers, personal data."""

import io
import json
import zipfile
from typing import Any

import segno
from flask import Response, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from retrain.messages import Channel, post
from retrain.people import accounts, privacy, queries, second_step, service, shown_names, telegram
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.account import (
    ChangePasswordForm,
    EmailForm,
    ErasureForm,
    LanguageForm,
    NumberForm,
    PhoneForm,
)
from retrain.people.privacy_keeping import what_is_kept
from retrain.people.privacy_wording import kept_words
from retrain.people.views import bp
from retrain.web.downloads import made_file
from retrain.web.fields import options
from retrain.web.forms import Form, submit
from retrain.web.language import LANGUAGES


@bp.get("/account")
@allow("account")
def account() -> Any:
    """Everything about one's own account, with a way to change each thing."""
    person = queries.person(current_user.id)
    return render_template(
        "people/account.html",
        person=person,
        name=shown_names.of_person(person),
        teacher=queries.teacher_of(person.id),
        sessions=accounts.sessions_of(person.id),
        request_open=privacy.open_request(person.id),
        has_telegram=post.is_working(Channel.TELEGRAM),
    )


def _form(form: Any, title: str, action: str, intro: str = "", label: str = "") -> Any:
    """A page of one form that goes back to the account."""
    page = render_template(
        "people/form.html",
        form=form,
        title=title,
        intro=intro,
        label=label or action,
        back=url_for("people.account"),
    )
    return page, 422 if form.is_submitted() else 200


def _done(sentence: str) -> Any:
    flash(sentence, "done")
    return redirect(url_for("people.account"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@allow("account")
def change_password() -> Any:
    """A new password for oneself."""
    form = ChangePasswordForm()

    def change() -> bool:
        service.change_password(
            current_actor(), current_user.session_id, form.old.data or "", form.password.data or ""
        )
        return True

    if submit(form, change):
        return _done(_("Your new password holds. Your other browsers are signed out."))
    return _form(form, _("Change your password"), _("Change the password"))


@bp.route("/account/language", methods=["GET", "POST"])
@allow("account")
def change_language() -> Any:
    """The language of pages and messages."""
    form = LanguageForm(language=current_user.language)
    form.language.choices = options(list(LANGUAGES.items()))

    def change() -> bool:
        service.change_language(current_actor(), form.language.data)
        return True

    if submit(form, change):
        session["language"] = form.language.data
        return _done(_("Pages and messages now come in this language."))
    return _form(form, _("Language of pages and messages"), _("Save"))


def _without_number(form: Any) -> Any:
    """The form without the number from the app, for whoever has no second step."""
    if not current_user.has_second_step:
        del form.number
    return form


def _number(form: Any) -> str:
    return (form.number.data or "") if "number" in form else ""


@bp.route("/account/email", methods=["GET", "POST"])
@allow("account")
def change_email() -> Any:
    """Ask for another address to sign in with."""
    form = _without_number(EmailForm())

    def change() -> bool:
        service.ask_to_change_email(
            current_actor(), form.email.data or "", form.old.data or "", _number(form)
        )
        return True

    if submit(form, change):
        return _done(
            _("A link was sent to the new address. Follow it to confirm; until then the old one holds.")
        )
    return _form(form, _("Change your e-mail"), _("Send the link"))


@bp.route("/account/phone", methods=["GET", "POST"])
@allow("account")
def change_phone() -> Any:
    """The telephone to sign in with and to be reached at."""
    form = _without_number(PhoneForm(phone=queries.person(current_user.id).phone or ""))
    holds = submit(
        form,
        lambda: service.change_phone(
            current_actor(),
            current_user.session_id,
            form.phone.data or "",
            form.old.data or "",
            _number(form),
        ),
    )
    if holds:
        return _done(_("Your telephone is saved. Your other browsers are signed out."))
    if holds is not None:
        return _done(
            _("A link was sent to the new number. Follow it to confirm; until then the old one holds.")
        )
    return _form(form, _("Change your telephone"), _("Save"))


@bp.route("/account/second-step", methods=["GET", "POST"])
@allow("account")
def second_step_page() -> Any:
    """Start or stop asking for a number at sign-in."""
    form = NumberForm()
    if current_user.has_second_step:

        def stop() -> bool:
            service.stop_second_step(current_actor(), form.number.data or "")
            return True

        if submit(form, stop):
            return _done(_("You sign in with your password alone again."))
        return _form(form, _("Stop the second step"), _("Stop it"), _("Type the number the app shows now."))
    secret = session.setdefault("new_secret", second_step.new_secret())

    def start() -> bool:
        service.start_second_step(current_actor(), secret, form.number.data or "")
        return True

    if submit(form, start):
        session.pop("new_secret", None)
        return _done(_("From now on signing in asks for a number from your app."))
    page = render_template("people/second_step.html", form=form, secret=secret)
    return page, 422 if form.is_submitted() else 200


@bp.get("/account/second-step.svg")
@allow("account")
def second_step_square() -> Any:
    """The square code that puts the secret into the app."""
    secret = session.get("new_secret") or second_step.new_secret()
    picture = io.BytesIO()
    address = second_step.address_for(secret, current_user.display_name)
    segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=5, border=3, light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.route("/account/telegram", methods=["GET", "POST"])
@allow("account")
def telegram_page() -> Any:
    """Have messages come into one's chat with the bot."""
    form = Form()

    def connect() -> bool:
        telegram.connect(current_actor())
        return True

    if submit(form, connect):
        return _done(_("Messages now come to Telegram too."))
    person = queries.person(current_user.id)
    address = None if person.telegram else telegram.invitation(current_actor())
    page = render_template("people/telegram.html", form=form, address=address)
    return page, 422 if form.is_submitted() else 200


@bp.post("/account/telegram/leave")
@allow("account")
def leave_telegram() -> Any:
    """No more messages into the chat."""
    telegram.disconnect(current_actor())
    return _done(_("Messages no longer come to Telegram."))


@bp.post("/account/sessions/<int:session_id>/end")
@allow("account")
def end_session(session_id: int) -> Any:
    """Sign one browser out."""
    service.end_session(current_actor(), session_id)
    return _done(_("That browser is signed out."))


@bp.post("/account/sessions/end")
@allow("account")
def end_sessions() -> Any:
    """Sign out everywhere, here too."""
    service.end_sessions(current_actor(), current_user.id)
    session.clear()
    flash(_("You are signed out everywhere."), "done")
    return redirect(url_for("people.sign_in"), 303)


@bp.get("/account/data")
@allow("account")
def personal_data() -> Any:
    """What is known about oneself: take a copy, ask for its erasure."""
    return render_template(
        "people/personal_data.html",
        request_open=privacy.open_request(current_user.id),
        kept=kept_words(what_is_kept(current_user.id)),
        form=ErasureForm(),
    )


@bp.post("/account/data.zip")
@allow("account")
def export_data() -> Any:
    """A copy of everything held about oneself."""
    data = privacy.export_of(current_actor())
    privacy.note_export(current_actor())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("retrain.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
    return made_file(archive.getvalue(), "retrain.zip", "application/zip")


@bp.post("/account/erasure")
@allow("account")
def ask_for_erasure() -> Any:
    """Ask to be erased."""
    form = ErasureForm()
    if submit(form, lambda: service.ask_for_erasure(current_actor(), form.why.data or "")):
        return _done(_("Your request is on its way. The answer will come as a message."))
    kept = kept_words(what_is_kept(current_user.id))
    page = render_template(
        "people/personal_data.html", form=form, kept=kept, request_open=privacy.open_request(current_user.id)
    )
    return page, 422


@bp.post("/account/erasure/take-back")
@allow("account")
def take_back_erasure() -> Any:
    """Think better of it."""
    service.take_back_request(current_actor())
    return _done(_("Your request is taken back."))
