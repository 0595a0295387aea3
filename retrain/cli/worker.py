"""``retrain worker``."""

import click


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
    click.echo("The worker is at work. Ctrl-C ends it.", err=True)
    family.run(app, heavy)
