"""What Ctrl-C means to a command that runs copies."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ordercopy import working

FINISHING = b"\nFinishing the copies at hand; Ctrl-C once more gives them back instead.\n"
STDERR = 2


@contextmanager
def stopping_gently() -> Iterator[None]:
    """Let the first Ctrl-C (or SIGTERM) end the run after the copies at hand; the second at once.

    A second one raises ``KeyboardInterrupt``: the transaction at hand is rolled back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, _stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        working.stopping.clear()


def _stop(_number: int, _frame: FrameType | None) -> None:
    if working.stopping.is_set():
        raise KeyboardInterrupt
    working.stopping.set()
    os.write(STDERR, FINISHING)  # not through a stream, which may be in the middle of a write
