"""What every Jupyter server of this environment saves of a lesson: figures, not the widgets that drew them.

A saved widget view is only the number of an object in a kernel. After the kernel's end, or on another
machine, JupyterLab would show "Error displaying widget: model not found" in place of the figure beside it.

Installing the project installs tools/jupyter/why-cross-entropy.json, which has the server load this module.
"""

from typing import Any

WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
# Of what a kernel says about its language that which is the same in each: opening a lesson leaves no trace.
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


def clean(notebook: dict[str, Any]) -> None:
    """Take out of a notebook what means nothing without the kernel that it was run with.

    In a lesson that is every widget, all of which leave a figure or a line of text; in a notebook of one's
    own, only a widget that leaves a figure.
    """
    lesson = any(cell.get("id") == "colab" for cell in notebook["cells"])
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data or (lesson and len(data) > 1):
                for kind in WIDGETS:
                    data.pop(kind, None)
    if lesson:
        notebook["metadata"].pop("widgets", None)
        if notebook["metadata"].get("language_info", {}).get("name") == LANGUAGE["name"]:
            notebook["metadata"]["language_info"] = dict(LANGUAGE)


def before_saving(model: dict[str, Any], **_: Any) -> None:
    """Clean a notebook that a page sends to be saved; what the page shows at the moment stays as it is."""
    if model.get("type") == "notebook":
        clean(model["content"])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "helpers.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(before_saving)
