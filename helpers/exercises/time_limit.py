"""A limit on the time that a learner's code may take, so that a loop without an end does not end the lesson.

The main thread is interrupted by a watching thread, as Ctrl-C would; where there are no threads (WebAssembly)
or the code runs in another thread there is no limit.
"""

import contextlib
import linecache
import pathlib
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from types import FrameType

HELPERS = str(pathlib.Path(__file__).parents[1])
PERIOD = 0.1  # seconds between two looks at the clock; an interrupt that is swallowed comes again after it
WAITING = 4  # so many times as long may pass if the machine, not this code, is busy
IMPORTS = 12  # so often the clock begins anew because a library is just being imported, which ends by itself


class TimeIsUp(BaseException):
    """Raised inside the code that takes too long; no error, so that no `except Exception` takes it."""


class Expired(Exception):  # noqa: N818
    """Says outside that the time was up, and where the code was then."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Run the body for at most `seconds` of this process's computing time, or raise `Expired`.

    A machine that is busy with other things does not count; sleeping and waiting do, a quarter.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over, done = threading.Event(), threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: FrameType | None) -> None:
        if over.is_set() and not done.is_set():
            raise TimeIsUp
        if not over.is_set():  # Ctrl-C, or the kernel's interrupt
            (before if callable(before) else signal.default_int_handler)(number, frame)

    def watch() -> None:
        started, computed, imports = time.monotonic(), time.process_time(), 0
        while not done.wait(PERIOD):
            late = time.process_time() - computed > seconds
            if late or time.monotonic() - started > WAITING * seconds:
                if _importing() and imports < IMPORTS and not over.is_set():
                    started, computed, imports = time.monotonic(), time.process_time(), imports + 1
                    continue
                over.set()
                _interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        watcher.start()
    except RuntimeError:  # no threads here
        yield
        return
    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    except TimeIsUp as end:
        done.set()  # before anything that takes time: it must not be interrupted once more
        raise Expired(_where(end)) from None
    finally:
        done.set()
        watcher.join()
        signal.signal(signal.SIGINT, before if before is not None else signal.default_int_handler)


def _interrupt() -> None:
    """Interrupt the main thread, also while it waits for the system."""
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def _importing() -> bool:
    """Tell whether the main thread is in an `import`: that of PyTorch may take longer than any answer."""
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _where(end: BaseException) -> str:
    """Return the innermost line that is no library's and not ours: where the learner's code was stopped."""
    for frame, number in reversed(list(traceback.walk_tb(end.__traceback__))):
        file = frame.f_code.co_filename
        line = linecache.getline(file, number).strip()
        if line and "site-packages" not in file and not file.startswith((sys.base_prefix, HELPERS)):
            return f"`{line}` (line {number})"
    return ""
