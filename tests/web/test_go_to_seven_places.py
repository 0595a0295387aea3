"""The bar leads to seven places at most, whoever looks at it."""

import re

import pytest

from retrain.people.states import RoleKind
from tests.harness.actors import organisation, somebody

WHERE = {
    RoleKind.TEACHER: "college", RoleKind.COLLEGE_HR: "college", RoleKind.MINISTRY: "ministry",
    RoleKind.ADMINISTRATOR: "ministry", RoleKind.REGIONAL_CENTRE: "regional_centre",
}  # fmt: skip


@pytest.mark.parametrize("role", list(RoleKind))
def test_the_bar_of_each_role_has_seven_destinations_at_most(app, role):
    place = organisation("X-1", "Muassasa", WHERE.get(role, "university"))
    page = somebody(app, role, place).browser.get("/jobs?lang=en").text
    bar = re.search(r'<nav class="destinations".*?</nav>', page, re.DOTALL)[0]
    assert 1 <= bar.count("<li>") <= 7, re.findall(r">([^<>]+)</a>", bar)


def test_what_comes_after_the_seventh_stands_in_ones_own_menu(app):
    page = (
        somebody(app, "ministry", organisation("X-1", "Vazirlik", "ministry"))
        .browser.get("/jobs?lang=en")
        .text
    )
    bar, own = (
        re.search(pattern, page, re.DOTALL)[0]
        for pattern in (r'<nav class="destinations".*?</nav>', r'<li class="menu-name">.*?</ul>')
    )
    assert "All runs" not in bar
    assert "All runs" in own
