"""How a worker learns that there is something to do."""

from orders.statements import execute

RUN_COPIES = "run_copies"

# What procrastinate's own function inserts for a job, but for the last line. Told of the conflict
# instead of raising it, nobody needs a savepoint to return to: this is asked with every copy.
DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
VALUES ('default', %(task)s, 0, %(lock)s, '{}')
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""


def wake_workers() -> None:
    """Put a job into the queue that tells a worker to look; part of the caller's transaction.

    One such job in the queue is enough: which copies are to be run stands in their own table.
    """
    execute(DEFER, {"task": RUN_COPIES, "lock": RUN_COPIES})
