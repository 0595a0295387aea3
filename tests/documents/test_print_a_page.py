"""HTML to PDF: the same bytes, our letters, nothing fetched, and a clear word when Pango is missing."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from retrain.documents import pdf
from tests.documents.paper import text_of

PAGE = '<p style="font-family: Source Serif 4">O‘zbekiston, Ўқув ва ғоя ҳақида, № 7, «Щука» – ta’lim</p>'


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pdf._weasyprint.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    yield
    pdf._weasyprint.cache_clear()


def test_the_same_page_gives_the_same_bytes():
    first = pdf.render(PAGE, title="One", lang="uz")

    assert first.startswith(b"%PDF-")
    assert pdf.render(PAGE, title="One", lang="uz") == first
    assert pdf.render(PAGE, title="Two", lang="uz") != first


def test_another_process_gives_the_same_bytes():
    # Other hash seeds order sets and dictionaries differently.
    program = (
        "import sys, hashlib; from retrain.documents import pdf;"
        "print(hashlib.sha256(pdf.render(sys.argv[1], title='One', lang='uz')).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, PAGE],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_both_scripts_can_be_read_back():
    assert text_of(pdf.render(PAGE, title="One", lang="uz")) == (
        "O‘zbekiston, Ўқув ва ғоя ҳақида, № 7, «Щука» – ta’lim"
    )


@pytest.mark.parametrize(
    "page",
    [
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<link rel="stylesheet" href="https://example.uz/a.css">',
        "<style>@import url(file:///etc/hostname)</style>",
        "<style>body { background: url(data:image/png;base64,AAAA) }</style>",
        '<link rel="attachment" href="file:///etc/hostname">',
        '<svg width="9" height="9"><image href="file:///etc/hostname" width="9" height="9"/></svg>',
    ],
)
def test_a_page_that_asks_for_something_outside_is_refused(page: str):
    with pytest.raises(pdf.ForbiddenResource):
        pdf.render(f"<p>x</p>{page}", title="x", lang="en")


def test_without_pango_printing_says_so(without_pango: None):
    assert not pdf.available()
    with pytest.raises(pdf.PrintingUnavailable):
        pdf.render(PAGE, title="One", lang="uz")


def test_with_pango_printing_is_there():
    assert pdf.available()


def test_the_program_starts_without_loading_the_printer():
    program = (
        "import sys, retrain.certificates.designs.design, retrain.documents.orders, retrain.documents.slips;"
        "print([name for name in ('weasyprint', 'fontTools', 'pydyf') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
