"""All cases, one after another: the small shop first, then what needs a large one."""

import gc
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.conf import settings

from tests.benchmarks.comparing import (
    BATCH,
    LARGE_SHOP,
    ONE_ORDER,
    NeighbourInSmallShop,
    all_subjects,
)
from tests.benchmarks.counting import count_statements
from tests.benchmarks.databases import BenchDatabase, bench_database, large_database
from tests.benchmarks.importing import COMMAND, measure_import
from tests.benchmarks.measuring import Case, Figure, run
from tests.benchmarks.proof import prove_that_all_copy_alike
from tests.benchmarks.report import print_figures, print_targets, write_json
from tests.benchmarks.seeding import BenchShop, seed_orders, seed_shop
from tests.benchmarks.steps import Steps
from tests.benchmarks.subjects import Subject
from tests.benchmarks.targets import Results, targets
from tests.benchmarks.workers import RATES, measure_latency, measure_throughput

SMALL, LARGE = 1_000, 200_000
ORDERS_WITH_MORE_LINES = 30
AT_ONCE = 10_000
SAMPLE = 1_000


@dataclass(kw_only=True)
class Suite(Steps):
    """A run of all cases: what they share, and what came out so far."""

    folder: Path
    results: Results = field(default_factory=Results)

    def compare(
        self,
        case: Case,
        subjects: Sequence[Subject],
        *,
        pool: Sequence[str],
        database: BenchDatabase,
    ) -> None:
        if self.wants(case.name):
            with self.step(case.name):
                self.results.rounds[case.name] = run(case, subjects, pool=pool, database=database)

    def measure(self, cases: Sequence[str], figures: Callable[[], list[Figure]]) -> None:
        if self.wants(*cases):
            with self.step(", ".join(cases)):
                self.results.others += figures()

    def show(self) -> None:
        """Print what was measured, be it all or less, and write it down."""
        figures = self.results.figures
        if not figures:
            return
        print_figures(figures, self.console)
        print_targets(targets(self.results), self.console)
        write_json(figures, self.folder / "bench.json")
        self.console.print(f"written to {self.folder / 'bench.json'}", highlight=False)

    @property
    def log(self) -> Path:
        """Where the worker processes say what went wrong, if anything does."""
        return self.folder / "bench-workers.log"


def run_all(only: Collection[str]) -> bool:
    """Measure everything, or only the cases that are named; a target that is missed is shown."""
    suite = Suite(folder=settings.DATA_DIR, only=only)
    gc.freeze()
    try:
        with bench_database() as small:
            with suite.step(f"a shop with {SMALL:,} orders"):
                shop = seed_shop()
                pool = seed_orders(shop, count=SMALL, lines=10)
            measure_small_shop(suite, shop, pool=pool, database=small)
            if suite.wants(COMMAND, LARGE_SHOP.name):
                with large_database(small) as large:
                    measure_large_shop(suite, shop, small=small, pool=pool, large=large)
    finally:
        suite.show()
    return True


def measure_small_shop(
    suite: Suite, shop: BenchShop, *, pool: Sequence[str], database: BenchDatabase
) -> None:
    subjects = all_subjects(database)
    with suite.step("all subjects make the same rows"):
        (source_id,) = seed_orders(shop, count=1, lines=3)
        prove_that_all_copy_alike(subjects, source_id=source_id, database=database)
    suite.compare(ONE_ORDER[10], subjects, pool=pool, database=database)
    for lines in (50, 200):
        longer = seed_orders(shop, count=ORDERS_WITH_MORE_LINES, lines=lines)
        suite.compare(ONE_ORDER[lines], subjects, pool=longer, database=database)
    suite.compare(BATCH, subjects, pool=pool, database=database)
    suite.measure(["statements"], lambda: count_statements(shop, pool=pool, database=database))
    for cases, measure in ((["worker_latency"], measure_latency), (RATES, measure_throughput)):
        suite.measure(cases, partial(measure, pool=pool, database=database, log=suite.log))


def measure_large_shop(
    suite: Suite,
    shop: BenchShop,
    *,
    small: BenchDatabase,
    pool: Sequence[str],
    large: BenchDatabase,
) -> None:
    suite.measure([COMMAND], lambda: [measure_import(folder=suite.folder, database=large)])
    if suite.wants(LARGE_SHOP.name):
        with suite.step(f"a shop with {LARGE:,} orders"), large.as_default():
            sample = grow(shop, large)
        neighbour = NeighbourInSmallShop(small, pool)
        suite.compare(LARGE_SHOP, [*all_subjects(large), neighbour], pool=sample, database=large)


def grow(shop: BenchShop, database: BenchDatabase) -> list[str]:
    """Add orders until there are as many as a large shop has; answers some of all of them."""
    ((there,),) = database.execute("SELECT count(*) FROM orders_order")
    sample: list[str] = []
    for first in range(there, LARGE, AT_ONCE):
        ids = seed_orders(shop, count=min(AT_ONCE, LARGE - first), lines=10)
        sample += random.sample(ids, min(len(ids), SAMPLE * AT_ONCE // LARGE))
    return sample
