"""What learners do to a page with live explorers, tried in a real JupyterLab: nothing breaks without a word.

One small notebook shows explorers made here to be broken: their source is in its first cell, so that the
same explorer in this process says what the page must show.
"""

import contextlib
import functools
import inspect
import os
import random
import signal
from types import SimpleNamespace

import pytest
from matplotlib.path import Path

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.explorers.notebook import in_notebook
from tests.lab import BROWSER, browser_page, cell, open_notebook, run_all, serve_lab, show_cell
from tests.test_browser import agree, figure, follow, point, shown
from tools.notebooks import LESSONS

nbformat = pytest.importorskip("nbformat")
pytestmark = BROWSER


@in_notebook
class Probe(Explorer):
    """A dot in logarithmic axes; it cannot compute n = 13."""

    controls = {
        "x": Slider("height x", 1.0, 0.0, 10.0, 0.5),
        "n": Slider("count n", 3, 1, 20, 1),
        "r": Slider("rate r", 0.1, 1e-4, 1.0, 0.25, ".4f", base=10),
    }
    presets = {"High": {"x": 9.0}}
    handles = {"dot": lambda view, x, y: {"r": x, "x": y}}
    size = (6, 3)
    alt = "A dot, its height x over the rate r."

    @staticmethod
    def compute(c):
        if c.n == 13:
            raise ArithmeticError("there is no 13")
        return SimpleNamespace(**vars(c))

    def draw(self, fig):
        axes = fig.add_subplot(xscale="log", xlim=(1e-4, 1), ylim=(0, 10))
        return {"dot": axes.plot([1], [1], "o", markersize=14, clip_on=False)[0]}

    def update(self, live, view):
        live["dot"].set_data([view.r], [view.x])

    @staticmethod
    def describe(view):
        return f"The dot is at height {view.x:g} over {view.r:.4g}, n is {view.n}."


@in_notebook
class Ring(Explorer):
    """A thick line across the figure, of which only what lies in a circle is to be seen."""

    controls = {"radius": Slider("radius", 0.1, 0.1, 0.4, 0.1)}
    handles = {"line": lambda view, x, y: {}}
    size = (6, 3)

    @staticmethod
    def compute(c):
        return c.radius

    def draw(self, fig):
        self.axes = fig.add_subplot(xlim=(0, 1), ylim=(0, 1))
        return {"line": self.axes.plot([0, 1], [0.5, 0.5], linewidth=12)[0]}

    def update(self, live, view):
        live["line"].set_clip_path(Path.circle((0.5, 0.5), view), self.axes.transAxes)

    @staticmethod
    def describe(view):
        return f"The line is seen to {view:g} from the middle."


IMPORTS = """import os, time, warnings
warnings.simplefilter("error")  # a warning in a callback is then an error on the page
from types import SimpleNamespace
from matplotlib.path import Path
from helpers.exercises import lesson_03 as ex
from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.explorers.notebook import in_notebook"""
BUSY = """
end = time.monotonic() + 60
while probe.state().x < 3 and time.monotonic() < end:
    time.sleep(0.02)
print("moved to", probe.state().x)"""
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
SETUP, FIRST, SECOND, SMALL, WIDE, ASK, EXPLAIN, EXERCISE = range(8)
SOURCES = [
    "\n\n".join([IMPORTS, inspect.getsource(Probe), inspect.getsource(Ring)]),
    "probe = Probe()\nprobe", "Probe(x=4.0)", "Ring()", "Ring(radius=0.4)",
    "ex.shift.ask()", "ex.shift.explain()", "def nll(f, label):\n    return ...\n\nnll = ex.nll.check(nll)",
]  # fmt: skip


@functools.cache
def still(**start):
    """A probe that stays as it started, to compare with: each is drawn once."""
    return Probe(**start)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lessons")


@pytest.fixture(scope="module")
def address(tmp_path_factory, folder):
    home = tmp_path_factory.mktemp("home")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source) for source in SOURCES]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "probe.ipynb")
    with serve_lab(folder, home) as found:
        yield found


@pytest.fixture(scope="module")
def page(address):
    with browser_page() as page:
        open_notebook(page, address, "probe.ipynb")
        yield page


@pytest.fixture(autouse=True)
def nothing_logged(page):
    page.problems.clear()
    yield
    assert page.problems == []


@pytest.fixture
def probe(page):
    """The first probe, fresh on the page."""
    known = in_kernel(page, "Probe") != ""
    assert run(page, *([FIRST] if known else [SETUP, FIRST])) == []
    show_cell(page, FIRST)
    agree(page, FIRST, still(), "as it starts")


@pytest.fixture
def probe_reset(page, request):
    """The first probe, reset; quicker than a fresh one."""
    reset = cell(page, FIRST).get_by_role("button", name="Reset", exact=True)
    if not reset.count():
        return request.getfixturevalue("probe")
    reset.click()
    agree(page, FIRST, still(), "reset")


def run(page, *indices):
    """Run cells in this order; return what went wrong in each."""
    return page.evaluate(
        """async indices => { const shown = window.jupyterapp.shell.currentWidget.content, failed = [];
             for (const index of indices) {
               shown.activeCellIndex = index; shown.deselectAll();
               await window.jupyterapp.commands.execute('notebook:run-cell');
               for (const output of shown.widgets[index].model.outputs?.toJSON() ?? [])
                 if (output.output_type === 'error') failed.push([index, output.ename]);
             }
             return failed; }""",
        list(indices),
    )


def in_kernel(page, code):
    """Execute `code` beside the notebook's cells and return the text of what it gives."""
    return page.evaluate(
        """async code => { const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
             const future = kernel.requestExecute({ code, silent: false, store_history: false });
             let said = '';
             future.onIOPub = message => { said += message.content.data?.['text/plain'] ?? ''; };
             await future.done; return said; }""",
        code,
    )


def slider(page, index, name):
    return cell(page, index).get_by_role("slider", name=Probe.controls[name].label, exact=True)


def press(page, index, name, key, times=1):
    slider(page, index, name).focus()
    for _ in range(times):
        page.keyboard.press(key)


def words(page, index, text):
    """Wait until the explorer in cell `index` says `text` where it says what is wrong."""
    figure(page, index).locator(".error").get_by_text(text).wait_for(timeout=30_000)


def silent(page, index):
    """Wait until the explorer in cell `index` has nothing to say about what is wrong."""
    page.wait_for_function(
        "card => [...card.querySelectorAll('.error')].every(words => words.textContent === '')",
        arg=figure(page, index).element_handle(),
        timeout=30_000,
    )


def centre(page, index, handle):
    box = figure(page, index).locator(f'[id="{handle}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# --- cells in any order, once and again ----------------------------------------------------------------


def test_a_cell_run_twice_shows_a_new_explorer_and_the_other_of_its_kind_keeps_its_own(page, probe):
    second = Probe(x=4.0)
    run(page, SECOND)
    show_cell(page, FIRST)
    press(page, FIRST, "x", "ArrowRight")
    agree(page, FIRST, still(x=1.5), "moved")
    show_cell(page, SECOND)
    agree(page, SECOND, second, "its neighbour moved")
    run(page, FIRST)
    show_cell(page, FIRST)
    agree(page, FIRST, still(), "run again")
    press(page, FIRST, "x", "ArrowLeft")
    agree(page, FIRST, still(x=0.5), "run again, and moved")
    show_cell(page, SECOND)
    press(page, SECOND, "n", "ArrowRight")
    second.set(n=4)
    agree(page, SECOND, second, "moved in its turn")


def test_a_view_that_is_gone_draws_nothing_any_more(page, probe):
    figure(page, FIRST).evaluate("card => { window.gone = card; }")
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-cell-output')")
    figure(page, FIRST).wait_for(state="detached")
    in_kernel(page, "probe.set(x=7.0)")
    assert in_kernel(page, "probe.figure.sentence").startswith("'The dot is at height 7")
    assert "height 1 " in page.evaluate("window.gone.querySelector('.sentence').textContent")


def test_run_all_twice_gives_the_same_outputs_and_then_any_order_will_do(page, probe):
    def outputs():
        return page.evaluate(
            f"{CELLS}.map(cell => cell.model.outputs.toJSON().map(o => o.text ?? o.data?.['text/plain']))"
        )

    run_all(page)
    once = outputs()
    assert all(once[FIRST:])
    run_all(page)
    assert outputs() == once
    assert run(page, *reversed(range(len(SOURCES)))) == []
    show_cell(page, FIRST)
    press(page, FIRST, "x", "ArrowRight")
    agree(page, FIRST, still(x=1.5), "moved after its cell ran four times")
    show_cell(page, EXPLAIN)
    cell(page, EXPLAIN).get_by_text("Commit to a prediction first").wait_for()
    show_cell(page, ASK)
    cell(page, ASK).get_by_role("radio").first.check()
    cell(page, ASK).get_by_role("button", name="Commit").click()
    show_cell(page, EXPLAIN)
    cell(page, EXPLAIN).get_by_text("You predicted A").wait_for()


# --- the wildest that a hand can do -----------------------------------------------------------------------


def test_a_handle_follows_the_pointer_out_of_the_figure_and_lets_go_at_release(page, probe):
    x, y = centre(page, FIRST, "dot")
    twin = Probe()
    page.mouse.move(x, y)
    page.mouse.down()
    for to in ((x - 40, y + 30), (-4000, 9000), (9000, -4000), (9000, 4000), (x - 60, 2000)):
        page.mouse.move(*to, steps=4)
        follow(page, FIRST, twin, "dot", point(page, FIRST, to))
    page.mouse.up()
    page.mouse.move(x, y, steps=4)
    press(page, FIRST, "n", "ArrowRight")
    twin.set(n=4)
    agree(page, FIRST, twin, "released outside and moved over the figure")


def test_a_slider_shaken_and_a_key_held_end_where_they_were_left(page, probe):
    handle, rng = slider(page, FIRST, "x"), random.Random(0)
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    for _ in range(60):
        page.mouse.move(rng.uniform(-200, 1500), rng.uniform(0, 900))
    page.mouse.move(box["x"] + 60, box["y"])
    page.mouse.up()
    twin = Probe(x=float(handle.get_attribute("aria-valuenow")))
    assert twin.state().x != 1
    agree(page, FIRST, twin, "shaken")
    slider(page, FIRST, "n").focus()
    for _ in range(8):
        page.keyboard.down("ArrowRight")  # the same key again and again without a release: held
    x, y = centre(page, FIRST, "dot")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(5000, -5000, steps=5)
    page.mouse.up()
    page.keyboard.up("ArrowRight")
    agree(page, FIRST, still(n=11, r=1.0, x=10.0), "a key held and a handle thrown out of the window")


@pytest.mark.parametrize(
    ("name", "typed", "value", "said"),
    [
        ("x", "2,5", 2.5, ""), ("x", "−0", 0.0, ""), ("x", "1e1", 10.0, ""),
        ("x", "1e400", 10.0, "1e400 was typed, the control takes 10.00 instead"),
        ("x", "-3", 0.0, "-3 was typed, the control takes 0.00 instead"),
        ("x", "", 1.0, "an empty field is not a number, so 1.00 stays"),
        ("x", "three", 1.0, "“three” is not a number, so 1.00 stays"),
        ("n", "1e1", 10, ""), ("n", "1e9", 20, "1e9 was typed, the control takes 20 instead"),
        ("n", "-1e400", 1, "-1e400 was typed, the control takes 1 instead"),
        ("r", "0,01", 0.01, ""), ("r", "0", 1e-4, "0 was typed, the control takes 0.0001 instead"),
        ("r", "0.01778", 10**-1.75, ""),
        ("r", "0.0175", 10**-1.75, "0.0175 was typed, the control takes 0.0178 instead"),
        ("r", "-5", 1e-4, "-5 was typed, the control takes 0.0001 instead"),
    ],
)  # fmt: skip
def test_a_typed_value_is_taken_or_its_refusal_is_said(page, probe_reset, name, typed, value, said):
    label = Probe.controls[name].label
    cell(page, FIRST).get_by_role("textbox", name=f"{label}, typed", exact=True).click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    if said:
        words(page, FIRST, f"{label}: {said}")
    else:
        page.wait_for_timeout(250)  # words would come after 150
    wanted = still(**{name: value}).figure.sentence
    figure(page, FIRST).locator(".sentence").get_by_text(wanted, exact=True).wait_for(timeout=10_000)
    assert shown(page, FIRST)["error"].startswith(f"{label}: {said}" if said else "")
    assert bool(shown(page, FIRST)["error"]) == bool(said)


def test_keys_move_controls_and_not_the_notebook_where_no_control_is_a_list(page, probe):
    cells = page.evaluate(f"{CELLS}.length")
    press(page, FIRST, "x", "ArrowUp")
    agree(page, FIRST, still(x=1.5), "arrow up")
    press(page, FIRST, "x", "ArrowDown", 2)
    agree(page, FIRST, still(x=0.5), "arrow down")
    cell(page, FIRST).get_by_role("button", name="High").focus()
    page.keyboard.press("b")  # in a notebook: a new cell
    page.keyboard.press("ArrowDown")
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == FIRST
    assert page.evaluate(f"{CELLS}.length") == cells


def test_an_exception_is_said_in_words_and_goes_with_the_next_good_move(page, probe):
    press(page, FIRST, "n", "ArrowRight", 10)
    words(page, FIRST, "This explorer could not do that. ArithmeticError: there is no 13")
    press(page, FIRST, "n", "ArrowRight")
    agree(page, FIRST, still(n=14), "after the error")
    page.problems.clear()  # the kernel's log told of it, too


def test_what_one_explorer_clips_does_not_depend_on_another_one_that_is_hidden(page, probe):
    run(page, SMALL, WIDE)
    show_cell(page, WIDE)
    agree(page, WIDE, Ring(radius=0.4), "as it starts")
    figure(page, SMALL).wait_for(state="attached")
    seen = """card => {
        const { x, y, width, height } = card.querySelector('.layers').getBoundingClientRect();
        card.querySelector('.live svg').style.pointerEvents = 'auto'; // or only handles are hit
        const at = across => {
          const hit = card.getRootNode().elementFromPoint(x + across * width, y + height * RELATIVE);
          return Boolean(hit?.closest('#line')); };
        return [0.3, 0.5, 0.98].map(at); }"""
    axes = Ring().axes.get_position()
    middle = 1 - (axes.y0 + axes.y1) / 2
    seen = seen.replace("RELATIVE", str(middle))
    figure(page, WIDE).scroll_into_view_if_needed()
    try:
        for display in ("block", "none"):
            cell(page, SMALL).evaluate("(one, display) => { one.style.display = display; }", display)
            assert figure(page, WIDE).evaluate(seen) == [True, True, False]
    finally:
        cell(page, SMALL).evaluate("one => { one.style.display = ''; }")


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (1366, 480), (1920, 1080), (900, 900)])
def test_the_picture_leaves_room_for_controls_and_words_and_is_never_blown_up(
    page, probe_reset, width, height
):
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    try:
        figure(page, FIRST).scroll_into_view_if_needed()
        page.wait_for_timeout(300)  # one layout, and the observer of sizes after it
        words, picture = (
            figure(page, FIRST).locator(part).bounding_box() for part in (".sentence", ".layers")
        )
        assert words["y"] + words["height"] <= picture["y"], "the sentence stands under the controls"
        box = cell(page, FIRST).locator(".explorer").bounding_box()
        panel = page.locator(".jp-WindowedPanel-outer").bounding_box()
        svg = figure(page, FIRST).locator(".static svg")
        natural = svg.evaluate("svg => svg.viewBox.baseVal.width") * 4 / 3
        least = 0.72 * natural  # smaller, letters could not be read: the card scrolls then
        assert picture["width"] <= max(least, min(1.1 * natural, box["width"])) + 1
        assert box["height"] <= panel["height"] or picture["width"] <= least + 1
    finally:
        page.set_viewport_size(before)


def say(page, words):
    """Put words into the sentence of the first probe."""
    sentence = figure(page, FIRST).locator(".sentence")
    sentence.evaluate("(at, words) => { at.textContent = words; }", words)
    page.wait_for_timeout(300)  # one layout, and the observer of sizes after it


def test_words_that_become_longer_push_the_picture_down_only_once(page, probe_reset):
    words = figure(page, FIRST).locator(".words")
    say(page, still().figure.sentence + " and so on" * 60)
    long = words.bounding_box()["height"]
    say(page, still().figure.sentence)
    assert abs(words.bounding_box()["height"] - long) < 1


@pytest.mark.parametrize("held", ["handle", "slider"])
def test_while_something_is_held_longer_words_do_not_push_the_picture_away(page, probe_reset, held):
    words, picture = (figure(page, FIRST).locator(part) for part in (".words", ".layers"))
    grip = figure(page, FIRST).locator('[id="dot"]') if held == "handle" else slider(page, FIRST, "x")
    figure(page, FIRST).scroll_into_view_if_needed()
    at = grip.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    try:
        before = picture.bounding_box()
        say(page, "And so on. " * 150)
        assert picture.bounding_box() == before, "the picture stays where it is"
        assert words.evaluate("at => at.scrollHeight > at.clientHeight"), "and the words go over its edge"
    finally:
        page.mouse.up()
    say(page, "And so on. " * 150)
    said = words.locator(".sentence").bounding_box()
    assert said["y"] + said["height"] <= picture.bounding_box()["y"], "then all can be seen again"
    say(page, still().figure.sentence)


# --- the kernel busy, silent, restarted, dead -------------------------------------------------------------


def test_controls_answer_while_a_cell_runs_and_nothing_is_said_of_the_kernel(page, probe):
    page.evaluate(
        """code => { window.ran = null;
             const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
             const future = kernel.requestExecute({ code });
             future.onIOPub = message => { window.ran ??= message.content.text ?? null; }; }""",
        BUSY,
    )
    press(page, FIRST, "x", "ArrowRight")
    agree(page, FIRST, still(x=1.5), "while a cell runs")
    page.keyboard.press("Shift")  # a key that moves nothing: the explorer asks the kernel whether it is there
    page.wait_for_timeout(2800)
    agree(page, FIRST, still(x=1.5), "while a cell runs, asked whether it answers")
    assert figure(page, FIRST).locator(".kernel").text_content() == ""
    assert page.evaluate("window.ran") is None, "the cell has ended"
    press(page, FIRST, "x", "ArrowRight", 3)
    page.wait_for_function("window.ran === 'moved to 3.0\\n'")


def test_a_kernel_that_does_not_answer_is_said_so_until_it_does(page, probe):
    kernel = int(in_kernel(page, "os.getpid()"))
    os.kill(kernel, signal.SIGSTOP)
    try:
        press(page, FIRST, "x", "ArrowRight")
        words(page, FIRST, "The kernel has not answered yet.")
    finally:
        os.kill(kernel, signal.SIGCONT)
    silent(page, FIRST)
    agree(page, FIRST, still(x=1.5), "the kernel answers again")


def restart(page):
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")


def die(page):
    kernel = int(in_kernel(page, "os.getpid()"))
    os.kill(kernel, signal.SIGKILL)
    page.get_by_role("button", name="Ok").click(timeout=30_000)  # JupyterLab, too, says that it restarts


@pytest.mark.parametrize("end", [restart, die])
def test_after_a_restart_every_explorer_says_so_and_works_when_its_cell_runs_again(page, probe, end):
    end(page)
    words(page, FIRST, "The kernel was restarted and has forgotten this explorer.")
    press(page, FIRST, "x", "ArrowRight")
    icons = "box => [box, ...box.querySelectorAll('*')].map(e => getComputedStyle(e, '::before').content)"
    assert set(cell(page, FIRST).locator(".explorer").evaluate(icons)) <= {"none", "normal"}
    page.wait_for_timeout(2700)
    words(page, FIRST, "The kernel was restarted and has forgotten this explorer.")
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    )
    assert run(page, FIRST) == [[FIRST, "NameError"]]
    assert run(page, SETUP, FIRST) == []
    show_cell(page, FIRST)
    agree(page, FIRST, still(), "run again after the kernel's end")
    press(page, FIRST, "x", "ArrowRight")
    agree(page, FIRST, still(x=1.5), "moved after the kernel's end")
    silent(page, FIRST)
    of_jupyterlab = ("Canceled future", "debugger state", "sync message")
    page.problems[:] = [said for said in page.problems if not any(own in said for own in of_jupyterlab)]


# --- the page closed and opened again ----------------------------------------------------------------------


def pictures(page, *indices):
    """The saved figures show, and no widget that is not there."""
    for index, twin in zip(indices, (still(), still(x=4.0)), strict=False):
        show_cell(page, index)
        picture = cell(page, index).locator(".jp-OutputArea img")
        picture.wait_for()
        assert picture.get_attribute("alt") == twin.alt
        saved = cell(page, index).locator(".explorer-saved")
        assert saved.locator(".sentence").text_content() == twin.figure.sentence
        assert "Shift + Enter" in saved.locator(".still").text_content()
        assert cell(page, index).get_by_text("widget").count() == 0


def test_a_saved_notebook_opens_with_figures_and_a_second_page_of_it_disturbs_nothing(page, address, probe):
    run(page, SECOND)
    show_cell(page, FIRST)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert in_kernel(page, "'widget-view' in open('probe.ipynb').read()") == "False"
    agree(page, FIRST, still(), "saved: the page itself keeps its explorer")
    with contextlib.closing(page.context.new_page()) as other:
        other.problems = page.problems
        other.on("pageerror", lambda error: page.problems.append(f"other page: {error}"))
        open_notebook(other, address, "probe.ipynb")
        pictures(other, FIRST, SECOND)
        run(other, FIRST)
        show_cell(other, FIRST)
        press(other, FIRST, "x", "ArrowRight")
        agree(other, FIRST, still(x=1.5), "on the second page")
        agree(page, FIRST, still(), "on the first page")
        press(page, FIRST, "n", "ArrowRight")
        agree(page, FIRST, still(n=4), "on the first page, moved")
        agree(other, FIRST, still(x=1.5), "on the second page, while the first moved")
    open_notebook(page, address, "probe.ipynb")
    pictures(page, FIRST, SECOND)
    assert run(page, FIRST) == []
    show_cell(page, FIRST)
    press(page, FIRST, "x", "ArrowRight")
    agree(page, FIRST, still(x=1.5), "after the page was loaded again")


def test_without_a_kernel_a_move_is_answered_in_words(page, probe):
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    press(page, FIRST, "x", "ArrowRight")
    words(page, FIRST, "run the imports at the top of the notebook, then this cell again")
    page.problems[:] = [said for said in page.problems if "sync message" not in said]  # ipywidgets' own


def test_a_lesson_opened_and_saved_is_the_same_file(page, address, folder):
    lesson = LESSONS / "00_start_here.ipynb"
    (folder / lesson.name).write_bytes(lesson.read_bytes())
    open_notebook(page, address, lesson.name)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert (folder / lesson.name).stat().st_mtime_ns != lesson.stat().st_mtime_ns
    assert (folder / lesson.name).read_bytes() == lesson.read_bytes()
    page.problems[:] = [said for said in page.problems if "sync message" not in said]  # of the page before
