"""``retrain certificates``."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from retrain.audit import SYSTEM
from retrain.certificates import service
from retrain.certificates.log.commands import audit
from retrain.certificates.paper import stacks
from retrain.certificates.signature.commands import keys
from retrain.documents.pdf import PrintingUnavailable
from retrain.refusal import NotThere, Refused
from retrain.web.words import say


@click.group()
def certificates() -> None:
    """Issue and print the documents of a run."""


@certificates.command()
@click.argument("run")
@with_appcontext
def issue(run: str) -> None:
    """Issue a document to everyone who completed RUN and has none yet."""
    try:
        issued = service.issue_run(SYSTEM, run)
    except NotThere:
        click.echo(f"There is no run {run}.", err=True)
        raise SystemExit(2) from None
    except Refused as refused:
        for why in refused.why:
            click.echo(say(why), err=True)
        raise SystemExit(1) from None
    for certificate in issued:
        click.echo(certificate.registration_number)
    click.echo(f"{len(issued)} issued", err=True)


@certificates.command("print")
@click.argument("run")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write."
)
@with_appcontext
def print_(run: str, out: Path) -> None:
    """Write every living document of RUN into one PDF."""
    if not out.absolute().parent.is_dir():
        click.echo(f"There is no folder {out.absolute().parent}.", err=True)
        raise SystemExit(2)
    try:
        pdf = stacks.print_run(SYSTEM, run)
    except (NotThere, PrintingUnavailable) as error:
        click.echo(f"There is no run {run}." if isinstance(error, NotThere) else str(error), err=True)
        raise SystemExit(2) from None
    except Refused as refused:
        for why in refused.why:
            click.echo(say(why), err=True)
        raise SystemExit(1) from None
    out.write_bytes(pdf)
    click.echo(f"{out}: {len(pdf)} bytes", err=True)


certificates.add_command(keys)
certificates.add_command(audit)

COMMANDS = [certificates]
