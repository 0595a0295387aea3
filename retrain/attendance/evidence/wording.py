"""Evidence of hours without a class in words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from retrain.attendance.evidence.states import EvidenceSource, EvidenceState
from retrain.messages.kinds import Kind
from retrain.web.language import shown_number

EVIDENCE = {
    EvidenceState.WAITING: (_l("waits for a decision"), "waiting"),
    EvidenceState.ACCEPTED: (_l("accepted"), "done"),
    EvidenceState.RETURNED: (_l("returned"), "problem"),
}

SOURCES = {
    EvidenceSource.REPORT: _l("report"),
    EvidenceSource.MENTOR: _l("a mentor’s word"),
    EvidenceSource.PLATFORM: _l("a platform’s export"),
}

_TOO_MANY = _l("That is more than the plan has: %(left)s hours are left to show.")

REFUSALS = {
    "evidence-not-planned": _l(
        "This module plans no such hours without a class. Choose another module or kind."
    ),
    "evidence-hours-wrong": _l("Give the academic hours as a number, for example 4 or 1.5."),
    "evidence-too-many-hours": lambda left: str(_TOO_MANY) % {"left": shown_number(left)},
    "evidence-date-unreadable": _l("The day can’t be read. Write it as 14.09.2026."),
    "evidence-tomorrow": _l("The day has not come yet."),
    "evidence-outside-dates": _l(
        "The day is outside the course, which counts work from %(first)s to %(last)s."
    ),
    "evidence-nobody": _l("Nobody of the group is called “%(name)s”."),
    "evidence-several": _l("Several people of the group are called “%(name)s”. Write the PINFL instead."),
    "evidence-no-module": _l("The course has no module “%(name)s”."),
    "evidence-kind-unknown": _l("Say which kind of hours it is: independent, distance or internship."),
    "evidence-decided": _l("This was decided otherwise already. Open the page again to read how."),
    "mentor-needs-name": _l("Write the name of the mentor."),
    "mentor-needs-address": _l("Write the e-mail address of the mentor."),
    "mentor-link-used": _l("This link was used already. Its answer is kept."),
    "mentor-link-old": _l("This link is too old. Ask the coordinator for a new letter."),
    "export-unreadable": _l("The file can’t be read as a table. Save it as CSV or XLSX and upload it again."),
    "export-without-columns": _l("The first line must name the columns: name or PINFL, module, hours, date."),
}


def _said(text: Any) -> Callable[[Mapping[str, Any]], str]:
    """A text whose hours are written as the reader writes them."""

    def said(facts: Mapping[str, Any]) -> str:
        return (str(text) % {**facts, "hours": shown_number(facts["hours"])}).strip()

    return said


MESSAGES = {
    "evidence.accepted": Kind(
        subject=_l("Hours on %(run)s count"),
        body=_said(_l("“%(title)s”: %(hours)s hours that you have shown count now.")),
    ),
    "evidence.returned": Kind(
        subject=_l("A report on %(run)s is returned"),
        body=_said(_l("“%(title)s”: what you have shown for %(hours)s hours is returned. %(why)s")),
    ),
    "evidence.mentor": Kind(
        subject=_l("Please confirm hours of %(name)s"),
        body=_said(
            _l(
                "%(mentor)s, we ask you to confirm that %(name)s did %(hours)s academic hours of “%(title)s” with "
                "you. Follow the link; it is good once, until %(until)s."
            )
        ),
        in_app=False,
        essential=True,
    ),
    "evidence.denied": Kind(
        subject=_l("%(mentor)s does not confirm hours of %(name)s"),
        body=_l("The mentor of %(name)s on %(run)s does not confirm the hours. %(note)s"),
    ),
}
