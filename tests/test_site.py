"""The read-only HTML edition: complete, offline, readable by everybody, on a phone and in the dark, too."""

import functools
import http.server
import itertools
import os
import re
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from filelock import FileLock

import run
from helpers import explorers
from tests.lab import browser_page, browser_test

nbformat = pytest.importorskip("nbformat")

LESSONS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
NAMES = [lesson.stem for lesson in LESSONS]
WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The edition, built as `run.py site` builds it, once for all files of tests and all their processes."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built = base / "edition" / "built"
    built.parent.mkdir(exist_ok=True)
    with FileLock(built.with_suffix(".lock")):  # two builds at once would empty each other's folders
        if not built.exists():
            built.write_text(str(run.build_site(sys.executable, built.with_name("site"))), encoding="utf-8")
    assert built.read_text(encoding="utf-8") == "0", "Sphinx failed or warned; see above, or in another test"
    return built.with_name("site")


# --- the files --------------------------------------------------------------------------------------


class Html(HTMLParser):
    """Collects the elements of a page as (tag, attributes)."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.text = [], path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def all(self, tag, attribute):
        """The values of an attribute in all elements with this tag; "*" for any tag."""
        return [
            found[attribute] for name, found in self.elements if tag in (name, "*") and attribute in found
        ]


@pytest.fixture(scope="module")
def pages(folder):
    return {path.name: Html(path) for path in sorted(folder.glob("*.html"))}


def test_every_lesson_is_a_page_and_each_page_lists_all_in_order(pages):
    assert set(pages) == {*(f"{name}.html" for name in NAMES), "index.html", "search.html"}
    for name in NAMES:
        menu = re.findall(r'<li class="toctree-l1.*?href="(.*?)"', pages[f"{name}.html"].text)
        assert "google.colab" not in pages[f"{name}.html"].text
        assert menu == ["#" if other == name else f"{other}.html" for other in NAMES]


def test_each_page_leads_to_the_next_and_to_the_one_before(pages):
    assert f"0; url={NAMES[0]}.html" in pages["index.html"].all("meta", "content")
    for before, after in itertools.pairwise(NAMES):
        assert f'class="next-page" href="{after}.html"' in pages[f"{before}.html"].text
        assert f'class="prev-page" href="{before}.html"' in pages[f"{after}.html"].text


def test_no_link_and_no_anchor_is_dead(folder):
    pages = {path: Html(path) for path in folder.rglob("*.html")}
    assert len(pages) > len(NAMES) + len(explorers.__all__)
    for path, page in pages.items():
        for link in page.all("*", "href") + page.all("*", "src"):
            if re.match(r"https?:|mailto:|data:", link):
                continue
            file, anchor = urldefrag(unquote(link))
            file = file.partition("?")[0]
            to = (path.parent / file).resolve() if file else path
            assert to.is_file(), f"{path} links to {link}"
            if anchor and to in pages and to.parent == folder.resolve():  # in the gallery it is a state
                assert anchor in pages[to].all("*", "id"), f"{path} links to {link}"


def test_every_figure_is_there_and_says_what_it_shows(pages):
    for lesson in LESSONS:
        outputs = [output for cell in nbformat.read(lesson, 4).cells for output in cell.get("outputs", [])]
        figures = [
            output.data["text/plain"] for output in outputs if "image/svg+xml" in output.get("data", {})
        ]
        page = pages[f"{lesson.stem}.html"]
        assert figures and page.all("img", "alt") == figures
        assert len(page.all("img", "src")) == len(figures)


def test_mathjax_comes_with_its_licence(folder):
    assert {path.name for path in (folder / "_static/mathjax").iterdir()} == {"LICENSE", "tex-svg.js"}


# --- in the browser ---------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain static server, as the edition will find it anywhere."""

    def log_message(self, *what):
        pass


@pytest.fixture(scope="module")
def address(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def page(address):
    with browser_page(**WIDE, color_scheme="light") as page:

        def own_only(route):
            if route.request.url.startswith((address, "file:")):
                return route.continue_()
            page.problems.append(f"asked for {route.request.url}")
            return route.abort()

        page.route(lambda url: not url.startswith("data:"), own_only)
        yield page


def show(page, address, size=WIDE, theme="light"):
    """Open a page and wait until its mathematics is set."""
    page.problems.clear()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(address)
    page.evaluate("window.MathJax?.startup?.promise")


@pytest.fixture(scope="module", params=[*NAMES, "search"])
def shown(request, page, address):
    """A page, opened once for the tests below."""
    show(page, address + request.param + (".html?q=underflow" if request.param == "search" else ".html"))
    return page


def light(page, selector):
    """How light the background of an element is, from 0 to 255."""
    colour = page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor")
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def serious_in(page, rules):
    """What axe-core finds on the whole page that keeps people out, by the rules in this choice of its own."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # Speed: of code one token of each class stays coloured; drawn formulas go, which are hidden from screen
    # readers (the MathML beside them is not); and contrast is measured for one text of each look.
    page.evaluate(
        """() => { const classes = new Set(), looks = new Set();
             document.querySelectorAll('mjx-container > svg > *').forEach(part => part.remove());
             for (const token of document.querySelectorAll('pre span')) {
               if (classes.has(token.className)) token.replaceWith(...token.childNodes);
               classes.add(token.className);
             }
             const ground = element => { const { backgroundColor } = getComputedStyle(element);
               return backgroundColor !== 'rgba(0, 0, 0, 0)' || element === document.body ? backgroundColor
                 : ground(element.parentElement); };
             for (const element of document.querySelectorAll('body *')) {
               delete element.dataset.look;
               if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
                   || !element.checkVisibility({ visibilityProperty: true })) continue;
               const { color, fontSize, fontWeight } = getComputedStyle(element);
               const look = [color, ground(element), fontSize, fontWeight].join();
               if (!looks.has(look)) element.dataset.look = look;
               looks.add(look);
             } }"""
    )
    found = []
    for context, options in ((None, rules), ([["[data-look]"]], {"runOnly": ["color-contrast"]})):
        results = axe.run(page, context=context, options={**options, "resultTypes": ["violations"]}).response
        assert results["passes"], "axe looked at nothing"
        found += [one for one in results["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@browser_test
def test_mathematics_is_typeset(shown):
    formulas = shown.locator(".math").count()
    assert shown.locator(".math > mjx-container > svg").count() == formulas
    assert shown.locator("[data-mjx-error]").count() == 0
    assert shown.locator("mjx-assistive-mml > math").count() == formulas, "a screen reader reads MathML"
    text = shown.evaluate(
        """() => { const page = document.body.cloneNode(true);
             page.querySelectorAll('pre, code, script, .math').forEach(part => part.remove());
             return page.textContent; }"""
    )
    assert not re.search(r"\$|\\[a-zA-Z(\[]", text)


@browser_test
def test_axe_finds_nothing_serious_on_a_wide_light_page(shown):
    assert light(shown, "body") > 240
    assert serious_in(shown, {"rules": {"color-contrast": {"enabled": False}}}) == []


@browser_test
def test_on_a_phone_only_boxes_that_scroll_are_wider_than_the_window(shown):
    shown.set_viewport_size(PHONE)
    wide = shown.evaluate(
        """async () => { await new Promise(requestAnimationFrame);
             return [...document.querySelectorAll('body *')]
               .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
               .filter(element => element.checkVisibility({ visibilityProperty: true }))
               .filter(element => !element.parentElement.closest('pre, .table-wrapper, div.math, .wide'))
               .map(element => element.outerHTML.slice(0, 200)); }"""
    )
    assert wide == []
    assert shown.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@browser_test
def test_on_a_phone_no_letter_of_a_figure_is_too_small_to_read(shown):
    shown.set_viewport_size(PHONE)
    sizes = shown.evaluate(
        """() => [...document.querySelectorAll('figure img')].map(image => {
             const svg = new DOMParser().parseFromString(
               decodeURIComponent(image.src.slice(image.src.indexOf(',') + 1)), 'image/svg+xml');
             const fonts = [...svg.querySelectorAll('text')].map(text => // with exponents: its first part
               parseFloat(text.style.fontSize || text.querySelector('tspan').style.fontSize));
             const { paddingLeft, width } = getComputedStyle(image);
             return Math.min(...fonts) * (parseFloat(width) - 2 * parseFloat(paddingLeft))
               / svg.documentElement.viewBox.baseVal.width; })"""
    )
    assert all(size >= 9 for size in sizes), sizes


@browser_test
def test_axe_finds_nothing_serious_on_a_dark_phone(shown):
    shown.emulate_media(color_scheme="dark")
    assert light(shown, "body") < 40
    assert all(
        light(shown, selector) > 240 for selector in ("figure img",) if shown.locator(selector).count()
    )
    dimmed = "() => [...document.querySelectorAll('figure img')].map(one => getComputedStyle(one).opacity)"
    assert set(shown.evaluate(dimmed)) <= {"0.88"}, "a white slab on a dark page glares"
    # the rule that depends on the width of the window
    assert serious_in(shown, {"runOnly": ["scrollable-region-focusable"]}) == []


@browser_test
def test_a_page_asks_for_nothing_elsewhere_and_reports_no_error(shown):
    assert shown.problems == []


@browser_test
def test_the_search_finds_lessons(page, address):
    show(page, f"{address}{NAMES[0]}.html")
    page.get_by_placeholder("Search").first.fill("underflow")
    page.keyboard.press("Enter")
    page.locator("#search-results").get_by_role("link", name="Numerical stability").wait_for()
    page.locator("#search-results .context").first.wait_for()
    assert page.get_by_text("Here the figures stand still").count() == 0, "there are none"
    assert page.problems == []


@browser_test
def test_the_pages_work_as_files_without_a_server(page, folder):
    page.problems.clear()
    page.goto((folder / "index.html").as_uri())
    page.wait_for_url(f"**/{NAMES[0]}.html")
    show(page, (folder / f"{NAMES[3]}.html").as_uri())
    assert page.locator("mjx-container").count() == page.locator(".math").count() > 0
    show(page, (folder / "search.html").as_uri() + "?q=underflow")
    page.locator("#search-results").get_by_role("link", name="Numerical stability").wait_for()
    assert page.problems == []


@browser_test
def test_the_theme_can_be_chosen_and_stays(page, address):
    show(page, f"{address}{NAMES[3]}.html")
    button = page.locator(".theme-toggle-content button")
    seen = set()
    for _ in range(3):
        button.click()
        seen.add(light(page, "body") > 128)
    assert seen == {True, False}
    opacity = "image => getComputedStyle(image).opacity"
    while light(page, "body") > 128:
        assert page.locator("figure img").first.evaluate(opacity) == "1"
        button.click()
    assert page.locator("figure img").first.evaluate(opacity) == "0.88", "chosen dark, a figure glares less"
    keyword = page.locator(".highlight .kn").first
    dark = keyword.evaluate("token => getComputedStyle(token).color")
    page.goto(f"{address}{NAMES[4]}.html")
    assert light(page, "body") < 40
    page.evaluate("localStorage.clear()")
    show(page, f"{address}{NAMES[3]}.html")
    assert keyword.evaluate("token => getComputedStyle(token).color") != dark


@browser_test
def test_in_a_narrow_window_the_menus_work_by_keyboard(page, address):
    show(page, f"{address}{NAMES[3]}.html", PHONE)
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.closest('.sidebar-drawer, .toc-drawer')?.className")
        )
    assert reached == {None}, "Tab reaches a menu that is closed"
    for name, menu in (("__navigation", ".sidebar-drawer"), ("__toc", ".toc-drawer")):
        page.locator(f"#{name}").focus()
        page.keyboard.press("Space")
        link = page.locator(f"{menu} li a").last
        page.wait_for_function(
            "link => link.checkVisibility({ visibilityProperty: true })", arg=link.element_handle()
        )
        link.focus()
        page.wait_for_function(
            """link => { const { left, right } = link.getBoundingClientRect();
                 return 0 <= left && right <= innerWidth; }""",
            arg=link.element_handle(),
        )
        assert link.evaluate("link => link === document.activeElement")
        page.locator(f"#{name}").focus()
        page.keyboard.press("Space")


@browser_test
def test_on_a_phone_nothing_lies_over_what_one_scrolls_back_to(page, address):
    show(page, f"{address}{NAMES[3]}.html", PHONE)
    for to in (3000, 2000):
        page.evaluate("to => scrollTo({ top: to, behavior: 'instant' })", to)
        page.wait_for_function("to => Math.abs(scrollY - to) < 2", arg=to)
        page.wait_for_timeout(200)  # the theme looks at every other frame
    page.wait_for_function("document.documentElement.classList.contains('show-back-to-top')")
    assert not page.locator(".back-to-top").is_visible()


@browser_test
def test_what_scrolls_sideways_can_be_reached_by_keyboard_and_only_that(page, address):
    show(page, f"{address}{NAMES[3]}.html", PHONE)
    stops = page.evaluate(
        """() => [...document.querySelectorAll('pre, .table-wrapper, div.math, .wide')]
             .map(box => [box.scrollWidth > box.clientWidth, box.tabIndex === 0,
                          getComputedStyle(box).maskImage.startsWith('linear-gradient')])"""
    )
    assert [True] * 3 in stops and all(scrolls == reached == fades for scrolls, reached, fades in stops)
    for kind in ("div.math", ".wide"):
        box = page.locator(f"{kind}.goes-on").first.element_handle()
        box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
        page.wait_for_function("box => !box.classList.contains('goes-on')", arg=box)
    assert page.locator("mjx-container[tabindex='0']").count() == 0
