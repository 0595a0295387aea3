"""A coordinator makes a course, is told what it lacks, and publishes it; what is published stays as it was."""

from dataclasses import replace

import pytest

from retrain.catalogue import queries, rules, service
from retrain.catalogue.models import CourseVersion
from retrain.catalogue.plan import ModulePlan
from retrain.extensions import db
from retrain.refusal import ChangedMeanwhile, Forbidden, Refused
from tests.harness.actors import organisation, somebody


def codes(refused):
    return [refusal.code for refusal in refused.value.why]


def form_of(**changed):
    plain = {
        "uz": "Payvandlash", "kind": "retraining", "form": "in_person", "document_type": "retraining_diploma",
        "languages": ["uz"], "cyrillic": "y", "max_unexcused_hours": "36", "pass_mark": "56", "final_required": "y",
        "modules-0-uz": "Birinchi modul", "modules-0-topics-0-uz": "Xavfsizlik",
        "modules-0-topics-0-kind": "lecture", "modules-0-topics-0-hours": "36",
    }  # fmt: skip
    return plain | changed


def test_every_missing_thing_is_said_at_once(coordinator, plan):
    empty = replace(
        plan, languages=(), modules=(ModulePlan({}, {}), replace(plan.modules[0], hours={"lecture": 12}))
    )
    course = service.create_course(coordinator.actor, coordinator.organisation_id, empty, "IT")
    with pytest.raises(Refused) as refused:
        service.publish_course(coordinator.actor, course.code)
    assert codes(refused) == [
        "no-language", "module-no-title", "module-no-hours", "topics-differ-from-module",
    ]  # fmt: skip
    page = coordinator.browser.get("/courses/IT").text
    assert "Not ready to be published" in page
    assert "practical: the module has 0 hours, its topics have 24" in page


def test_hours_of_a_module_left_empty_come_from_its_topics(coordinator, plan):
    without = replace(plan, modules=(replace(plan.modules[0], hours={}),))
    course = service.create_course(coordinator.actor, coordinator.organisation_id, without)
    assert queries.plan_of(course.versions[0]).modules[0].hours == {"lecture": 12, "practical": 24}
    assert course.versions[0].hours == 36


def test_a_published_version_is_never_edited(coordinator, make_course, plan):
    course = make_course("IT")
    changed = replace(plan, titles={"uz": "Yangi nom"})
    version = service.save_version(coordinator.actor, "IT", changed)
    assert (version.number, version.published_at) == (2, None)
    again = service.save_version(coordinator.actor, "IT", replace(changed, titles={"uz": "Yana yangi"}))
    assert again.id == version.id
    first = db.session.get_one(CourseVersion, course.versions[0].id)
    assert first.titles == plan.titles
    assert queries.published_version(queries.course("IT")).number == 1
    service.publish_course(coordinator.actor, "IT")
    assert queries.published_version(queries.course("IT")).number == 2


def test_who_saves_second_is_told(coordinator, plan):
    course = service.create_course(coordinator.actor, coordinator.organisation_id, plan, "IT")
    seen = queries.stamp(course.versions[0])
    service.save_version(coordinator.actor, "IT", replace(plan, titles={"uz": "Birinchi"}), seen)
    with pytest.raises(ChangedMeanwhile) as changed:
        service.save_version(coordinator.actor, "IT", replace(plan, titles={"uz": "Ikkinchi"}), seen)
    assert changed.value.differences["titles"] == ({"uz": "Birinchi"}, {"uz": "Ikkinchi"})
    assert changed.value.by == "Karimova Dilnoza"


def test_the_form_keeps_and_derives(coordinator):
    answer = coordinator.browser.post("/courses/new/full", data=form_of())
    assert answer.status_code == 303, answer.text
    code = answer.location.rpartition("/")[2]
    version = queries.course(code).versions[0]
    assert version.titles == {"uz": "Payvandlash", "uz-Cyrl": "Пайвандлаш"}
    assert version.policy["max_unexcused_hours"] == 36
    # Which missed hours are told is the provider's setting, put on a run when it is published.
    assert "warnings" not in version.policy
    assert version.hours == 36


def test_rows_are_added_without_scripts_and_nothing_typed_is_lost(coordinator):
    page = coordinator.browser.post("/courses/new/full", data=form_of(add="modules-0-topics")).text
    assert 'name="modules-0-topics-1-uz"' in page
    assert "Xavfsizlik" in page
    page = coordinator.browser.post("/courses/new/full", data=form_of(remove="modules-0-topics-0")).text
    assert "Xavfsizlik" not in page
    assert "Birinchi modul" in page
    assert not queries.drafts_waiting(coordinator.actor)[1]


def test_the_whole_form_of_a_course_comes_back_as_it_was(coordinator, make_course):
    make_course("IT")
    page = coordinator.browser.get("/courses/IT/edit").text
    for text in (
        "O‘qituvchi mahorati",
        "Мастерство преподавателя",
        "Pedagogika",
        "Dars tahlili",
        'value="24"',
    ):
        assert text in page


@pytest.mark.parametrize("title", ["x" * 301, "  ", "\u202e"])
def test_a_title_that_can_not_be_is_refused_in_words(coordinator, title):
    answer = coordinator.browser.post("/courses/new/full", data=form_of(uz=title))
    assert answer.status_code == 200
    assert "Please look at these points" in answer.text
    assert "Birinchi modul" in answer.text


def test_emoji_and_right_to_left_titles_are_kept(coordinator, plan):
    titles = {"uz": "Кurs 🛠 ", "en": "دورة تدريبية"}
    course = service.create_course(
        coordinator.actor, coordinator.organisation_id, replace(plan, titles=titles), "RTL"
    )
    assert course.versions[0].titles == {"uz": "Кurs 🛠", "en": "دورة تدريبية"}
    assert "دورة تدريبية" in coordinator.browser.get("/courses/RTL").text


def test_another_provider_may_not(app, coordinator, make_course, plan):
    make_course("IT")
    stranger = somebody(app, "coordinator", organisation("SAMDU", "Samarqand davlat universiteti"))
    with pytest.raises(Forbidden):
        service.save_version(stranger.actor, "IT", plan)
    assert stranger.browser.get("/courses/IT").status_code == 403


def test_the_last_code_is_refused_when_taken(coordinator, make_course, plan):
    make_course("IT")
    with pytest.raises(Refused) as refused:
        service.create_course(coordinator.actor, coordinator.organisation_id, plan, "it")
    assert codes(refused) == ["course-code-taken"]
    assert rules.code_refusals("нет", False)[0].code == "course-code-form"


def test_a_course_is_put_away_and_taken_out(coordinator, make_course):
    make_course("IT")
    coordinator.browser.post("/courses/IT/move", data={"to": "archived"})
    assert "/courses/IT" not in coordinator.browser.get("/courses?q=mahorati").text
    coordinator.browser.post("/courses/IT/move", data={"to": "published"})
    assert queries.course("IT").state == "published"
