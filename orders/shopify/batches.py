"""A file in batches, each read while the one before is written."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from orders.shopify.problems import RowRefused
from orders.shopify.reading import Export, Row

# A batch ends with either: many small orders, or few with very many lines.
ITEMS_A_BATCH = 1_000
ROWS_A_BATCH = 10_000

Item = TypeVar("Item")
Gather = Callable[[Iterator[Row]], Iterator[list[Row]]]
Read = Callable[[Sequence[Row]], Iterable[Item | RowRefused]]


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


def one_ahead(whole: Iterator[Batch[Item]]) -> Generator[Batch[Item]]:
    """The same batches; the next one is read while the caller waits for the database."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        upcoming = reader.submit(next, whole, None)
        while (batch := upcoming.result()) is not None:
            upcoming = reader.submit(next, whole, None)
            yield batch
