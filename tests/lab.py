"""A real JupyterLab in a headless Chromium, for the browser tests and the benchmarks."""

import atexit
import contextlib
import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    named = os.environ.get("LESSONS_CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in CHROMIUM_NAMES]
    return next((path for path in found if path), None)


# the marks of a test that needs a browser
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        find_chromium() is None and not os.environ.get("LESSONS_REQUIRE_BROWSER"),
        reason="no Chromium on this machine (install Debian's package chromium, or set LESSONS_CHROMIUM)",
    ),
]


def browser_test(test: Callable) -> Callable:
    """Mark one test of a file as one that needs a browser."""
    return BROWSER[0](BROWSER[1](test))


@contextlib.contextmanager
def serve_lab(folder: Path, home: Path, *extra: str) -> Iterator[str]:
    """Run JupyterLab on `folder` with all its own files under `home`; yield its address with the token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
        '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate', *extra,
    ]  # fmt: skip
    log = home / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(1200):
                if server.poll() is not None:
                    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api", timeout=1)
                    break
                time.sleep(0.1)
            else:
                raise RuntimeError(f"JupyterLab did not answer within two minutes:\n{log.read_text()}")
            yield f"{address}/{{}}?token={token}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


@functools.cache
def chromium() -> Browser:
    """Start a headless Chromium, one for this process."""
    assert find_chromium(), "LESSONS_REQUIRE_BROWSER is set, and there is no Chromium on this machine"
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)


@contextlib.contextmanager
def browser_page(width: int = 1280, height: int = 1000, **options) -> Iterator[Page]:
    """Yield a page with cookies and storage of its own that collects what goes wrong in `page.problems`."""
    context = chromium().new_context(viewport={"width": width, "height": height}, **options)
    try:
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(f"page error: {error}"))
        page.on(
            "console", lambda said: said.type == "error" and page.problems.append(f"console: {said.text}")
        )
        yield page
    finally:
        context.close()


def open_notebook(page: Page, address: str, name: str) -> None:
    """Load JupyterLab with the notebook `name` and wait until its kernel is ready."""
    page.goto(address.format(f"lab/tree/{name}") + "&reset")
    wait_for_kernel(page, name)


def open_instead(page: Page, name: str) -> None:
    """Close the open notebook with its kernel, and open the notebook `name` in the same JupyterLab."""
    page.evaluate(
        """async name => { const app = window.jupyterapp, open = app.shell.currentWidget;
             await open.sessionContext.shutdown();
             open.dispose();
             await app.commands.execute('docmanager:open', { path: name }); }""",
        name,
    )
    wait_for_kernel(page, name)


def wait_for_kernel(page: Page, name: str) -> None:
    """Wait until the notebook `name` is shown and its kernel is ready."""
    page.wait_for_function(
        """name => { const shown = window.jupyterapp?.shell?.currentWidget;
             const kernel = shown?.sessionContext?.session?.kernel;
             return shown?.context?.path === name && shown.context.isReady && kernel?.status === 'idle'; }""",
        arg=name,
        timeout=60_000,
    )


def run_all(page: Page) -> None:
    """Run all cells and wait until the last has run."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


def show_cell(page: Page, index: int) -> None:
    """Scroll cell `index` into the window; JupyterLab keeps cells out of the page that are not in view."""
    page.evaluate(
        """async index => { const notebook = window.jupyterapp.shell.currentWidget.content;
             notebook.activeCellIndex = index; notebook.deselectAll();
             await notebook.scrollToItem(index, 'start'); }""",
        index,
    )
    cell(page, index).wait_for(state="attached")


def unfold(box: Locator) -> None:
    """Show what an explorer has under "More controls", if it has that."""
    for button in box.locator(".unfold[aria-expanded=false]").all():
        button.focus()
        box.page.keyboard.press("Enter")


def cell(page: Page, index: int):
    """Return the locator of cell `index`."""
    # css:light stays out of shadow roots: looking into all of the page took a fifth of a browser test
    return page.locator(f'css:light=.jp-Cell[data-windowed-list-index="{index}"]')
