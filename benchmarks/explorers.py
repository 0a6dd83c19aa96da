"""How fast the live figures answer, as ratios measured in one run.

1. On the kernel's side: a move of every explorer (compute, update, draw, describe), in milliseconds.
2. In JupyterLab in a headless Chromium: from the key press to the changed picture, every explorer against
   the floor, a bare slider that sets a text label, and against the usual way, `interact` drawing a figure
   anew. The rounds alternate, so that a busy moment of the machine hits all alike.
"""

import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from helpers import explorers
from helpers.explorers.controls import Slider
from tests.lab import browser_page, cell, open_notebook, run_all, serve_lab, show_cell

MOVES, ROUNDS = 55, 5

FLOOR = """
import ipywidgets as widgets
slider, label = widgets.FloatSlider(description="bare", min=0, max=10, step=0.1), widgets.Label()
slider.observe(lambda change: setattr(label, "value", f"{change['new']:.1f}"), "value")
widgets.VBox([slider, label])
"""
USUAL = """
from IPython.display import display
from helpers.explorers import Softmax
usual = Softmax()
def redraw(f1):
    usual.set(f1=f1)
    display(usual.fig)
widgets.interact(redraw, f1=widgets.FloatSlider(description="redrawn", min=-6, max=6, step=0.1));
"""
# Time from the key press to the frame after the page changed below `target`.
WATCH = """(target, root) => {
  const watched = root ? target.getRootNode() : target;
  window.times = []; let pressed = null;
  const down = event => { pressed = performance.now(); };
  document.addEventListener('keydown', down, true);
  const observer = new MutationObserver(() => {
    if (pressed === null) return;
    const from = pressed; pressed = null;
    requestAnimationFrame(() => { const c = new MessageChannel();
      c.port1.onmessage = () => window.times.push(performance.now() - from); c.port2.postMessage(0); });
  });
  observer.observe(watched, { childList: true, subtree: true, characterData: true, attributes: true });
  window.unwatch = () => { observer.disconnect(); document.removeEventListener('keydown', down, true); };
}"""


def quick_slider(explorer) -> tuple[str, Slider]:
    """The first slider of an explorer that leaves the axes as they are."""
    key = explorer().redraw_key
    for name, control in explorer.controls.items():
        if isinstance(control, Slider):
            moved = control.nearest(control.value + control.step if not control.base else control.value * 1.5)
            views = [explorer.compute(explorer.values(**v)) for v in ({}, {name: moved})]
            if key(views[0]) == key(views[1]):
                return name, control
    raise LookupError(f"every slider of {explorer.__name__} draws the axes again")


def kernel_side() -> None:
    """Print how long one move of each explorer takes without a browser."""
    print("kernel side, one move              median    95 %   bytes")
    for name in explorers.__all__:
        explorer = getattr(explorers, name)
        live = explorer()
        moved, control = quick_slider(explorer)
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


def press_and_time(page, handle, target, in_shadow) -> list[float]:
    """Press a key eleven times on `handle` and return the milliseconds until `target` had changed."""
    handle.focus()
    target.evaluate(WATCH, in_shadow)
    for k in range(MOVES // ROUNDS):
        page.keyboard.press("ArrowLeft" if k % 2 else "ArrowRight")  # never at an end
        page.wait_for_function("k => window.times.length > k", arg=k, timeout=5000)
        page.wait_for_timeout(40)
    page.evaluate("window.unwatch()")
    return page.evaluate("window.times")


def in_the_browser() -> None:
    """Print the times from key press to changed picture, and their ratios to the bare slider's."""
    names = list(explorers.__all__)
    sources = [FLOOR, USUAL, *(f"from helpers.explorers import {name}\n{name}()" for name in names)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    labels = ["bare", "redrawn", *(quick_slider(getattr(explorers, name))[1].label for name in names)]
    rows = ["bare slider and text label (the floor)", "interact, figure drawn anew (the usual way)", *names]
    times: list[list[float]] = [[] for _ in rows]
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch, "notebooks"), Path(scratch, "home")
        folder.mkdir(), home.mkdir()
        nbformat.write(notebook, folder / "speed.ipynb")
        with serve_lab(folder, home) as address, browser_page() as page:
            open_notebook(page, address, "speed.ipynb")
            run_all(page)
            for _ in range(ROUNDS):
                for index, label in enumerate(labels):
                    show_cell(page, index)
                    box = cell(page, index)
                    box.locator(".noUi-handle").first.wait_for()
                    page.wait_for_timeout(300)
                    handles = box.locator(".widget-slider").filter(has_text=label).locator(".noUi-handle")
                    target = [
                        box.locator(".widget-vbox > .widget-label"), box.locator(".jp-OutputArea").last,
                    ][index] if index < 2 else box.locator(".live svg")  # fmt: skip
                    times[index] += press_and_time(page, handles.first, target.first, index > 1)
    floor = statistics.median(times[0])
    print(f"\nJupyterLab, key press to picture (median of {MOVES})   ms    × floor")
    for row, measured in zip(rows, times, strict=True):
        print(f"  {row:<46}{statistics.median(measured):7.1f}{statistics.median(measured) / floor:8.2f}")


if __name__ == "__main__":
    kernel_side()
    in_the_browser()
