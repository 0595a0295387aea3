"""The paper behind an excuse is often about somebody's health: who may open it, and who is told that there is none."""

from datetime import timedelta
from io import BytesIO

import pytest

from retrain.attendance import queries, service
from retrain.attendance.evidence.models import Evidence
from retrain.audit import Actor
from retrain.extensions import db
from retrain.people import service as settings
from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Refused
from retrain.timetable import queries as timetable_queries
from retrain.timetable import service as timetable
from tests import scenario
from tests.attendance.first_morning import MONDAY, first_morning
from tests.attendance.test_show_hours_by_evidence import PDF
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def with_paper(app, country: Country) -> str:
    """The address of the paper that the first teacher's excuse has."""
    lecturer, session_id, one = (
        scenario.signed_in(app, country.lecturer), country.sessions[0].id, country.enrolments[0].id,
    )  # fmt: skip
    here = f"/registers/{session_id}"
    early = lecturer.post(
        f"{here}/papers/{one}?lang=en", data={"paper": (BytesIO(PDF), "varaqa.pdf")},
        headers={"Referer": f"http://localhost{here}"}, follow_redirects=True,
    )  # fmt: skip
    assert "Mark the person excused first." in early.text, "a paper without an excuse"
    lecturer.post(here, data={f"mark-{one}": "excused", f"reason-{one}": "Kasallik varaqasi 14"})
    answer = lecturer.post(f"{here}/papers/{one}", data={"paper": (BytesIO(PDF), "varaqa.pdf")})
    assert answer.status_code == 303
    for row in country.enrolments[1:]:
        lecturer.post(here, data={f"mark-{row.id}": "present"})
    lecturer.post(here, data={"sign": "1"})
    db.session.rollback()
    mark = next(each for each in queries.register_of(session_id).marks if each.enrolment_id == one)
    return f"/files/{mark.paper_id}"


def test_only_whose_it_is_who_marks_that_class_and_the_coordinator_read_it(app, country):
    address = with_paper(app, country)
    curator = scenario.role(scenario.person("Kurator"), RoleKind.CURATOR, country.provider)
    country.run.curator_id = curator.person_id
    db.session.commit()
    away = scenario.organisation("SDU", OrganisationKind.UNIVERSITY, "Boshqa universitet")
    college = scenario.organisation("CH7", OrganisationKind.COLLEGE, "Boshqa texnikum")

    def in_role(kind: RoleKind, at) -> Actor:
        return scenario.role(scenario.person(f"Begona{kind}{at.id}"), kind, at)

    readers = {
        "whose it is": Actor(country.teachers[0].person_id, "teacher"),
        "the lecturer of the class": country.lecturer,
        "the coordinator": country.coordinator,
    }
    others = {
        "another teacher of the group": Actor(country.teachers[1].person_id, "teacher"),
        "a teacher of elsewhere": Actor(scenario.teacher(78, college).person_id, "teacher"),
        "another lecturer": in_role(RoleKind.LECTURER, country.provider),
        "HR of the teacher's college": country.college_hr,
        "HR of another college": in_role(RoleKind.COLLEGE_HR, college),
        "the provider's HR officer": country.hr_officer,
        "the secretary": in_role(RoleKind.SECRETARY, country.provider),
        "another provider's coordinator": in_role(RoleKind.COORDINATOR, away),
        "the group's curator, who does not mark here": curator,
        "the ministry": in_role(RoleKind.MINISTRY, away),
        "an administrator": in_role(RoleKind.ADMINISTRATOR, away),
    }
    opened = {
        words: scenario.signed_in(app, actor).get(address).status_code for words, actor in readers.items()
    }
    assert opened == dict.fromkeys(readers, 200)
    shut = {words: scenario.signed_in(app, actor).get(address).status_code for words, actor in others.items()}
    assert shut == dict.fromkeys(others, 404)
    assert app.test_client().get(address).status_code in (302, 401, 403, 404)
    settings.set_setting(
        country.coordinator, country.provider.id, "registers", MONDAY,
        {"correction_days": 3, "curator_marks": True},
    )  # fmt: skip
    assert scenario.signed_in(app, curator).get(address).status_code == 200, "who marks the class has seen it"


def test_a_substitute_reads_it_on_their_day_alone(app, country, clock):
    address = with_paper(app, country)
    other = scenario.role(scenario.person("Yusupov", "Anvar"), RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, other.person_id)
    office, theirs = (scenario.signed_in(app, each) for each in (country.coordinator, other))
    office.post(f"/registers/{country.sessions[0].id}/substitute", data={"person": str(other.person_id)})
    assert theirs.get(address).status_code == 200
    clock.set(country.sessions[1].starts_at)
    assert theirs.get(address).status_code == 404


def test_a_paper_of_a_signed_register_is_replaced_by_whoever_may_correct_it(app, country, clock):
    with_paper(app, country)
    session_id, one = country.sessions[0].id, country.enrolments[0].id
    clock.set(country.sessions[0].ends_at + timedelta(days=3))
    service.attach_paper(country.lecturer, session_id, one, BytesIO(PDF), "ikkinchi.pdf")
    clock.set(country.sessions[0].ends_at + timedelta(days=4))
    with pytest.raises(Refused) as refused:
        service.attach_paper(country.lecturer, session_id, one, BytesIO(PDF), "uchinchi.pdf")
    assert [why.code for why in refused.value.why] == ["correction-too-late"]
    service.attach_paper(country.coordinator, session_id, one, BytesIO(PDF), "uchinchi.pdf")


def test_a_report_of_hours_is_read_by_those_who_decide_and_by_whose_it_is(app, country):
    module = timetable_queries.modules(country.run)[0]
    module.hours = dict(module.hours) | {"independent": 6}
    db.session.commit()
    mine = scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))
    data = {
        "part": f"{module.id}:independent", "hours": "4", "on": MONDAY.isoformat(),
        "report": (BytesIO(PDF), "referat.pdf"),
    }  # fmt: skip
    mine.post(f"/mine/hours/{country.run.code}", data=data)
    address = f"/files/{db.session.query(Evidence).one().file_id}"
    assert mine.get(address).status_code == 200
    assert scenario.signed_in(app, country.coordinator).get(address).status_code == 200
    for actor in (Actor(country.teachers[1].person_id, "teacher"), country.college_hr, country.lecturer):
        assert scenario.signed_in(app, actor).get(address).status_code == 404
