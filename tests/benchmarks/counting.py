"""How many statements the engine needs, whatever the number of lines and of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from ordercopy.engine.claiming import claim
from ordercopy.engine.running import run_claimed
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import ENGINE, Figure, summary, turn
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.seeding import BenchShop, seed_orders
from tests.benchmarks.subjects.asking import ask_for_copies

LINES = (1, 500)
COPIES = (10, 1000)


def case_of_lines(lines: int) -> str:
    return f"statements_{lines}_lines"


def case_of_copies(copies: int) -> str:
    return f"statements_{copies}_copies"


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
    sources = {case_of_lines(lines): seed_orders(shop, count=1, lines=lines) for lines in LINES}
    sources |= {case_of_copies(copies): list(pool[:copies]) for copies in COPIES}
    figures = []
    for case, source_ids in sources.items():
        seconds, statements = turn(OneBatch(), source_ids)
        figures.append(
            summary(case, ENGINE, [seconds], orders=len(source_ids), statements=statements)
        )
        remove_copies(database)
    return figures
