"""How long a lesson takes to run in the browser (JupyterLite), and how much it fetches for that.

From the click on a page's link to a kernel that answers, and on to the end of the lesson's imports: at the
first visit and at later ones in the same browser, from a server that compresses files and lets them be kept
for ten minutes, as GitHub Pages does. `--site FOLDER` measures pages that are built already, `--visits N`
says how often, `--files` lists what was fetched.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import run
from tests.hosted import as_sent, hosted
from tests.lab import CHROMIUM_ARGS, find_chromium

LESSON = "03_sigmoid_and_softmax"
KERNEL = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel"
RUN = f"code => {KERNEL}.requestExecute({{ code }}).done.then(reply => reply.content.status)"
IMPORTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .find(one => one.model.type === 'code').model.sharedModel.source"""


def visit(context, address: str, sent: list) -> tuple[float, float, int]:
    """Return the seconds to an answer and to the imported course, and the bytes fetched from the click on."""
    page = context.new_page()
    page.goto(f"{address}/{LESSON}.html")
    page.wait_for_timeout(1000)
    before, start = len(sent), time.perf_counter()
    page.get_by_role("link", name="Run every cell in your browser").click()
    page.wait_for_function(f"() => {KERNEL}", timeout=120_000)
    assert page.evaluate(RUN, "1 + 1") == "ok"
    answers = time.perf_counter() - start
    assert page.evaluate(RUN, page.evaluate(IMPORTS)) == "ok"
    imported = time.perf_counter() - start
    page.close()
    return answers, imported, sum(size for _, size in sent[before:])


def main() -> None:
    """Print one line for each visit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--files", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site = options.site or Path(scratch, "site")
        if not options.site:
            run.build_site(sys.executable, site)
        if not (site / "lite").is_dir():
            sys.exit("Without Pyodide (LESSONS_PYODIDE) there is nothing to measure.")
        for file in (site / "lite").rglob("*"):
            if file.is_file():
                as_sent(file)  # compressed before the clock runs
        with hosted(site) as (address, sent):
            browser = playwright.chromium.launch_persistent_context(
                f"{scratch}/profile", executable_path=find_chromium(), args=CHROMIUM_ARGS
            )
            print("visit  kernel answers, s  course imported, s  fetched, MB")
            for number in range(1, options.visits + 1):
                answers, imported, size = visit(browser, address, sent)
                print(f"{number:5}{answers:19.1f}{imported:20.1f}{size / 1e6:13.2f}", flush=True)
                if options.files and number == 1:
                    for path, size in sorted(sent, key=lambda one: -one[1]):
                        print(f"      {size:9} {path}")
            browser.close()


if __name__ == "__main__":
    main()
