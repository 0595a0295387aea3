"""``retrain certificates keys``: what documents are signed with, for who runs the server."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import with_appcontext

from retrain.audit import SYSTEM
from retrain.certificates.models import SigningKey
from retrain.certificates.signature import keyring
from retrain.certificates.signature import keys as key_rules
from retrain.certificates.signature.devices import DeviceProblem
from retrain.people import queries as people
from retrain.refusal import NotThere, Refused
from retrain.web.words import say

R = TypeVar("R")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """Keys that a provider signs its documents with. PROVIDER is its code."""


@keys.command("list")
@click.argument("provider")
@with_appcontext
def list_(provider: str) -> None:
    """Every key of PROVIDER. Exit 1 when the one in use has expired or will within 60 days."""
    provider_id = _provider(provider)
    for row in keyring.all_of(provider_id):
        click.echo(_told(row))
    current = keyring.in_use(provider_id)
    if current is None:
        click.echo("No key is in use; one is made when the first document is signed.", err=True)
    elif (left := keyring.days_left(current)) is not None:
        click.echo(
            "The key in use has expired." if left < 0 else f"The key in use expires in {left} days.", err=True
        )
        raise SystemExit(1)


@keys.command()
@click.argument("provider")
@click.option("--algorithm", type=click.Choice(["p256", "rsa"]), default="p256", show_default=True)
@with_appcontext
def make(provider: str, algorithm: str) -> None:
    """Make a new key in the data folder and use it from now on: also how keys are rotated."""
    click.echo(_told(_done(lambda: keyring.make(SYSTEM, _provider(provider), algorithm))))


@keys.command("import")
@click.argument("provider")
@click.argument("file", type=FILE)
@click.option(
    "--password", prompt=True, hide_input=True, default="", help="Of the file; asked for if not given."
)
@with_appcontext
def import_(provider: str, file: Path, password: str) -> None:
    """Use the key in FILE (PEM or PKCS #12) from now on."""
    click.echo(_told(_done(lambda: keyring.bring(SYSTEM, _provider(provider), file.read_bytes(), password))))


@keys.command()
@click.argument("provider")
@click.argument("address")
@click.argument("certificates", type=FILE)
@with_appcontext
def device(provider: str, address: str, certificates: Path) -> None:
    """Use a key in a PKCS #11 device from now on.

    ADDRESS is like "pkcs11:token=HR;object=documents"; RETRAIN_PKCS11_MODULE names the device's library and
    RETRAIN_PKCS11_PIN its PIN. CERTIFICATES is a PEM file, the key's own certificate first.
    """
    chain = certificates.read_bytes
    click.echo(_told(_done(lambda: keyring.use_device(SYSTEM, _provider(provider), address, chain()))))


@keys.command()
@click.argument("provider")
@with_appcontext
def request(provider: str) -> None:
    """Print the request for a certificate of the key in use, for an authority."""
    click.echo(_done(lambda: keyring.request(SYSTEM, _provider(provider))), nl=False)


@keys.command()
@click.argument("provider")
@click.argument("certificates", type=FILE)
@with_appcontext
def certify(provider: str, certificates: Path) -> None:
    """Add what an authority issued for the key in use: its certificate, then those above it."""
    click.echo(_told(_done(lambda: keyring.certify(SYSTEM, _provider(provider), certificates.read_bytes()))))


def _provider(code: str) -> int:
    try:
        return people.organisation(code).id
    except NotThere:
        click.echo(f"There is no organisation {code}.", err=True)
        raise SystemExit(2) from None


def _done(call: Callable[[], R]) -> R:
    try:
        return call()
    except Refused as refused:
        for why in refused.why:
            click.echo(say(why), err=True)
        raise SystemExit(1) from None
    except DeviceProblem as problem:
        click.echo(str(problem), err=True)
        raise SystemExit(1) from None


def _told(row: SigningKey) -> str:
    by = key_rules.issuer_of(keyring.chain_of(row)) or "itself"
    state = f"retired {row.retired_at:%Y-%m-%d}" if row.retired_at else "in use"
    until = f"until {row.not_after:%Y-%m-%d}"
    return "\t".join(
        (str(row.id), row.algorithm, row.kept_in, row.fingerprint[:16], f"by {by}", until, state)
    )
