"""What rounds hold about a person: wishes and what became of them."""

from sqlalchemy import delete, select

from retrain.allocation.models import AllocationRound, RoundOutcome, Wish
from retrain.allocation.states import RoundState
from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.extensions import db
from retrain.people import holdings
from retrain.people import queries as people
from retrain.people.merging import Pair, mover
from retrain.people.privacy_erasing import forgetter

holdings.belongs(Wish.teacher_id, RoundOutcome.teacher_id)
holdings.beside(RoundOutcome.enrolment_id)
holdings.did(AllocationRound.created_by_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One list of wishes a person and round: that of the one who stays."""
    for model in (Wish, RoundOutcome):
        rounds = select(model.round_id).where(model.teacher_id == pair.kept_teacher_id)
        db.session.execute(
            delete(model)
            .where(model.teacher_id == pair.gone_teacher_id, model.round_id.in_(rounds))
            .execution_options(synchronize_session=False)
        )


@forgetter
def forget(person_id: int) -> None:
    """Wishes of rounds that are not done go, for nothing rests on them yet, and so does what became of others."""
    teacher = people.teacher_of(person_id)
    if teacher is None:
        return
    done = select(AllocationRound.id).where(AllocationRound.state == RoundState.DONE)
    delete_where(Wish, (Wish.teacher_id == teacher.id) & Wish.round_id.not_in(done))
    delete_where(RoundOutcome, RoundOutcome.teacher_id == teacher.id)
