"""The page of the keys that a provider signs its documents with."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.certificates.door import bp
from retrain.certificates.forms import CertifyForm, ImportKeyForm
from retrain.certificates.signature import keyring, keys
from retrain.certificates.wording import ALGORITHMS, KEY_PLACES
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.web.downloads import made_file
from retrain.web.forms import Form, submit


@bp.route("/documents/keys", methods=["GET", "POST"])
@allow("certificate.keys")
def signing_keys() -> Any:
    """The key in use, those before it, and a new one made with one press."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    form = Form()
    algorithm = "rsa" if request.form.get("algorithm") == "rsa" else "p256"
    if submit(form, lambda: keyring.make(actor, provider_id, algorithm)):
        flash(_("A new key is in use. Documents signed before stay as they are."), "done")
        return redirect(url_for(".signing_keys"), 303)
    current = keyring.in_use(provider_id)
    return render_template(
        "certificates/keys.html",
        form=form,
        current=current,
        left=keyring.days_left(current) if current else None,
        rows=[(row, keys.issuer_of(keyring.chain_of(row))) for row in keyring.all_of(provider_id)],
        algorithms=ALGORITHMS,
        places=KEY_PLACES,
    )


@bp.route("/documents/keys/import", methods=["GET", "POST"])
@allow("certificate.keys")
def import_key() -> Any:
    """Bring a key with its certificates."""
    actor, form = current_actor(), ImportKeyForm()

    def bring() -> Any:
        content, password = form.file.data.read(), form.password.data or ""
        return keyring.bring(actor, actor.organisation_id or 0, content, password)

    if submit(form, bring):
        flash(_("The key is in use. Documents signed before stay as they are."), "done")
        return redirect(url_for(".signing_keys"), 303)
    intro = _("The key is kept in the data folder of the server and is in use at once.")
    return _page(form, _("Import a key"), intro)


@bp.route("/documents/keys/certificate", methods=["GET", "POST"])
@allow("certificate.keys")
def certify_key() -> Any:
    """Bring the certificates an authority issued for the key in use."""
    actor, form = current_actor(), CertifyForm()

    def certify() -> Any:
        return keyring.certify(actor, actor.organisation_id or 0, form.file.data.read())

    if submit(form, certify):
        flash(_("The certificate is in use from now on."), "done")
        return redirect(url_for(".signing_keys"), 303)
    intro = _("Readers of PDFs then show who vouches for your signature.")
    return _page(form, _("Add a certificate"), intro)


@bp.get("/documents/keys/request")
@allow("certificate.keys")
def key_request() -> Any:
    """What an authority asks for before it certifies the key in use."""
    actor = current_actor()
    asked = keyring.request(actor, actor.organisation_id or 0)
    return made_file(asked.encode(), "signing-key.csr", "application/pkcs10")


def _page(form: Form, title: str, intro: str) -> Any:
    page = render_template("certificates/key_form.html", form=form, title=title, intro=intro)
    return page, 422 if form.is_submitted() else 200
