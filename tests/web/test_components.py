"""The shared components, all on one page: sound markup, no barrier, and a browser that finds them useful."""

import gzip
import re
import threading
from html.parser import HTMLParser

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.gallery import gallery_app

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
BAD = ("error", "warning")


class Markup(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def all(self, name):
        return [attributes[name] for _tag, attributes in self.tags if attributes.get(name)]


@pytest.fixture
def visitor():
    return gallery_app().test_client()


@pytest.fixture
def refused(visitor):
    """The page after an empty form was sent."""
    visitor.application.config["WTF_CSRF_ENABLED"] = False
    typed = {
        "name": "",
        "region": "",
        "about": "<b>Lathes</b>",
        "topics-0-topic": "Turning",
        "topics-1-topic": "",
    }
    return visitor.post("/gallery", data=typed).text


def test_nothing_is_written_inline(visitor):
    page = Markup(visitor.get("/gallery").text)
    written = {name for _tag, attributes in page.tags for name in attributes}
    assert [name for name in written if name == "style" or name.startswith("on")] == []
    assert [
        tag
        for tag, attributes in page.tags
        if tag == "style" or (tag == "script" and "src" not in attributes)
    ] == []


def test_ids_are_single_and_every_reference_finds_one(refused):
    page = Markup(refused)
    ids = page.all("id")
    assert sorted(ids) == sorted(set(ids))
    described = " ".join(page.all("aria-describedby") + page.all("aria-labelledby")).split()
    named = [*page.all("for"), *page.all("form"), *described]
    assert [name for name in named if name not in ids] == []


def test_the_summary_leads_to_each_field(refused):
    summary = refused[refused.index('class="error-summary"') : refused.index("page-form")]
    links = re.findall(r'href="#([^"]+)"', summary)
    wrong = ["name", "form_of_study-0", "begins", "topics-0-hours", "topics-1-topic", "topics-1-hours"]
    assert links == wrong
    assert set(links) <= set(Markup(refused).all("id"))
    assert "Topics 2, Hours: This field is required." in summary


def test_what_was_typed_is_kept_and_harmless(refused):
    assert "&lt;b&gt;Lathes&lt;/b&gt;" in refused
    assert "<b>Lathes" not in refused
    assert 'value="Turning"' in refused


def test_the_state_of_a_list_is_in_the_address(visitor):
    page = Markup(visitor.get("/gallery?q=ali&state=enrolled&sort=name&page=2").text)
    links = page.all("href")
    assert "?q=ali&state=enrolled&sort=name&page=3" in links  # the next page keeps filter and order
    assert "?q=ali&state=enrolled&sort=-name" in links  # turning the order begins at the first page
    assert "?q=ali&sort=name" in links  # one filter taken away


def test_a_strange_address_bends_no_link(visitor):
    page = visitor.get("/gallery?endpoint=x&_scheme=javascript&_external=1&state=%22%3E%3Cscript%3E")
    assert page.status_code == 200
    assert [link for link in Markup(page.text).all("href") if not link.startswith(("/", "?", "#"))] == []


def test_long_work_is_followed_without_scripts(visitor):
    assert '<noscript><meta http-equiv="refresh"' in visitor.get("/gallery").text


@pytest.mark.parametrize("kind", ["problem", "standalone"])
def test_an_error_page_says_what_to_do(visitor, kind):
    page = visitor.get(f"/problem/{kind}").text
    assert all(words in page for words in ("Nothing is here", "The address may be mistyped.", "Start again."))


class Quiet(WSGIRequestHandler):
    def log(self, *arguments):
        pass


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, gallery_app(), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser, address):
    """Opens the gallery; what the browser complains of is in page.complaints, and there must be none."""
    opened = []

    def open_at(width=1280, theme="light", path="/gallery?state=enrolled&sort=name"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        page = context.new_page()
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in BAD else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append((context, complaints))
        page.goto(address + path)
        enhanced(page)
        return page

    yield open_at
    for context, complaints in opened:
        context.close()
        assert complaints == []


def enhanced(page):
    """Waits until the page's modules are in."""
    page.wait_for_selector("html[data-enhanced]", state="attached")


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=WCAG).response["violations"]
    return [(violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in found]


class TestInABrowser:
    pytestmark = pytest.mark.browser

    @pytest.mark.parametrize(
        ("width", "theme"),
        [
            (390, "dark"),
            (1280, "light"),
            pytest.param(390, "light", marks=pytest.mark.slow),
            pytest.param(1280, "dark", marks=pytest.mark.slow),
        ],
    )
    def test_no_barrier(self, open_page, width, theme):
        page = open_page(width, theme)
        page.get_by_role("button", name="Save the course").click()  # messages and summary too
        page.get_by_role("alert").filter(has_text="Please look").wait_for()
        assert violations(page) == []

    def test_the_summary_has_the_focus(self, open_page):
        page = open_page()
        page.get_by_role("button", name="Save the course").click()
        page.locator(".error-summary:focus").wait_for()
        page.get_by_role("link", name="Name of the course: Write the name of the course.").click()
        assert page.evaluate("document.activeElement.id") == "name"

    def test_a_phone_needs_no_sideways_scrolling(self, open_page):
        page = open_page(320)
        assert page.evaluate("document.documentElement.scrollWidth") == 320

    def test_targets_on_a_phone_are_large_enough(self, open_page):
        small = """[...document.querySelectorAll(
                'button:not(.visually-hidden), summary, .btn, select, .pager a, ' +
                'input:not([type=hidden], .form-check-input)')]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
            .map((e) => e.outerHTML.slice(0, 90))"""
        assert open_page(390).evaluate(small) == []

    def test_the_first_page_is_light(self, open_page, browser, address):
        answers = {}
        context = browser.new_context()
        page = context.new_page()
        page.on("response", lambda answer: answers.update({answer.url: answer}))
        page.goto(address + "/gallery")
        enhanced(page)
        # Reading a body lets further answers in, so the list of those looked at is taken first.
        sizes = {
            url: len(gzip.compress(answer.body()))
            for url, answer in list(answers.items())
            if "job.json" not in url
        }
        context.close()
        assert sum(sizes.values()) < 110_000  # leaves 40 KB of the 150 for what a page adds

    def test_choosing_says_how_many(self, open_page):
        page = open_page()
        bar = page.locator("#bulk")
        bar.get_by_text("None chosen").wait_for()
        page.get_by_label("Choose Qodirov Sardor").check()
        bar.get_by_text("1 chosen").wait_for()
        bar.get_by_label("All on this page").check()
        bar.get_by_text("3 chosen").wait_for()

    def test_sub_forms_come_and_go(self, open_page):
        page = open_page()
        page.get_by_role("button", name="Add a topic").click()
        assert page.evaluate("document.activeElement.name") == "topics-2-topic"
        page.get_by_role("button", name="Remove").first.click()
        left = page.locator("[data-repeat-entry] input[name$=topic]").evaluate_all(
            "all => all.map((e) => e.name)"
        )
        assert left == ["topics-1-topic", "topics-2-topic"]

    def test_enter_sends_the_form_and_removes_nothing(self, open_page):
        page = open_page()
        page.locator("[name=topics-0-topic]").fill("Turning")
        page.locator("[name=topics-0-topic]").press("Enter")
        page.get_by_role("alert").filter(has_text="Please look").wait_for()
        assert page.locator("[name=topics-0-topic]").input_value() == "Turning"
        assert page.locator("[data-repeat-entry]").count() == 2

    def test_a_last_question_can_be_answered_no(self, open_page):
        page = open_page()
        page.get_by_role("button", name="Withdraw Qodirov Sardor").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        page.get_by_role("dialog").wait_for(state="detached")
        assert page.url.endswith("sort=name")

    def test_a_masked_number_is_shown_in_its_place(self, open_page):
        page = open_page()
        page.get_by_role("button", name="PINFL of Aliyev A.").click()
        page.get_by_text("30101850014567").wait_for()

    def test_dark_is_remembered(self, open_page):
        page = open_page()
        page.locator("summary", has_text="Nodira").click()
        page.get_by_role("button", name="Light or dark").click()
        page.reload()
        enhanced(page)
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"

    def test_a_menu_closes_on_escape(self, open_page):
        page = open_page()
        page.locator("summary", has_text="Nodira").click()
        page.keyboard.press("Escape")
        assert page.locator("details[open]").count() == 0
