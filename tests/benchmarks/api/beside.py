"""Requests of the shop beside those of the bare view, in turn, through the web server."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orders.models import Order
from tests.benchmarks.api.asking import Answer, Asker
from tests.benchmarks.api.bare import BARE
from tests.benchmarks.api.questions import SIZE

ROUNDS, REQUESTS, WARM_UP = 25, 10, 40
COPIES = "/api/order_copies"

Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Comparison:
    """Rounds of requests, with the seconds of each round's median and of its mean."""

    real: list[float]
    bare: list[float]

    @property
    def times_as_long(self) -> float:
        """The median of the rounds' ratios, in which what disturbs a round hits both."""
        return statistics.median(
            real / bare for real, bare in zip(self.real, self.bare, strict=True)
        )

    def words(self) -> str:
        real, bare = statistics.median(self.real), statistics.median(self.bare)
        return f"{real * 1000:.2f} ms, bare {bare * 1000:.2f} ms"


def compare_lists(asker: Asker, answers: Path) -> Comparison:
    """Requests a second: by the mean of each round."""
    return _compare(
        lambda: asker.get(COPIES, SIZE),
        lambda: asker.get(BARE),
        answers / "GET",
        statistics.mean,
    )


def compare_creates(asker: Asker, answers: Path) -> Comparison:
    """By the median of each round; the copies wait, as no worker runs."""
    document = create_document()
    return _compare(
        lambda: asker.post(COPIES, document),
        lambda: asker.post(BARE, document),
        answers / "POST",
        statistics.median,
    )


def create_document() -> Any:
    source = {"type": "orders", "id": Order.objects.values_list("pk", flat=True)[0]}
    return {
        "data": {
            "type": "order_copies",
            "attributes": {"place_target_order": True},
            "relationships": {"source_order": {"data": source}},
        }
    }


def _compare(
    real: Ask, bare: Ask, kept: Path, middle: Callable[[list[float]], float]
) -> Comparison:
    kept.write_bytes(real().body)
    for _ in range(WARM_UP):
        real()
        bare()
    comparison = Comparison([], [])
    for _ in range(ROUNDS):
        # One of each in turn: what disturbs one, disturbs the other.
        pairs = [(real().seconds, bare().seconds) for _ in range(REQUESTS)]
        comparison.real.append(middle([one for one, _ in pairs]))
        comparison.bare.append(middle([other for _, other in pairs]))
    return comparison
