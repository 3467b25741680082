"""The jobs that workers run. A job only says «look»: lost or doubled ones change nothing."""

from procrastinate.contrib.django import app

from ordercopy.waking import RUN_COPIES
from ordercopy.working import run_waiting_copies


@app.task(name=RUN_COPIES, queueing_lock=RUN_COPIES)
def run_copies() -> None:
    """Run the copies that wait, until none is left."""
    run_waiting_copies()
