"""The papers of people on a run, as the printed pages want them: references, business trips, the group's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from retrain import clock
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.documents import papers as printed
from retrain.documents.orders import Listed, Signer
from retrain.enrolment import queries as enrolment
from retrain.enrolment import stays
from retrain.enrolment.models import Enrolment, Nomination
from retrain.enrolment.states import IN_GROUP
from retrain.enrolment.stays import Stay
from retrain.extensions import db
from retrain.language import pick
from retrain.language.transliteration import in_letters_of
from retrain.orders import lists, queries
from retrain.orders.sheets import Signatory, signatories, training_of
from retrain.orders.states import OrderKind
from retrain.people import queries as people
from retrain.people.models import Person
from retrain.people.permissions import Target
from retrain.refusal import NotThere


@dataclass(frozen=True)
class Holder:
    """Somebody on a run who may want a paper."""

    row: Enrolment
    person: Person
    run: Run

    @property
    def stay(self) -> Stay:
        return enrolment.stay_of(self.run, self.row)

    @property
    def standing(self) -> str | None:
        """What a reference given today says."""
        return stays.standing(self.stay, clock.today(people.zone_of(self.run.provider_id)))

    @property
    def target(self) -> Target:
        """The person and their colleges then and now, and the run, as far as permission is concerned."""
        college = people.employer_on(self.row.teacher_id)
        return Target(
            person_id=self.person.id, college_ids={self.row.organisation_id, college.id if college else 0},
            provider_id=self.run.provider_id, curator_id=self.run.curator_id,
        )  # fmt: skip


def holder(enrolment_id: int) -> Holder:
    """The enrolment with its person and run, or NotThere."""
    row = enrolment.enrolment(enrolment_id)
    person = people.teacher(row.teacher_id).person
    return Holder(row, person, catalogue.run(enrolment.code_of(row.run_id)))


def reference(of: Holder, language: str) -> printed.Reference:
    """That the person is on the course, as of today; NotThere for who never was in the group."""
    standing = of.standing
    if standing is None:
        raise NotThere
    order = queries.order_of(of.run, OrderKind.ENROLMENT)
    signer = next(iter(signatories(of.run.provider_id)), Signatory("", ""))
    return printed.Reference(
        course=course_of(of.run, language),
        person=_people([of.row], of.run, language)[0],
        standing=printed.Standing(standing),
        day=clock.today(people.zone_of(of.run.provider_id)),
        signer=Signer(in_letters_of(signer.post, language), in_letters_of(signer.name, language)),
        since=of.stay.first,
        until=of.stay.last,
        order_number=order.number or "" if order else "",
        order_day=order.registered_on if order else None,
    )


def trips(run: Run, rows: Sequence[Enrolment], language: str) -> list[printed.Trip]:
    """The business-trip certificates of some of the group, on the ground of their colleges' orders."""
    going = [row for row in rows if row.state in IN_GROUP]
    found = select(Nomination).where(Nomination.id.in_([row.nomination_id for row in going]))
    orders = {each.id: each for each in db.session.scalars(found)}
    course = course_of(run, language)
    return [
        printed.Trip(course, person, *_ground(orders.get(row.nomination_id or 0)))
        for row, person in zip(going, _people(going, run, language), strict=True)
    ]


def _ground(nomination: Nomination | None) -> tuple[str, date | None]:
    return (nomination.order_number or "", nomination.order_date) if nomination else ("", None)


def group_list(run: Run, language: str) -> printed.GroupList:
    """The group by name."""
    rows = group_rows(run)
    curator = people.display_names([run.curator_id]).get(run.curator_id or 0, "")
    curator = in_letters_of(curator, language)
    today = clock.today(people.zone_of(run.provider_id))
    return printed.GroupList(course_of(run, language), tuple(_people(rows, run, language)), today, curator)


def group_rows(run: Run) -> list[Enrolment]:
    """The enrolments of the group, by name."""
    return [row for row, _person in enrolment.group_rows(run)]


def course_of(run: Run, language: str) -> printed.Course:
    """The course as every paper names it."""
    return printed.Course(
        organisation=people.organisation_name(run.provider_id, None, language),
        training=training_of(run.kind),
        title=pick(run.version.titles, language),
        group=run.group_name,
        starts=run.starts_on,
        ends=run.ends_on,
        hours=run.hours,
        place=in_letters_of(run.place_text, language),
    )


def _people(rows: Sequence[Enrolment], run: Run, language: str) -> list[Listed]:
    script = people.script_of(language).value
    lines = lists.lines(run, rows)
    return [
        Listed(
            line["names"][script], pick(line["workplaces"], language), in_letters_of(line["post"], language)
        )
        for line in (lines[row.id] for row in rows)
    ]
