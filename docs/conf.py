"""Sphinx settings of the read-only HTML edition of the lessons; `python3 run.py site` builds it.

The lessons are taken as they are saved and nothing is executed. No page asks for anything outside its own
folder: MathJax, the one thing that Sphinx would fetch from elsewhere, comes out of a package on PyPI, and
what lets the explorers move, out of the folder of LESSONS_LIVE (`live/build.py` fills it). The lessons
as notebooks in the browser come out of the folder of LESSONS_LITE (`lite/build.py`).
"""

import ast
import contextlib
import html
import json
import os
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))
import learning

from helpers import explorers
from helpers.saving import clean

LIVE = Path(os.environ.get("LESSONS_LIVE", ""), "manifest.json")  # what a page needs to move its figures
SENT = sum(json.loads(LIVE.read_text(encoding="utf-8"))["sent"].values()) if LIVE.is_file() else 0

LITE = Path(os.environ.get("LESSONS_LITE", ""), "sent.txt")  # the bytes that a notebook there fetches

project = html_title = "Why cross-entropy?"
author = "the contributors"
copyright = "the contributors. Text and figures: CC BY 4.0, code: BSD 3-Clause."
extensions = ["myst_nb"]
root_doc = "00_start_here"
include_patterns = ["[0-9][0-9]_*.ipynb"]  # only the lessons of the folder notebooks,
exclude_patterns = ["*-*", "* *"]  # and not their copies
nitpicky = True

nb_execution_mode = "off"
nb_ipywidgets_js = {}  # nothing in these pages is a widget
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {"options": {"menuOptions": {"settings": {"inTabOrder": False}}}}

html_theme = "furo"
STILL = (
    "Here the figures stand still. To move them and to run the code: <code>python3 run.py lab</code> in the "
    "folder of the course."
)
WITH_SCRIPT = "<noscript> With JavaScript they move on this page, too.</noscript>"
MOVING = f'<span class="figures" data-megabytes="{SENT / 1e6:.0f}"><span>{STILL}{WITH_SCRIPT}</span></span>'
BAR = MOVING if SENT else STILL
html_theme_options = {"announcement": BAR}
html_static_path = ["static", "../helpers/explorers/live_figure.js"]
html_css_files = ["site.css", "learn.css"]
html_js_files = ["site.js", ("learn.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
templates_path = ["templates"]
html_additional_pages = {"index": "index.html"}
html_sidebars = {
    "**": [
        "sidebar/brand.html", "sidebar/search.html", "sidebar/scroll-start.html", "sidebar/navigation.html",
        "explorers_link.html", "sidebar/scroll-end.html",
    ],
}  # fmt: skip
html_use_index = False
html_copy_source = False

# To the first lesson belongs the list of all of them; a notebook of its own has no use for it.
CONTENTS = "```{toctree}\n:hidden:\n:glob:\n\nself\n*\n```"


def prepare(app, docname, source):
    """Put under every figure the sentence that its alt text says aloud; leave the cell for Colab out.

    The figure of an explorer carries the call that made it, so that the page can make it, too.
    """
    lesson = json.loads(source[0])
    clean(lesson)  # of widgets, in one that was executed elsewhere: they would take the place of the figures
    lesson["cells"] = [cell for cell in lesson["cells"] if cell.get("id") != "colab"]  # nothing runs here
    learning.make_live(lesson, docname)
    known = {}
    for cell in lesson["cells"]:
        call = explorer_call(cell, known)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop("image/svg+xml", None):  # the same figure is in the HTML, with its alt text
                image, sentence = ("".join(data[mime]) for mime in ("text/html", "text/plain"))
                caption = f'<figcaption aria-hidden="true">{html.escape(sentence)}</figcaption>'
                image = re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', image)  # boxes of the map
                if call:  # without what only a notebook has to say
                    saved = re.search(r'<img [^>]*src="([^"]*)"', image)[1]
                    image = f'<img alt="{html.escape(sentence)}" src="{saved}">'
                image = scrolling(image)
                data["text/html"] = f"<figure{attributes(call)}>{image}{caption}{alone(call)}</figure>"
    if LITE.is_file():
        link = {"cell_type": "markdown", "id": "lite", "metadata": {}, "source": in_lite(docname)}
        lesson["cells"].insert(1, link)
    if docname == root_doc:
        lesson["cells"].append(
            {"cell_type": "markdown", "id": "contents", "metadata": {}, "source": CONTENTS + here_done(app)}
        )
    source[0] = json.dumps(lesson)


def here_done(app):
    """Return the place where the first page counts what was solved and predicted in this browser."""
    lessons = sorted(file.stem for file in Path(app.srcdir).glob("[0-9][0-9]_*.ipynb"))
    return f"\n\n{learning.progress(lessons)}"


def scrolling(image):
    """Return an image in a box that scrolls where the window is too narrow to read it."""
    return f'<div class="wide" style="--least: {least(image)}px">{image}</div>'


def least(svg):
    """Return the least width, in pixels, of an SVG: as in live_figure.js, 0.72 of its own (in points)."""
    return round(0.72 * 96 / 72 * float(re.search(r'width=(?:"|%22)([\d.]+)pt', svg)[1]))


def in_lite(docname):
    """Return the link to the lesson as a notebook that runs in the browser."""
    address = f"lite/notebooks/index.html?path={docname}.ipynb"
    size = f"{int(LITE.read_text(encoding='utf-8')) / 1e6:.0f} MB, once"
    return f'<p class="lite"><a href="{address}">Run every cell in your browser</a> ({size})</p>'


def explorer_call(cell, known):
    """Return name and options of the explorer that a cell shows, or nothing.

    `known` are the lesson's plain constants so far (`LOGITS = ["f0", "f1"]`), and gets those of this cell.
    """
    if cell["cell_type"] != "code":
        return None
    try:
        lines = ast.parse("".join(cell["source"])).body
    except SyntaxError:  # a line of IPython's own
        return None
    for line in lines:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                known[line.targets[0].id] = ast.literal_eval(line.value)
    call = getattr(lines[-1], "value", None) if lines else None
    name = getattr(getattr(call, "func", None), "id", None)
    if name not in explorers.__all__:
        return None
    options = {"only": call.args[0]} if call.args else {}
    options |= {part.arg: part.value for part in call.keywords}
    # our own lessons: a number may be written as 2**-3
    return name, {option: eval(ast.unparse(value), {}, dict(known)) for option, value in options.items()}


def attributes(call):
    """Return the attributes by which a page knows the explorer that a figure shows."""
    return f' data-explorer="{call[0]}" data-options="{html.escape(json.dumps(call[1]))}"' if call else ""


def page_of(name):
    """Return the page of the gallery that an explorer has."""
    return "explore/" + explorers.core(name).__module__.rpartition(".")[2]


def alone(call):
    """Return the link to the explorer's own page, in the state of the figure."""
    if not call:
        return ""
    state = {name: value for name, value in call[1].items() if name != "only"}
    state = {name: str(value).lower() if isinstance(value, bool) else value for name, value in state.items()}
    address = f"{page_of(call[0])}.html" + (f"#{urlencode(state)}" if state else "")
    return f'<a class="alone" href="{html.escape(address)}">This figure alone on a page</a>'


def gallery(app):
    """Yield a page for every explorer, and one of them all; a picture is one that a lesson has saved."""
    found = {name: [] for name in explorers.__all__}  # name -> options, lesson, title, output
    for lesson in sorted(Path(app.srcdir).glob("[0-9][0-9]_*.ipynb")):
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
        title = "".join(cells[0]["source"]).partition("\n")[0].lstrip("# ")
        known = {}
        for cell in cells:
            if call := explorer_call(cell, known):
                saved = [one["data"] for one in cell["outputs"] if "image/svg+xml" in one.get("data", {})]
                found[call[0]] += [(call[1], lesson.stem, title, data) for data in saved]
    pages = []
    for name, shown in found.items():
        plain = [data for options, _, _, data in shown if not options]
        data = (plain or [data for *_, data in shown] or [explorers.core(name)()._repr_mimebundle_()])[0]
        picture = Path(app.outdir) / f"{page_of(name)}.svg"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text("".join(data["image/svg+xml"]), encoding="utf-8")
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
        about = explorers.core(name).__doc__.partition("\n")[0].replace("`", "")
        pages.append(
            {
                "name": name, "title": words, "about": about, "page": page_of(name), "bar": BAR,
                "least": least("".join(data["image/svg+xml"])),
                "picture": f"{page_of(name)}.svg", "sentence": "".join(data["text/plain"]),
                "lessons": list(dict.fromkeys((lesson, title) for _, lesson, title, _ in shown)),
            }
        )  # fmt: skip
    yield from ((one["page"], one, "explore.html") for one in pages)
    yield "explore/index", {"explorers": pages}, "gallery.html"


def copy_what_moves(app, error):
    """Copy Python for the browser and the notebooks there, if they are there."""
    if SENT and not error:
        shutil.copytree(LIVE.parent, Path(app.outdir) / "_static" / "live", dirs_exist_ok=True)
    if LITE.is_file() and not error:
        shutil.copytree(LITE.parent, Path(app.outdir) / "lite", dirs_exist_ok=True)


def copy_mathjax(app, error):
    """Copy MathJax's one file, which typesets TeX as SVG and needs no fonts, and its licence."""
    folder = Path(app.outdir) / "_static" / "mathjax"
    folder.mkdir(parents=True, exist_ok=True)
    for file in metadata.files("django-static-mathjax"):
        if re.search(r"es5/tex-svg\.js$|dist-info/LICENSE$", file.as_posix()):
            shutil.copy(file.locate(), folder)


def setup(app):
    """Connect them."""
    app.connect("source-read", prepare)
    app.connect("html-collect-pages", gallery)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", copy_what_moves)
