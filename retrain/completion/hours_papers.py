"""The reference of hours done: for whoever completed, did not, or left before the end."""

from retrain import clock
from retrain.attendance import by_kind
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.completion import deciding, queries, rules
from retrain.completion.rules import Policy
from retrain.documents import papers as printed
from retrain.documents.paper_wording import PAPER
from retrain.enrolment.models import Enrolment
from retrain.language.dates import number
from retrain.orders import person_papers
from retrain.people import queries as people


def reference(row: Enrolment, run: Run, language: str) -> printed.Reference:
    """A reference with the hours due and done so far, in all and by kind."""
    holder = person_papers.holder(row.id)
    paper = person_papers.reference(holder, language)
    hour, policy, words = deciding.hour_of(run), Policy.of(run.policy), PAPER[language]
    member = next(each for each in queries.group(run, hour) if each.enrolment_id == row.id)
    done = rules.hours_done(policy, member.attended)
    kinds = by_kind.hours_done(run, hour, policy.excused_counts).get(row.id, {})
    rows = [
        (
            words["hours_done"],
            words["of_hours"].format(
                done=number(done, language, 1), due=number(member.attended.due, language, 1)
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
