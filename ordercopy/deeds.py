"""What people do with copies that are there already: counted before, and carried out in chunks.

Which copies are meant is a query, so that «all that match» is one set however many there are.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, TextChoices

from ordercopy.choosing import MADE_AGAIN, MENDED_BY_HAND, NEVER_MADE_AGAIN, met_besides
from ordercopy.chunks import in_chunks
from ordercopy.copies import (
    ABORTABLE,
    DELETABLE,
    RETRIABLE,
    Answer,
    abort_copies,
    delete_copies,
    retry_copies,
)
from ordercopy.making_again import make_again
from ordercopy.models import FactoryStatus, OrderCopy
from ordercopy.waking import wake_workers
from orders.audit import Who


class Deed(TextChoices):
    RETRY = "retry", "Retry"
    MAKE_AGAIN = "make_again", "Again, leaving out what fails"
    ABORT = "abort", "Abort"
    DELETE = "delete", "Delete"


class Reason(TextChoices):
    """Why something cannot be done with a copy: where it stands, or that its order is there."""

    PENDING = "pending", "It waits"
    IN_PROGRESS = "in_progress", "It is being made"
    COMPLETED = "completed", "It is completed"
    FAILED = "failed", "It failed"
    ABORTED = "aborted", "It was aborted"
    MADE_AGAIN = "made_again", "It was made again as another copy"
    MENDED_BY_HAND = "mended_by_hand", "Its order was placed by hand; retrying completes it"


POSSIBLE_FROM = {
    Deed.RETRY: RETRIABLE,
    Deed.MAKE_AGAIN: frozenset({FactoryStatus.FAILED}),
    Deed.ABORT: ABORTABLE,
    Deed.DELETE: DELETABLE,
}
# What would make a second order where there is one.
DOUBLES = {
    Reason.MADE_AGAIN: {Deed.RETRY, Deed.MAKE_AGAIN},
    Reason.MENDED_BY_HAND: {Deed.MAKE_AGAIN},
}
ACTS: Mapping[Deed, Callable[..., Answer]] = {
    Deed.RETRY: partial(retry_copies, wake=False),
    Deed.MAKE_AGAIN: partial(make_again, wake=False),
    Deed.ABORT: abort_copies,
    Deed.DELETE: delete_copies,
}
WAKES_WORKERS = {Deed.RETRY, Deed.MAKE_AGAIN}
# So many are done while somebody waits for the answer: it takes some seconds.
MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class Prospect:
    """How many of some copies something can be done with, and why not with the others."""

    deed: Deed
    possible: int
    against: Mapping[Reason, int]

    @property
    def total(self) -> int:
        return self.possible + sum(self.against.values())

    @property
    def at_once(self) -> int:
        """How many are done in one go."""
        return min(self.possible, MOST_AT_ONCE)


def reason_against(
    deed: Deed, *, status: str, made_again: bool, mended_by_hand: bool
) -> Reason | None:
    """Why something cannot be done with a copy that stands there; None when it can."""
    if FactoryStatus(status) not in POSSIBLE_FROM[deed]:
        return Reason(status)
    there = {Reason.MADE_AGAIN: made_again, Reason.MENDED_BY_HAND: mended_by_hand}
    return next((reason for reason in DOUBLES if there[reason] and deed in DOUBLES[reason]), None)


def prospect_of(deed: Deed, copies: QuerySet[OrderCopy]) -> Prospect:
    """Count what could be done with copies, in one query."""
    counts: Counter[Reason | None] = Counter()
    standing = copies.order_by().annotate(
        again=ExpressionWrapper(MADE_AGAIN, BooleanField()),
        by_hand=ExpressionWrapper(MENDED_BY_HAND, BooleanField()),
    )
    counted = standing.values("status", "again", "by_hand").annotate(copies=Count("pk"))
    for found in counted:
        reason = reason_against(
            deed,
            status=found["status"],
            made_again=found["again"],
            mended_by_hand=found["by_hand"],
        )
        counts[reason] += found["copies"]
    possible = counts.pop(None, 0)
    return Prospect(deed, possible, {reason: counts[reason] for reason in Reason if counts[reason]})


def count_besides(deed: Deed, copies: QuerySet[OrderCopy], cause: Q) -> int:
    """How many of the copies that it can be done with met something besides this cause.

    ``cause`` is a condition over ``CopyError``.
    """
    return _able(deed, copies).filter(met_besides(cause)).order_by().count()


def _able(deed: Deed, copies: QuerySet[OrderCopy]) -> QuerySet[OrderCopy]:
    able = copies.filter(status__in=POSSIBLE_FROM[deed])
    if deed in DOUBLES[Reason.MADE_AGAIN]:
        able = able.filter(NEVER_MADE_AGAIN)
    if deed in DOUBLES[Reason.MENDED_BY_HAND]:
        able = able.exclude(MENDED_BY_HAND)
    return able


def carry_out(deed: Deed, copies: QuerySet[OrderCopy], *, who: Who) -> Answer:
    """Do it with those of the copies that it can be done with, the oldest first.

    At most ``MOST_AT_ONCE`` of them. The answer's ``done`` are the copies, or for copies made again
    the new ones.
    """
    able = _able(deed, copies)
    ids = list(able.order_by("sequence").values_list("pk", flat=True)[:MOST_AT_ONCE])
    answer = Answer()
    for _turn, so_far in in_chunks(ids, partial(ACTS[deed], who=who)):
        answer = so_far
    if answer.done and deed in WAKES_WORKERS:
        wake_workers()
    return answer
