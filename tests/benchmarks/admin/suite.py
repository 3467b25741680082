"""The admin's promise about size: with 200,000 orders as with 1,000."""

import gc
import statistics
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

import config.urls  # noqa: F401  (all pages are declared)
from tests.benchmarks.admin.questions import MODE, addresses
from tests.benchmarks.admin.seeding import seed_surroundings
from tests.benchmarks.api.seeding import replace_copies
from tests.benchmarks.databases import BenchDatabase, bench_database, large_database
from tests.benchmarks.observing import all_statements
from tests.benchmarks.report import print_targets
from tests.benchmarks.seeding import seed_orders, seed_shop
from tests.benchmarks.targets import Target
from tests.staff import StaffClient, colleague

SMALL, LARGE, AT_ONCE, LINES = 1_000, 200_000, 20_000, 1
# A page is in time if it takes no longer than so many times what it takes in a small shop, or so
# few seconds that nobody notices.
TIMES, ENOUGH_SECONDS = 2, 0.1
MOST_STATEMENTS = 25
ROUNDS = 3
# What is late is asked all over again, so many times: now and then it is not the shop that is
# late, but a machine that has something else to do.
CHANCES = 3
SLOWEST = 15


class Refused(AssertionError):
    """A page did not come, so its time means nothing."""


@dataclass(frozen=True)
class Opened:
    """A page with its median seconds and its statements in both shops."""

    name: str
    small: float
    large: float
    statements: tuple[int, int]

    @property
    def is_in_time(self) -> bool:
        return self.large <= self._limit

    @property
    def is_hopeless(self) -> bool:
        """Whether asking once more would change nothing."""
        return self.large > 2 * self._limit

    @property
    def is_constant(self) -> bool:
        """Whether the page takes as many statements in both shops."""
        return self.statements[0] == self.statements[1]

    @property
    def _limit(self) -> float:
        return max(ENOUGH_SECONDS, TIMES * self.small)


@dataclass
class Shop:
    """A shop of some size, and where its pages are."""

    database: BenchDatabase
    client: StaffClient
    pages: dict[str, str] = field(default_factory=dict)

    def find_pages(self) -> None:
        with self.database.as_default():
            self.pages = addresses(self.client)

    def open(self, name: str) -> tuple[float, int]:
        """Ask for a page; answers the seconds that it took, and the statements."""
        with self.database.as_default(), all_statements() as seen:
            began = time.perf_counter()
            answer = self.client.get(self.pages[name])
            seconds = time.perf_counter() - began
        if answer.status_code != 200:
            raise Refused(f"{name}, {self.pages[name]}: {answer.status_code}")
        return seconds, len(seen)


def run_all(only: Collection[str]) -> bool:
    """Measure all pages, or those whose names begin so; answers whether all was reached."""
    console = Console(width=120)
    with bench_database() as small:
        shop = seed_shop()
        colleague("manager", "bench", is_superuser=True)
        with large_database(small) as large:
            for database, orders in ((small, SMALL), (large, LARGE)):
                began = time.perf_counter()
                with database.as_default():
                    for first in range(0, orders, AT_ONCE):
                        seed_orders(shop, count=min(AT_ONCE, orders - first), lines=LINES)
                    database.tidy()
                    replace_copies(orders)
                    seed_surroundings()
                    database.tidy()
                seconds = time.perf_counter() - began
                console.print(f"a shop with {orders:,} orders: {seconds:.0f} s", highlight=False)
            return measure(console, small=small, large=large, only=only)


def measure(
    console: Console, *, small: BenchDatabase, large: BenchDatabase, only: Collection[str] = ()
) -> bool:
    """Open the pages of both shops in turn; both have a superuser called bench."""
    shops = [Shop(database, _superuser(database)) for database in (small, large)]
    for shop in shops:
        shop.find_pages()
    names = [
        name
        for name in shops[0].pages
        if name in shops[1].pages and (not only or name.startswith(tuple(only)))
    ]
    gc.freeze()
    opened = [_open_until_in_time(name, shops) for name in names]
    report(opened, console)
    targets = promises(opened)
    print_targets(targets, console)
    return all(target.verdict == "reached" for target in targets)


def _superuser(database: BenchDatabase) -> StaffClient:
    with database.as_default():
        from django.contrib.auth import get_user_model

        user = get_user_model()._default_manager.get(username="bench")
        return StaffClient(user, mode=MODE, HTTP_HOST="localhost")


def _open_until_in_time(name: str, shops: Sequence[Shop]) -> Opened:
    for _ in range(CHANCES):
        for shop in shops:
            shop.open(name)
        rounds = [[shop.open(name) for shop in shops] for _ in range(ROUNDS)]
        small, large = (
            statistics.median(each[nth][0] for each in rounds) for nth in range(len(shops))
        )
        statements = (rounds[0][0][1], rounds[0][1][1])
        opened = Opened(name, small, large, statements)
        if opened.is_in_time or opened.is_hopeless:
            break
    return opened


def report(opened: Sequence[Opened], console: Console) -> None:
    """Show the slowest pages, and all that are late or take other statements in a large shop."""
    table = Table("page", title="The slowest pages, median ms")
    for heading in (f"{SMALL:,}", f"{LARGE:,}", "×", "statements"):
        table.add_column(heading, justify="right")
    table.add_column("")
    slowest = sorted(opened, key=lambda each: each.large, reverse=True)
    for nth, each in enumerate(slowest):
        if nth < SLOWEST or not (each.is_in_time and each.is_constant):
            statements = each.statements if not each.is_constant else each.statements[:1]
            table.add_row(
                each.name,
                f"{each.small * 1000:.0f}",
                f"{each.large * 1000:.0f}",
                f"{each.large / each.small:.1f}",
                " → ".join(map(str, statements)),
                "" if each.is_in_time else "[red]late[/]",
            )
    console.print(table)


def promises(opened: Sequence[Opened]) -> list[Target]:
    in_time = sum(each.is_in_time for each in opened)
    most = max(opened, key=lambda each: max(each.statements))
    constant = sum(each.is_constant for each in opened)
    few = ENOUGH_SECONDS * 1000
    return [
        Target(
            f"pages at {LARGE:,} orders within {TIMES} × {SMALL:,} or {few:.0f} ms",
            *("=", len(opened), in_time),
        ),
        Target(
            f"statements of a page, at most ({most.name})",
            "≤",
            MOST_STATEMENTS,
            max(most.statements),
        ),
        Target("pages with as many statements in both shops", "=", len(opened), constant),
    ]
