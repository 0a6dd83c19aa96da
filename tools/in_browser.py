"""The lessons as they run in a browser: what needs PyTorch or fastai is shown as it was run elsewhere.

Which cells those are is read from the code: a cell that imports one of them (or a helper that does), or uses
a name that such a cell made.
"""

import ast
import builtins
import html
from collections.abc import Iterator
from copy import deepcopy

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

NOT_THERE = ("torch", "torchvision", "fastai", "fastcore")
NEED_THEM = ("helpers.bridge",)  # the helpers that import one of them
WHY = "*Not run here: this needs PyTorch, which does not run in a browser. This is what it prints:*"


def for_the_browser(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose cells all run in a browser; the others stand as text with their saved output."""
    browser = deepcopy(notebook)
    browser.cells = [cell for cell in browser.cells if cell.get("id") != "colab"]
    left_out = set(cells_that_need_more(notebook))
    browser.cells = [as_text(cell) if cell.id in left_out else cell for cell in browser.cells]
    return browser


def cells_that_need_more(notebook: NotebookNode) -> Iterator[str]:
    """Yield the ids of the cells that import, or use what comes from, a library that a browser has not."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.get("id") != "colab"]
    own = {name for cell in cells for name in names_made(ast.parse(cell.source))} | set(dir(builtins))
    tainted, any_name = set(), False
    for cell in cells:
        tree = ast.parse(cell.source)
        imported = set(imports_of_the_missing(tree))
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        made = set(names_made(tree))
        if imported or used & tainted or (any_name and used - own):
            any_name = any_name or "*" in made  # from one of them everything: whatever nobody else makes
            tainted |= made
            yield cell.id
        else:
            tainted -= made


def imports_of_the_missing(tree: ast.AST) -> Iterator[str]:
    """Yield the modules imported that are not there."""
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            if module.split(".")[0] in NOT_THERE or module in NEED_THEM:
                yield module


def names_made(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell binds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)


def as_text(cell: NotebookNode) -> NotebookNode:
    """Return a code cell as a text cell: its source, why it is not run, and its saved output."""
    parts = [f"```python\n{cell.source}\n```"]
    if cell.outputs:
        parts += [WHY, *map(output_as_text, cell.outputs)]
    else:
        parts.append(WHY.replace(". This is what it prints:", "."))
    return new_markdown_cell("\n\n".join(parts), id=cell.id)


def output_as_text(output: NotebookNode) -> str:
    """Return a saved output as Markdown."""
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text)}</pre>"
    data = output.get("data", {})
    if "text/html" in data:
        return data["text/html"]
    return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"
