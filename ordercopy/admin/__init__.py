from ordercopy.admin import (
    batch_actions,
    batches,
    comparison,
    copying,
    errors,
    factories,
    home,
    order_copies,
    orders,
    skus,
)

__all__ = [
    "batch_actions",
    "batches",
    "comparison",
    "copying",
    "errors",
    "factories",
    "home",
    "order_copies",
    "orders",
    "skus",
]
