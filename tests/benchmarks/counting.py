"""How many statements the engine needs, whatever the number of lines and of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from ordercopy.engine.claiming import claim
from ordercopy.engine.running import run_claimed
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import ENGINE, Figure, counted_statements, summary, timed
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.seeding import BenchShop, seed_orders
from tests.benchmarks.subjects.asking import ask_for_copies

LINES = (1, 500)
COPIES = (10, 1000)


@dataclass
class OneBatch:
    """The engine with a batch as large as it is asked for."""

    name: str = ENGINE

    def prepare(self, source_ids: Sequence[str]) -> None:
        ask_for_copies(source_ids)

    def copy(self, source_ids: Sequence[str]) -> None:
        run_claimed(claim(worker=ENGINE, limit=len(source_ids)), worker=ENGINE)


def count_statements(
    shop: BenchShop, *, pool: Sequence[str], database: BenchDatabase
) -> list[Figure]:
    """Copy orders with few and with many lines, and small and large batches, and count."""
    sources = {
        f"copy_of_{lines}_line{'s' if lines > 1 else ''}": seed_orders(shop, count=1, lines=lines)
        for lines in LINES
    }
    sources |= {f"batch_of_{copies}_copies": list(pool[:copies]) for copies in COPIES}
    figures = []
    for case, source_ids in sources.items():
        engine = OneBatch()
        engine.prepare(source_ids)
        with counted_statements(engine) as seen:
            seconds = timed(engine, source_ids)
        figures.append(
            summary(case, ENGINE, [seconds], orders=len(source_ids), statements=len(seen))
        )
        remove_copies(database)
    return figures
