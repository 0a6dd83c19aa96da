"""The modules that a lesson sends to a page ask nothing of it that JupyterLab alone has.

VS Code and Colab show widgets in frames of their own: no application, no cells, no style of JupyterLab's, and
nothing may be fetched. So the modules are read for such names, and run in an empty page with a plain model.
"""

import html
import json
import re
from pathlib import Path

import pytest

from helpers.exercises import lesson_03
from helpers.exercises.prediction_view import PredictionView
from helpers.exercises.spoken import Spoken
from helpers.explorers import Separable, Softmax
from helpers.explorers.notebook import LiveFigure
from tests.lab import browser_page, browser_test

WIDGETS = [LiveFigure, PredictionView, Spoken]
# an application, another widget manager's loader, a way out of the frame, the network, another module
FOREIGN = re.compile(
    r"jupyterapp|jupyterlab\b|_JUPYTERLAB|\bJupyter\.|\bIPython\.|\brequire(js)?\s*\(|\bdefine\s*\(|colab\.|vscode"
    r"|\bparent\.|\bpostMessage|\bcomm_?manager|\bfetch\s*\(|XMLHttpRequest|WebSocket|https?://(?!www\.w3\.org)"
    r"|\bimport\b|localStorage|sessionStorage|cookie",
    re.I,
)


def source(widget, name: str) -> str:
    found = getattr(widget, name, "")
    return found.read_text(encoding="utf-8") if isinstance(found, Path) else str(found)


def code(text: str) -> str:
    return re.sub(r"(^|\s)// .*$", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S), flags=re.M)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget.__name__)
def test_a_module_names_nothing_of_one_front_end(widget):
    esm, css = code(source(widget, "_esm")), code(source(widget, "_css"))
    assert len(esm) > 500 and not FOREIGN.search(esm + css), FOREIGN.search(esm + css)
    variables = re.findall(r"var\(\s*--jp-[\w-]+\s*([,)])", esm + css)
    assert ")" not in variables, "a colour or size of JupyterLab's needs another where it is not given"
    assert not re.search(r"(^|[},>+~ ])\.jp-", css), "no rule of style needs JupyterLab's cells"
    for found in re.finditer(r"const (\w+) = [^;]*\.closest\(\"\.jp-[^;]*;(.{0,90})", esm, flags=re.S):
        assert re.search(rf"if \(!{found[1]}\b|if \({found[1]}\b|{found[1]}\?\.", found[2]), found[0]
    assert esm.count(".jp-") == len(re.findall(r"const \w+ = [^;]*\.closest\(\"\.jp-", esm))


MODEL = """
  window.model = (state) => ({
    state, sent: [], heard: {},
    get(name) { return this.state[name]; },
    set(name, value) {
      this.state[name] = value;
      (this.heard[`change:${name}`] ?? []).forEach((tell) => tell());
    },
    on(name, tell) { (this.heard[name] ??= []).push(tell); },
    off(name, tell) { this.heard[name] = (this.heard[name] ?? []).filter((one) => one !== tell); },
    save_changes() { this.sent.push({ ...this.state }); },
    send(text) { this.sent.push(text); },
  });
  const readout = () => document.querySelector(".widget-readout");
  window.likeIpywidgets = () => readout().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.target.textContent = "1.00"; // what it read is no number, so the old one stays
  });
  window.load = (source) => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
"""
SLIDER = """<div class="explorer"><div class="widget-slider"><span class="widget-label">logit</span>
  <div class="noUi-handle" tabindex="0">o</div>
  <div class="widget-readout" contenteditable="true">1.00</div></div>
  <div id="figure"></div></div><div id="alone"></div>"""


def put_into(page, made):
    """Show the card of an explorer in an empty page, once in a box with a slider and once alone."""
    names = ["static_svg", "parts", "sentence", "title", "alt", "error", "handles", "rounding"]
    names += [f"live-{part}" for part in made.figure.parts]
    page.set_content(SLIDER)
    page.add_style_tag(content=source(LiveFigure, "_css"))
    page.evaluate(MODEL)
    page.evaluate(
        """async ([source, state]) => {
             const { default: module } = await load(source);
             for (const id of ["figure", "alone"]) {
               window[id + "Model"] = model({ ...state });
               module.render({ model: window[id + "Model"], el: document.getElementById(id),
                               signal: (window.stop = new AbortController()).signal });
             } }""",
        [source(LiveFigure, "_esm"), {name: getattr(made.figure, name) for name in names}],
    )


def press(page, handle):
    """Press the mouse on a handle of the card in the box, and return the handle that the kernel hears of."""
    dot = page.locator(f'#figure [id="{handle}"]').bounding_box()
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    return page.evaluate("figureModel.get('pointer')?.handle")


@browser_test
def test_an_explorer_in_an_empty_page():
    made = Softmax()
    with browser_page() as page:
        put_into(page, made)
        for box in ("#figure", "#alone"):
            assert page.locator(f"{box} .sentence").text_content() == made.figure.sentence
            assert page.locator(f"{box} .layers").bounding_box()["height"] > 100
        handle = page.get_by_role("group", name="Explorer Softmax").locator(".noUi-handle[aria-label=logit]")
        handle.focus()
        for key in ("Escape", "Shift+Enter", "ArrowRight"):
            page.keyboard.press(key)
        page.evaluate("likeIpywidgets()")
        page.locator(".widget-readout").fill("three")
        page.keyboard.press("Enter")
        page.wait_for_function("figureModel.get('error').includes('is not a number')")
        page.wait_for_function("figureModel.sent.includes('Are you there?')")  # no kernel draws: it is asked
        page.evaluate("figureModel.set('sentence', 'moved')")
        assert page.locator("#figure .sentence").text_content() == "moved"
        assert press(page, made.figure.handles[0]) == made.figure.handles[0]
        page.evaluate("stop.abort()")
        assert page.problems == []


@browser_test
def test_what_lies_over_a_handle_does_not_take_its_drag():
    with browser_page() as page:
        put_into(page, Separable(place=-0.9))  # in front of the ringed point is the tip of the other class
        assert press(page, "mover") == "mover"


@browser_test
def test_on_a_dark_page_the_card_glares_less_and_the_controls_do_not_fade():
    with browser_page() as page:
        put_into(page, Softmax())
        seen = """() => ['#figure', '.widget-slider'].map(
                    one => getComputedStyle(document.querySelector(one)).opacity)"""
        assert page.evaluate(seen) == ["1", "1"]
        page.evaluate("document.body.dataset.jpThemeLight = 'false'")
        assert page.evaluate(seen) == ["0.88", "1"]


@browser_test
def test_a_picture_that_goes_on_fades_at_its_edge_and_the_keyboard_reaches_it():
    seen = """scroll => [getComputedStyle(scroll).maskImage.startsWith('linear-gradient'), scroll.tabIndex]"""
    with browser_page(1280) as page:
        put_into(page, Softmax())
        picture = page.locator("#figure .scroll")
        assert picture.evaluate(seen) == [False, -1]
        page.set_viewport_size({"width": 390, "height": 844})
        fades = """async ([scroll, wanted]) => { // sizes are observed, and scrolling is told, a little later
             for (let k = 0; k < 100 && scroll.classList.contains('goes-on') !== wanted; k += 1)
               await new Promise(requestAnimationFrame); }"""
        page.evaluate(fades, [picture.element_handle(), True])
        assert picture.evaluate(seen) == [True, 0]
        keys = "scroll => scroll.getRootNode().host.dataset.lmSuppressShortcuts"
        assert picture.evaluate(keys) == "true", "the arrow keys are the picture's"
        picture.evaluate("scroll => { scroll.scrollLeft = scroll.scrollWidth; }")
        page.evaluate(fades, [picture.element_handle(), False])
        assert picture.evaluate(seen) == [False, 0]


@browser_test
def test_words_that_were_high_in_a_narrow_page_leave_no_gap_in_a_wide_one():
    height = """async (words) => { // sizes are observed a little later
        for (let k = 0; k < 20; k += 1) await new Promise(requestAnimationFrame);
        return words.offsetHeight; }"""
    with browser_page(1280) as page:
        put_into(page, Softmax())
        words, seen = page.locator("#figure .words").element_handle(), []
        for width in (1280, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            seen.append(words.evaluate(height))
        assert seen[0] == seen[2] < seen[1]


@browser_test
def test_in_a_page_from_right_to_left_a_minus_stands_before_its_number():
    with browser_page() as page:
        put_into(page, Softmax())
        page.evaluate("document.documentElement.dir = 'rtl'")
        ways = "all => all.map(one => getComputedStyle(one).direction)"
        assert page.locator("#figure .sentence, .widget-readout").evaluate_all(ways) == ["ltr", "ltr"]


@browser_test
def test_a_prediction_in_an_empty_page():
    view = lesson_03.shift.ask()
    state = {name: getattr(view, name) for name in ("part", "title", "options", "message", "error", "body")}
    with browser_page() as page:
        page.set_content("<div id='ask'></div>")
        page.evaluate(MODEL)
        page.evaluate(
            """async ([source, state]) => {
                 const { default: module } = await load(source);
                 window.asked = model({ ...state, committed: null });
                 module.render({ model: asked, el: document.getElementById("ask") }); }""",
            [source(PredictionView, "_esm"), state],
        )
        options = page.get_by_role("radio")
        assert options.count() == len(state["options"])
        assert html.unescape(re.sub("<.*?>", "", state["title"])) in page.locator("legend").text_content()
        options.nth(1).check()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Commit").click()
        assert json.loads(page.evaluate("JSON.stringify(asked.sent.at(-1).committed)")) == 1
        page.evaluate("asked.set('message', 'Noted: you predict B.')")
        assert page.locator(".message").text_content() == "Noted: you predict B."
        assert page.problems == []
