from ordercopy.models.factory import (
    MOVES,
    OPEN_STATUSES,
    CopyAttempt,
    CopyError,
    FactoryStatus,
    OrderFactory,
)
from ordercopy.models.order_copy import OrderCopy, OrderCopyBatch

__all__ = [
    "MOVES",
    "OPEN_STATUSES",
    "CopyAttempt",
    "CopyError",
    "FactoryStatus",
    "OrderCopy",
    "OrderCopyBatch",
    "OrderFactory",
]
