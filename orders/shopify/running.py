"""One run over one file, from the first line to the last; the same for orders and for products."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from django.db import InterfaceError, OperationalError, connection, models

from orders.shopify.batches import Item, ReadAhead, ReadOn, batches
from orders.shopify.layouts import Layout
from orders.shopify.problems import FileRefused, RowRefused, said
from orders.shopify.reading import Export, Row
from orders.shopify.rehearsal import rehearsed
from orders.shopify.report import Report
from orders.shopify.seen import Seen, remembering
from orders.shopify.surroundings import Into, named_market
from orders.shopify.watch import Watch

# From so many new rows on, the planner should know of them at once, and not when autovacuum comes.
LARGE_IMPORT = 500

AnyReport = TypeVar("AnyReport", bound=Report)


class Run(ABC, Generic[Item, AnyReport]):
    """An import under way. It can be interrupted at any time, and run again."""

    layout: ClassVar[Layout]
    filled: ClassVar[Sequence[type[models.Model]]]

    def __init__(self, path: Path, into: Into, report: AnyReport, watch: Watch) -> None:
        self.path = path
        self.into = into
        self.report = report
        self.watch = watch

    @abstractmethod
    def gather(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        """Put the rows together that make one thing."""

    @abstractmethod
    def read(self, rows: Sequence[Row]) -> Iterable[Item | RowRefused]:
        """Make of such rows what they tell."""

    @abstractmethod
    def write(self, items: Sequence[Item], seen: Seen, read_on: ReadOn) -> None:
        """Write a batch and count it in the report.

        ``read_on`` is called when the database gets busy: that is the time to read the next one.
        """

    def go(self) -> AnyReport:
        """Run; what is wrong with the file is in the report, and never raises."""
        try:
            with rehearsed(dry_run=self.report.dry_run):
                self.prepare()
                self._read_and_write()
        except KeyboardInterrupt:
            self.report.interrupted = True
        except FileRefused as refused:
            self.refuse(refused)
        except (OperationalError, InterfaceError) as error:
            reason = " ".join(str(error).split())
            message = said("the database failed, run it again to go on: %(reason)s", reason=reason)
            self.refuse(FileRefused(message))
        if self.report.changes >= LARGE_IMPORT and not self.report.dry_run:
            self._refresh_statistics()
        return self.report

    def prepare(self) -> None:
        """Refuse what can be refused before the file is opened."""
        if self.into.market_name is not None:
            named_market(self.into.mode, self.into.market_name)

    def refuse(self, refused: FileRefused) -> None:
        self.watch.problem(self.report.add_problem(refused))

    def _read_and_write(self) -> None:
        with (
            Export(self.path, self.layout) as export,
            remembering() as seen,
            ReadAhead(batches(export, self.gather, self.read)) as ahead,
        ):
            for batch in ahead:
                for refused in batch.refused:
                    self.report.refused += 1
                    self.refuse(refused)
                self.write(batch.items, seen, ahead.read_on)
                self.report.read_to_line = batch.line
                self.watch.progress(batch.bytes_read, export.size)

    def _refresh_statistics(self) -> None:
        with connection.cursor() as cursor:
            for model in self.filled:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
