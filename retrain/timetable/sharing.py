"""Writing down who of a group is in which half. The only writer of that."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, NotThere, Refusal, Refused
from retrain.timetable import halves
from retrain.timetable.models import HalfOfGroup
from retrain.timetable.states import HALVES, Part, SessionState

OVER = (RunState.FINISHED, RunState.ARCHIVED, RunState.CANCELLED)

KINDS = {Part.FIRST_HALF: "timetable.in_first_half", Part.SECOND_HALF: "timetable.in_second_half"}
"""The message that tells somebody their half."""


def target(run: Run) -> Target:
    """Whom a group belongs to, for the permission table."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id)


@use_case
def share_out(actor: Actor, run_code: str, wanted: Mapping[int, Part], seen: str) -> int:
    """Say who is in which half; how many are in another than before. Whoever came meanwhile is put into one.

    *wanted* is by enrolment; *seen* is :func:`halves.seen` of what the actor saw of them. Marks already taken stay.
    """
    run = catalogue.run(run_code, for_update=True)
    permissions.require(actor, "halves.edit", target(run))
    if run.state in OVER:
        raise Refused(Refusal.of("run-not-open"))
    before = halves.of_group(run)
    if strange := wanted.keys() - before.keys():
        raise NotThere(min(strange))
    if halves.seen({number: before[number] for number in wanted}) != seen:
        raise ChangedMeanwhile({}, catalogue.changed_by("run", run.id))
    after = before | dict(wanted)
    there = [after[number] for number, _person in halves.members(run)]
    if len(there) > 1 and not set(there) >= set(HALVES):
        raise Refused(Refusal.of("half-empty"))
    _write(run, after)
    moved = {number: half for number, half in after.items() if before[number] is not half}
    audit.record(
        actor, "run.halves_changed", run,
        before=_shown({number: before[number] for number in moved}), after=_shown(moved),
    )  # fmt: skip
    _tell(run, moved)
    return len(moved)


def settle(actor: Actor, runs: Collection[Run]) -> None:
    """Write down who is in which half of groups with classes of halves, where that is not written yet.

    Called when such classes become public and when their marks are taken: from then on nobody's half may change
    because of who comes, leaves or is renamed.
    """
    split = halves.has_halves([run.id for run in runs])
    for run in runs:
        if run.id not in split:
            continue
        known = halves.said(run.id)
        found = {number: half for number, half in halves.of_group(run).items() if number not in known}
        rows = [{"enrolment_id": number, "part": half} for number, half in sorted(found.items())]
        # Both halves' registers may be opened in the same minute; they come to the same.
        if rows and dialect.insert_ignoring(db.session(), HalfOfGroup.__table__, rows):
            audit.record(actor, "run.halves_settled", run, after=_shown(found))


def _write(run: Run, after: Mapping[int, Part]) -> None:
    rows = db.session.scalars(select(HalfOfGroup).where(HalfOfGroup.enrolment_id.in_(after)))
    known = {row.enrolment_id: row for row in rows}
    for number, half in sorted(after.items()):
        if number in known:
            known[number].part = half
        else:
            db.session.add(HalfOfGroup(enrolment_id=number, part=half))
    db.session.flush()


def _tell(run: Run, moved: Mapping[int, Part]) -> None:
    """Whose classes are public learns that others are theirs now; before that nobody knew of a half."""
    if not moved or not halves.has_halves([run.id], SessionState.PUBLISHED):
        return
    people = dict(halves.members(run))
    for number in sorted(moved.keys() & people.keys()):
        person_id = people[number].id
        messages.later(
            person_id, KINDS[moved[number]], {"run": run.code, "title": run.version.titles},
            about=("run", run.id), key=f"timetable.half:{run.id}:{clock.now().isoformat()}:{person_id}",
        )  # fmt: skip


def _shown(known: Mapping[int, Part]) -> dict[str, str]:
    return {str(number): half.value for number, half in sorted(known.items())}
