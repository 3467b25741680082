"""The product itself, on the path that a worker takes."""

from collections.abc import Sequence

from ordercopy.working import run_in_batches
from tests.benchmarks.subjects.asking import ask_for_copies

WORKER = "engine"


class Engine:
    """Claims what waits and brings it to its end, batch by batch."""

    name = "engine"

    def prepare(self, source_ids: Sequence[str]) -> None:
        ask_for_copies(source_ids)

    def copy(self, source_ids: Sequence[str]) -> None:
        left = len(source_ids)
        for ended in run_in_batches(worker=WORKER):
            left -= sum(copy.completes for copy in ended)
            if left == 0:
                return
        raise RuntimeError(f"{left} copies have not completed")
