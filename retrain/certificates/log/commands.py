"""``retrain certificates audit``: for the office itself, and for anybody who kept a head."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from retrain.certificates.log import log_audit, public_log
from retrain.certificates.log.log_audit import Finding, Kept
from retrain.ledger import tree

WORDS = {
    "changed": "says something else than when it was issued",
    "removed": "is in the log, and its document is gone",
    "back-dated": "is older on paper than in the log",
    "unlogged": "is not in the log as it stands",
    "smuggled": "was never issued by the program",
    "log": "does not hang together",
    "head": "does not fit the head published that day",
    "rewritten": "was rewritten since the head that was kept",
}
_PATIENCE = 20


@click.command()
@click.option("--head", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A head that was kept, as JSON. May be given several times.")  # fmt: skip
@click.option(
    "--from", "address", help="Check the heads against this public address instead of the database."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def audit(files: Sequence[Path], address: str | None, as_json: bool) -> None:
    """Find documents removed, back-dated, changed or smuggled in behind the program's back. Exit 1 when there are any.

    With --from nothing but the public pages of ADDRESS and the heads that were kept are asked.
    """
    kept = [_kept(file) for file in files]
    if address:
        if not kept:
            raise click.UsageError("--from needs at least one --head that was kept.")
        found = _abroad(address.rstrip("/"), kept)
    else:
        public_log.seal_all()
        found = log_audit.verify(kept)
    if as_json:
        click.echo(json.dumps({"ok": not found, "findings": [vars(each) for each in found]}))
    else:
        for each in found:
            click.echo(f"{each.about}: {WORDS[each.kind]}")
        click.echo(f"{len(found)} findings.")
    raise SystemExit(1 if found else 0)


def _kept(file: Path) -> Kept:
    try:
        kept = Kept.of(json.loads(file.read_text("utf-8")))
    except (ValueError, KeyError, TypeError):
        raise click.UsageError(f"{file} is no head of this log.") from None
    if not kept.is_signed:  # anybody can write one: it accuses nobody
        raise click.UsageError(f"{file} was changed: its signature is not of what it says.")
    return kept


def _abroad(address: str, kept: Sequence[Kept]) -> list[Finding]:
    """What the kept heads say of the log behind *address*, shown by proofs alone."""
    published = _fetched(f"{address}/log/heads.json").get("heads")
    if not published:
        return [Finding(f"{head.at:%Y-%m-%d}", "rewritten") for head in kept]
    latest, found = Kept.of(published[0]), []
    for head in kept:
        if not (head.is_signed and latest.is_signed and head.key == latest.key):
            found.append(Finding(f"{head.at:%Y-%m-%d}", "rewritten"))
            continue
        said = _fetched(f"{address}/log/consistency.json?from={head.size}&to={latest.size}")
        steps = [bytes.fromhex(step) for step in said.get("proof", ())]
        roots = bytes.fromhex(head.root), bytes.fromhex(latest.root)
        if not tree.continues(head.size, roots[0], latest.size, roots[1], steps):
            found.append(Finding(f"{head.at:%Y-%m-%d}", "rewritten"))
    return found


def _fetched(url: str) -> Any:
    import requests

    answer = requests.get(url, timeout=_PATIENCE)
    if answer.status_code not in (200, 404):
        raise click.ClickException(f"{url} answers {answer.status_code}.")
    return answer.json()
