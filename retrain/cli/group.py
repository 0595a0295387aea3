"""The group ``retrain``. Its index names every command, so that ``--help`` loads none of them."""

import functools
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

INDEX = {
    "serve": ("retrain.cli.serve:serve", "Serve the pages."),
    "worker": ("retrain.cli.worker:worker", "Do long work, send messages, seal the audit."),
    "demo": ("retrain.demo.commands:demo", "Fill an empty database with an invented country."),
    "db": ("retrain.cli.db:db", "Bring the database's tables up to date."),
    "runs": ("retrain.catalogue.commands:runs", "List the runs."),
    "colleges": ("retrain.people.commands:colleges", "Import colleges."),
    "import-roster": ("retrain.people.commands:import_roster", "Import a college's roster of teachers."),
    "certificates": ("retrain.certificates.commands:certificates", "Issue and print a run's documents."),
    "audit": ("retrain.audit.commands:audit", "Verify the record of what was done."),
    "timetable": ("retrain.cli.timetable:timetable", "Make timetables."),
    "backup": ("retrain.cli.backup:backup", "Copy everything into one file, while the system runs."),
    "restore": ("retrain.cli.backup:restore", "Bring everything back from such a file."),
    "user": ("retrain.people.commands:user", "Make accounts."),
}
"""Name → where the command is, and what it says of itself."""

DONE, REFUSED, WRONG_USE = 0, 1, 2
"""What the program's exits mean."""

PACKAGE = Path(__file__).parent.parent


def is_there(place: str) -> bool:
    """Whether the module of *place* exists, without loading it."""
    module = place.partition(":")[0].split(".")[1:]
    return PACKAGE.joinpath(*module).with_suffix(".py").exists()


class LazyGroup(click.Group):
    """Finds a command by the index and loads it when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (place, _) in INDEX.items() if is_there(place)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, attribute = INDEX[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return _prepared(command, alone=module.startswith("retrain.cli."))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, INDEX[name][1]) for name in self.list_commands(ctx)])


def _prepared(command: click.Command, *, alone: bool) -> click.Command:
    """*command* with its callbacks run inside the app, unless it makes its own (*alone*)."""
    if isinstance(command, click.Group):
        for name, part in list(command.commands.items()):
            command.commands[name] = _prepared(part, alone=alone)
    elif command.callback is not None and not getattr(command.callback, "is_prepared", False):
        command.callback = _guarded(command.callback, alone=alone)
    return command


def _guarded(callback: Callable[..., Any], *, alone: bool) -> Callable[..., Any]:
    """*callback* with every refusal turned into a sentence and an exit code."""

    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        from retrain.cli.app import inside_app, out_of_reach, sentences
        from retrain.config import WrongSetting

        try:
            return callback(*args, **kwargs) if alone else inside_app(callback, *args, **kwargs)
        except WrongSetting as error:
            stop(str(error), WRONG_USE)
        except click.exceptions.Exit:
            raise
        except Exception as error:
            if unreachable := out_of_reach(error):
                stop(unreachable, WRONG_USE)
            if (told := sentences(error)) is None:
                raise
            stop(told, REFUSED)

    run.is_prepared = True  # type: ignore[attr-defined]
    return run


def stop(sentence: str, code: int) -> None:
    """End the program with a sentence on standard error."""
    click.echo(sentence, err=True)
    sys.exit(code)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="retrain", prog_name="retrain")
def main() -> None:
    """Retrain: courses for teachers of vocational colleges.

    Settings come from the environment (RETRAIN_DATABASE_URL, RETRAIN_INSTANCE, PORT and others), each with a
    default. Exits: 0 done, 1 something was refused or found wrong, 2 unreadable file or wrong use.
    """
