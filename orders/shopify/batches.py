"""A file in batches, each read while the database is busy with the one before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, Self, TypeVar

from orders.shopify.problems import RowRefused
from orders.shopify.reading import Export, Row

# A batch ends with either: many small orders, or few with very many lines.
ITEMS_A_BATCH = 1_000
ROWS_A_BATCH = 10_000

Item = TypeVar("Item")
Gather = Callable[[Iterator[Row]], Iterator[list[Row]]]
Read = Callable[[Sequence[Row]], Iterable[Item | RowRefused]]
ReadOn = Callable[[], object]


@dataclass
class Batch(Generic[Item]):
    """What some thousands of rows came to, and how far into the file they reach."""

    items: list[Item] = field(default_factory=list)
    refused: list[RowRefused] = field(default_factory=list)
    rows: int = 0
    line: int = 0
    bytes_read: int = 0

    def take(self, found: Item | RowRefused) -> None:
        if isinstance(found, RowRefused):
            self.refused.append(found)
        else:
            self.items.append(found)

    @property
    def is_full(self) -> bool:
        return len(self.items) >= ITEMS_A_BATCH or self.rows >= ROWS_A_BATCH


def batches(export: Export, gather: Gather, read: Read[Item]) -> Iterator[Batch[Item]]:
    """Gather rows that belong together, and read each such group.

    Raises RowRefused at the end for a file that was not read to its end, unless what the last group
    was refused for tells that already.
    """
    batch: Batch[Item] = Batch()
    found: Item | RowRefused | None = None
    for rows in gather(export.rows()):
        for found in read(rows):
            batch.take(found)
        batch.rows += len(rows)
        batch.line, batch.bytes_read = rows[-1].line, export.bytes_read
        if batch.is_full:
            yield batch
            batch = Batch()
    if batch.rows:
        yield batch
    if export.broken_off is not None and found is not export.broken_off:
        raise export.broken_off


class ReadAhead(Generic[Item]):
    """The same batches, the next of which is read in a thread of its own.

    Of two threads in Python, only one runs at a time, and the one that hardly computes waits
    longest: beside a writer that computes as well, a reader gains nothing. So the writer says
    from when on it mostly waits for the database.
    """

    def __init__(self, whole: Iterator[Batch[Item]]) -> None:
        self._whole = whole
        self._reader = ThreadPoolExecutor(max_workers=1)
        self._upcoming: Future[Batch[Item] | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.shutdown()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Batch[Item]:
        batch = self.read_on().result()
        self._upcoming = None
        if batch is None:
            raise StopIteration
        return batch

    def read_on(self) -> Future[Batch[Item] | None]:
        """Begin with the next batch, unless that has begun; None comes after the last."""
        if self._upcoming is None:
            self._upcoming = self._reader.submit(next, self._whole, None)
        return self._upcoming
