"""All cases, one after another: the small shop first, then what needs a large one."""

import gc
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from rich.console import Console

from tests.benchmarks.comparing import (
    BATCH,
    LARGE_SHOP,
    ONE_ORDER,
    NeighbourInSmallShop,
    all_subjects,
)
from tests.benchmarks.counting import count_statements
from tests.benchmarks.databases import BenchDatabase, bench_database, large_database
from tests.benchmarks.importing import COMMAND, can_import, measure_import
from tests.benchmarks.measuring import Case, run
from tests.benchmarks.proof import prove_that_all_copy_alike
from tests.benchmarks.report import print_figures, print_targets, write_json
from tests.benchmarks.seeding import BenchShop, seed_orders, seed_shop
from tests.benchmarks.subjects import Subject
from tests.benchmarks.targets import Results, targets
from tests.benchmarks.workers import measure_latency, measure_throughput

SMALL, LARGE = 1_000, 200_000
ORDERS_WITH_MORE_LINES = 30
AT_ONCE = 10_000
SAMPLE = 1_000


@dataclass
class Suite:
    """A run of all cases: what they share, and what came out so far."""

    folder: Path
    console: Console = field(default_factory=lambda: Console(width=120))
    results: Results = field(default_factory=Results)

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Say what is being done, and how long it took."""
        began = time.perf_counter()
        self.console.print(f"{words} …", end=" ", highlight=False)
        yield
        self.console.print(f"{time.perf_counter() - began:.0f} s", highlight=False)

    def compare(
        self,
        case: Case,
        subjects: Sequence[Subject],
        *,
        pool: Sequence[str],
        database: BenchDatabase,
    ) -> None:
        with self.step(case.name):
            self.results.rounds[case.name] = run(case, subjects, pool=pool, database=database)

    @property
    def log(self) -> Path:
        """Where the worker processes say what went wrong, if anything does."""
        return self.folder / "bench-workers.log"


def run_all() -> None:
    """Measure everything, print it, and write it down."""
    suite = Suite(settings.DATA_DIR)
    gc.freeze()
    with bench_database() as small:
        with suite.step(f"a shop with {SMALL:,} orders"):
            shop = seed_shop()
            pool = seed_orders(shop, count=SMALL, lines=10)
        measure_small_shop(suite, shop, pool=pool, database=small)
        with large_database(small) as large:
            measure_large_shop(suite, shop, small=small, pool=pool, large=large)
    print_figures(suite.results.figures, suite.console)
    print_targets(targets(suite.results), suite.console)
    write_json(suite.results.figures, suite.folder / "bench.json")
    suite.console.print(f"written to {suite.folder / 'bench.json'}", highlight=False)


def measure_small_shop(
    suite: Suite, shop: BenchShop, *, pool: Sequence[str], database: BenchDatabase
) -> None:
    subjects = all_subjects(database)
    with suite.step("all subjects make the same rows"):
        (source_id,) = seed_orders(shop, count=1, lines=3)
        prove_that_all_copy_alike(subjects, source_id=source_id, database=database)
    for lines, case in ONE_ORDER.items():
        orders = (
            pool if lines == 10 else seed_orders(shop, count=ORDERS_WITH_MORE_LINES, lines=lines)
        )
        suite.compare(case, subjects, pool=orders, database=database)
    suite.compare(BATCH, subjects, pool=pool, database=database)
    with suite.step("statements"):
        suite.results.others += count_statements(shop, pool=pool, database=database)
    with suite.step("worker_latency"):
        suite.results.others += measure_latency(pool=pool, database=database, log=suite.log)
    with suite.step("worker_1, worker_2, worker_4"):
        suite.results.others += measure_throughput(pool=pool, database=database, log=suite.log)


def measure_large_shop(
    suite: Suite,
    shop: BenchShop,
    *,
    small: BenchDatabase,
    pool: Sequence[str],
    large: BenchDatabase,
) -> None:
    if can_import():
        with suite.step("import_orders"):
            suite.results.others.append(measure_import(folder=suite.folder, database=large))
    else:
        suite.console.print(f"import_orders is left out: there is no command {COMMAND} yet")
    sample: list[str] = []
    with suite.step(f"a shop with {LARGE:,} orders"), large.as_default():
        there = large.execute("SELECT count(*) FROM orders_order")[0][0]
        for first in range(there, LARGE, AT_ONCE):
            ids = seed_orders(shop, count=min(AT_ONCE, LARGE - first), lines=10)
            sample += random.sample(ids, min(len(ids), SAMPLE * AT_ONCE // LARGE))
    neighbour = NeighbourInSmallShop(small, pool)
    suite.compare(LARGE_SHOP, [*all_subjects(large), neighbour], pool=sample, database=large)
