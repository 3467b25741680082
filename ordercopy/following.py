"""Running copies to their end, whoever else works on them at the same time."""

import time
from collections.abc import Iterator, Sequence

from ordercopy import working
from ordercopy.results import progress_in
from ordercopy.scope import CopyScope

# How long to wait for copies that another worker holds before looking again.
POLL_SECONDS = 0.2
# Counting takes no more than this share of the time; the more copies there are, the slower it is.
COUNTING_SHARE = 0.05
# The claim looks through the whole list of ids, so a long list is run in pieces.
PIECE = 1_000


def run_batch(batch_id: str) -> Iterator[int]:
    """Run the copies of a batch until all have ended; yields how many have not, again and again.

    Copies that another worker holds are waited for, and taken over should it crash. Ends early when
    the process is asked to stop: what is left waits for whoever comes next.
    """
    return _run(CopyScope(batch_id=batch_id))


def run_copies(copy_ids: Sequence[str]) -> Iterator[int]:
    """Do the same with given copies."""
    for start in range(0, len(copy_ids), PIECE):
        piece = list(copy_ids[start : start + PIECE])
        for left in _run(CopyScope(copy_ids=piece)):
            yield left + len(copy_ids) - start - len(piece)
        if working.stopping.is_set():
            return


def _run(scope: CopyScope) -> Iterator[int]:
    left = _Left(scope)
    yield left.count()
    while left.number and not working.stopping.is_set():
        for ended in working.run_in_batches(
            worker=working.worker_name(), batch_id=scope.batch_id, copy_ids=scope.copy_ids
        ):
            yield left.less(len(ended))
        yield left.count()
        if left.number:
            working.stopping.wait(max(POLL_SECONDS, left.pause))


class _Left:
    """How many copies have not ended: counted now and then, and reckoned in between."""

    def __init__(self, scope: CopyScope) -> None:
        self.scope = scope
        self.number = 0
        self.pause = 0.0
        self.counted_at = 0.0

    def count(self) -> int:
        started = time.monotonic()
        self.number = progress_in(self.scope).open
        self.counted_at = time.monotonic()
        self.pause = (self.counted_at - started) / COUNTING_SHARE
        return self.number

    def less(self, ended: int) -> int:
        """So many have ended here; what others have ended shows when it is counted next."""
        if time.monotonic() - self.counted_at > max(1.0, self.pause):
            return self.count()
        self.number = max(0, self.number - ended)
        return self.number
