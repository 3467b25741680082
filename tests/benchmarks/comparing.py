"""The cases that compare the subjects, each with orders of one size in a shop of one size."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import Case
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.subjects import Subject
from tests.benchmarks.subjects.cloning import DjangoClone
from tests.benchmarks.subjects.engine import Engine
from tests.benchmarks.subjects.hand_written import Floor, RowsOnly
from tests.benchmarks.subjects.with_the_orm import BulkCreate

ONE_ORDER = {
    10: Case("one_order_10_lines", orders=1, rounds=60, tidy_every=60),
    50: Case("one_order_50_lines", orders=1, rounds=25, tidy_every=25),
    200: Case("one_order_200_lines", orders=1, rounds=11, tidy_every=11),
}
BATCH = Case(
    "batch_1000_orders", orders=1000, rounds=5, tidy_every=1, fewer={DjangoClone.name: 100}
)
LARGE_SHOP = Case("at_200k_orders", orders=1, rounds=60, tidy_every=60)


def all_subjects(database: BenchDatabase) -> list[Subject]:
    """The engine first, then whatever it is held against."""
    return [
        Engine(),
        Floor(database.connect()),
        RowsOnly(database.connect()),
        BulkCreate(),
        DjangoClone(),
    ]


@dataclass
class NeighbourInSmallShop:
    """The engine in the small shop, with turns of its own in the rounds of the large one."""

    database: BenchDatabase
    pool: Sequence[str]
    name: str = "engine_at_1k_orders"
    turns: int = 0

    def prepare(self, source_ids: Sequence[str]) -> None:
        remove_copies(self.database)
        self.turns += 1
        with self.database.as_default():
            Engine().prepare([self.pool[self.turns % len(self.pool)]])

    def copy(self, source_ids: Sequence[str]) -> None:
        with self.database.as_default():
            Engine().copy(source_ids)
