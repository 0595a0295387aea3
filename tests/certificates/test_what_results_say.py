"""A document says what its holder was given points for, and in which protocol it stands, from the data alone."""

from datetime import date

import pytest

from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import DocumentType
from retrain.completion import service as completion
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.orders.states import OrderKind
from tests import scenario
from tests.completion.commission import FINAL, compose, heard, held, ordered, vote
from tests.documents.paper import text_of


def diplomas(clock) -> scenario.Country:
    """A run to a diploma whose first module is assessed on its own; its classes are over."""
    country = heard(clock)
    country.run.version.document_type = DocumentType.RETRAINING_DIPLOMA
    db.session.commit()
    module = catalogue.with_modules(country.run.course_version_id).modules[0]
    first = completion.add_assessment(
        country.coordinator, country.run.code, {"en": "Welds"}, AssessmentKind.MODULE, 56, module_id=module.id
    )
    points = {(first.id, row.id): 71 for row in country.enrolments}
    completion.enter_results(country.coordinator, country.run.code, points)
    return country


@pytest.fixture
def country(made_once, clock) -> scenario.Country:
    return made_once(diplomas)


def test_a_supplement_has_each_modules_result_and_the_protocol_of_the_commission(country, app):
    desk = scenario.signed_in(app, country.secretary)
    compose(desk, country, FINAL)
    ordered(country, desk)
    one, two = (row.id for row in country.enrolments)
    held(
        desk,
        country,
        vote(country, "final", 3, **{f"of_{n}": (3, 0, 90, "Payvand choki") for n in (one, two)}),
    )
    completion.close_run(country.coordinator, country.run.code)
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    officer = scenario.signed_in(app, country.hr_officer)
    officer.post(f"/manage/runs/{country.run.code}/documents")
    printed = text_of(officer.get(f"/manage/runs/{country.run.code}/documents.pdf").data)
    assert "Birinchi modul 8 71 (yaxshi)" in printed
    assert "natija: 81 (yaxshi)" in printed  # of both the mean
    assert "2026-yil 21-sentabr, № 1/2026" in printed.replace("\N{NO-BREAK SPACE}", " ")
    book = officer.get("/documents/register?lang=en").text
    assert "1/2026, 21 September 2026" in book.replace("\N{NO-BREAK SPACE}", " ")
