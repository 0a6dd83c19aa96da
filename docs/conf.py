"""Sphinx settings of the read-only HTML edition of the lessons; `python3 run.py site` builds it.

The lessons are taken as they are saved and nothing is executed. No page asks for anything outside its own
folder: MathJax, the one thing that Sphinx would fetch from elsewhere, comes out of a package on PyPI.
"""

import html
import json
import re
import shutil
from importlib import metadata
from pathlib import Path

from helpers.saving import clean

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
html_theme_options = {
    "announcement": "Here the figures stand still. To move them and to run the code: "
    "<code>python3 run.py lab</code> in the folder of the course.",
}
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "static/favicon.svg"
templates_path = ["templates"]
html_additional_pages = {"index": "index.html"}
html_use_index = False
html_copy_source = False

# To the first lesson belongs the list of all of them; a notebook of its own has no use for it.
CONTENTS = "```{toctree}\n:hidden:\n:glob:\n\nself\n*\n```"


def prepare(app, docname, source):
    """Put under every figure the sentence that its alt text says aloud; leave the cell for Colab out."""
    lesson = json.loads(source[0])
    clean(lesson)  # of widgets, in one that was executed elsewhere: they would take the place of the figures
    lesson["cells"] = [cell for cell in lesson["cells"] if cell.get("id") != "colab"]  # nothing runs here
    for cell in lesson["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop("image/svg+xml", None):  # the same figure is in the HTML, with its alt text
                image, sentence = ("".join(data[mime]) for mime in ("text/html", "text/plain"))
                caption = f'<figcaption aria-hidden="true">{html.escape(sentence)}</figcaption>'
                image = re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', image)  # boxes of the map
                data["text/html"] = f"<figure>{image}{caption}</figure>"
    if docname == root_doc:
        lesson["cells"].append(
            {"cell_type": "markdown", "id": "contents", "metadata": {}, "source": CONTENTS}
        )
    source[0] = json.dumps(lesson)


def copy_mathjax(app, error):
    """Copy MathJax's one file, which typesets TeX as SVG and needs no fonts, and its licence."""
    folder = Path(app.outdir) / "_static" / "mathjax"
    folder.mkdir(parents=True, exist_ok=True)
    for file in metadata.files("django-static-mathjax"):
        if re.search(r"es5/tex-svg\.js$|dist-info/LICENSE$", file.as_posix()):
            shutil.copy(file.locate(), folder)


def setup(app):
    """Connect the two."""
    app.connect("source-read", prepare)
    app.connect("build-finished", copy_mathjax)
