"""Points are typed, pasted and brought in a file; statements are closed, and corrected only with a reason."""

import io
import re
from datetime import UTC, date, datetime

import pytest

from retrain.completion import queries, service, sheets
from retrain.completion.grading_rules import Planned
from retrain.completion.models import Assessment, ResultChange, Statement
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.people.states import RoleKind
from retrain.tabular.write import write_csv, write_xlsx
from retrain.timetable import service as timetable
from tests import scenario
from tests.documents.paper import text_of

MONDAY = date(2026, 9, 14)
DURING = datetime(2026, 9, 17, 5, tzinfo=UTC)


def a_group(clock):
    """Three people, a final assessment, and a module assessed by two lecturers."""
    country = scenario.country(MONDAY)
    country.secretary = scenario.role(scenario.person("Kotibova"), RoleKind.SECRETARY, country.provider)
    country.second = scenario.role(scenario.person("Yusupov", "Olim"), RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, country.second.person_id)
    clock.set(DURING)
    final = service.plan_assessment(
        country.secretary, country.run.code, {"en": "Final test", "uz": "Yakuniy test"},
        Planned(AssessmentKind.FINAL, 56, weight=2, attempts=2, retake_by=date(2026, 9, 20)),
    )  # fmt: skip
    work = service.plan_assessment(
        country.secretary, country.run.code, {"en": "Course work"},
        Planned(
            AssessmentKind.MODULE, 56,
            examiner_id=country.lecturer.person_id, second_examiner_id=country.second.person_id,
        ),
    )  # fmt: skip
    country.final, country.work = final.id, work.id
    return country


@pytest.fixture
def country(made_once, clock):
    return made_once(a_group)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


def numbers(country):
    return [row.id for row in country.enrolments]


def results(country):
    return f"/manage/runs/{country.run.code}/results?lang=en"


def page_of(country, assessment_id, query="?lang=en"):
    return f"/manage/runs/{country.run.code}/assessments/{assessment_id}{query}"


def typed(page: str) -> dict[str, str]:
    """The grid's fields as a browser would send them."""
    found = re.findall(r'name="((?:points|was)-[\d-]+)"[^>]*?value="([^"]*)"', page)
    return dict(found)


def save(client, country, changes, page=None, **more):
    data = typed(page if page is not None else client.get(results(country)).text)
    assert changes.keys() <= data.keys()
    return client.post(results(country), data=data | changes, **more)


def final(country, number, points):
    return {f"points-{country.final}-{number}": str(points)}


def test_points_of_101_and_words_are_refused_beside_the_field(country, desk):
    one, two, _three = numbers(country)
    page = save(desk, country, {**final(country, one, 101), **final(country, two, 77)}).text
    assert "101 is not on the scale. Give 0 to 100 points, or leave it empty." in page
    assert 'value="77"' in page
    assert queries.results(country.run.id) == {}
    page = save(
        desk, country, {**final(country, one, 100), **final(country, two, 77)}, follow_redirects=True
    ).text
    assert "2 results were saved." in page
    assert "excellent" in page


def test_a_page_that_is_sent_twice_adds_one_assessment(country, desk):
    address = f"/manage/runs/{country.run.code}/results/assessments?lang=en"
    data = {"title": "Essay", "kind": "module", "pass_mark": "56"}
    assert desk.post(address, data=data).status_code == 303
    assert "The run has an assessment of this title already." in desk.post(address, data=data).text
    assert len(queries.assessments(country.run.id)) == 3


def test_who_saves_over_another_is_told_and_nothing_is_lost(country, desk, app):
    one, two, _three = numbers(country)
    other = scenario.signed_in(app, country.coordinator)
    seen = desk.get(results(country)).text
    save(other, country, final(country, one, 80))
    page = save(desk, country, {**final(country, one, 60), **final(country, two, 90)}, seen).text
    assert "Rahimov Aziz entered 80 while you were typing." in page
    assert queries.results(country.run.id) == {(country.final, one): 80}
    assert save(desk, country, {}, page).status_code == 303, "now they know, theirs goes over it"
    assert queries.results(country.run.id) == {(country.final, one): 60, (country.final, two): 90}


def test_a_field_left_as_it_was_seen_does_not_undo_anothers(country, desk, app):
    one, two, _three = numbers(country)
    seen = desk.get(results(country)).text
    save(scenario.signed_in(app, country.coordinator), country, final(country, one, 80))
    assert save(desk, country, final(country, two, 90), seen).status_code == 303
    assert queries.results(country.run.id) == {(country.final, one): 80, (country.final, two): 90}


def test_an_examiner_who_learns_in_the_group_gives_no_points_to_themself(country, app):
    one, two, *_rest = numbers(country)
    learner = country.teachers[0].person
    examiner = scenario.role(learner, RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, learner.id)
    essay = service.plan_assessment(
        country.secretary, country.run.code, {"en": "Essay"},
        Planned(AssessmentKind.MODULE, 56, examiner_id=learner.id),
    )  # fmt: skip
    client = scenario.signed_in(app, examiner)
    page = client.post(
        results(country), data={f"points-{essay.id}-{one}": "100", f"points-{essay.id}-{two}": "60"}
    ).text
    assert "Your own result is for another examiner or the office to give." in page
    assert queries.results(country.run.id) == {}, "nothing is half done"
    save(client, country, {f"points-{essay.id}-{two}": "60"})
    assert queries.results(country.run.id) == {(essay.id, two): 60}


def test_two_examiners_give_points_apart_and_the_mean_counts(country, app):
    one, *_rest = numbers(country)
    first, second = scenario.signed_in(app, country.lecturer), scenario.signed_in(app, country.second)
    page = first.get(results(country)).text
    assert f"points-{country.work}-{one}-2" not in page, "the second examiner's fields are the second's"
    assert f'name="points-{country.final}-{one}"' not in page
    save(first, country, {f"points-{country.work}-{one}": "70"})
    assert queries.results(country.run.id) == {}
    page = second.post(results(country), data={f"points-{country.work}-{one}": "90"}).text
    assert "These points are given by another examiner." in page
    save(second, country, {f"points-{country.work}-{one}-2": "81"})
    assert queries.results(country.run.id) == {(country.work, one): 76}
    waits = first.get("/?lang=en").text
    assert f"Enter the results of run {country.run.code}" in waits


def test_a_statement_is_closed_once_printed_and_corrected_with_a_reason(country, desk):
    one, two, _three = numbers(country)
    assert "Nobody has a result yet" in close(desk, country).text
    save(desk, country, {**final(country, one, 90), **final(country, two, 40)})
    for _ in range(2):
        assert close(desk, country, follow_redirects=False).status_code == 303
    assert len(db.session.scalars(db.select(Statement)).all()) == 1
    answer = desk.post(results(country), data=final(country, one, 95))
    assert "This person does not sit the retake" in answer.text
    wrong = {"enrolment_id": one, "points": "95", "why": ""}
    correct = page_of(country, country.final, "/correct?lang=en")
    assert "Say why the result is corrected" in desk.post(correct, data=wrong).text
    page = desk.post(correct, data=wrong | {"why": "added up wrongly"}, follow_redirects=True).text
    assert "<s>90</s>" in page
    assert queries.results(country.run.id)[country.final, one] == 95
    paper = text_of(desk.get(page_of(country, country.final, "/statement-1.pdf?in=en")).data)
    assert "was 90" in paper
    assert "added up wrongly" in paper
    assert "did not sit" in paper


def close(desk, country, attempt=1, **more):
    return desk.post(
        page_of(country, country.final, f"/close/{attempt}?lang=en"), **({"follow_redirects": True} | more)
    )


def test_who_failed_sits_again_until_the_last_day_and_the_best_counts(country, desk, clock):
    one, two, three = numbers(country)
    save(desk, country, {**final(country, one, 90), **final(country, two, 40)})
    close(desk, country)
    page = desk.get(results(country)).text
    assert f'name="points-{country.final}-{one}"' not in page
    assert f'name="points-{country.final}-{three}"' in page, "who did not come may come to the retake"
    save(desk, country, final(country, two, 60))
    assert queries.results(country.run.id) == {(country.final, one): 90, (country.final, two): 60}
    answer = desk.post(results(country), data=final(country, one, 99))
    assert "This person does not sit the retake" in answer.text
    clock.advance(days=5)
    answer = desk.post(results(country), data=final(country, three, 80))
    assert "The statement of this assessment is closed." in answer.text
    assert sheets.closed([country.final]) == {country.final: 1}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_fills_the_grid_and_is_saved_after_a_look(country, desk, kind):
    one, two, _three = numbers(country)
    names = [each.name for each in queries.group(country.run, 45)]
    rows = [[names[0], "88"], [names[1], "101"], ["Nobody Anybody", "70"]]
    write = (
        write_xlsx(["Name", "Final test"], rows, "x")
        if kind == "xlsx"
        else write_csv(["Name", "Final test"], rows)
    )
    address = f"/manage/runs/{country.run.code}/results/import?lang=en"
    page = desk.post(address, data={"file": (io.BytesIO(write), f"points.{kind}")}).text
    assert "2 rows of the file were read. Nothing is saved yet" in page
    assert "Row 4, Nobody Anybody: nobody of this run." in page
    assert queries.results(country.run.id) == {}
    answer = save(desk, country, {}, page)
    assert "101 is not on the scale" in answer.text
    assert save(desk, country, final(country, two, 100), answer.text).status_code == 303
    assert queries.results(country.run.id) == {(country.final, one): 88, (country.final, two): 100}


def test_our_own_sheet_comes_back_and_strange_files_are_refused_in_words(country, desk):
    one, *_rest = numbers(country)
    sheet = desk.get(f"/manage/runs/{country.run.code}/results.xlsx?lang=en").data
    address = f"/manage/runs/{country.run.code}/results/import?lang=en"
    page = desk.post(address, data={"file": (io.BytesIO(sheet), "points.xlsx")}).text
    assert "3 rows of the file were read." in page
    odd = write_csv(["Name", "Something else"], [["x", "1"]])
    assert "No column of this file is an assessment of the run." in desk.post(
        address, data={"file": (io.BytesIO(odd), "odd.csv")}
    ).text  # fmt: skip
    assert one


def test_the_plan_of_an_assessment_is_checked_in_words(country, desk):
    address = page_of(country, country.work, "/edit?lang=en")
    data = {
        "title": "Course work", "kind": "module", "pass_mark": "56", "module_id": "0", "weight": "0", "attempts": "9",
        "retake_by": "", "examiner_id": str(country.second.person_id), "second_examiner_id": str(country.second.person_id),
    }  # fmt: skip
    page = desk.post(address, data=data).text
    assert "Give a weight from 1 to 100." in page
    assert "Give 1 to 5 attempts, the first one included." in page
    assert "The second examiner is another person than the first." in page
    good = data | {"weight": "3", "attempts": "2", "second_examiner_id": "0"}
    assert desk.post(address, data=good).status_code == 303
    row = db.session.get_one(Assessment, country.work)
    assert (row.weight, row.attempts, row.second_examiner_id) == (3, 2, None)


def test_corrections_are_for_closed_statements_and_for_the_office(country, desk, app):
    one, *_rest = numbers(country)
    save(desk, country, final(country, one, 90))
    address = page_of(country, country.final, "/correct?lang=en")
    data = {"enrolment_id": one, "points": "95", "why": "wrong"}
    assert "The statement is not closed yet" in desk.post(address, data=data).text
    close(desk, country)
    assert scenario.signed_in(app, country.lecturer).post(address, data=data).status_code == 403
    assert db.session.scalars(db.select(ResultChange)).all() == []
