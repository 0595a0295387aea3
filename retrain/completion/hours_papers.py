"""The reference of hours done: for whoever completed, did not, or left before the end."""

from retrain import clock
from retrain.attendance import by_kind
from retrain.attendance.evidence import evidence_hours
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.completion import deciding, queries, rules
from retrain.completion.rules import Attended, Policy
from retrain.documents import papers as printed
from retrain.documents.paper_wording import PAPER
from retrain.enrolment.models import Enrolment
from retrain.language.dates import number
from retrain.orders import person_papers
from retrain.people import queries as people
from retrain.timetable import queries as timetable


def reference(row: Enrolment, run: Run, language: str) -> printed.Reference:
    """A reference with the hours due and done so far, in all and by kind, those shown by evidence among them."""
    holder = person_papers.holder(row.id)
    paper = person_papers.reference(holder, language)
    hour, policy, words = deciding.hour_of(run), Policy.of(run.policy), PAPER[language]
    attended = queries.attended(run, hour).get(row.id, Attended(0, 0, 0))
    kinds = by_kind.hours_done(run, hour, policy.excused_counts).get(row.id, {})
    shown = to_tenths(evidence_hours.accepted(run.id).get(row.id, 0), hour)
    by_evidence = evidence_hours.planned(run, timetable.modules(run))
    done = rules.hours_done(policy, attended) + shown
    rows = [
        (
            words["hours_done"],
            words["of_hours"].format(
                done=number(done, language, 1), due=number(attended.due + by_evidence, language, 1)
            ),
        )
    ]
    rows += [
        (f"— {words[f'kind_{kind.value}']}", number(kinds[kind.value], language, 1))
        for kind in HourKind
        if kinds.get(kind.value)
    ]
    day = clock.today(people.zone_of(run.provider_id))
    return printed.with_rows(paper, tuple(rows), day)
