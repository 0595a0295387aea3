"""``retrain backup`` and ``retrain restore``."""

from pathlib import Path

import click

from retrain.cli.group import REFUSED, WRONG_USE, stop


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy all data and files into FILE, while the system runs.

    The keys are not in it. Keep secret_key, ledger_key.pem and signing_keys of the instance folder in another place:
    without them the audit of a restored system can't be verified.
    """
    if not file.absolute().parent.is_dir():
        stop(f"There is no folder {file.absolute().parent}.", WRONG_USE)

    from retrain import create_app
    from retrain.database import backup as work
    from retrain.database import schema

    app = create_app()
    with app.app_context():
        if schema.revision() is None:
            stop("The database is empty: there is nothing to back up.", REFUSED)
        try:
            manifest = work.make(file, _tell)
        except OSError as error:
            stop(f"Can't write {file}: {error.strerror}.", WRONG_USE)
    _tell(f"Digest {manifest.digest}.")
    _tell(
        f"The keys are not in {file}: keep secret_key, ledger_key.pem and signing_keys of"
        f" {app.config['RETRAIN'].instance} apart."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put it in the place of the data that is there, which is lost.")
def restore(file: Path, force: bool) -> None:
    """Bring back everything from FILE, which ``retrain backup`` made on either database."""
    from retrain import audit
    from retrain.cli.app import inside_app
    from retrain.database import backup as work
    from retrain.database.use_case import use_case

    @use_case
    def write_down(manifest: work.Manifest) -> None:
        after = {"made": manifest.at, "digest": manifest.digest}
        audit.record(audit.SYSTEM, "backup.restored", ("database", manifest.revision), after=after)

    def run() -> None:
        from retrain.certificates import numbering

        try:
            manifest = work.restore(file, force=force, tell=_tell)
        except work.WrongBackup as error:
            stop(str(error), WRONG_USE)
        except work.HasData:
            stop("There is data here already. Give --force to put the backup in its place.", REFUSED)
        numbering.hold()
        _tell(f"Digest {manifest.digest}.")
        _tell("No documents are issued until an HR officer of each provider confirms the last numbers used.")
        if work.is_ours(manifest):
            write_down(manifest)
        else:
            # An entry under another key than all before it would never be authentic to whoever brings theirs.
            _tell(
                "This backup was made under another secret key. Bring that key here as well (secret_key,"
                " ledger_key.pem): until then the audit can't be verified, nor what is kept encrypted be read."
            )

    inside_app(run)
