"""``retrain import-roster``, ``retrain colleges import``, ``retrain user create``."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from retrain.audit import SYSTEM
from retrain.language import CODES
from retrain.people import queries, rosters, service
from retrain.people.models import RosterBatch
from retrain.people.roster_batches import kept
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refusal, Refused
from retrain.web.language import written_in
from retrain.web.words import say

REFUSED, UNREADABLE = 1, 2
MOST_BYTES = 10 * 1024 * 1024

language = click.option(
    "--lang", type=click.Choice(CODES), default="en", show_default=True, help="Language of the reasons."
)
as_object = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


@contextmanager
def _or_unusable(lang: str) -> Iterator[None]:
    """A refusal of the whole call ends it with 2 and its sentences."""
    try:
        yield
    except Refused as refused:
        for sentence in _sentences(refused.why, lang):
            click.echo(sentence, err=True)
        sys.exit(UNREADABLE)


def _sentences(why: Sequence[Refusal], lang: str) -> list[str]:
    with written_in(lang):
        return [say(refusal) for refusal in why]


def _answer(counts: dict[str, int], refused: list[dict[str, Any]], as_json: bool) -> None:
    """Print what came of it and end with 1 when anything was refused."""
    if as_json:
        click.echo(json.dumps({**counts, "refused": refused}, ensure_ascii=False))
    else:
        for row in refused:
            click.echo(f"{row['row']:>6}  {row['code']:<28} {row['why']}")
        click.echo(f"accepted {counts['accepted']}, merged {counts['merged']}, refused {len(refused)}")
    sys.exit(REFUSED if refused else 0)


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--college", "code", help="Code of the college of rows that name none; other colleges' rows are refused."
)
@click.option("--dry-run", is_flag=True, help="Say what would come of each row and write nothing.")
@as_object
@language
@with_appcontext
def import_roster(file: Path, code: str | None, dry_run: bool, as_json: bool, lang: str) -> None:
    """Import a roster of teachers, XLSX or CSV."""
    if file.stat().st_size > MOST_BYTES:
        click.echo(
            _sentences([Refusal.of("file-too-big", megabytes=MOST_BYTES // 1024**2)], lang)[0], err=True
        )
        sys.exit(UNREADABLE)
    college_id = _college(code)
    with _or_unusable(lang):
        if dry_run:
            table = rosters.open_table(file.read_bytes(), file.name)
            found = rosters.preview(SYSTEM, table, college_id=college_id)
            counts = {"accepted": found.accepted, "merged": found.merged}
            rows = [kept(verdict) for verdict in found.refused]
        else:
            batch = _apply(file, college_id)
            counts, rows = {"accepted": batch.accepted, "merged": batch.merged}, batch.refused
    _answer(counts, [_row(row, lang) for row in rows], as_json)


def _apply(file: Path, college_id: int | None) -> RosterBatch:
    def progress(done: int, total: int) -> None:
        click.echo(f"\r{done}/{total}", err=True, nl=done == total)

    return service.apply_roster(
        SYSTEM, file.read_bytes(), file.name, college_id=college_id, progress=progress
    )


def _college(code: str | None) -> int | None:
    if code is None:
        return None
    try:
        return queries.organisation(code.upper()).id
    except NotThere:
        raise click.BadParameter(f"no organisation has the code {code}", param_hint="--college") from None


def _row(row: dict[str, Any], lang: str) -> dict[str, Any]:
    why = [Refusal(each["code"], each["facts"]) for each in row["why"]]
    return {"row": row["row"], "why": " ".join(_sentences(why, lang)), "code": why[0].code}


@click.group()
def colleges() -> None:
    """Organisations."""


@colleges.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_object
@language
@with_appcontext
def import_colleges(file: Path, as_json: bool, lang: str) -> None:
    """Import a JSON list of {"code", "name_uz", "name_uz_cyrl", "region"}; again, it changes nothing."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError:
        entries = None
    if not isinstance(entries, list):
        click.echo(_sentences([Refusal.of("file-misnamed-json")], lang)[0], err=True)
        sys.exit(UNREADABLE)
    with _or_unusable(lang):
        done = service.import_colleges(SYSTEM, entries)
    refused = [
        {"row": number, "why": _sentences([refusal], lang)[0], "code": refusal.code}
        for number, refusal in done.refused
    ]
    _answer({"accepted": done.accepted, "merged": done.merged}, refused, as_json)


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", help="E-mail address to sign in with.")
@click.option("--phone", help="Telephone number to sign in with.")
@click.option("--family", required=True, help="Family name.")
@click.option("--given", required=True, help="Given name.")
@click.option("--patronymic", default="", help="Patronymic.")
@click.option("--role", type=click.Choice([kind.value for kind in RoleKind if kind is not RoleKind.TEACHER]))
@click.option("--organisation", "code", help="Code of the organisation the role is in.")
@click.option("--password", help="The password; asked for when there is none here, empty for a mailed link.")
@language
@with_appcontext
def create_user(
    email: str | None, phone: str | None, family: str, given: str, patronymic: str, role: str | None,
    code: str | None, password: str | None, lang: str,
) -> None:  # fmt: skip
    """Make an account, with a role in an organisation if one is named."""
    if (role is None) is not (code is None):
        raise click.UsageError("Give --role and --organisation together.")
    if password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, default="", err=True)
    organisation_id = _college(code)
    with _or_unusable(lang):
        person = service.create_user(
            SYSTEM,
            service.PersonFacts(family, given, patronymic, email, phone),
            kind=RoleKind(role) if role else None,
            organisation_id=organisation_id,
            password=password or None,
            mail_link=not password,
        )
    click.echo(f"{person.id}  {person.full_name}  {person.email or person.phone}")


COMMANDS = [import_roster, colleges, user]
