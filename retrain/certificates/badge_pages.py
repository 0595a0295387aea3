"""Badges for other programs: the credential of a document, who issues, with which keys, and what is revoked."""

from typing import Any

from flask import Response, current_app, jsonify

from retrain import clock, files
from retrain.certificates import badges, queries, service
from retrain.certificates.door import bp
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keyring
from retrain.certificates.states import CertificateState
from retrain.people import queries as people
from retrain.people.access import public
from retrain.people.models import Organisation
from retrain.refusal import NotThere, Refused
from retrain.web.downloads import made_file
from retrain.web.errors import problem
from retrain.web.words import say


@bp.get("/verify/<token>/badge")
@public
def badge(token: str) -> Any:
    """The document's badge, signed: as it is attached to its PDF."""
    row = queries.by_token(token)
    if row is None or row.state is CertificateState.PREPARED:
        raise NotThere(token)
    name = f"{row.series}{row.number:06d}.jwt"
    return made_file(_badge(row), name, badges.MEDIA_TYPE)


def _badge(row: Certificate) -> bytes:
    """The one in the document's file; signed now while nobody has opened that."""
    kept = service.kept_file(row)
    return (badges.attached_to(files.read(kept)) if kept else None) or badges.signed(row).encode()


@bp.get("/issuers/<code>")
@public
def issuer(code: str) -> Any:
    """Who issues, as badges name them."""
    provider = _provider(code)
    return jsonify({"@context": badges.CONTEXTS, **badges.profile(code, _name(provider))})


@bp.get("/issuers/<code>/keys")
@public
def issuer_keys(code: str) -> Any:
    """Every key the provider has signed with, as a JSON Web Key Set."""
    return jsonify(keys=[badges.jwk(row) for row in keyring.all_of(_provider(code).id)])


@bp.get("/issuers/<code>/keys/<kid>")
@public
def issuer_key(code: str, kid: str) -> Any:
    """One of them, where a badge says its key is."""
    for row in keyring.all_of(_provider(code).id):
        if row.fingerprint[: badges.KID] == kid:
            return jsonify(badges.jwk(row))
    raise NotThere(kid)


@bp.get("/issuers/<code>/status/<int:part>")
@public
def issuer_status(code: str, part: int) -> Any:
    """Which of the provider's documents were replaced or revoked, one bit each."""
    provider = _provider(code)
    if not badges.has_list(part):
        raise NotThere(part)
    try:
        made = badges.status_list(provider, part, clock.now())
    except Refused as refused:  # asked by programs: a page with words would pass for a list
        sentences = " ".join(str(say(why)) for why in refused.why)
        codes = [why.code for why in refused.why]
        body = jsonify(
            type="about:blank", title=problem(500).title, status=503, detail=sentences, codes=codes
        )
        body.content_type = "application/problem+json"
        return body, 503
    answer = Response(made, mimetype=badges.MEDIA_TYPE)
    answer.cache_control.public, answer.cache_control.max_age = True, badges.GOOD_FOR
    return answer


def _provider(code: str) -> Organisation:
    found = people.organisation(code)
    if not found.is_provider:
        raise NotThere(code)
    return found


def _name(provider: Organisation) -> str:
    return people.organisation_name(provider, clock.today(), str(current_app.config["BABEL_DEFAULT_LOCALE"]))
