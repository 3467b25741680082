"""The API's promises, one after another: the small shop first, then what needs a large one."""

import gc
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from rich.table import Table

import config.urls  # noqa: F401  (all resources are declared)
from tests.benchmarks.api.asking import Asker, InProcess, OverHttp
from tests.benchmarks.api.beside import COPIES, compare_creates, compare_lists, create_document
from tests.benchmarks.api.questions import Question, all_questions, usual_questions
from tests.benchmarks.api.racing import SENDERS, done_once
from tests.benchmarks.api.seeding import replace_copies
from tests.benchmarks.api.server import running_server
from tests.benchmarks.api.walking import Walked, walk
from tests.benchmarks.databases import BenchDatabase, bench_database, large_database
from tests.benchmarks.observing import all_statements
from tests.benchmarks.report import print_targets
from tests.benchmarks.seeding import BenchShop, seed_orders, seed_shop
from tests.benchmarks.steps import Steps
from tests.benchmarks.targets import Target

SMALL, LARGE, AT_ONCE = 1_000, 200_000, 20_000
RACES = 500
INCLUDE = "source_order.line_items,target_order"
BESIDE, RACE, STATEMENTS = "beside", "race", "statements"
# The resource of a walk -> what is asked.
WALKS = {
    "order_copies": lambda: all_questions("order_copies", behind=("source_order", "target_order")),
    "orders": lambda: usual_questions("orders"),
}
SLOWEST = 12


@dataclass(kw_only=True)
class Suite(Steps):
    """A run: what is wanted, and what came out so far."""

    targets: list[Target] = field(default_factory=list)

    def promise(self, words: str, sign: str, bound: float, reached: float) -> None:
        self.targets.append(Target(words, sign, bound, reached))


def run_all(only: Collection[str]) -> bool:
    """Measure everything, or only the parts that are named; answers whether all was reached."""
    suite = Suite(only=only)
    with bench_database() as small:
        with suite.step(f"a shop with {SMALL:,} copies"):
            shop = seed_shop()
            seed_orders(shop, count=SMALL, lines=2)
            replace_copies(SMALL)
            small.tidy()
        gc.freeze()
        if suite.wants(BESIDE, RACE):
            measure_server(suite, small)
        asker = Asker(InProcess())
        if suite.wants(STATEMENTS):
            count_statements(suite, asker)
        if suite.wants(*WALKS):
            with large_database(small) as large:
                measure_walks(suite, shop, asker, small=small, large=large)
    print_targets(suite.targets, suite.console)
    return all(target.verdict == "reached" for target in suite.targets)


def measure_server(suite: Suite, small: BenchDatabase) -> None:
    """What is asked through the web server, which works on the same database as this process."""
    log = settings.DATA_DIR / "bench-api.log"
    with (
        TemporaryDirectory() as folder,
        running_server(database=small, answers=Path(folder), log=log) as port,
    ):
        asker = Asker(OverHttp(port))
        if suite.wants(BESIDE):
            measure_beside(suite, asker, Path(folder))
        if suite.wants(RACE):
            with suite.step(f"{SENDERS} POSTs at once with one key, {RACES} times"):
                good = done_once(asker, create_document(), port=port, times=RACES)
            suite.promise("races that made exactly one copy", "=", RACES, good)
    replace_copies(SMALL)
    small.tidy()


def measure_beside(suite: Suite, asker: Asker, folder: Path) -> None:
    """Lists and creates beside the bare view."""
    with suite.step("beside the bare view"):
        lists, creates = compare_lists(asker, folder), compare_creates(asker, folder)
    suite.promise(
        f"list of 25 copies, requests a second / bare view ({lists.words()})",
        *("≥", 0.25, 1 / lists.times_as_long),
    )
    suite.promise(
        f"POST /order_copies, p50 / bare view ({creates.words()})",
        *("≤", 4, creates.times_as_long),
    )


def count_statements(suite: Suite, asker: Asker) -> None:
    """The statements of a list with everything that the promise includes, for 5 and for 25."""
    counts = []
    for size in ("5", "25"):
        parameters = {"page[size]": size, "include": INCLUDE}
        asker.get(COPIES, parameters)
        with all_statements() as seen:
            asker.get(COPIES, parameters)
        counts.append(len(seen))
    suite.promise(f"statements of a list with include={INCLUDE}", "≤", 10, counts[1])
    suite.promise("the same for 5 copies as for 25", "=", counts[1], counts[0])


def measure_walks(
    suite: Suite, shop: BenchShop, asker: Asker, *, small: BenchDatabase, large: BenchDatabase
) -> None:
    """Everything that lists may be asked, in the small and in the large shop."""
    with suite.step(f"a shop with {LARGE:,} copies"), large.as_default():
        for first in range(SMALL, LARGE, AT_ONCE):
            seed_orders(shop, count=min(AT_ONCE, LARGE - first), lines=1)
        large.tidy()
        replace_copies(LARGE)
        large.tidy()
    can_search = bool(small.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"))
    for resource, asked in WALKS.items():
        if suite.wants(resource):
            with suite.step(f"questions about {resource}"):
                walked = list(walk(asked(), asker, small=small, large=large))
            report_walk(suite, resource, walked, can_search=can_search)


def report_walk(suite: Suite, resource: str, walked: Sequence[Walked], *, can_search: bool) -> None:
    """Show the slowest, and hold those that count against the promise."""
    table = Table("question", title=f"The slowest lists of {resource}, p95 ms")
    for heading in (f"{SMALL:,}", f"{LARGE:,}"):
        table.add_column(heading, justify="right")
    table.add_column("")
    late = [each for each in walked if not each.is_in_time]
    slowest = sorted(walked, key=lambda each: each.large, reverse=True)
    for each in slowest[: max(SLOWEST, len(late))]:
        table.add_row(
            each.question.words,
            f"{each.small * 1000:.1f}",
            f"{each.large * 1000:.1f}",
            "" if each.is_in_time else _why(each.question, can_search=can_search),
        )
    suite.console.print(table)
    counted = [each for each in walked if can_search or not each.question.inside_text]
    suite.promise(
        f"lists of {resource} at {LARGE:,} within 5 × {SMALL:,} or 100 ms, of {len(counted)}",
        *("=", len(counted), sum(each.is_in_time for each in counted)),
    )


def _why(question: Question, *, can_search: bool) -> str:
    return "[red]late[/]" if can_search or not question.inside_text else "no pg_trgm here"
