from ordercopy.models.factory import (
    OPEN_STATUSES,
    CopyAttempt,
    CopyError,
    FactoryStatus,
    OrderFactory,
)
from ordercopy.models.order_copy import OrderCopy, OrderCopyBatch

__all__ = [
    "OPEN_STATUSES",
    "CopyAttempt",
    "CopyError",
    "FactoryStatus",
    "OrderCopy",
    "OrderCopyBatch",
    "OrderFactory",
]
