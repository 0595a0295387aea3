"""Issuing, printing and handing over documents. The only writer of this package's tables."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from retrain import audit, clock, files
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.certificates import finishing, freezing, issuing, making, numbering, printing, queries, rules
from retrain.certificates.designs import design
from retrain.certificates.frozen import Frozen
from retrain.certificates.log import public_log
from retrain.certificates.models import Certificate, HandOver
from retrain.certificates.states import LIVING, CertificateState, EventKind, Ground, Part, ReceivedBy
from retrain.completion.states import Outcome
from retrain.database.use_case import use_case
from retrain.enrolment import funding
from retrain.extensions import db
from retrain.files.models import StoredFile
from retrain.orders import queries as order_queries
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

CLOSED = (RunState.FINISHED, RunState.ARCHIVED)


def refusals_to_issue(run: Run, decided: Sequence[queries.Decided]) -> list[Refusal]:
    """Why no document of the run may be issued now; empty when they may."""
    series = series_of(run)
    facts = rules.RunFacts(
        closed=run.state in CLOSED,
        completed=sum(decision.outcome is Outcome.COMPLETED for _, _, decision in decided),
        grounds=run.policy.get("grounds", []),
        registered={kind.value for kind in order_queries.registered_kinds([run.id]).get(run.id, set())},
        has_signatory=bool(settings.get(run.provider_id, "signatories")),
        numbers_held=series in numbering.held_series(run.provider_id),
        issued_later=rules.later_than(clock.now(), queries.last_issued_at(run.provider_id, series)),
        emblem_lost=not printing.is_kept(freezing.emblem_of(run)),
    )
    return rules.refusals_to_issue(facts)


def series_of(run: Run) -> str:
    """The series that documents of the run are counted in."""
    return str(settings.get(run.provider_id, "document_series")[run.version.document_type.value])


@use_case
def issue_run(actor: Actor, code: str, day: date | None = None) -> list[Certificate]:
    """Issue a document to everyone who completed the run and has none; pressed twice, it issues once.

    With a *day* to come they are prepared: numbered and printable now, and issued on that day by the worker.

    Numbers are taken in this transaction, without gaps. What each document says is frozen with its digest. Whose
    document can't be printed goes on waiting, see :func:`unprintable`, and nobody waits with them.
    """
    run = catalogue.run(code, for_update=True)
    permissions.require(actor, "certificate.issue", Target(provider_id=run.provider_id))
    decided = queries.decided(run.id)
    if why := refusals_to_issue(run, decided):
        raise Refused(why)
    owing, unordered = unpaid(run, decided), not_in_order(run, decided)
    wanted = to_issue(decided, queries.of_run(run.id), without=owing | unordered)
    if not wanted:
        waiting = {row[0].id for row in to_issue(decided, queries.of_run(run.id))}
        if why := rules.held_back(waiting, owing, unordered):
            raise Refused(why)
        return []
    series, today = series_of(run), clock.today(people.zone_of(run.provider_id))
    day = day or today
    if why := rules.refusals_to_date(day, today):
        raise Refused(why)
    issue = freezing.Issue.of(run, day, wanted)
    problems = _problems(issue, series, wanted)
    if not (printed := [row for row in wanted if row[0].id not in problems]):
        raise Refused([why for each in problems.values() for why in each])
    first = numbering.take(run.provider_id, series, day.year, len(printed))
    told = {"count": len(printed), "first": first, "series": series}
    if day > today:
        audit.record(actor, "certificates.prepared", run, after=told | {"day": day})
        return issuing.prepare(actor, issue, series, first, printed)
    found = issuing.issue(actor, issue, series, first, printed)
    audit.record(actor, "certificates.issued", run, after=told)
    making.want(actor, found)
    return found


def unpaid(run: Run, decided: Sequence[queries.Decided]) -> frozenset[int]:
    """Whose document waits for a payment, as enrolments; nobody's unless the rules of the run ask for it."""
    if not run.policy.get("unpaid_blocks_documents"):
        return frozenset()
    return frozenset(row.id for row, _, _ in decided if funding.money_of(row).unpaid)


def not_in_order(run: Run, decided: Sequence[queries.Decided]) -> frozenset[int]:
    """Who completed after the order of completion, which says otherwise: no document may cite it for them."""
    completed = [row.id for row, _, decision in decided if decision.outcome is Outcome.COMPLETED]
    return order_queries.not_in_order(run, completed)


def to_issue(
    decided: Sequence[queries.Decided], certificates: Sequence[Certificate], *, without: Collection[int] = ()
) -> list[queries.Decided]:
    """Who of a run completed it and never had a document among its *certificates*, nor is one of *without*.

    Whose document was revoked has none by decision; it is issued anew one by one, with a reason.
    """
    had = {row.enrolment_id for row in certificates} | set(without)
    return [row for row in decided if row[2].outcome is Outcome.COMPLETED and row[0].id not in had]


def unprintable(run: Run, waiting: Sequence[queries.Decided]) -> list[Refusal]:
    """What is to be put right before those who go on *waiting* get a document."""
    if not waiting:
        return []
    issue = freezing.Issue.of(run, clock.today(people.zone_of(run.provider_id)), waiting)
    return [why for each in _problems(issue, series_of(run), waiting).values() for why in each]


def _problems(
    issue: freezing.Issue, series: str, wanted: Sequence[queries.Decided]
) -> dict[int, list[Refusal]]:
    """enrolment → what of their document its design can't print, of those where there is anything."""
    found = {row[0].id: _unprintable(freezing.trial(issue, series, *row), issue) for row in wanted}
    return {number: why for number, why in found.items() if why}


def _unprintable(frozen: Frozen, issue: freezing.Issue) -> list[Refusal]:
    """What of one document its design can't print."""
    return [
        Refusal.of(
            f"document-{problem.code}",
            name=rules.legible(frozen.name),
            part=problem.field,
            characters=" ".join(rules.legible(sign) for sign in problem.characters),
        )
        for problem in design.problems(frozen, issue.design, issue.design_version, issue.changes)
    ]


@use_case
def replace(
    actor: Actor, certificate_id: int, ground: Ground, reason: str, parts: Collection[Part] = ()
) -> Certificate:
    """A new document in the place of one that was lost, is wrong or was revoked; the old one points to it.

    It says what the old one said but for the name, when that changed, or the *parts* a mistake is put right
    in; it bears the next number, the day of today and who signs today.
    """
    old = queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "certificate.end", Target(provider_id=old.provider_id))
    held = old.series in numbering.held_series(old.provider_id)
    later = rules.later_than(clock.now(), queries.last_issued_at(old.provider_id, old.series))
    standing = rules.Standing(old.state, old.replaced_by_id is not None, held, bool(reason.strip()), later)
    if why := rules.refusals_to_replace(standing, ground, parts):
        raise Refused(why)
    row = next(row for row in queries.decided(old.run_id) if row[0].id == old.enrolment_id)
    today = clock.today(people.zone_of(old.provider_id))
    issue = freezing.Issue.of(old.run, today, [row])
    changed = rules.put_right(ground, parts)
    like = freezing.like(old.frozen, issue, row, changed)
    if ground is not Ground.MISTAKE:
        issue, like = freezing.duplicate(old, issue, like)
    if not printing.is_kept(issue.logo):
        raise Refused(Refusal.of("emblem-lost"))
    if why := _unprintable(freezing.trial(issue, old.series, *row, like=like), issue):
        raise Refused(why)
    before = old.state
    if old.state in LIVING:
        old.state, old.ended_on, old.end_reason = CertificateState.REPLACED, today, reason
        db.session.flush()  # one living document a person and run
    number = numbering.take(old.provider_id, old.series, issue.day.year, 1)
    (new,) = issuing.issue(actor, issue, old.series, number, [row], like)
    old.replaced_by_id = new.id
    if old.state is CertificateState.REPLACED:
        public_log.tell([old], EventKind.REPLACED)
    making.want(actor, [new])
    audit.record(
        actor, "certificate.replaced", old, before={"state": before},
        after={"state": old.state, "by": new.registration_number, "ground": ground, "changed": sorted(changed)},
        why=reason,
    )  # fmt: skip
    return new


@use_case
def file_of(actor: Actor, certificate_id: int) -> StoredFile:
    """The document's own PDF: made, signed and kept the first time it is opened, the same bytes ever after."""
    row = queries.certificate(certificate_id, for_update=True)
    holder = people.teacher(row.enrolment.teacher_id)
    permissions.require(
        actor,
        "certificate.open",
        Target(
            person_id=holder.person_id, college_id=row.enrolment.organisation_id, provider_id=row.provider_id
        ),
    )
    if row.state is CertificateState.PREPARED:
        raise Refused(Refusal.of("prepared-only", on=freezing.day_of(row)))
    if found := kept_file(row):
        return found
    if row.file_digest is not None:
        # A second signature would be another file: the one that was issued is the only one there is.
        raise RuntimeError(f"the file of certificate {row.id} is not in the store any more")
    pdf = finishing.finished(row, printing.render([row]), finishing.hand_of(row.provider_id))
    stored = files.keep(pdf, making.file_name(row), allowed={"application/pdf"}, purpose="certificate")
    row.file_digest = stored.digest
    return stored


def kept_file(row: Certificate) -> StoredFile | None:
    """The document's own file, once somebody has opened it."""
    if row.file_digest is None:
        return None
    kept = select(StoredFile).where(StoredFile.digest == row.file_digest).order_by(StoredFile.id).limit(1)
    return db.session.scalar(kept)


@use_case
def hand_over(actor: Actor, certificate_id: int, on_date: date, received_by: str, who: str) -> HandOver:
    """Record that a document left the office; recorded twice, it is one hand-over."""
    row = queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "certificate.issue", Target(provider_id=row.provider_id))
    if found := queries.hand_overs([row.id]).get(row.id):
        raise Refused(Refusal.of("already-handed-over", on=found.on_date))
    how, issued_on = ReceivedBy(received_by), freezing.day_of(row)
    if why := rules.refusals_to_hand_over(row.state, issued_on, on_date, how, who):
        raise Refused(why)
    taken = HandOver(
        certificate_id=row.id, on_date=on_date, received_by=how, who=who, recorded_by_id=actor.person_id
    )
    db.session.add(taken)
    row.state = CertificateState.HANDED_OVER
    audit.record(actor, "certificate.handed_over", row, after={"on": on_date, "how": how, "who": who})
    return taken


@use_case
def revoke(
    actor: Actor, certificate_id: int, reason: str, order: str = "", order_on: date | None = None
) -> Certificate:
    """Take a document's validity back, with the reason and the order, if there is one; the check page says so at once."""
    row = queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "certificate.end", Target(provider_id=row.provider_id))
    before, today = row.state, clock.today(people.zone_of(row.provider_id))
    if why := rules.refusals_to_revoke(row.state, reason, order, order_on, today):
        raise Refused(why)
    row.state, row.ended_on, row.end_reason = CertificateState.REVOKED, today, reason.strip()
    row.end_order, row.end_order_on = order.strip() or None, order_on
    public_log.tell([row], EventKind.REVOKED)
    audit.record(
        actor, "certificate.revoked", row, before={"state": before},
        after={"state": row.state, "order": row.end_order, "order_on": order_on}, why=reason,
    )  # fmt: skip
    return row
