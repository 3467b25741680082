"""Which copies somebody means: by id, status, batch, source, or what stands in their way."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.lookups import In

from ordercopy.models import (
    OPEN_STATUSES,
    CopyError,
    FactoryStatus,
    OrderCopy,
    OrderFactory,
    OrderOfWish,
)
from orders.models import OrderStatus

# A new copy that came to nothing does not stand in the way of another one.
CAME_TO_NOTHING = (FactoryStatus.FAILED, FactoryStatus.ABORTED)
PLACED = (OrderStatus.PLACED, OrderStatus.APPROVED)
_BY_ANOTHER_COPY = Exists(
    OrderFactory.objects.filter(
        ~Q(status__in=CAME_TO_NOTHING) | Q(target_order__status__in=PLACED),
        wish=OuterRef("wish"),
    ).exclude(pk=OuterRef("pk"))
)
_BY_A_COPY_THAT_IS_GONE = Exists(
    OrderOfWish.objects.filter(
        Q(copy_completed=True) | Q(order__status__in=PLACED), wish=OuterRef("wish")
    )
)
# A copy whose order exists all the same, or is on its way: another copy of the same wish makes it,
# or has, even if it was deleted since, or a person placed what the other one kept. Few copies have
# a wish, and an index has those: the others are not looked at.
MADE_AGAIN = Q(wish__isnull=False) & (Q(_BY_ANOTHER_COPY) | Q(_BY_A_COPY_THAT_IS_GONE))
# All others. Each is said for itself, so that it is answered by one hash of all wishes.
NEVER_MADE_AGAIN = Q(~_BY_ANOTHER_COPY) & Q(~_BY_A_COPY_THAT_IS_GONE)
# A target was kept, and a person placed it: retrying completes such a copy, making it again would
# double the order.
MENDED_BY_HAND = Q(status=FactoryStatus.FAILED, target_order__status__in=PLACED)
ABOUT_A_SKU = (
    CopyError.Code.SKU_MISSING,
    CopyError.Code.SKU_DISABLED,
    CopyError.Code.OUT_OF_STOCK,
)


class NoSuchCopies(LookupError):
    """Some ids stand for no copy of the mode."""

    def __init__(self, copy_ids: Sequence[str], *, mode: str) -> None:
        self.copy_ids = tuple(copy_ids)
        there = "is no copy" if len(self.copy_ids) == 1 else "are no copies"
        super().__init__(f"There {there} {', '.join(self.copy_ids)} in {mode}.")


@dataclass(frozen=True, kw_only=True)
class CopyFilter:
    """What the wanted copies have in common.

    ``error`` is a code or a part of a message. ``skips_made_again``: not those whose order exists
    already, as they were made again without what failed.
    """

    statuses: Sequence[FactoryStatus] = ()
    error: str | None = None
    batch_id: str | None = None
    source_id: str | None = None
    skips_made_again: bool = False


def choose_copies(wanted: CopyFilter, *, mode: str) -> QuerySet[OrderCopy]:
    """The copies that a filter stands for, the latest first."""
    copies = OrderCopy.objects.filter(mode=mode)
    if wanted.statuses:
        copies = copies.filter(status__in=wanted.statuses)
    if wanted.batch_id is not None:
        copies = copies.filter(batch=wanted.batch_id)
    if wanted.source_id is not None:
        copies = copies.filter(source_order=wanted.source_id)
    if wanted.error is not None:
        copies = copies.filter(_met(wanted.error))
    if wanted.skips_made_again:
        copies = copies.filter(NEVER_MADE_AGAIN)
    return copies.order_by("-created_at", "-sequence")


def _met(error: str) -> Q:
    """Copies that met an error with this code, or with this in its message."""
    return met(Q(code=error) if error in CopyError.Code.values else Q(message__icontains=error))


def met(error: Q) -> Q:
    """The latest attempt that has errors met this one: the last, or for open copies the one before.

    A copy that waits for another attempt is found by what made the last one fail. ``error`` is a
    condition over ``CopyError``. Both are joined by what is equal and nothing else, so that the
    errors can be looked up first: some are rare among many copies. Of others there are so many that
    the copies are read instead: those that ended without an error are not even compared.
    """
    ended = Case(
        When(In(OuterRef("status"), OPEN_STATUSES), then=OuterRef("attempt") - 1),
        default=OuterRef("attempt"),
        output_field=IntegerField(),
    )
    has_errors = Q(errors_count__gt=0) | Q(status__in=OPEN_STATUSES)
    found = CopyError.objects.filter(error, factory=OuterRef("pk"), attempt=ended)
    return has_errors & Q(Exists(found))


def met_besides(cause: Q) -> Exists:
    """Copies whose last attempt met something else than this; a condition over ``CopyError``."""
    errors = CopyError.objects.filter(factory=OuterRef("pk"), attempt=OuterRef("attempt"))
    return Exists(errors.exclude(cause))


def with_cause(
    *,
    code: str | None = None,
    sku_code: str | None = None,
    key: str | None = None,
    message: str | None = None,
) -> Q:
    """The errors of one cause, as ``causes_of`` tells causes apart; a condition over ``CopyError``.

    An error about a SKU is told by code and SKU, any other by its key and message.
    """
    cause = Q() if code is None else Q(code=code)
    if sku_code is not None:
        # An index finds them by code and SKU together.
        codes = ABOUT_A_SKU if code is None else (code,)
        cause = Q(code__in=codes, sku_code=sku_code)
    told = {"key": key, "message": message}
    return cause & Q(**{name: value for name, value in told.items() if value is not None})


def is_mended_by_hand(copy: OrderCopy) -> bool:
    """What ``MENDED_BY_HAND`` says, of a copy at hand."""
    target = copy.target_order
    return copy.status == FactoryStatus.FAILED and target is not None and target.status in PLACED


def copies_by_id(copy_ids: Sequence[str], *, mode: str) -> list[str]:
    """These copies, each once. Raises ``NoSuchCopies`` naming all that the mode does not have."""
    wanted = list(dict.fromkeys(copy_ids))
    known = set(OrderCopy.objects.filter(mode=mode, pk__in=wanted).values_list("pk", flat=True))
    if unknown := [copy_id for copy_id in wanted if copy_id not in known]:
        raise NoSuchCopies(unknown, mode=mode)
    return wanted
