"""How fast the figures of the web pages answer, as ratios measured in one run.

Lesson by lesson: the floor, a bare slider that sets a text label at the end of that very lesson in
JupyterLab, and then every kind of explorer on the lesson's web page: from the key press to the changed
picture, and how many pictures a second a held key gives. Before that: how much a page fetches, and how long
it takes from the button to the first figure that moves, with an empty cache and with a full one.
"""

import functools
import json
import statistics
import sys
import tempfile
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat

import run
from benchmarks.explorers import FLOOR, PICTURE, held, press_and_time
from tests.lab import browser_page, cell, open_notebook, run_all, serve_lab, show_cell

ROOT = Path(__file__).parent.parent
MOVES = 33
NAMES = "[...document.querySelectorAll('figure[data-explorer]')].map(figure => figure.dataset.explorer)"


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *what):
        pass


def begin(page, still) -> float:
    """Let the figures move by the button of this one; return the seconds until it does."""
    still.scroll_into_view_if_needed()
    start = time.perf_counter()
    if still.locator(".wake:enabled").count():
        still.locator(".wake").click()
    still.locator(".explorer").wait_for(timeout=120_000)
    return time.perf_counter() - start


def main() -> None:
    """Print what a page fetches, how it starts, and how its figures answer."""
    lessons = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    with tempfile.TemporaryDirectory() as scratch:
        site, folder, home = (Path(scratch, name) for name in ("site", "notebooks", "home"))
        folder.mkdir(), home.mkdir()
        run.build_site(sys.executable, site)
        if not (site / "_static/live").is_dir():
            sys.exit("Without Pyodide (LESSONS_PYODIDE) there is nothing to measure.")
        sent = json.loads((site / "_static/live/manifest.json").read_text(encoding="utf-8"))["sent"]
        print(f"a page fetches {sum(sent.values()) / 1e6:.1f} MB: {json.dumps(sent)}")
        for lesson in lessons:
            book = nbformat.read(lesson, 4)
            book.cells.append(nbformat.v4.new_code_cell(FLOOR.strip()))
            nbformat.write(book, folder / lesson.name)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with browser_page() as page:
            for visit in ("empty", "full", "full"):
                page.goto(f"{address}/explore/sigmoid.html")
                page.evaluate("localStorage.clear()")
                page.reload()
                seconds = begin(page, page.locator("figure[data-explorer]"))
                print(f"button to first figure, cache {visit}: {seconds:5.1f} s")
        print(
            "\nkey press to picture (median)            floor, ms  page, ms  × floor  pictures a second, held"
        )
        ratios, rates, seen = [], [], set()
        with serve_lab(folder, home) as lab, browser_page() as notebook, browser_page() as page:
            for lesson in lessons:
                page.goto(f"{address}/{lesson.stem}.html")
                names = page.locator("figure[data-explorer]").evaluate_all(
                    "all => all.map(one => one.dataset.explorer)"
                )
                fresh = {name: nth for nth, name in reversed(list(enumerate(names))) if name not in seen}
                if not fresh:
                    continue
                seen |= set(fresh)
                open_notebook(notebook, lab, lesson.name)
                run_all(notebook)
                last = len(nbformat.read(folder / lesson.name, 4).cells) - 1
                show_cell(notebook, last)
                box = cell(notebook, last)
                box.locator(".noUi-handle").wait_for()
                label = box.locator(".widget-vbox > .widget-label").first
                floor = statistics.median(press_and_time(notebook, box.locator(".noUi-handle"), label, MOVES))
                for name, nth in fresh.items():
                    still = page.locator("figure[data-explorer]").nth(nth)
                    begin(page, still)
                    handle = still.get_by_role("slider").first
                    layer = still.locator(PICTURE)
                    times = press_and_time(page, handle, layer, MOVES)
                    ratios.append(statistics.median(times) / floor)
                    rates.append(held(page, handle, layer))
                    print(
                        f"  {lesson.stem[:2]} {name:<36}{floor:9.1f}{statistics.median(times):10.1f}"
                        f"{ratios[-1]:9.2f}{rates[-1]:10.1f}",
                        flush=True,
                    )
        print(
            f"median {statistics.median(ratios):.2f} × floor, worst {max(ratios):.2f}; "
            f"{statistics.median(rates):.0f} pictures a second"
        )
        server.shutdown()


if __name__ == "__main__":
    main()
