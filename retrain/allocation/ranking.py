"""What teachers and colleges write in a round while it is open."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from retrain import audit, clock
from retrain.allocation import queries, reading, round_rules
from retrain.allocation.models import AllocationRound, Wish
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Teacher
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def rank(actor: Actor, code: str, run_codes: Sequence[str]) -> list[str]:
    """The runs of the round that the actor wants, best first, in place of what they wanted before.

    An empty list takes part in nothing. Refused with every reason against every run.
    """
    found, now = _open_round(code), clock.now()
    teacher_id = _hold_teacher(actor)
    permissions.require(actor, "allocation.rank", Target(person_id=actor.person_id))
    if why := round_rules.window_for_wishes(queries.facts(found), now):
        raise Refused(why)
    person = queries.candidacy(actor.person_id or 0, clock.today(people.zone_of(found.provider_id)))
    assert person is not None
    runs = {run.facts.code: run for run in reading.runs_of(found.id)}
    against = reading.against((runs[each] for each in set(run_codes) & runs.keys()), person.candidate, now)
    if why := round_rules.wishes_refusals(
        run_codes, {each: reasons for each, (reasons, _) in against.items()}
    ):
        raise Refused(why)
    before = queries.wishes_of(found.id, teacher_id)
    if [each for _, each in before] == list(run_codes):
        return list(run_codes)
    kept = {wish.run_id: (wish.college_rank, wish.made_at) for wish, _ in before}
    # Deleted and written anew: two numbers can't change places one after the other under their unique key.
    gone = delete(Wish).where(Wish.round_id == found.id, Wish.teacher_id == teacher_id)
    db.session.execute(gone.execution_options(synchronize_session=False))
    for wish, _ in before:
        db.session.expunge(wish)
    for number, each in enumerate(run_codes, 1):
        college_rank, made_at = kept.get(runs[each].id, (None, now))
        db.session.add(
            Wish(
                round_id=found.id, teacher_id=teacher_id, run_id=runs[each].id, number=number,
                college_rank=college_rank, made_at=made_at,
            )
        )  # fmt: skip
    audit.record(
        actor, "round.ranked", ("teacher", teacher_id), before={"wishes": [each for _, each in before]},
        after={"round": code, "wishes": list(run_codes)},
    )  # fmt: skip
    return list(run_codes)


@use_case
def order(actor: Actor, code: str, run_code: str, ranks: Mapping[int, int | None]) -> int:
    """A college's own order among its teachers who want the run; how many it ranked.

    *ranks* holds every teacher that was shown; one of another college is refused.
    """
    found, now = _open_round(code), clock.now()
    permissions.require(actor, "allocation.order", Target(college_id=actor.organisation_id))
    why = round_rules.window_for_wishes(queries.facts(found), now)
    day = clock.today(people.zone_of(found.provider_id))
    own = queries.own_wishes(found.id, actor.organisation_id or 0, day).get(run_code, [])
    before = {each.teacher_id: each.rank for each in own}
    if ranks.keys() - before.keys():
        why.append(Refusal.of("order-not-yours"))
    after = {number: ranks.get(number, before[number]) for number in before}
    why += round_rules.order_refusals(after)
    if why:
        raise Refused(why)
    changed = {number: rank for number, rank in after.items() if rank != before[number]}
    if changed:
        rows = select(Wish).where(Wish.round_id == found.id, Wish.teacher_id.in_(changed))
        run_id = queries.shown_by_code([run_code])[run_code].id
        for row in db.session.scalars(
            rows.where(Wish.run_id == run_id).order_by(Wish.teacher_id).with_for_update()
        ):
            row.college_rank = changed[row.teacher_id]
        audit.record(
            actor, "round.ordered", found, before={"run": run_code, "ranks": _told(before, changed)},
            after={"run": run_code, "ranks": _told(after, changed)},
        )  # fmt: skip
    return sum(rank is not None for rank in after.values())


def _told(ranks: Mapping[int, int | None], changed: Mapping[int, int | None]) -> dict[str, int | None]:
    return {str(number): ranks[number] for number in sorted(changed)}


def _open_round(code: str) -> AllocationRound:
    """The round, shared with others who write wishes; whoever gives its places waits for all of them."""
    return queries.allocation_round(code, share=True)


def _hold_teacher(actor: Actor) -> int:
    query = select(Teacher.id).where(Teacher.person_id == actor.person_id)
    number = db.session.scalar(query.with_for_update(key_share=True))
    if number is None:
        raise NotThere
    return number
