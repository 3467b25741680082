"""Writing as much of a batch as the database takes."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from django.db import DataError, IntegrityError

from orders.shopify.problems import RowRefused, said


class FromLine(Protocol):
    """Something that stands on a line of the file."""

    @property
    def line(self) -> int: ...


Item = TypeVar("Item", bound=FromLine)
Outcome = TypeVar("Outcome")


def write_in_halves(
    items: Sequence[Item],
    write: Callable[[Sequence[Item]], Outcome],
    give_up: Callable[[RowRefused], Outcome],
) -> list[Outcome]:
    """Write a batch; when the database refuses it, each half, down to the one that is to blame.

    ``write`` must be all or nothing.
    """
    try:
        return [write(items)]
    except (IntegrityError, DataError) as error:
        if len(items) > 1:
            middle = len(items) // 2
            return [
                *write_in_halves(items[:middle], write, give_up),
                *write_in_halves(items[middle:], write, give_up),
            ]
        reason = str(error).partition("\n")[0]
        message = said("refused by the database: %(reason)s", reason=reason)
        return [give_up(RowRefused(message, line=items[0].line))]
