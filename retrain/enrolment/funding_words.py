"""What lists and a teacher's own pages say of who pays, and of second attempts."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment import funding, rules
from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people import settings
from retrain.web.language import shown_date


def in_words(row: Enrolment) -> str:
    """Who pays for a place, and whether it was paid, in one cell."""
    money = funding.money_of(row)
    payer = str(FUNDING[row.funding])
    if money.unpaid:
        return _("%(payer)s, not paid", payer=payer)
    if money.paid_on:
        return _("%(payer)s, paid on %(on)s", payer=payer, on=shown_date(money.paid_on))
    return payer


def attempts(rows: Iterable[Enrolment]) -> dict[int, str]:
    """By enrolment: which run a second attempt follows, and by when it had to begin."""
    repeats = {row.id: row.repeat_of_id for row in rows if row.repeat_of_id is not None}
    if not repeats:
        return {}
    found = (
        select(Enrolment.id, Run.code, Run.ends_on, Run.provider_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Enrolment.id.in_(set(repeats.values())))
    )
    firsts = {row.id: row for row in db.session.execute(found)}
    return {
        number: _after(firsts[first].code, last_day(firsts[first].ends_on, firsts[first].provider_id))
        for number, first in repeats.items()
    }


def _after(code: str, by: date | None) -> str:
    if by is None:
        return _("second attempt after %(run)s", run=code)
    return _("second attempt after %(run)s, to begin by %(by)s", run=code, by=shown_date(by))


def may_try_again(row: Enrolment, run: Run, rows: Iterable[Enrolment], today: date) -> str:
    """To who did not complete a course: until when a second attempt may begin; nothing once there is one."""
    if row.state is not State.NOT_COMPLETED or any(each.repeat_of_id == row.id for each in rows):
        return ""
    by = last_day(run.ends_on, run.provider_id)
    if by is None or by < today:
        return ""
    return _("You may try once more, on a run of this course that begins by %(by)s.", by=shown_date(by))


def last_day(ended: date, provider_id: int) -> date | None:
    """The last day on which a second attempt may begin, as the provider has set it."""
    return rules.again_by(ended, settings.get(provider_id, "second_attempt_months"))
