"""Keeping a few child processes alive until somebody asks for the end."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2
GRACE = 30
# A child that dies at once is started again ever more slowly, so that it cannot fill the log.
FIRST_PAUSE, LONGEST_PAUSE, GOOD_HEALTH_AFTER = 0.5, 30.0, 20.0


class Child:
    """One command, its present process, and when to start the next."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name = name
        self.command = [sys.executable, "-m", "config.leash", str(os.getpid()), *command]
        self.folder = folder
        self.pause = FIRST_PAUSE
        self.start_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def look_after(self, now: float) -> None:
        """Start the process if there is none and it is time; note the end of one that died."""
        if self.process is None:
            if now >= self.start_at:
                # In a session of its own, as Ctrl-C is for us: we end the children in order.
                self.process = subprocess.Popen(
                    self.command, cwd=self.folder, start_new_session=True
                )
                self.started_at = now
        elif self.process.poll() is not None:
            lived = now - self.started_at
            self.pause = FIRST_PAUSE if lived > GOOD_HEALTH_AFTER else self.pause
            logger.warning(
                "The %s (process %d) ended with %d after %.0f s; it starts again in %.1f s.",
                *(self.name, self.process.pid, self.process.returncode, lived, self.pause),
            )
            self.process = None
            self.start_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def is_alive(self) -> bool:
        """Whether there is a process to wait for."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Signal our own process, never one that was given its number later."""
        if self.process is not None:
            self.process.send_signal(number)

    def end(self) -> None:
        """Ask the process to end, and wait until it has."""
        if self.process is not None:
            self.send(signal.SIGTERM)
            self.process.wait(GRACE)


class Supervisor:
    """Runs children until SIGTERM or Ctrl-C, then ends them; asked twice, it does not wait."""

    def __init__(self, children: Iterable[Child], *, also: Callable[[], None]) -> None:
        self.children = list(children)
        self.also = also
        self.asked_to_end = 0

    def run(self) -> None:
        """Come back when all the children have ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_end)
        while not self.asked_to_end:
            for child in self.children:
                child.look_after(time.monotonic())
            self.also()
            time.sleep(LOOK_EVERY)
        self._end()

    def _ask_to_end(self, *_signal: object) -> None:
        self.asked_to_end += 1

    def _end(self) -> None:
        for child in self.children:
            child.send(signal.SIGTERM)
        give_up_at = time.monotonic() + GRACE
        while any(child.is_alive() for child in self.children):
            if self.asked_to_end > 1 or time.monotonic() > give_up_at:
                for child in self.children:
                    child.send(signal.SIGKILL)
            time.sleep(LOOK_EVERY)
