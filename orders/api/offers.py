"""Relationships of orders to what they are offered: it follows from rules, not from keys."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from config.jsonapi.relations import Loaded, Relation


@dataclass(frozen=True)
class Offered(Relation):
    """The rows that the shop lets an order choose from; see ``offered``."""

    those_for: Any = None
    suits: Any = None
    joins: tuple[str, ...] = ()

    def rows_of(self, parent: Model, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(self.those_for([parent]))

    def load(self, parents: Sequence[Model], rows: QuerySet[Any]) -> Loaded:
        found = list(rows.filter(self.those_for(parents)).select_related(*self.joins))
        return {parent.pk: [row for row in found if self.suits(row, parent)] for parent in parents}


def offered(
    those_for: Callable[[Iterable[Any]], Q],
    suits: Callable[[Any, Any], bool],
    *,
    joins: tuple[str, ...] = (),
) -> Offered:
    """A rule, once for the database and once for rows at hand.

    ``those_for`` is true of the rows for an order, and of few others if it is asked for several;
    ``suits`` tells which row is for which order, looking at what ``joins`` bring along.
    """
    return Offered("pk", "pk", those_for=those_for, suits=suits, joins=joins)
