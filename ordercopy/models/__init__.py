from ordercopy.models.factory import (
    OPEN_STATUSES,
    CopyAttempt,
    CopyError,
    FactoryStatus,
    OrderFactory,
)
from ordercopy.models.order_copy import OrderCopy, OrderCopyBatch
from ordercopy.models.wish import OrderOfWish

__all__ = [
    "OPEN_STATUSES",
    "CopyAttempt",
    "CopyError",
    "FactoryStatus",
    "OrderCopy",
    "OrderCopyBatch",
    "OrderFactory",
    "OrderOfWish",
]
