from ordercopy.admin import (
    batch_actions,
    batches,
    comparison,
    copies,
    copying,
    errors,
    factories,
    home,
    order_copies,
    orders,
)

__all__ = [
    "batch_actions",
    "batches",
    "comparison",
    "copies",
    "copying",
    "errors",
    "factories",
    "home",
    "order_copies",
    "orders",
]
