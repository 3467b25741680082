"""Rounds of turns: in each round every subject has its turn, so that noise hits all alike."""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from typing import Any

from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.observing import all_statements
from tests.benchmarks.removal import remove_copies
from tests.benchmarks.subjects import Subject

ENGINE = "engine"
WARM_UP_ORDERS = 10


@dataclass(frozen=True)
class Figure:
    """One row of the table, and one object of ``bench.json``."""

    case: str
    subject: str
    p50_ms: float
    p95_ms: float
    per_second: float
    statements: int | None
    ratio_to_engine: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Case:
    """So many orders a turn. Who is too slow for that does ``fewer``, and its time is scaled."""

    name: str
    orders: int
    rounds: int
    tidy_every: int
    fewer: Mapping[str, int] = field(default_factory=dict)

    def orders_for(self, subject: str) -> int:
        return self.fewer.get(subject, self.orders)


@dataclass
class Rounds:
    """The seconds of each subject's turns, round by round."""

    case: Case
    seconds: dict[str, list[float]] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)

    def ratio(self, subject: str, to: str) -> float:
        """How many times as long one takes as the other: the median of the rounds' ratios."""
        pairs = zip(self.seconds[subject], self.seconds[to], strict=True)
        return statistics.median(one / other for one, other in pairs)

    def figures(self) -> list[Figure]:
        return [
            summary(
                self.case.name,
                subject,
                seconds,
                orders=self.case.orders,
                statements=self.statements[subject],
                ratio=self.ratio(subject, ENGINE),
            )
            for subject, seconds in self.seconds.items()
        ]


def summary(
    case: str,
    subject: str,
    seconds: Sequence[float],
    *,
    orders: int = 1,
    statements: int | None = None,
    ratio: float | None = 1.0,
) -> Figure:
    """Sum up what was measured several times; ``orders`` is how many each time was about."""
    p50 = statistics.median(seconds)
    return Figure(
        case=case,
        subject=subject,
        p50_ms=round(p50 * 1000, 3),
        p95_ms=round(percentile_95(seconds) * 1000, 3),
        per_second=round(orders / p50, 1),
        statements=statements,
        ratio_to_engine=None if ratio is None else round(ratio, 4),
    )


def percentile_95(values: Sequence[float]) -> float:
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def run(
    case: Case, subjects: Sequence[Subject], *, pool: Sequence[str], database: BenchDatabase
) -> Rounds:
    """Measure a case. Each turn copies other orders of the pool, as alike as orders can be."""
    rounds = Rounds(case, {subject.name: [] for subject in subjects})
    sources = cycle(pool)
    with database.as_default():
        for nth in range(case.rounds):
            if nth % case.tidy_every == 0:
                make_ready(subjects, pool[: min(case.orders, WARM_UP_ORDERS)], database=database)
            for subject in in_turn(subjects, nth):
                orders = case.orders_for(subject.name)
                seconds, statements = turn(subject, list(islice(sources, orders)))
                rounds.seconds[subject.name].append(seconds * case.orders / orders)
                rounds.statements[subject.name] = statements
            remove_copies(database)
    return rounds


def make_ready(
    subjects: Sequence[Subject], source_ids: Sequence[str], *, database: BenchDatabase
) -> None:
    """Sweep up after earlier rounds, and let every subject plan its statements again."""
    database.tidy()
    for subject in subjects:
        subject.prepare(source_ids)
        subject.copy(source_ids)
    remove_copies(database)


def turn(subject: Subject, source_ids: Sequence[str]) -> tuple[float, int]:
    """Let the subject copy the orders; answers the seconds and the statements that it took.

    Statements that only begin and end a transaction are not counted, for nobody.
    """
    subject.prepare(source_ids)
    with counted_statements(subject) as seen:
        began = time.perf_counter()
        subject.copy(source_ids)
        seconds = time.perf_counter() - began
    return seconds, len(seen)


def in_turn(subjects: Sequence[Subject], nth: int) -> Iterator[Subject]:
    """All subjects; each round begins with another one, so that none always comes first."""
    return islice(cycle(subjects), nth % len(subjects), nth % len(subjects) + len(subjects))


@contextmanager
def counted_statements(subject: Subject) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile: prepared ones, Django's, and hand-written ones."""
    before = getattr(subject, "statements", 0)
    with all_statements() as seen:
        yield seen
    seen += [subject.name] * (getattr(subject, "statements", 0) - before)
