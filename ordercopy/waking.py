"""How a worker learns that there is something to do."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

RUN_COPIES = "run_copies"


def wake_workers() -> None:
    """Put a job into the queue that tells a worker to look; part of the caller's transaction.

    One such job in the queue is enough: which copies are to be run stands in their own table.
    """
    try:
        with transaction.atomic():
            app.configure_task(RUN_COPIES, queueing_lock=RUN_COPIES).defer()
    except AlreadyEnqueued:
        return
