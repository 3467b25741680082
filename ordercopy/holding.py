"""Taking hold of one copy to change it: no worker is waited for, another client is, shortly."""

import time

from ordercopy.copies import Answer, lock_copies
from ordercopy.models import FactoryStatus, OrderFactory

LOOKS = 40
PAUSE = 0.025  # seconds; in all as long as a client may be kept waiting for another one


class HeldByWorker(Exception):
    """A worker is making this copy at this moment."""


class HeldByOthers(Exception):
    """Somebody else is changing this copy at this moment."""


def take_hold(copy_id: str) -> None:
    """Lock a copy for the rest of the transaction; one that does not exist is no error.

    Looks again and again instead of queueing, so as not to end up behind a worker that comes
    meanwhile. Raises ``HeldByWorker`` at once, ``HeldByOthers`` after a second.
    """
    for _ in range(LOOKS):
        answer = Answer()
        if lock_copies([copy_id], answer) or answer.unknown:
            return
        in_progress = OrderFactory.objects.filter(pk=copy_id, status=FactoryStatus.IN_PROGRESS)
        if in_progress.exists():
            raise HeldByWorker
        time.sleep(PAUSE)
    raise HeldByOthers
