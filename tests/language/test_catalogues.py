"""Everyone reads the pages in their own language, and no string stays behind."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from scripts import catalogues

PAGES = [
    ("uz", "Sertifikatni tekshirish"),
    ("uz-Cyrl", "Сертификатни текшириш"),
    ("ru", "Проверить сертификат"),
    ("en", "Check a certificate"),
]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own catalogues, copied where a test may spoil them."""
    shutil.copytree(catalogues.TRANSLATIONS, tmp_path / "translations")
    monkeypatch.setattr(catalogues, "TRANSLATIONS", tmp_path / "translations")
    return tmp_path / "translations"


@pytest.fixture(scope="module")
def wanted():
    """What the code and the templates say now."""
    return list(catalogues._messages(catalogues.extracted()))


def test_no_string_of_the_program_is_missing_from_a_catalogue():
    assert catalogues.problems() == []


@pytest.mark.parametrize("locale", catalogues.TRANSLATED)
def test_a_string_taken_out_of_the_catalogue_is_missed(copied, locale):
    catalogue = catalogues.read(locale)
    catalogue.delete("Check a certificate")
    catalogues.write(locale, catalogue)
    (found,) = catalogues.problems()
    assert found.startswith(f"{locale}: not in the catalogue")
    assert "'Check a certificate'" in found


@pytest.mark.parametrize(("language", "words"), PAGES)
def test_a_page_is_written_in_the_language_that_it_names(client, language, words):
    page = client.get(f"/?lang={language}").get_data(as_text=True)
    assert re.search(r"<html[^>]*\blang=\"([\w-]+)\"", page)[1] == language
    assert words in page


def test_the_language_once_chosen_stays(client):
    client.get("/?lang=ru")
    assert "Проверить сертификат" in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize(("locale", "forms"), [("uz", 2), ("ru", 3)])
def test_counted_words_have_every_form_of_their_language(wanted, locale, forms):
    catalogue = catalogues.read(locale)
    assert catalogue.num_plurals == forms
    counted = [message.id for message in wanted if message.pluralizable]
    assert {len(catalogue.get(found[0]).string) for found in counted} == {forms}


def test_uzbek_is_written_with_its_own_apostrophes(wanted):
    texts = [
        text for message in catalogues._messages(catalogues.read("uz")) for text in catalogues._texts(message)
    ]
    assert [text for text in texts if re.search("['`ʻʼ´]|[oOgG]’(?=[a-z])(?<![mM]o’)", text)] == []


def test_each_script_of_uzbek_keeps_to_itself(copied):
    catalogues.compile_all()
    with catalogues.path_of("uz_Cyrl", "mo").open("rb") as file:
        cyrillic = read_mo(file)
    mixed = re.compile(r"[a-zA-Z][а-яёўқғҳ]|[а-яёўқғҳ][a-zA-Z]|[oOgG]‘")
    texts = [
        re.sub(r"%\(\w+\)[a-z]", " ", text) for message in cyrillic for text in catalogues._texts(message)
    ]
    assert [text for text in texts if mixed.search(text)] == []
