"""Every question in a small and in a large shop, in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.api.asking import Asker
from tests.benchmarks.api.questions import Question, Values
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import percentile_95

# A few rounds tell what is well in time; of so few, p95 is nearly the worst. What looks late then
# is asked all over again so often that p95 is one: now and then it is not the shop that is late,
# but a machine that has something else to do.
FEW, ENOUGH_ROUNDS = 6, 40
# A list is in time if it takes no more than this, or than so many times what it takes in a small
# shop.
ENOUGH_SECONDS, TIMES = 0.1, 5


@dataclass(frozen=True)
class Walked:
    """A question with its p95 in both shops."""

    question: Question
    small: float
    large: float

    @property
    def is_in_time(self) -> bool:
        return self.large <= max(ENOUGH_SECONDS, TIMES * self.small)


@dataclass
class Shop:
    """A shop of some size, and what its lists have in the middle."""

    database: BenchDatabase
    values: Values

    def ask(self, question: Question, asker: Asker) -> float:
        with self.database.as_default():
            parameters = question.parameters(self.values)
            return asker.get(f"/api/{question.of}", parameters).seconds


def walk(
    asked: Sequence[Question], asker: Asker, *, small: BenchDatabase, large: BenchDatabase
) -> Iterator[Walked]:
    """Ask everything in both shops; the asker is a client of both."""
    shops = [Shop(database, Values(asker)) for database in (small, large)]
    for question in asked:
        walked = _ask(question, shops, asker, rounds=FEW)
        if not walked.is_in_time:
            walked = _ask(question, shops, asker, rounds=ENOUGH_ROUNDS)
        yield walked


def _ask(question: Question, shops: Sequence[Shop], asker: Asker, *, rounds: int) -> Walked:
    for shop in shops:
        shop.ask(question, asker)
    seconds = [[shop.ask(question, asker) for shop in shops] for _ in range(rounds)]
    in_small, in_large = zip(*seconds, strict=True)
    return Walked(question, percentile_95(in_small), percentile_95(in_large))
