"""Working through what waits: the loops that workers and commands share."""

import logging
import os
import socket
import threading
from collections.abc import Iterator, Sequence

from django.db import connection

from ordercopy.engine.claiming import claim, release
from ordercopy.engine.plan import CopyInHand
from ordercopy.engine.running import run_claimed
from ordercopy.undo_requests import undo_as_asked
from ordercopy.waking import wake_workers

logger = logging.getLogger(__name__)

# Larger batches gain little and hold their locks for longer.
BATCH_SIZE = 100

# Set when the process has been asked to end: the batch at hand is finished, no other is begun.
stopping = threading.Event()


def worker_name() -> str:
    """Name this process for the copies that it works on."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_in_batches(
    *,
    worker: str,
    batch_id: str | None = None,
    copy_ids: Sequence[str] | None = None,
    share: bool = False,
) -> Iterator[list[CopyInHand]]:
    """Claim and run copies batch by batch until none waits; yields what each batch has ended.

    With ``share`` a full batch wakes a further worker, as there is probably more. When the run is
    interrupted, what was claimed and not ended goes back to those that wait. After any other
    failure the connection is closed: that makes orphans of the claimed copies, which are taken up
    more and more carefully.
    """
    while not stopping.is_set():
        claimed = claim(worker=worker, limit=BATCH_SIZE, batch_id=batch_id, copy_ids=copy_ids)
        if not claimed:
            return
        try:
            if share and len(claimed) == BATCH_SIZE:
                wake_workers()
            ended = run_claimed(claimed, worker=worker)
        except Exception:
            connection.close()
            raise
        except BaseException:
            release(claimed)
            raise
        yield ended


def do_all_that_waits() -> None:
    """Run the copies that wait, then go on with the batches that are to be undone."""
    run_waiting_copies()
    for _ in undo_as_asked():
        if stopping.is_set():
            return


def run_waiting_copies() -> int:
    """Run everything that waits; returns how many copies this call has ended."""
    return sum(len(ended) for ended in run_in_batches(worker=worker_name(), share=True))
