"""The page of long work: its owner watches, closes it, comes back, and tries again what stopped."""

import pytest
from flask import Flask

from retrain import jobs
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import registry, service
from retrain.jobs.models import Job
from retrain.refusal import Refusal, Refused
from tests.harness.actors import Somebody, organisation, somebody
from tests.harness.client import Client
from tests.harness.frozen import FrozenClock


@pytest.fixture
def officer(app: Flask) -> Somebody:
    return somebody(app, "hr_officer", organisation("TDPU", "Pedagogika universiteti"))


@pytest.fixture
def job_id(officer: Somebody, monkeypatch: pytest.MonkeyPatch) -> int:
    """The HR officer's job, of which half can be done."""

    def half(work: jobs.Work) -> None:
        work.progress(5, 10, cursor={"row": 5})
        if work.payload.get("stops"):
            raise Refused(Refusal.of("job-not-failed"))
        work.result = {"url": "/runs/IT-014"}

    known = registry.Handler("test.half", jobs.Lane.LIGHT, half)
    monkeypatch.setitem(registry.HANDLERS, "test.half", known)
    return wanted(officer)


@use_case
def wanted(who: Somebody, **payload: object) -> int:
    return jobs.want("test.half", payload, actor=who.actor).id


def test_the_page_moves_with_the_work(officer: Somebody, job_id: int):
    browser = officer.browser
    assert "data-job=" in browser.get(f"/jobs/{job_id}").text
    assert browser.get(f"/jobs/{job_id}.json").json["state"] == "waiting"
    jobs.run_waiting()
    answer = browser.get(f"/jobs/{job_id}.json")
    assert (answer.json["state"], answer.json["done"], answer.json["total"]) == ("done", 5, 10)
    assert answer.json["after"] == "/runs/IT-014"
    assert answer.cache_control.no_store
    assert 'href="/runs/IT-014"' in browser.get(f"/jobs/{job_id}").text
    assert f'href="/jobs/{job_id}"' in browser.get("/jobs").text


def test_a_result_never_leads_to_another_site(officer: Somebody, job_id: int):
    jobs.run_waiting()
    db.session.get_one(Job, job_id).result = {"url": "//elsewhere.example"}
    assert officer.browser.get(f"/jobs/{job_id}.json").json["after"] == ""


def test_what_stopped_is_told_on_the_first_page_and_tried_again(officer: Somebody, job_id: int):
    stopped = wanted(officer, stops=True)
    jobs.run_waiting()
    browser = officer.browser
    assert f'href="/jobs/{stopped}"' in browser.get("/").text
    page = browser.get(f"/jobs/{stopped}").text
    assert "5 of 10 done; that is kept." in page
    assert browser.post(f"/jobs/{stopped}/retry").status_code == 303
    assert service.sweep() == 0
    db.session.expire_all()
    again = db.session.get_one(Job, stopped)
    assert (again.state, again.attempts, again.done, again.cursor) == ("queued", 0, 5, {"row": 5})
    again_refused = browser.post(f"/jobs/{job_id}/retry", headers={"Accept": "application/json"})
    assert (again_refused.status_code, again_refused.json["codes"]) == (409, ["job-not-failed"])


def test_nobody_else_sees_it(app: Flask, client: Client, officer: Somebody, job_id: int):
    other = somebody(app, "hr_officer", officer.organisation_id, "Olimov")
    administrator = somebody(app, "administrator", officer.organisation_id, "Boshqaruvchi")
    for path in (f"/jobs/{job_id}", f"/jobs/{job_id}.json", "/jobs/999999"):
        assert other.browser.get(path).status_code == 404
    assert other.browser.post(f"/jobs/{job_id}/retry").status_code == 404
    assert administrator.browser.get(f"/jobs/{job_id}").status_code == 200
    assert client.get(f"/jobs/{job_id}").status_code == 302
    assert client.get(f"/jobs/{job_id}.json").status_code == 403


def test_health_says_whether_a_worker_is_there(client: Client, clock: FrozenClock):
    assert client.get("/health").json == {"ok": False, "database": True, "worker": False}
    service.seen("light:here:1")
    answer = client.get("/health")
    assert (answer.status_code, answer.json["ok"]) == (200, True)
    clock.advance(seconds=61)
    assert client.get("/health").status_code == 503
    service.seen("light:here:1")
    assert client.get("/health").status_code == 200
    service.leave("light:here:1")
    assert client.get("/health").status_code == 503
