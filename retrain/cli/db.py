"""``retrain db``: the tables, brought to the state this version of the program works with."""

import click


@click.group()
def db() -> None:
    """Bring the database's tables up to date."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Make or change the tables, up to REVISION (the newest)."""
    from retrain import create_app
    from retrain.database import schema

    with create_app().app_context():
        before = schema.revision()
        schema.upgrade(revision)
        after = schema.revision()
    click.echo("Nothing to do." if before == after else f"The tables are at revision {after}.", err=True)


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to REVISION. Make a backup first."""
    from retrain import create_app
    from retrain.database import schema

    with create_app().app_context():
        schema.downgrade(revision)
        click.echo(f"The tables are at revision {schema.revision() or 'none'}.", err=True)
