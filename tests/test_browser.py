"""Every lesson in a real JupyterLab: all cells run, every control is moved, every handle is dragged.

The oracle is the explorer itself in this process: the same cell is evaluated here, the same control is
moved, and what the page shows must be what `compute`, `update` and `describe` give.
"""

import ast
import contextlib
import functools
import re
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from helpers import explorers
from helpers.explorers.controls import Choice, Slider, Switch
from tests import lab
from tests.lab import cell, run_all, show_cell, unfold

nbformat = pytest.importorskip("nbformat")

LESSONS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
pytestmark = lab.BROWSER
ACTIVE_CELL = "document.activeElement.closest('.jp-Cell')?.dataset.windowedListIndex"
# waits without asking again and again, which would keep the page from drawing
SAYS = """(card, wanted) => new Promise(found => {
    const sentence = card.querySelector('.sentence');
    const look = () => sentence.textContent === wanted && found();
    new MutationObserver(look).observe(sentence, { childList: true, characterData: true, subtree: true });
    setTimeout(found, 3000);
    look(); })"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("lessons"), tmp_path_factory.mktemp("home")
    for lesson in LESSONS:
        shutil.copy(lesson, folder)
    with lab.serve_lab(folder, home) as address:
        yield address


@pytest.fixture(scope="session")
def page(address):
    with lab.browser_page() as page:
        yield page


def explorer_calls(path):
    """The cells of a lesson that show an explorer: index, the call that makes it, the sentence saved."""
    for index, one in enumerate(nbformat.read(path, 4).cells):
        if one.cell_type != "code":
            continue
        last = (ast.parse(one.source).body or [None])[-1]
        call = getattr(last, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in explorers.__all__:
            yield index, call, one.outputs[-1].data["text/plain"]


@functools.cache
def twins(path):
    """The first explorer of each kind in a lesson, as its cell makes it, by the index of the cell."""
    names, kinds, found = {name: getattr(explorers, name) for name in explorers.__all__}, set(), {}
    for index, call, _ in explorer_calls(path):
        if call.func.id not in kinds:
            kinds.add(call.func.id)
            found[index] = eval(ast.unparse(call), names)
    return found


def explorer_cells(path):
    """The cells of a lesson that show the first explorer of a kind, each with the same explorer here."""
    for index, twin in twins(path).items():
        twin.reset()
        yield index, twin


def figure(page, index):
    """The card of the explorer in cell `index`: figure, sentence, error (inside a shadow root)."""
    return cell(page, index).locator(".explorer figure")


def shown(page, index):
    """What an explorer on the page shows: its sentence, and texts and paths of its moving layer."""
    return figure(page, index).evaluate(
        """card => {
             const all = (selector, get) => [...card.querySelectorAll(selector)].map(get);
             return { sentence: card.querySelector('.sentence').textContent,
               error: card.querySelector('.error').textContent,
               texts: all('.live text', text => text.textContent),
               paths: all('.live path', path => path.getAttribute('d').trim().split(/\\s+/).join(' ')) }; }"""
    )


def expected(twin):
    """The same, from the explorer in this process."""
    root = ElementTree.fromstring(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x">{twin.figure.live_svg}</svg>'
    )
    return {
        "sentence": twin.figure.sentence,
        "error": "",
        "texts": ["".join(text.itertext()) for text in root.iter(f"{SVG}text")],
        "paths": [" ".join(path.get("d").split()) for path in root.iter(f"{SVG}path")],
    }


def agree(page, index, twin, what):
    """Wait until the page shows what the twin shows."""
    want, got = expected(twin), None
    figure(page, index).evaluate(SAYS, want["sentence"])
    for _ in range(100):
        got = shown(page, index)
        if got == want:
            return
        page.wait_for_timeout(50)
    for part, value in want.items():
        assert got[part] == value, f"{what}: {part}"


def next_value(control, value):
    """The value one key press further on, and the key."""
    if control.base:
        factor = control.base**control.step
        up = value * factor <= control.high * (1 + 1e-9)
        return control.nearest(value * factor if up else value / factor), "ArrowRight" if up else "ArrowLeft"
    up = value + control.step <= control.high + 1e-9
    return type(control.value)(
        value + (control.step if up else -control.step)
    ), "ArrowRight" if up else "ArrowLeft"


def move(box, page, twin, name, control):
    """Move one control by keyboard, on the page and in the twin."""
    value = getattr(twin.state(), name)
    if isinstance(control, Slider):
        handle = box.get_by_role("slider", name=control.label, exact=True)
        handle.focus()
        new, key = next_value(control, value)
        page.keyboard.press(key)
        twin.set(**{name: min(max(new, control.low), control.high)})
    elif isinstance(control, Switch):
        box.get_by_role("checkbox", name=control.label, exact=True).focus()
        page.keyboard.press("Space")
        twin.set(**{name: not value})
    elif isinstance(control, Choice):
        options = list(control.options)
        new = options[(options.index(value) + 1) % len(options)]
        box.get_by_label(control.label, exact=True).focus()
        page.keyboard.press("Home" if new == options[0] else "ArrowDown")
        twin.set(**{name: new})


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def lesson(request, page, address):
    """A lesson opened in JupyterLab, looked at unrun, then run to the end."""
    if page.url == "about:blank":
        lab.open_notebook(page, address, request.param.name)
    else:
        lab.open_instead(page, request.param.name)
    return request.param


def test_saved_figures_show_before_anything_runs(lesson, page):
    for index, _, sentence in explorer_calls(lesson):
        show_cell(page, index)
        saved = cell(page, index).locator(".jp-OutputArea .explorer-saved")
        assert "Shift + Enter" in saved.locator(".still").text_content()
        assert saved.locator(".sentence").text_content() == sentence
        picture = saved.locator("img")
        assert len(picture.get_attribute("alt")) > 20
        assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 300


def test_all_cells_run_without_an_error(lesson, page):
    run_all(page)
    counts = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model)
             .filter(model => model.type === 'code').map(model => [model.executionCount,
               model.outputs.toJSON().some(output => output.output_type === 'error')])"""
    )
    assert [count for count, _ in counts] == list(range(1, len(counts) + 1))
    assert not any(failed for _, failed in counts)


def test_every_explorer_starts_as_its_cell_says(lesson, page):
    for index, twin in explorer_cells(lesson):
        show_cell(page, index)
        agree(page, index, twin, "as it starts")
    for index, _, sentence in explorer_calls(lesson):
        show_cell(page, index)
        figure(page, index).evaluate(SAYS, sentence)
        assert [shown(page, index)[part] for part in ("sentence", "error")] == [sentence, ""]


def test_every_control_moves_figure_and_sentence_by_keyboard(lesson, page):
    for index, twin in explorer_cells(lesson):
        show_cell(page, index)
        box = cell(page, index).locator(".explorer")
        unfold(box)
        for name in twin.shown:
            control, before = twin.controls[name], twin.figure.sentence
            move(box, page, twin, name, control)
            assert twin.figure.sentence != before, f"{name} leaves the sentence as it was"
            agree(page, index, twin, f"{name} moved")


def test_every_preset_button_works_by_keyboard(lesson, page):
    for index, twin in explorer_cells(lesson):
        show_cell(page, index)
        box = cell(page, index).locator(".explorer")
        unfold(box)
        for label, values in [*twin.shown_presets().items(), ("Reset", {})]:
            box.get_by_role("button", name=label, exact=True).focus()
            page.keyboard.press("Enter")
            twin.set(**twin._start | values) if label != "Reset" else twin.reset()
            agree(page, index, twin, f"preset {label}")
        for label in twin.shown_actions():
            for _ in range(2):
                box.get_by_role("button", name=label, exact=True).focus()
                page.keyboard.press("Enter")
                twin.act(label)
                agree(page, index, twin, f"action {label}")
        box.get_by_role("button", name="Reset", exact=True).click()


def test_more_controls_are_folded_away_and_shown_by_keyboard_and_keep_what_they_are_set_to(lesson, page):
    for index, twin in explorer_cells(lesson):
        show_cell(page, index)
        box = cell(page, index).locator(".explorer")
        button, more = box.get_by_role("button", name="More controls", exact=True), box.locator(".more")
        assert button.count() == more.count() == bool(twin.folded), f"cell {index}"
        folded = [name for name in twin.shown if name in twin.folded]
        if not folded:
            continue
        if button.get_attribute("aria-expanded") == "true":  # by a test before
            button.click()
        box.get_by_role("button", name="Reset", exact=True).click()
        label = twin.controls[folded[0]].label
        slider = box.get_by_role("slider", name=label, exact=True)
        assert button.get_attribute("aria-expanded") == "false" and slider.count() == 0
        button.focus()
        page.keyboard.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        move(box, page, twin, folded[0], twin.controls[folded[0]])
        agree(page, index, twin, f"{folded[0]} moved")
        button.focus()
        page.keyboard.press("Space")
        assert slider.count() == 0
        agree(page, index, twin, "what is folded away stays as it is")
        box.get_by_role("button", name="Reset", exact=True).click()


def point(page, index, to):
    """Where in the picture a point of the window lies, while the words under it keep their height."""
    return figure(page, index).evaluate(
        """(card, [x, y]) => {
             const inverse = card.querySelector('.live svg').getScreenCTM().inverse();
             const point = new DOMPoint(x, y).matrixTransform(inverse);
             return { x: point.x, y: point.y }; }""",
        to,
    )


def follow(page, index, twin, handle, at):
    """Drag the twin's handle to the same point of the picture, and wait until the page shows the same."""
    before = twin.figure.sentence
    twin.figure.pointer = {"handle": handle, **at}
    assert twin.figure.sentence != before, f"dragging {handle} changes nothing"
    agree(page, index, twin, f"{handle} dragged")


def test_every_handle_can_be_dragged(lesson, page):
    for index, twin in explorer_cells(lesson):
        show_cell(page, index)
        figure(page, index).scroll_into_view_if_needed()
        for handle in twin.handles:
            box = figure(page, index).locator(f'[id="{handle}"]').bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(x, y)
            page.mouse.down()
            to = min(max(x + 30, 0), 1270), y - 25
            page.mouse.move(*to, steps=2)
            at = point(page, index, to)
            page.mouse.up()
            follow(page, index, twin, handle, at)


def agree_at(page, index, twin, name, value, what):
    """Wait until the page shows the control `name` at `value`."""
    twin.set(**{name: value})
    agree(page, index, twin, what)


# what does not depend on the lesson, where the first explorers have many controls and handles
some_lessons = pytest.mark.parametrize("lesson", LESSONS[3:8:4], ids=lambda path: path.stem, indirect=True)


def first_slider(lesson, page):
    """The first explorer of a lesson, shown and reset: its cell, the explorer here, its first slider."""
    index, twin = next(explorer_cells(lesson))
    name = next(name for name in twin.shown if isinstance(twin.controls[name], Slider))
    show_cell(page, index)
    cell(page, index).locator(".explorer").get_by_role("button", name="Reset", exact=True).click()
    agree(page, index, twin, "reset")
    return index, twin, name


def test_a_held_key_leaves_no_backlog(lesson, page):
    index, twin, name = first_slider(lesson, page)
    control = twin.controls[name]
    handle = cell(page, index).get_by_role("slider", name=control.label, exact=True)
    handle.focus()
    page.keyboard.press("Home")
    agree_at(page, index, twin, name, control.low, "at its lowest")
    layer = figure(page, index).locator(".live svg")
    layer.evaluate(
        """layer => { window.drawn = 0;
             new MutationObserver(() => { window.drawn += 1; }).observe(layer, { childList: true }); }"""
    )
    for _ in range(20):
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(33)
    page.keyboard.up("ArrowRight")
    at_release = page.evaluate("window.drawn")
    value = control.low
    for _ in range(20):
        value = next_value(control, value)[0]
    agree_at(page, index, twin, name, value, "20 steps further")
    # a count, not a time, so that a busy machine changes nothing: one move under way, and the last
    assert page.evaluate("window.drawn") - at_release <= 3, "moves were still queued when the key was up"


@contextlib.contextmanager
def unheard(page):
    """Keep what the page sends from the kernel until the end; what the kernel sends comes through."""
    page.evaluate(
        """() => { window.kept = []; window.send = WebSocket.prototype.send;
             WebSocket.prototype.send = function (...what) { window.kept.push([this, what]); }; }"""
    )
    try:
        yield
    finally:
        page.evaluate(
            """() => { WebSocket.prototype.send = window.send;
                 for (const [socket, what] of window.kept) socket.send(...what); }"""
        )


def settle(page):
    """Wait until the kernel has dealt with all that controls have sent."""
    page.wait_for_function("window.unanswered.size === 0")


COUNT = """() => { const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    if (window.counted === kernel) return;
    window.counted = kernel;
    const open = window.unanswered = new Set();
    kernel.anyMessage.connect((_, { msg, direction }) => {
      if (direction === 'send' && msg.header.msg_type === 'comm_msg') open.add(msg.header.msg_id);
      if (msg.content.execution_state === 'idle') open.delete(msg.parent_header.msg_id); }); }"""
# the sentence of each moment in which picture or sentence change
LOG = """card => { window.log = []; window.logging?.disconnect();
    const note = () => window.log.push(card.querySelector('.sentence').textContent);
    window.logging = new MutationObserver(note);
    for (const part of ['.live svg', '.sentence']) window.logging.observe(card.querySelector(part),
        { childList: true, characterData: true, attributes: true, subtree: true }); }"""


def foreseeable(lesson, page):
    """The first explorer of a lesson that sends pictures ahead: cell, box, the one here, its sliders."""
    page.evaluate(COUNT)
    for index, twin in explorer_cells(lesson):
        sliders = [name for name in twin.shown if isinstance(twin.controls[name], Slider)]
        if twin.foreseeable and sliders:
            show_cell(page, index)
            box = cell(page, index).locator(".explorer")
            unfold(box)
            yield index, box, twin, sliders
            box.get_by_role("button", name="Reset", exact=True).click()
            return


def stepping(page, index, box, twin, name):
    """Reset, and take a step that the kernel answers; return how to step on and back, and the next steps."""
    box.get_by_role("button", name="Reset", exact=True).click()
    twin.reset()
    settle(page)
    control = twin.controls[name]
    place, last = control.place(getattr(twin.state(), name)), control.place(control.high)
    way, *keys = (1, "ArrowRight", "ArrowLeft") if place + 3 <= last else (-1, "ArrowLeft", "ArrowRight")
    handle = box.get_by_role("slider", name=control.label, exact=True)

    def press(key=keys[0]):
        handle.focus()
        page.keyboard.press(key)

    values = [control.at(place + k * way) for k in (1, 2, 3)]
    press()
    agree_at(page, index, twin, name, values[0], f"a step of {name}")
    settle(page)
    return press, lambda: press(keys[1]), values


def test_the_next_steps_are_seen_before_the_kernel_hears_of_them_and_it_has_nothing_to_change(lesson, page):
    for index, box, twin, sliders in foreseeable(lesson, page):
        for name in sliders:
            on, _, values = stepping(page, index, box, twin, name)
            with unheard(page):
                on()
                agree_at(page, index, twin, name, values[1], f"{name} ahead of the kernel")
                on()
                agree_at(page, index, twin, name, values[2], f"{name} two steps ahead")
                figure(page, index).evaluate(LOG)
            settle(page)  # the picture of the first step came, out of date, and then that of the second
            assert page.evaluate("window.log") == [], f"{name} has jumped"


@some_lessons
def test_a_picture_seen_early_gives_way_to_whatever_comes_next(lesson, page):
    for index, box, twin, (name, other, *_) in foreseeable(lesson, page):
        on, back, values = stepping(page, index, box, twin, name)
        with unheard(page):
            on()
            agree_at(page, index, twin, name, values[1], "a step ahead")
            back()
            agree_at(page, index, twin, name, values[0], "and back")
        settle(page)
        agree(page, index, twin, "and back, as the kernel has it")
        label, preset = next(iter(twin.shown_presets().items()))
        with unheard(page):
            on()
            agree_at(page, index, twin, name, values[1], "a step ahead")
            box.get_by_role("button", name=label, exact=True).focus()
            page.keyboard.press("Enter")
        settle(page)
        twin.set(**twin._start | preset)
        agree(page, index, twin, f"a step and then {label}")
        on, _, values = stepping(page, index, box, twin, name)
        with unheard(page):
            on()
            agree_at(page, index, twin, name, values[1], "a step ahead")
            move(box, page, twin, other, twin.controls[other])
        settle(page)
        agree(page, index, twin, f"a step and then {other}")


@some_lessons
def test_a_screen_reader_hears_where_a_control_came_to_rest(lesson, page):
    index, twin, name = first_slider(lesson, page)
    box = cell(page, index).locator(".explorer")
    handle = box.get_by_role("slider", name=twin.controls[name].label, exact=True)
    handle.focus()
    page.keyboard.press("Home")
    agree_at(page, index, twin, name, twin.controls[name].low, "at its lowest")
    said = box.locator("[aria-live=polite]").filter(has_text=twin.figure.sentence)
    said.wait_for(state="attached", timeout=10_000)
    readout = box.get_by_role("textbox", name=f"{twin.controls[name].label}, typed", exact=True)
    assert handle.get_attribute("aria-valuetext") == readout.text_content()


def test_a_typed_value_is_taken_however_the_field_is_left_or_refused_in_words(lesson, page):
    index, twin, name = first_slider(lesson, page)
    control, box = twin.controls[name], cell(page, index).locator(".explorer")
    typed = box.get_by_role("textbox", name=f"{control.label}, typed", exact=True)
    high = f"{control.high:{control.form if control.form != 'd' else ''}}"
    for text, leave in ((high, "Enter"), (f"{control.low}".replace("-", "−"), "Tab")):
        typed.click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
        page.keyboard.press(leave)
        agree_at(page, index, twin, name, control.nearest(float(text.replace("−", "-"))), f"{text}, {leave}")
    for text, leave, answer in (
        ("1e9", "Enter", "was typed, the control takes"),
        ("three", "Tab", "is not a number"),
    ):
        typed.click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
        page.keyboard.press(leave)
        box.get_by_text(re.compile(answer)).wait_for(timeout=5000)


@some_lessons
def test_escape_and_shift_enter_lead_from_a_control_back_to_the_notebook(lesson, page):
    index, twin, name = first_slider(lesson, page)
    handle = cell(page, index).get_by_role("slider", name=twin.controls[name].label, exact=True)
    handle.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.jp-Cell')?.dataset.windowedListIndex") == str(
        index
    )
    assert handle.evaluate("handle => handle !== document.activeElement")
    handle.focus()
    page.keyboard.press("Shift+Enter")
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    page.wait_for_function(f"index => ({active})() === index + 1", arg=index, timeout=10_000)


def test_a_prediction_is_committed_and_left_by_keyboard(lesson, page):
    cells = enumerate(nbformat.read(lesson, 4).cells)
    asked = [index for index, one in cells if re.fullmatch(r"ex\.\w+\.ask\(\)", one.source)]
    assert asked or lesson.stem[:2] in ("00", "10")  # the map, and an appendix
    for index in asked[-1:]:
        show_cell(page, index)
        asked = cell(page, index).locator(".prediction")
        asked.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Escape")
        assert page.evaluate(ACTIVE_CELL) == str(index)
        asked.get_by_role("button", name="Commit").focus()
        page.keyboard.press("Enter")
        asked.get_by_role("status").filter(has_text=re.compile("noted", re.I)).wait_for(timeout=5000)


def test_every_explorer_fits_the_panel_of_a_laptop(lesson, page):
    """At 1366×650, the file browser open, controls, sentence and picture are on one screen."""
    before = page.viewport_size
    page.set_viewport_size({"width": 1366, "height": 650})
    try:
        for index, _, _ in explorer_calls(lesson):
            show_cell(page, index)
            explorer = cell(page, index).locator(".explorer")
            explorer.wait_for(timeout=20_000)
            figure(page, index).locator(".static svg").wait_for()
            panel = page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
            for _ in range(100):  # one layout, and the observer of sizes after it, on a busy machine
                page.wait_for_timeout(100)
                if explorer.bounding_box()["height"] <= panel:
                    break
            assert explorer.bounding_box()["height"] <= panel, f"cell {index}"
            svg = figure(page, index).locator(".static svg")
            sizes = "svg => [svg.getBoundingClientRect().width, svg.viewBox.baseVal.width]"
            pixels, points = svg.evaluate(sizes)
            scale = pixels / points * 3 / 4
            cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
            assert explorer.locator(".widget-readout").evaluate_all(cut) == [], f"cell {index}: cut off"
            tracks = explorer.locator(".noUi-target:visible").all()
            assert all(one.bounding_box()["width"] >= 140 for one in tracks), f"cell {index}: short slider"
            assert 0.7 <= scale <= 1.11, f"cell {index}: letters are {scale:.2f} of their size"
    finally:
        page.set_viewport_size(before)


@some_lessons
def test_a_finger_drags_a_handle_and_does_not_scroll_the_page(lesson, page):
    for index, twin in explorer_cells(lesson):
        if not twin.handles:
            continue
        show_cell(page, index)
        cell(page, index).locator(".explorer").get_by_role("button", name="Reset", exact=True).click()
        figure(page, index).scroll_into_view_if_needed()
        agree(page, index, twin, "reset")
        handle = next(iter(twin.handles))
        box = figure(page, index).locator(f'[id="{handle}"]').bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        scrolled = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")
        touch = page.context.new_cdp_session(page)
        steps = [("Start", 0), *(("Move", k) for k in range(5, 45, 5))]
        for kind, way in steps:
            points = [{"x": x + way, "y": y - way}]
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        follow(page, index, twin, handle, point(page, index, (x + 40, y - 40)))
        assert page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == scrolled
        return


def test_axe_finds_nothing_serious_in_an_explorer(lesson, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for index, _ in explorer_cells(lesson):
        show_cell(page, index)
        results = axe.run(page, context=f'.jp-Cell[data-windowed-list-index="{index}"] .explorer')
        serious = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, [(v["id"], [node["html"] for node in v["nodes"]]) for v in serious]
        assert results.response["passes"], "axe looked at nothing"


def test_nothing_was_logged_as_an_error(lesson, page):
    problems, page.problems[:] = page.problems[:], []
    assert problems == []
