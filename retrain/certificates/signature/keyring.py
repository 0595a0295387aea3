"""Which key a provider signs with: made, imported, certified, rotated; the only writer of the table of keys."""

from datetime import timedelta
from typing import Any

from cryptography import x509
from flask import current_app
from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import SYSTEM, Actor
from retrain.certificates.models import SigningKey
from retrain.certificates.signature import keys
from retrain.certificates.signature.cms import Layout, Signer
from retrain.certificates.signature.devices import DeviceProblem, DeviceSigner
from retrain.certificates.signature.stamping import StampService
from retrain.certificates.states import KeyPlace
from retrain.config import Settings
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Organisation
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

ACTION = "certificate.keys"

_LAYOUTS: dict[tuple[str, int, str, str | None], Layout] = {}
"""What was loaded in this process: reading a key and laying a signature out takes longer than signing."""


def in_use(provider_id: int) -> SigningKey | None:
    """The key that the provider's next document is signed with."""
    wanted = select(SigningKey).where(SigningKey.provider_id == provider_id, SigningKey.retired_at.is_(None))
    return db.session.scalar(wanted)


def all_of(provider_id: int) -> list[SigningKey]:
    """Every key the provider has had, the latest first."""
    wanted = select(SigningKey).where(SigningKey.provider_id == provider_id)
    return list(db.session.scalars(wanted.order_by(SigningKey.id.desc())))


def chain_of(row: SigningKey) -> list[x509.Certificate]:
    """The certificates of a key, its own first."""
    return x509.load_pem_x509_certificates(row.chain.encode())


def days_left(row: SigningKey) -> int | None:
    """In how many days the key expires, when that is soon; 0 and less when it has."""
    left = row.not_after - clock.now()
    return left // timedelta(days=1) if left < keys.WARN_BEFORE else None


@use_case
def make(actor: Actor, provider_id: int, algorithm: str = "p256") -> SigningKey:
    """A new key in the data folder, in use from now on; the one before stays for checking."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    return _take_up(actor, provider_id, keys.make(algorithm, _name(provider_id), clock.now()))


@use_case
def bring(actor: Actor, provider_id: int, content: bytes, password: str = "") -> SigningKey:
    """Take a key with its certificates out of a PEM or PKCS #12 file into the data folder, and use it."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    try:
        material = keys.read(content, password.encode() or None)
    except keys.Unreadable:
        raise Refused(Refusal.of("key-unreadable", "file")) from None
    if why := keys.faults(material.private.public_key(), material.chain, clock.now()):
        raise Refused(why)
    return _take_up(actor, provider_id, material)


@use_case
def use_device(actor: Actor, provider_id: int, address: str, chain: bytes) -> SigningKey:
    """Sign with a key in a PKCS #11 device from now on. Raises DeviceProblem when it can't be reached."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    certificates = _read_chain(chain)
    if why := keys.faults(certificates[0].public_key(), certificates, clock.now()):
        raise Refused(why)
    _device(address, certificates).sign(b"tried before it is needed")
    return _put(actor, provider_id, certificates, KeyPlace.DEVICE, address)


@use_case
def certify(actor: Actor, provider_id: int, content: bytes) -> SigningKey:
    """The certificates an authority issued for the key in use: signed with from now on."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    row, chain = _locked(provider_id), _read_chain(content)
    if row is None:
        raise Refused(Refusal.of("key-missing", "file"))
    if why := keys.faults(chain_of(row)[0].public_key(), chain, clock.now()):
        raise Refused(why)
    before = {"issuer": keys.issuer_of(chain_of(row)), "not_after": row.not_after}
    _certificates(row, chain)
    after = {"issuer": keys.issuer_of(chain), "not_after": row.not_after}
    audit.record(actor, "signing_key.certified", row, before=before, after=after)
    return row


def request(actor: Actor, provider_id: int) -> str:
    """What an authority asks for to certify the key in use, as PEM."""
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    row = in_use(provider_id)
    if row is None:
        raise Refused(Refusal.of("key-missing"))
    if row.kept_in is KeyPlace.DEVICE:
        raise Refused(Refusal.of("key-in-device"))
    return keys.request(_private(row), _name(provider_id))


def layout_for(provider_id: int) -> Layout:
    """What the provider's documents are signed with now; its first key is made when the first is wanted.

    Raises Refused: an expired key signs nothing, and none is made in its place without somebody's word.
    """
    row = in_use(provider_id) or _first(provider_id)
    if why := refusals(row):
        raise Refused(why)
    stamps = _settings().timestamp_url
    known = (str(_settings().key_folder), row.id, row.chain, stamps)
    if known not in _LAYOUTS:
        _LAYOUTS[known] = Layout(_signer(row), StampService(stamps) if stamps else None)
    return _LAYOUTS[known]


@use_case
def _first(provider_id: int) -> SigningKey:
    """The provider's first key; of several processes that want it at once one makes it and all use it."""
    made = _locked(provider_id)
    return made or _take_up(SYSTEM, provider_id, keys.make("p256", _name(provider_id), clock.now()))


def refusals(row: SigningKey) -> list[Refusal]:
    """Why nothing can be signed with the key today."""
    if row.not_after <= clock.now():
        return [Refusal.of("key-expired", on=row.not_after)]
    return []


def _signer(row: SigningKey) -> Signer:
    if row.kept_in is KeyPlace.FILE:
        return keys.FileSigner(_private(row), chain_of(row))
    try:
        return _device(row.place, chain_of(row))
    except DeviceProblem:
        raise Refused(Refusal.of("device-away")) from None


def _device(address: str, chain: list[x509.Certificate]) -> DeviceSigner:
    settings = _settings()
    return DeviceSigner(settings.pkcs11_module, settings.pkcs11_pin, address, chain)


def _private(row: SigningKey) -> keys.Private:
    try:
        return keys.kept(_settings().key_folder / row.place)
    except (OSError, keys.Unreadable):
        raise Refused(Refusal.of("key-file-missing", file=row.place)) from None


def _read_chain(content: bytes) -> list[x509.Certificate]:
    try:
        return keys.read_chain(content)
    except keys.Unreadable:
        raise Refused(Refusal.of("certificate-unreadable", "file")) from None


def _take_up(actor: Actor, provider_id: int, material: keys.Material) -> SigningKey:
    name = f"{keys.fingerprint(material.chain[0])[:32]}.pem"
    keys.keep(material.private, _settings().key_folder / name)
    return _put(actor, provider_id, material.chain, KeyPlace.FILE, name)


def _put(
    actor: Actor, provider_id: int, chain: list[x509.Certificate], kept_in: KeyPlace, place: str
) -> SigningKey:
    """The key in use from now on, in the place of the one before."""
    before, printed = _locked(provider_id), keys.fingerprint(chain[0])
    row = next((each for each in all_of(provider_id) if each.fingerprint == printed), None)
    if before is not None and before is not row:
        before.retired_at = clock.now()
        db.session.flush()  # one in use a provider
    if row is None:
        algorithm = keys.algorithm_of(chain[0].public_key()) or ""
        row = SigningKey(provider_id=provider_id, fingerprint=printed, algorithm=algorithm)
        row.made_at, row.made_by_id = clock.now(), actor.person_id
        db.session.add(row)
    row.kept_in, row.place, row.retired_at = kept_in, place, None
    _certificates(row, chain)
    db.session.flush()
    facts: dict[str, Any] = {
        "fingerprint": printed,
        "issuer": keys.issuer_of(chain),
        "not_after": row.not_after,
    }
    audit.record(
        actor, "signing_key.put_in_use", row, before={"id": before.id} if before else None, after=facts
    )
    return row


def _certificates(row: SigningKey, chain: list[x509.Certificate]) -> None:
    row.chain = keys.pem(chain)
    row.not_before, row.not_after = chain[0].not_valid_before_utc, chain[0].not_valid_after_utc


def _locked(provider_id: int) -> SigningKey | None:
    """The key in use, while nobody else changes which it is."""
    db.session.execute(select(Organisation.id).where(Organisation.id == provider_id).with_for_update())
    return in_use(provider_id)


def _name(provider_id: int) -> str:
    return people.organisation_name(provider_id, clock.today(), "uz")


def _settings() -> Settings:
    settings: Settings = current_app.config["RETRAIN"]
    return settings
