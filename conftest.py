"""Settings of every test run, the lessons' (nbval) included."""

import os
from collections.abc import Iterator

import pytest

from tools.notebooks import fix_environment

fix_environment()  # before NumPy is imported here and before any kernel starts

REQUIRE_BROWSER = os.environ.get("LESSONS_REQUIRE_BROWSER") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where the browser is required, make a browser test that was skipped a failed one."""
    report = yield
    if REQUIRE_BROWSER and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"A browser test must run here and was skipped: {report.longrepr}"
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where the browser is required, refuse a run that has no browser test at all."""
    if REQUIRE_BROWSER and not any(item.get_closest_marker("browser") for item in session.items):
        raise pytest.UsageError("LESSONS_REQUIRE_BROWSER=1, and there is no browser test in this run.")
