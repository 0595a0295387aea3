"""``retrain audit``."""

import click


@click.group()
def audit() -> None:
    """What was done, and whether its record is whole."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Find entries changed, removed or inserted behind the program's back. Exit 1 when there are any."""
    import json
    from dataclasses import asdict

    from retrain.audit.sealing import seal_all
    from retrain.audit.verify import verify as check

    seal_all()
    report = check()
    if as_json:
        problems = [asdict(problem) for problem in report.problems]
        click.echo(json.dumps({"ok": report.ok, "entries": report.entries, "problems": problems}))
    else:
        for problem in report.problems:
            click.echo(f"entry {problem.entry}: {problem.kind}")
        click.echo(f"{report.entries} entries, {len(report.problems)} problems.")
    if (
        report.entries
        and sum(problem.kind in ("inserted", "changed") for problem in report.problems) >= report.entries
    ):
        click.echo("No entry authenticates. Is this the secret key they were written under?", err=True)
    context.exit(0 if report.ok else 1)


COMMANDS = [audit]
