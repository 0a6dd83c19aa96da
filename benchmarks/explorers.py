"""How fast the live figures answer in JupyterLab, lesson by lesson, as ratios measured in one run.

Two floors: a bare slider that sets a text label, in a notebook of its own and at the end of the very lesson.
Against the second: every slider of every explorer of the lesson, from the key press to the last change of
the picture, each press a step further on, in rounds that alternate, so that a busy moment of the machine
hits all alike; and how many pictures a second a held key gives. Before that: how long Restart and Run All
takes. Before all, without a browser: what a move costs the kernel.

    python -m benchmarks.explorers            # all lessons
    python -m benchmarks.explorers 01 03      # these
"""

import contextlib
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import TimeoutError

from helpers import explorers
from helpers.explorers.controls import Slider
from tests.lab import browser_page, cell, open_instead, open_notebook, run_all, serve_lab, show_cell, unfold

LESSONS = Path(__file__).parent.parent / "notebooks"
ROUNDS, MOVES, REPEATS = 3, 11, 60  # moves a round and slider, repeats of a held key
FLOOR = """
import ipywidgets as widgets
slider, label = widgets.FloatSlider(description="bare", min=0, max=10, step=0.1), widgets.Label()
slider.observe(lambda change: setattr(label, "value", f"{change['new']:.1f}"), "value")
widgets.VBox([slider, label])
"""
# Time from a key press to the frame after each change of `target`, and the frames in which it changed.
WATCH = """target => {
  let pressed = 0, waiting = false;
  window.last = null; window.drawn = 0;
  const down = event => { pressed = performance.now(); window.last = null; };
  document.addEventListener('keydown', down, true);
  const observer = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    const from = pressed;
    requestAnimationFrame(() => { const c = new MessageChannel();
      waiting = false; window.drawn += 1;
      c.port1.onmessage = () => { if (from === pressed) window.last = performance.now() - from; };
      c.port2.postMessage(0); });
  });
  observer.observe(target, { childList: true, subtree: true, characterData: true, attributes: true });
  window.unwatch = () => { observer.disconnect(); document.removeEventListener('keydown', down, true); };
}"""
RANGE = "it => ['now', 'min', 'max'].map(which => +it.getAttribute('aria-value' + which))"
PICTURE = ".live svg"
TURN = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}


def kernel_side() -> None:
    """Print how long one move of each explorer takes without a browser."""
    print("kernel side, one move              median    95 %   bytes")
    for name in explorers.__all__:
        live = getattr(explorers, name)()
        moved, control = next((n, c) for n, c in live.controls.items() if isinstance(c, Slider))
        widget, times, sizes = live.widgets[moved], [], []
        for k in range(200):
            place = control.low + (control.high - control.low) * ((k * 37) % 101) / 100
            start = time.perf_counter()
            widget.value = control.nearest(place)
            times.append(1e3 * (time.perf_counter() - start))
            sizes.append(len(live.figure.live_svg))
        q95 = statistics.quantiles(times, n=20)[-1]
        print(
            f"  {name + ' (' + moved + ')':<32}{statistics.median(times):5.1f} ms{q95:6.1f} ms{max(sizes):8}"
        )


def press_and_time(page, handle, target, moves: int = MOVES) -> list[float]:
    """Press a key again and again on `handle`; return the milliseconds to the last change of `target`.

    A press that changes nothing there is left out.
    """
    handle.focus()
    key = "ArrowRight"
    target.evaluate(WATCH)
    times = []
    for _ in range(moves):
        key = next_key(handle, key)
        page.keyboard.press(key)
        with contextlib.suppress(TimeoutError):
            page.wait_for_function("window.last !== null", timeout=3000)
            page.wait_for_timeout(60)  # for what comes late
            times.append(page.evaluate("window.last"))
    page.evaluate("window.unwatch()")
    return times


def next_key(handle, key: str) -> str:
    """Return `key`, or the other arrow where the slider can go no further that way."""
    now, low, high = handle.evaluate(RANGE)
    return TURN[key] if (now >= high if key == "ArrowRight" else now <= low) else key


def held(page, handle, target) -> float:
    """Hold a key, as a keyboard repeats it, and return how many pictures a second it gave."""
    handle.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    target.evaluate(WATCH)
    begin = time.perf_counter()
    for k in range(REPEATS):  # there and back, unasked: asking where it is would slow the keys
        page.keyboard.down("ArrowRight" if k % 30 < 15 else "ArrowLeft")
        page.wait_for_timeout(25)
    rate = page.evaluate("window.drawn") / (time.perf_counter() - begin)
    page.keyboard.up("ArrowRight")
    page.keyboard.up("ArrowLeft")
    page.evaluate("window.unwatch()")
    return rate


def cells_of(book: nbformat.NotebookNode) -> dict[str, int]:
    """Return where each kind of explorer is first shown in a lesson."""
    found: dict[str, int] = {}
    for index, one in enumerate(book.cells):
        if one.cell_type == "code" and "explorer-saved" in str(one.outputs):
            called = re.findall(r"\b[A-Z]\w+(?=\()", one.source)
            name = next(name for name in called if name in explorers.__all__)
            found.setdefault(name, index)
    return found


def shown(page, index: int):
    """Scroll cell `index` into the window and return it when its slider is there."""
    show_cell(page, index)
    box = cell(page, index)
    box.locator(".noUi-handle").first.wait_for()
    unfold(box)
    page.wait_for_timeout(300)
    return box


def bare(page, index: int) -> list[float]:
    """Move the bare slider of the floor."""
    box = shown(page, index)
    return press_and_time(
        page, box.locator(".noUi-handle"), box.locator(".widget-vbox > .widget-label").first
    )


def measure(page, book: nbformat.NotebookNode) -> tuple[list[float], dict, dict]:
    """Return the times of the floor, of each explorer's sliders, and the pictures a second of a held key."""
    floor, times, rates = [], {}, {}
    for turn in range(ROUNDS):
        floor += bare(page, len(book.cells) - 1)
        for name, index in cells_of(book).items():
            explorer = shown(page, index).locator(".explorer").first
            picture = explorer.locator(PICTURE)
            for slider in explorer.locator(".widget-slider:visible").all():
                handle = slider.locator(".noUi-handle")
                key = name, slider.locator(".widget-label").inner_text()
                times.setdefault(key, []).extend(press_and_time(page, handle, picture))
                if turn == 0 and name not in rates:
                    rates[name] = held(page, handle, picture)
    return floor, times, rates


def in_the_browser(wanted: list[str]) -> None:
    """Print the table, and the medians and the worst of it."""
    lessons = [path for path in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")) if path.name[:2] in wanted]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    floor_cell = nbformat.v4.new_code_cell(FLOOR.strip())
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch, "notebooks"), Path(scratch, "home")
        folder.mkdir(), home.mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=[floor_cell], metadata=kernel), folder / "floor.ipynb")
        for lesson in lessons:
            book = nbformat.read(lesson, 4)
            book.cells.append(floor_cell)
            nbformat.write(book, folder / lesson.name)
        ratios, fastest, rates, own = [], [], [], []
        with serve_lab(folder, home) as address, browser_page() as page:
            open_notebook(page, address, "floor.ipynb")
            for lesson in lessons:
                if len(own):
                    open_instead(page, "floor.ipynb")
                run_all(page)
                own += bare(page, 0)
                open_instead(page, lesson.name)
                begin = time.perf_counter()
                page.evaluate(
                    """async () => { const { sessionContext } = window.jupyterapp.shell.currentWidget;
                         await sessionContext.session.kernel.restart();
                         await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"""
                )
                seconds = time.perf_counter() - begin
                floor, times, rate = measure(page, nbformat.read(folder / lesson.name, 4))
                middle = statistics.median(floor)
                print(
                    f"\n{lesson.stem[:2]}: Restart and Run All {seconds:.1f} s; bare slider here "
                    f"{middle:.0f} ms, in a notebook of its own {statistics.median(own[-MOVES:]):.0f} ms"
                )
                print("  key press to picture (slowest slider)            ms  × floor   pictures/s, held")
                for name, pictures in rate.items():
                    own_times = [(k[1], t) for k, t in times.items() if k[0] == name]
                    medians = [(statistics.median(t) / middle, label) for label, t in own_times if t]
                    if still := [label for label, t in own_times if len(t) < ROUNDS * MOVES]:
                        print(f"  {name}: presses that change nothing in the picture: {', '.join(still)}")
                    slow, label = max(medians)
                    ratios.append(slow), fastest.append(min(medians)[0]), rates.append(pictures)
                    row = f"  {name + ', ' + label:<44}{slow * middle:7.0f}{slow:9.2f}{pictures:10.1f}"
                    print(row, flush=True)
    print(
        f"\nslowest sliders: median {statistics.median(ratios):.2f} × floor, worst {max(ratios):.2f}; "
        f"fastest: median {statistics.median(fastest):.2f}; held: median {statistics.median(rates):.0f} "
        f"pictures a second, worst {min(rates):.0f}"
    )


if __name__ == "__main__":
    kernel_side()
    in_the_browser(sys.argv[1:] or [f"{k:02}" for k in range(10)])
