"""``retrain worker``."""

import os

import click

YIELDS = 5
"""How nice the worker is: who waits for a page comes first where both want the processor."""


@click.command()
@click.option(
    "--heavy", type=click.IntRange(0, 32), default=1, show_default=True, help="Processes for heavy work."
)
def worker(heavy: int) -> None:
    """Do long work, send messages, seal the audit, until stopped.

    Any number of workers may run. One that is killed loses nothing: another goes on where it was.
    """
    from retrain import create_app
    from retrain.cli.serve import require_tables
    from retrain.jobs import worker as family

    app = create_app()
    with app.app_context():
        require_tables()
    os.nice(YIELDS)
    click.echo("The worker is at work. Ctrl-C ends it.", err=True)
    family.run(app, heavy)
