"""How a worker learns that there is something to do."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from orders.statements import execute

RUN_COPIES = "run_copies"

ALREADY_WAITS = "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"


def wake_workers() -> None:
    """Put a job into the queue that tells a worker to look; part of the caller's transaction.

    One such job in the queue is enough: which copies are to be run stands in their own table. While
    one waits there, which is seen at a glance, no other is tried.
    """
    if execute(ALREADY_WAITS, [RUN_COPIES]):
        return
    try:
        with transaction.atomic():
            app.configure_task(RUN_COPIES, queueing_lock=RUN_COPIES).defer()
    except AlreadyEnqueued:
        return
