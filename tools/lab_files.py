"""What JupyterLab writes into a lesson when the learner saves it: figures, not the widgets that drew them.

A saved widget view is only the number of an object in a kernel. After the kernel's end, or on another
machine, JupyterLab would show "Error displaying widget: model not found" instead of the figure beside it.
"""

from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class LessonFiles(AsyncLargeFileManager):
    """JupyterLab's usual way to read and write files, except that it saves no widget view beside a figure."""

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Save a file; what the page shows at the moment stays as it is."""
        if model.get("type") == "notebook":
            for cell in model["content"]["cells"]:
                for output in cell.get("outputs", []):
                    if "text/html" in output.get("data", {}):
                        output["data"].pop(WIDGET_VIEW, None)
        return await super().save(model, path)
