"""The jobs that workers run. A job only says «look»: lost or doubled ones change nothing."""

from procrastinate.contrib.django import app

from ordercopy.waking import RUN_COPIES
from ordercopy.working import do_all_that_waits


@app.task(name=RUN_COPIES, queueing_lock=RUN_COPIES)
def run_copies() -> None:
    """Do what waits, until nothing is left."""
    do_all_that_waits()
