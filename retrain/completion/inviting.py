"""Teachers invited to the session of a commission that is to hear their work, or their appeal."""

from datetime import datetime

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.completion import commission_queries, commissions, queries
from retrain.completion import commission_rules as rules
from retrain.completion.deciding import hour_of
from retrain.completion.states import Purpose
from retrain.database.use_case import use_case
from retrain.people import queries as people
from retrain.refusal import NotThere, Refused


@use_case
def invite(actor: Actor, run_code: str, purpose: Purpose, at: datetime, place: str) -> int:
    """Tell whoever the commission has to hear when and where; how many were told who had not been told the same.

    *at* is read on the provider's clock.
    """
    run = commissions.managed_run(actor, run_code)
    row = commission_queries.commission(run.id, purpose)
    if row is None:
        raise NotThere
    moment = at.replace(tzinfo=people.zone_of(run.provider_id))
    to_hear = commissions.who_may_be_heard(run, purpose)
    if purpose is Purpose.FINAL:
        to_hear = to_hear - set(commission_queries.heard(run.id, purpose))
    if why := rules.invitation_refusals(moment, clock.now(), place, len(to_hear)):
        raise Refused(why)
    facts = {
        "run": run.code, "title": run.version.titles, "at": moment.isoformat(), "place": place.strip(),
        "zone": str(moment.tzinfo), "path": "/mine",
    }  # fmt: skip
    told = messages.later_each(f"commission.session_{purpose.value}", [
        messages.Said(
            each.person_id, facts, f"commission.session:{each.enrolment_id}:{purpose.value}:{facts['at']}:{facts['place']}",
            ("commission", row.id),
        )
        for each in queries.group(run, hour_of(run))
        if each.enrolment_id in to_hear
    ])  # fmt: skip
    audit.record(
        actor, "commission.invited", row,
        after={"run": run_code, "purpose": purpose, "at": moment, "place": facts["place"], "told": told},
    )  # fmt: skip
    return told
