"""The sweep: what a crash or a lost wake-up left behind is taken up within a second or two."""

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from ordercopy import working

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5


class Sweeper(threading.Thread):
    """Looks twice a second, on a database connection of its own, and runs what it finds."""

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        super().__init__(name="sweeper", daemon=True)
        self.seconds = seconds

    def run(self) -> None:
        while not working.stopping.wait(self.seconds):
            self.sweep()
        connection.close()

    def sweep(self) -> None:
        """One look. A database that is away for a moment is looked for again at the next one."""
        try:
            working.do_all_that_waits()
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database did not answer, trying again: %s", error)
            connection.close()
        except Exception:
            logger.exception("the sweep met something unexpected, and goes on")
