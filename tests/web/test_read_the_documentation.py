"""Links of the documentation lead somewhere, and names of buttons in it are those on the pages."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], key=str)
GUIDES = [page for page in PAGES if page.parent.parent.name == "docs"]
LARGEST_PICTURE = 80 * 1024


def names_on_pages(language: str) -> set[str]:
    """Every text of the program in a language."""
    with (ROOT / f"retrain/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found: set[str] = set()
    for message in catalogue:
        texts = message.string if language != "en" and message.string else message.id
        found.update([texts] if isinstance(texts, str) else texts)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text())
    here = [link for link in links if "://" not in link]
    assert [link for link in here if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_in_bold_are_names_on_the_pages(page):
    bold = {re.sub(r"\s+", " ", name) for name in re.findall(r"\*\*([^*]+)\*\*", page.read_text())}
    assert bold
    assert bold - names_on_pages(page.parent.name) == set()


def test_each_guide_is_there_in_both_languages_and_in_the_readme():
    english, uzbek = ({page.name for page in GUIDES if page.parent.name == name} for name in ("en", "uz"))
    assert (
        english
        == uzbek
        == {
            "attendance.md",
            "completion.md",
            "coordinators.md",
            "hr.md",
            "lecturers.md",
            "operators.md",
            "places.md",
            "teachers.md",
            "timetable.md",
            "trust.md",
        }
    )
    readme = (ROOT / "README.md").read_text()
    assert [page for page in GUIDES if str(page.relative_to(ROOT)) not in readme] == []


def test_pictures_are_small():
    pictures = list(ROOT.glob("docs/pictures/*"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []
