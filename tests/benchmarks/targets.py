"""What ordercopy promises about its speed, beside what was reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import eq, ge, le

from tests.benchmarks.comparing import BATCH, LARGE_SHOP, ONE_ORDER
from tests.benchmarks.counting import COPIES, LINES, case_of_copies, case_of_lines
from tests.benchmarks.measuring import ENGINE, Figure, Rounds

SIGNS = {"≤": le, "≥": ge, "=": eq}


@dataclass
class Results:
    """All that was measured so far."""

    rounds: dict[str, Rounds] = field(default_factory=dict)
    others: list[Figure] = field(default_factory=list)

    @property
    def figures(self) -> list[Figure]:
        """The rows of the table, comparisons first."""
        return [figure for rounds in self.rounds.values() for figure in rounds.figures()] + [
            *self.others
        ]

    def ratio(self, case: str, one: str, other: str) -> float | None:
        return self.rounds[case].ratio(one, other) if case in self.rounds else None

    def of_engine(self, case: str, what: str) -> float | None:
        for figure in self.figures:
            if (figure.case, figure.subject) == (case, ENGINE):
                return getattr(figure, what)
        return None


@dataclass(frozen=True)
class Target:
    """A promise, and what was reached; None where it was not measured."""

    words: str
    sign: str
    bound: float | None
    reached: float | None

    @property
    def verdict(self) -> str:
        if self.reached is None or self.bound is None:
            return "not measured"
        return "reached" if SIGNS[self.sign](self.reached, self.bound) else "missed"


def targets(results: Results) -> Sequence[Target]:
    """The promises, in the order in which the figures stand in the table."""
    return [
        *comparisons(results),
        *statement_counts(results),
        Target(
            "created → completed through an idle worker, 10 lines, p50 ms",
            *("≤", 50, results.of_engine("worker_latency", "p50_ms")),
        ),
        Target(
            f"{LARGE_SHOP.name} / {ONE_ORDER[10].name}",
            *("≤", 1.5, results.ratio(LARGE_SHOP.name, ENGINE, "engine_at_1k_orders")),
        ),
        Target(
            "orders imported a second",
            *("≥", 2000, results.of_engine("import_orders", "per_second")),
        ),
    ]


def comparisons(results: Results) -> list[Target]:
    promised = [
        (ENGINE, "floor", ONE_ORDER[10].name, "≤", 1.5),
        (ENGINE, "floor", ONE_ORDER[200].name, "≤", 1.5),
        (ENGINE, "rows_only", BATCH.name, "≤", 1.6),
        ("django_clone", ENGINE, ONE_ORDER[50].name, "≥", 15),
        ("django_clone", ENGINE, BATCH.name, "≥", 30),
        ("bulk_create", ENGINE, BATCH.name, "≥", 4),
    ]
    return [
        Target(f"{one} / {other}, {case}", sign, bound, results.ratio(case, one, other))
        for one, other, case, sign, bound in promised
    ]


def statement_counts(results: Results) -> list[Target]:
    few, many = (results.of_engine(case_of_lines(lines), "statements") for lines in LINES)
    small, large = (results.of_engine(case_of_copies(copies), "statements") for copies in COPIES)
    return [
        Target(f"statements per copy of {LINES[1]} lines, as of {LINES[0]}", "=", few, many),
        Target(f"statements per batch of {COPIES[1]}, as of {COPIES[0]}", "=", small, large),
    ]
