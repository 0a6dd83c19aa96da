"""Settings of every test run, the lessons' (nbval) included."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from tools.notebooks import fix_environment, strays

# the same examples in every run; to look for new ones: pytest --hypothesis-profile=default
hypothesis.settings.load_profile("ci")
fix_environment()  # before NumPy is imported here and before any kernel starts
# and with the worst that a user may have set up: the figures of the lessons do not look at it
os.environ["MATPLOTLIBRC"] = str(Path(__file__).parent / "tests" / "unwanted.matplotlibrc")
PYODIDE = Path(__file__).parent.parent / "shared" / "pyodide"
if PYODIDE.is_dir():
    os.environ.setdefault("LESSONS_PYODIDE", str(PYODIDE))  # and then the live pages must be tested

REQUIRE_BROWSER = os.environ.get("LESSONS_REQUIRE_BROWSER") == "1"
browser_tests = 0


def pytest_configure(config: pytest.Config) -> None:
    """Say in one sentence that a notebook lies among the lessons which is none: nbval would test it, too."""
    if strays():
        raise pytest.UsageError(
            f"In the folder notebooks lies what is no lesson: {', '.join(strays())}. Move it away.."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where the browser is required, make a browser test that was skipped a failed one."""
    report = yield
    if REQUIRE_BROWSER and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"A browser test must run here and was skipped: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the browser tests that ran; with several processes the reports of all arrive here."""
    global browser_tests
    browser_tests += report.when == "call" and "browser" in report.keywords


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where the browser is required, a run without any browser test has failed."""
    if REQUIRE_BROWSER and not browser_tests and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nERROR: LESSONS_REQUIRE_BROWSER=1, and no browser test ran.")


class ByLesson(LoadScopeScheduling):
    """Keep the tests of a file in one process; of the longest file, those of a lesson."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        lesson = re.search(r"\[(\d\d_\w+)\]", test) if file.endswith("test_browser.py") else None
        return f"{file} {lesson[1]}" if lesson else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByLesson:
    """Divide a run in several processes, in the order of collection: the longest come early."""
    config.option.loadscopereorder = False
    return ByLesson(config, log)
